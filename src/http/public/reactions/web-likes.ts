/**
 * A like of a browser without a reader's link: one each, by a signed cookie that only the press itself sets. The database holds counts; who
 * pressed is known to the cookie alone, and for a day to Redis, as a number drawn at random, so that the like can be taken back once.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { addWebLike } from '../../../db/web-likes.ts';
import { clientIp, networkOf } from '../../client-ip.ts';
import { Counters } from '../../counters.ts';
import type { Site } from '../reader.ts';
import type { Place } from './place.ts';

const dayMs = 24 * 60 * 60_000;
/** Presses of one network in a day: of all things, and of one thing. Offices and schools share one. */
const most = { all: 300, thing: 40 } as const;
/** Two presses of one browser within this are one, whether or not the first one's cookie has arrived. */
const doubleMs = 10_000;
/** For as long as people come back to an issue. */
const cookieSeconds = 180 * 24 * 60 * 60;
const cookieName = 'liked';
/** Things in one cookie: an issue has fewer summaries. */
const mostLiked = 60;

interface Liked {
  summary: number;
  /** Names this like in Redis. */
  nonce: string;
  /** UTC, `YYYY-MM-DD`: the count it is in. */
  day: string;
  /** In ms: until when it can be taken back. */
  until: number;
}

export type Pressed = 'done' | 'often' | 'away';

export class WebLikes {
  readonly #site: Site;
  readonly #counts: Counters;

  constructor(site: Site) {
    this.#site = site;
    this.#counts = new Counters(site, 'web-like', dayMs);
  }

  /** What this browser did with the thing: nothing, a like, or one that can be taken back still. */
  stateOf(c: Context, { issue, summary }: Place): { isLiked: boolean; canUndo: boolean } {
    const liked = this.#read(c, issue.id).find(one => one.summary === summary);
    return { isLiked: liked !== undefined, canUndo: liked !== undefined && liked.until > Date.now() };
  }

  /** The form names what to do: pressing twice is pressing once. */
  async press(c: Context, place: Place, wanted: boolean): Promise<Pressed> {
    const all = this.#read(c, place.issue.id);
    const known = all.find(one => one.summary === place.summary);
    if ((known !== undefined) === wanted) return 'done';
    if (known) return this.#takeBack(c, place, all, known);
    const thing = `${place.issue.id} ${place.summary}`;
    const network = networkOf(clientIp(c));
    const [ofAll, ofThing] = await Promise.all([
      this.#counts.increment(network),
      this.#counts.increment(`${network} ${thing}`),
    ]);
    if (ofAll > most.all || ofThing > most.thing || all.length >= mostLiked) return 'often';
    const fresh: Liked = {
      summary: place.summary,
      nonce: randomBytes(12).toString('hex'),
      day: new Date().toISOString().slice(0, 10),
      until: Date.now() + dayMs,
    };
    const double = this.#key(`double ${network} ${thing} ${c.req.header('user-agent') ?? ''}`);
    try {
      const { redis } = this.#site.queues;
      const isFirst = await redis.set(double, fresh.nonce, 'PX', doubleMs, 'NX');
      if (isFirst) {
        await redis.set(this.#key(fresh.nonce), 1, 'PX', dayMs);
        await addWebLike(this.#site.sql, { issueId: place.issue.id, ...fresh }, 1);
      } else fresh.nonce = (await redis.get(double)) ?? fresh.nonce;
    } catch (error) {
      this.#site.log.warn({ error: String(error) }, 'a like from the web was not counted');
      return 'away';
    }
    this.#write(c, place, [...all, fresh]);
    return 'done';
  }

  /** Once: whoever keeps an old cookie takes nobody else's like away with it. */
  async #takeBack(c: Context, place: Place, all: Liked[], known: Liked): Promise<Pressed> {
    if (known.until <= Date.now()) return 'done';
    try {
      const wasThere = await this.#site.queues.redis.del(this.#key(known.nonce));
      if (wasThere) await addWebLike(this.#site.sql, { issueId: place.issue.id, ...known }, -1);
    } catch (error) {
      this.#site.log.warn({ error: String(error) }, 'a like from the web was not taken back');
      return 'away';
    }
    this.#write(
      c,
      place,
      all.filter(one => one !== known),
    );
    return 'done';
  }

  #key(thing: string): string {
    const { hasher, config } = this.#site;
    return `${config.queuePrefix}:web-like:${hasher.hash(`web-like ${thing}`).toString('base64url').slice(0, 22)}`;
  }

  #sealed(issueId: number, text: string): string {
    return this.#site.hasher.hash(`web-likes of ${issueId} ${text}`).toString('base64url').slice(0, 22);
  }

  #read(c: Context, issueId: number): Liked[] {
    const [text = '', seal = ''] = (getCookie(c, cookieName) ?? '').slice(0, 4000).split('.');
    const expected = Buffer.from(this.#sealed(issueId, text));
    const given = Buffer.from(seal);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return [];
    return text.split('~').flatMap(part => {
      const [summary, nonce, day, until] = part.split('_');
      return nonce && day && until ? [{ summary: Number(summary), nonce, day, until: Number(until) }] : [];
    });
  }

  /** Seen by this issue's like page alone: its path is the cookie's. */
  #write(c: Context, place: Place, all: readonly Liked[]): void {
    const { base, config } = this.#site;
    const text = all.map(({ summary, nonce, day, until }) => [summary, nonce, day, until].join('_')).join('~');
    setCookie(c, cookieName, `${text}.${this.#sealed(place.issue.id, text)}`, {
      path: `${base}/p/${place.publication.slug}/${encodeURIComponent(place.issue.slug)}/like`,
      httpOnly: true,
      sameSite: 'Lax',
      secure: config.publicUrl.startsWith('https:'),
      maxAge: all.length > 0 ? cookieSeconds : 0,
    });
  }
}
