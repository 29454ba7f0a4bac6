/**
 * Counters in Redis, shared by all web processes, that forget themselves. What is counted is known by its keyed hash only: neither an
 * address nor an IP is written down. While Redis is away each process counts by itself, up to so many things.
 */
import type { Wiring } from '../wiring.ts';

const mostRemembered = 10_000;

export class Counters {
  readonly #wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>;
  readonly #what: string;
  readonly #windowMs: number;
  #local = new Map<string, number>();
  #localUntil = 0;

  /** @param what part of the keys' names, such as `login` */
  constructor(wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>, what: string, windowMs: number) {
    this.#wiring = wiring;
    this.#what = what;
    this.#windowMs = windowMs;
  }

  /** One more of this thing. @returns how many in the window that its first one began */
  async increment(thing: string): Promise<number> {
    const key = this.#key(thing);
    try {
      // Started with its end in one step: a counter that never ends would lock its owner out for ever.
      const results = await this.#wiring.queues.redis.multi().set(key, 0, 'PX', this.#windowMs, 'NX').incr(key).exec();
      const count = Number(results?.[1]?.[1]);
      if (count > 0) return count;
    } catch {
      // Redis is away.
    }
    if (Date.now() > this.#localUntil || this.#local.size >= mostRemembered) {
      this.#local = new Map();
      this.#localUntil = Date.now() + this.#windowMs;
    }
    const count = (this.#local.get(key) ?? 0) + 1;
    this.#local.set(key, count);
    return count;
  }

  async forget(thing: string): Promise<void> {
    const key = this.#key(thing);
    this.#local.delete(key);
    await this.#wiring.queues.redis.del(key).catch(() => {});
  }

  #key(thing: string): string {
    const name = this.#wiring.hasher.hash(`${this.#what} ${thing.toLowerCase()}`).toString('base64url').slice(0, 22);
    return `${this.#wiring.config.queuePrefix}:${this.#what}:${name}`;
  }
}
