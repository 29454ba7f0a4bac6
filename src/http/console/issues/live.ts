/** Issues that somebody watches: each is looked at once a second at most, however many watch, and remembers how fast it went. */

import { countStates } from '../../../db/accounting.ts';
import { findIssue, type IssueRow } from '../../../db/issues.ts';
import { type LaneProgress, laneProgress } from '../../../db/progress.ts';
import { getPublication } from '../../../db/publications.ts';
import { countVariants } from '../../../db/trials.ts';
import { type LaneState, slowedLanes } from '../../../deliver/rates.ts';
import { relayTroubles } from '../../../deliver/troubles.ts';
import type { IssueState } from '../../../model/states.ts';
import type { VariantCount } from '../../../model/trial.ts';
import { type Accounting, accountOf } from '../../../track/status.ts';
import type { Wiring } from '../../../wiring.ts';
import { oneFor } from '../../one-for.ts';

/** Messages a second, at a moment in milliseconds. */
export interface RatePoint {
  at: number;
  rate: number;
}

export interface Look {
  issue: IssueRow;
  accounting: Accounting;
  lanes: LaneProgress[];
  /** Of a trial that has begun. */
  variants: VariantCount[];
  /** The publication's. */
  timeZone: string;
  slowed: LaneState[];
  troubles: { relay: string; trouble: string }[];
  curve: readonly RatePoint[];
}

/** What can be done about an issue changes with it: with the state, and where a trial begins and chooses. */
export const turnOf = ({ issue, variants, accounting }: Look): string =>
  [issue.state, variants.length, accounting.trial?.chosen ?? 0].join('-');

/** Between two looks at an issue that moves, and at one that waits for a person or a time. */
const movingMs = 1000;
const standingMs = 4000;
/** A look that takes long is not repeated at once: it takes a fifth of the time at most. */
const share = 4;
/** Lanes and variants cost as much as all the rest: less often when that is much. */
const seldomMs = 10_000;
const quickMs = 150;
/** So long an issue is looked at after the last who asked, so that a page that is loaded again finds the rate. */
const lingerMs = 15_000;
const rateOverMs = 10_000;
/** Points of the curve; when there are more, every second one goes. */
const mostPoints = 240;
const mostWatched = 200;

const moving: readonly IssueState[] = ['sending'];

/** What is taken at each look while that is quick and the issue moves, and less often otherwise. */
class Seldom<T> {
  #known: { at: number; tookMs: number; value: T } | undefined;

  async get(isMoving: boolean, take: () => Promise<T>): Promise<T> {
    const known = this.#known;
    if (known && Date.now() - known.at < seldomMs && (known.tookMs > quickMs || !isMoving)) return known.value;
    const began = performance.now();
    const value = await take();
    this.#known = { at: Date.now(), tookMs: performance.now() - began, value };
    return value;
  }
}

class Watched {
  readonly #wiring: Wiring;
  readonly #id: number;
  readonly listeners = new Set<(look: Look) => void>();
  readonly #accepted: { at: number; n: number }[] = [];
  #curve: RatePoint[] = [];
  readonly #lanes = new Seldom<LaneProgress[]>();
  readonly #variants = new Seldom<VariantCount[]>();
  #last: Promise<Look | undefined> | undefined;
  #lastAt = 0;
  #tookMs = 0;
  #until = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(wiring: Wiring, id: number) {
    this.#wiring = wiring;
    this.#id = id;
  }

  get isIdle(): boolean {
    return this.listeners.size === 0 && Date.now() > this.#until;
  }

  /** The newest look; a new one when the last is older than a moment. */
  async look(): Promise<Look | undefined> {
    this.#until = Date.now() + lingerMs;
    const wait = Math.max(movingMs / 2, this.#tookMs * share);
    if (!this.#last || Date.now() - this.#lastAt > wait) this.#last = this.#take();
    const look = await this.#last;
    if (look) this.#goOn(look);
    return look;
  }

  #goOn(look: Look): void {
    if (this.#timer || this.isIdle) return;
    const every = moving.includes(look.issue.state) ? movingMs : standingMs;
    this.#timer = setTimeout(
      async () => {
        this.#timer = undefined;
        if (this.isIdle) return;
        this.#last = this.#take();
        // Postgres restarts now and then; the watching goes on after it.
        const next = (await this.#last.catch(() => undefined)) ?? look;
        for (const listener of this.listeners) listener(next);
        this.#goOn(next);
      },
      Math.max(every, this.#tookMs * share),
    );
    this.#timer.unref();
  }

  async #take(): Promise<Look | undefined> {
    const began = performance.now();
    this.#lastAt = Date.now();
    const { sql, queues, config } = this.#wiring;
    const issue = await findIssue(sql, String(this.#id));
    if (!issue) return undefined;
    const { row, counts } = await countStates(sql, this.#id);
    const accepted = counts.find(one => one.state === 'accepted');
    if (accepted) accepted.acceptedLately = this.#lately(accepted.n);
    const [accounting, { timeZone }, slowed, troubles] = await Promise.all([
      accountOf(sql, issue, row, counts),
      getPublication(sql, issue.publicationId),
      slowedLanes(queues.redis, config.queuePrefix).catch(() => []),
      relayTroubles(queues.redis, config.queuePrefix, config.smtpUrls).catch(() => []),
    ]);
    if (row.state === 'sending') this.#draw(accounting.rate);
    const isMoving = moving.includes(row.state);
    const lanes = issue.plannedAt ? await this.#lanes.get(isMoving, () => laneProgress(sql, this.#id)) : [];
    const hasTrial = issue.plannedAt && accounting.trial;
    const variants = hasTrial ? await this.#variants.get(isMoving, () => countVariants(sql, this.#id)) : [];
    this.#tookMs = performance.now() - began;
    return { issue, accounting, lanes, variants, timeZone, slowed, troubles, curve: this.#curve };
  }

  /** What was accepted in the last ten seconds, from looks before: counting it would read the whole ledger. */
  #lately(n: number): number {
    const now = Date.now();
    this.#accepted.push({ at: now, n });
    while (this.#accepted.length > 2 && now - this.#accepted[1]!.at > rateOverMs) this.#accepted.shift();
    const first = this.#accepted[0]!;
    const seconds = (now - first.at) / 1000;
    return seconds < 0.5 ? 0 : Math.round(((n - first.n) / seconds) * Math.min(10, rateOverMs / 1000));
  }

  #draw(rate: number): void {
    this.#curve = [...this.#curve, { at: Date.now(), rate }];
    if (this.#curve.length > mostPoints) this.#curve = this.#curve.filter((_, i) => i % 2 === 0);
  }
}

class Live {
  readonly #wiring: Wiring;
  readonly #watched = new Map<number, Watched>();

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
  }

  #of(id: number): Watched {
    const watched = this.#watched.get(id) ?? new Watched(this.#wiring, id);
    this.#watched.delete(id);
    this.#watched.set(id, watched);
    if (this.#watched.size > mostWatched)
      for (const [key, one] of this.#watched) if (one.isIdle) this.#watched.delete(key);
    return watched;
  }

  /** How an issue stands now. @returns undefined: there is none */
  look(id: number): Promise<Look | undefined> {
    return this.#of(id).look();
  }

  /** Calls with each new look. @returns ends it */
  watch(id: number, listener: (look: Look) => void): () => void {
    const watched = this.#of(id);
    watched.listeners.add(listener);
    watched.look().then(
      look => look && listener(look),
      () => {},
    );
    return () => watched.listeners.delete(listener);
  }
}

/** The one of this process. */
export const liveOf = oneFor((wiring: Wiring) => new Live(wiring));
