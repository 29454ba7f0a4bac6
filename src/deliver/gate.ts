/**
 * The gate of one lane at one relay, in one process: permits at hand, who waits for more, and what is reported of a provider's replies.
 * All limits are kept in Redis; what is kept here is void within half a second.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Lane } from '../model/lanes.ts';
import type { Redis } from '../queue/redis.ts';
import { cutScript, evaluate, takeScript } from './rates.lua.ts';
import { storable } from './words.ts';

/** Permits that an unlimited lane takes at a time. */
const chunk = 25;
/** Permits at hand are good for this long: a slow-down that any worker reports is felt by all within it. */
const freshMs = 500;
/** Pauses between two questions of one gate. The upper bound lets a limit that went away be noticed. */
const pauseMs = { least: 10, most: 1000, afterError: 1000 };
/** A slow-down that Redis does not take down by then is left to it; the caller has rows to write. */
const reportMs = 1000;

export interface RelayLimit {
  /** Names the relay in Redis, without credentials: `relayLimits` makes it. */
  key: string;
  /** Messages a second, all lanes and processes together; null: no limit. */
  perSecond: number | null;
  /** Messages in any 24 hours; null: no quota. */
  perDay: number | null;
}

export interface Gate {
  /** Messages that wait for a permit. */
  readonly waiting: number;
  /** Takes a permit that is at hand, without waiting. */
  tryTake(): boolean;
  /** Waits for a permit, also while Redis is away. @returns false: the signal was aborted first, or the process ends */
  take(signal: AbortSignal): Promise<boolean>;
  /** Puts back a permit that nothing was sent with: whoever comes next has it. */
  giveBack(): void;
  /** The mailbox provider asked us to slow down. Never rejects, and waits a second at most. @param reply its words */
  slowDown(reply: string): Promise<void>;
}

/** The set of lanes that are slowed. */
export const slowedKey = (prefix: string) => `${prefix}:rate:slowed`;

export class LaneGate implements Gate {
  readonly #redis: Redis;
  readonly #log: Logger;
  readonly #relay: RelayLimit;
  readonly #lane: Lane;
  readonly #keys: { lane: string; relay: string; slowed: string; day: string };
  readonly #onQuota: (words: string | undefined) => void;
  #permits = 0;
  /** Permits at hand are void after this (`performance.now()`). */
  #freshUntil = 0;
  /** Permits used that Redis does not know of yet: they measure the lane. */
  #used = 0;
  #waiting = new Set<(isGranted: boolean) => void>();
  /** A question is under way, or the timer of the next one is set: never both. */
  #isAsking = false;
  #timer: NodeJS.Timeout | undefined;
  #cut: Promise<void> | undefined;
  /** Counts cuts: an answer to a question asked before one grants nothing that is kept. */
  #cuts = 0;
  #isClosed = false;

  /** @param onQuota told when the relay's day is used up, and when there is room again */
  constructor(
    redis: Redis,
    prefix: string,
    log: Logger,
    relay: RelayLimit,
    lane: Lane,
    onQuota: (words: string | undefined) => void = () => {},
  ) {
    this.#onQuota = onQuota;
    this.#redis = redis;
    this.#log = log;
    this.#relay = relay;
    this.#lane = lane;
    this.#keys = {
      lane: `${prefix}:rate:lane:${relay.key}:${lane.name}`,
      relay: `${prefix}:rate:relay:${relay.key}`,
      slowed: slowedKey(prefix),
      day: `${prefix}:rate:day:${relay.key}`,
    };
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && !this.#isAsking;
  }

  tryTake(): boolean {
    if (this.#permits === 0 || this.#waiting.size > 0 || this.#isClosed) return false;
    if (performance.now() >= this.#freshUntil) {
      this.#permits = 0;
      return false;
    }
    this.#permits--;
    this.#used++;
    return true;
  }

  take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || this.#isClosed) return Promise.resolve(false);
    if (this.tryTake()) return Promise.resolve(true);
    return new Promise(resolve => {
      const end = (isGranted: boolean) => {
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(end);
        resolve(isGranted);
      };
      const onAbort = () => end(false);
      // One signal may end any number of waits; Node takes more than ten for a leak.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', onAbort);
      this.#waiting.add(end);
      this.#ask();
    });
  }

  giveBack(): void {
    if (this.#isClosed) return;
    if (this.#used > 0) this.#used--;
    const [end] = this.#waiting;
    if (end) {
      this.#used++;
      end(true);
    } else if (performance.now() < this.#freshUntil) this.#permits++;
    else {
      this.#permits = 1;
      this.#freshUntil = performance.now() + freshMs;
    }
  }

  slowDown(reply: string): Promise<void> {
    this.#permits = 0;
    this.#cuts++;
    // The replies of one storm share a report.
    this.#cut ??= this.#reportCut(reply).finally(() => {
      this.#cut = undefined;
    });
    return Promise.race([this.#cut, sleep(reportMs, undefined, { ref: false })]);
  }

  close(): void {
    this.#isClosed = true;
    this.#permits = 0;
    clearTimeout(this.#timer);
    for (const end of this.#waiting) end(false);
  }

  /** All who wait share one question; whoever comes while it is under way, or before it is due, is in the next. */
  #ask(): void {
    if (this.#isAsking || this.#timer || this.#waiting.size === 0 || this.#isClosed) return;
    this.#isAsking = true;
    this.#question().then(
      pause => this.#askAgainIn(pause),
      error => {
        if (!this.#isClosed)
          this.#log.warn({ lane: this.#lane.name, error: messageOf(error) }, 'no permits from Redis');
        this.#askAgainIn(pauseMs.afterError);
      },
    );
  }

  #askAgainIn(ms: number): void {
    this.#isAsking = false;
    if (this.#isClosed || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#ask();
    }, ms);
  }

  /** @returns milliseconds until the next question */
  async #question(): Promise<number> {
    const askedAt = performance.now();
    const { cuts, used } = { cuts: this.#cuts, used: this.#used };
    const want = this.#waiting.size;
    this.#used -= used;
    const { perSecond, perDay } = this.#relay;
    const limits = [this.#lane.perSecond ?? 0, perSecond ?? 0, perDay ?? 0];
    const keys = [this.#keys.lane, this.#keys.relay, this.#keys.slowed, this.#keys.day];
    const answer = (await evaluate(this.#redis, takeScript, keys, [want, used, ...limits, chunk])) as number[];
    const [granted, waitMs, isRecovered, isUsedUp] = answer as [number, number, number, number];
    if (perDay !== null)
      this.#onQuota(
        isUsedUp ? `its quota of ${perDay} messages in 24 hours is used up; it goes on when there is room` : undefined,
      );
    if (isRecovered) this.#log.info(this.#names, 'lane is back at its rate');
    this.#hand(granted, askedAt, cuts === this.#cuts);
    // Who joined meanwhile asks at once when all before were served.
    return granted >= want ? 0 : Math.min(pauseMs.most, Math.max(pauseMs.least, waitMs));
  }

  /** Whoever waits is served whatever the age of the answer, or a slow Redis would serve nobody; what is left is kept only when fresh. */
  #hand(granted: number, askedAt: number, isKept: boolean): void {
    let left = granted;
    for (const end of this.#waiting) {
      if (left === 0) break;
      left--;
      this.#used++;
      end(true);
    }
    this.#permits = isKept && !this.#isClosed ? left : 0;
    this.#freshUntil = askedAt + freshMs;
  }

  async #reportCut(reply: string): Promise<void> {
    const used = this.#used;
    this.#used -= used;
    const words = storable(reply.trimStart().split(/[\r\n]/, 1)[0]!);
    try {
      const answer = await evaluate(
        this.#redis,
        cutScript,
        [this.#keys.lane, this.#keys.slowed],
        [used, this.#lane.perSecond ?? 0, words, this.#relay.key, this.#lane.name],
      );
      const [isCut, rate, holdMs] = answer as [number, string, number];
      if (!isCut) return;
      const perSecond = Math.round(Number(rate) * 100) / 100;
      this.#log.warn({ ...this.#names, perSecond, holdSeconds: holdMs / 1000, reply: words }, 'lane slowed down');
    } catch (error) {
      this.#log.warn({ ...this.#names, error: messageOf(error) }, 'a slow-down did not reach Redis');
    }
  }

  get #names(): { relay: string; lane: string } {
    return { relay: this.#relay.key, lane: this.#lane.name };
  }
}
