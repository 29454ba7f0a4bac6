/** A tracked link: says where it leads, and notes that it was followed. */
import type { Context } from 'hono';
import { markCrowd } from '../../db/clicks.ts';
import { messageOf } from '../../errors.ts';
import { trapRef } from '../../model/edition.ts';
import { messageName } from '../../model/message-id.ts';
import { ClickWriter } from '../../track/click-writer.ts';
import { JudgementBell } from '../../track/record.ts';
import { crowd, type Follower, Visitors } from '../../track/visitors.ts';
import { clientIp } from '../client-ip.ts';
import { judgeRequestOf } from './judge-request.ts';
import { type Site, verifyFor } from './reader.ts';

/** A reader waits this long at most for the note of the click. */
const noteMs = 1500;

export class Clicks {
  readonly #site: Site;
  readonly #bell: JudgementBell;
  readonly #writer: ClickWriter;
  readonly #visitors: Visitors;

  constructor(site: Site) {
    this.#site = site;
    this.#bell = new JudgementBell(site);
    this.#writer = new ClickWriter(site.sql);
    this.#visitors = new Visitors(site.config.machineNetworks);
  }

  /**
   * GET and HEAD of `/r/:token`: 302 to the destination that the database names (rule 4.4), 404 otherwise. The answer follows the commit: a
   * click that was answered is not lost. Only when Postgres takes longer than `noteMs` the reader goes first.
   */
  async follow(c: Context): Promise<Response> {
    const { log } = this.#site;
    const token = verifyFor(c, this.#site, 'click');
    const destination = token && (await this.#destination(token));
    if (!destination) return c.notFound();
    const { issueId, subscriberId, ref } = token;
    const own = ref === trapRef ? 'trap' : judgeRequestOf(c);
    const place = own ? undefined : this.#placeOf(c, token);
    const machine = own ?? place?.machine;
    await within(noteMs, this.#writer.write({ issueId, subscriberId, ref, machine })).catch(error => {
      log.warn({ issue: issueId, error: messageOf(error) }, 'click not noted');
    });
    if (place && place.earlier.length > 0)
      await markCrowd(this.#site.sql, place.earlier, crowd.withinMs).catch(error => {
        log.warn({ error: messageOf(error) }, 'clicks of a crowd not marked');
      });
    if (log.isLevelEnabled('debug'))
      log.debug({ message: messageName(token), link: ref, machine: machine ?? null }, 'link followed');
    this.#bell.ring(issueId);
    return c.redirect(destination, 302);
  }

  /** Behind the hidden link is the front page: nobody but a machine comes by. */
  #destination({ issueId, ref }: { issueId: number; ref: number }): Promise<string | undefined> {
    const { contents, config } = this.#site;
    return ref === trapRef ? Promise.resolve(`${config.publicUrl}/`) : contents.destination(issueId, ref);
  }

  #placeOf(c: Context, { issueId, subscriberId }: Follower) {
    const userAgent = c.req.header('user-agent') ?? '';
    return this.#visitors.judge({ ip: clientIp(c), userAgent, issueId, subscriberId });
  }
}

/** The work goes on after its time; only nobody waits for it any more. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms} ms`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
