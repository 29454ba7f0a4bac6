/**
 * Counts within a window of time: in Redis, shared by all web processes, forgetting by itself. While Redis is away each process counts by
 * itself, so that operators get in just then and nobody else gets more than that.
 */
import type { Queues } from '../queue/queues.ts';

/** Keys kept in memory while Redis is away; past it all are forgotten. */
const mostRemembered = 10_000;

export interface Count {
  /** With what was added now. */
  count: number;
  /** Until the window ends and counting begins anew. */
  resetMs: number;
}

export class Counters {
  readonly #redis: Queues['redis'];
  readonly #windowMs: number;
  #local = new Map<string, number>();
  #localUntil = 0;

  constructor(redis: Queues['redis'], windowMs: number) {
    this.#redis = redis;
    this.#windowMs = windowMs;
  }

  /** Counts before anything is judged, so that many at once count too. */
  async add(key: string, by = 1): Promise<Count> {
    try {
      // Started with its end in one step: a counter that never ends would lock its owner out for ever.
      const results = await this.#redis
        .multi()
        .set(key, 0, 'PX', this.#windowMs, 'NX')
        .incrby(key, by)
        .pttl(key)
        .exec();
      const count = Number(results?.[1]?.[1]);
      if (count > 0) return { count, resetMs: Math.max(0, Number(results?.[2]?.[1])) };
    } catch {
      // Redis is away.
    }
    if (Date.now() > this.#localUntil || this.#local.size >= mostRemembered) {
      this.#local = new Map();
      this.#localUntil = Date.now() + this.#windowMs;
    }
    const count = (this.#local.get(key) ?? 0) + by;
    this.#local.set(key, count);
    return { count, resetMs: Math.max(0, this.#localUntil - Date.now()) };
  }

  async forget(key: string): Promise<void> {
    this.#local.delete(key);
    await this.#redis.del(key).catch(() => {});
  }
}
