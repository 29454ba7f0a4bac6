/** Sends letters: the same relays, lanes, pace and signatures as an issue's mail, one row at a time. */
import type { Config } from '../config.ts';
import type { Sql } from '../db/client.ts';
import { type ClaimedLetter, claimLetter, type LetterResult, peekLetter, recordLetter } from '../db/letters.ts';
import { getPublication } from '../db/publications.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Edition } from '../model/edition.ts';
import { domainsOf, type Lanes, laneNamed, otherLane } from '../model/lanes.ts';
import { type LetterKind, letterFields, letterLinks } from '../model/letter.ts';
import type { Publication } from '../model/publication.ts';
import type { DkimKeys } from '../personalise/dkim.ts';
import { createPress, type Message } from '../personalise/press.ts';
import type { TokenSigner } from '../track/tokens.ts';
import { classify } from './classify.ts';
import { readDkim } from './presses.ts';
import { retryDelayMs } from './retry.ts';
import type { Route, Routes } from './routes.ts';
import type { Outcome } from './wire-connection.ts';
import { storable } from './words.ts';

/** `render/letter` as the process hands it in: deliver does not render. */
type RenderLetter = (kind: LetterKind, publication: Publication, lang: 'ko' | 'en', stops?: boolean) => Edition;

interface Deps {
  config: Pick<Config, 'publicUrl' | 'bounceDomain' | 'dkim'>;
  sql: Sql;
  log: Logger;
  lanes: Lanes;
  tokens: TokenSigner;
  routes: Routes;
  render: RenderLetter;
  ending: AbortSignal;
}

/** Rendered kinds kept: a few for each publication and language. */
const mostKept = 100;

export class LetterCarrier {
  readonly #deps: Deps;
  readonly #workerId: string;
  readonly #dkim: DkimKeys | undefined;
  readonly #laneOf: Record<string, string>;
  /** By kind, language and the publication as it is: one that is changed is rendered anew. */
  readonly #editions = new Map<string, Edition>();

  /** @throws BroadsheetError DKIM_INVALID */
  constructor(deps: Deps, workerId: string) {
    this.#deps = deps;
    this.#workerId = workerId;
    this.#dkim = readDkim(deps.config);
    this.#laneOf = domainsOf(deps.lanes);
  }

  /**
   * Sends a letter that is due. Safe to run again, at any time and beside itself; what cannot be sent now stays queued.
   * @throws BroadsheetError SMTP_UNSET, SMTP_UNREACHABLE and the like: the job is tried again
   */
  async deliver(id: number): Promise<void> {
    const { sql, lanes, routes, ending } = this.#deps;
    const found = await peekLetter(sql, id);
    if (!found) return;
    const publication = await getPublication(sql, found.publicationId);
    const lane = laneNamed(lanes, this.#laneOf[found.domain] ?? otherLane);
    const route = routes.for(lane, publication.delivery.relay);
    // The pace and the connection first, then the row, as for an issue.
    if (!(await route.gate.take(ending))) return;
    let isPaid = false;
    try {
      const connection = await route.pool.acquire(ending);
      if (!connection) return;
      try {
        const letter = await claimLetter(sql, id, this.#workerId);
        if (!letter) return;
        const message = await this.#write(letter, publication);
        if (typeof message === 'string') {
          this.#deps.log.error({ letter: id, kind: letter.kind, error: message }, 'a letter cannot be written');
          return await recordLetter(sql, letter, { state: 'rejected', reply: storable(message), waitMs: 0 });
        }
        isPaid = true;
        const outcome = await connection.deliver(message.from, message.to, message.raw, message.free);
        await recordLetter(sql, letter, resultOf(outcome, letter.attempts, route));
      } finally {
        route.pool.release(connection);
      }
    } finally {
      if (!isPaid) route.gate.giveBack();
    }
  }

  /** @returns why it cannot be written, when it cannot */
  async #write(letter: ClaimedLetter, publication: Publication): Promise<Message | string> {
    const { config, tokens } = this.#deps;
    const { id, kind, publicationId, subscriberId, email, isOwn, name, data, ref, lang, createdAt } = letter;
    const { stop } = data;
    const purpose = letterLinks[kind];
    try {
      const edition = this.#edition(kind, publication, lang, stop !== undefined);
      const token = tokens.sign({ purpose, issueId: publicationId, subscriberId, ref });
      const press = createPress(edition, {
        publication,
        // The letter's own moment: a retry is the same to the byte.
        issue: { id: 0, slug: 'letter', date: createdAt },
        letter: { id, unsubscribe: stop },
        publicUrl: config.publicUrl,
        tokens,
        ...(this.#dkim ? { dkim: this.#dkim } : {}),
        ...(config.bounceDomain ? { bounceDomain: config.bounceDomain } : {}),
      });
      const link = data[letterFields.link] ?? `${config.publicUrl}/r/${token}/${purpose}`;
      const attributes = { ...data, [letterFields.link]: link };
      // What comes back from another address says nothing of the subscriber's own.
      return await press.prepare({ subscriberId: isOwn ? subscriberId : 0, email, name, attributes });
    } catch (error) {
      return messageOf(error);
    }
  }

  #edition(kind: LetterKind, publication: Publication, lang: 'ko' | 'en', stops: boolean): Edition {
    const key = JSON.stringify([kind, lang, stops, publication]);
    const kept = this.#editions.get(key);
    if (kept) return kept;
    const edition = this.#deps.render(kind, publication, lang, stops);
    this.#editions.set(key, edition);
    if (this.#editions.size > mostKept) this.#editions.delete(this.#editions.keys().next().value!);
    return edition;
  }
}

function resultOf(outcome: Outcome, attempts: number, { gate, lane }: Route): LetterResult {
  const verdict = classify(outcome);
  const reply = outcome.reply === undefined ? null : storable(outcome.reply.split('\n')[0]!);
  if (verdict.state === 'accepted') return { state: 'accepted', reply, waitMs: 0 };
  if (verdict.state === 'unknown') return { state: 'unknown', reply: storable(verdict.reason), waitMs: 0 };
  if (verdict.state === 'rejected')
    return { state: 'rejected', reply, waitMs: 0, isDead: verdict.reason === 'hard-bounce' };
  if (verdict.scope === 'lane' && lane !== otherLane) void gate.slowDown(reply ?? '');
  const isLost = outcome.reply === undefined || verdict.scope === 'session';
  return { state: 'queued', reply, waitMs: retryDelayMs(attempts, isLost, Math.random()) };
}
