/**
 * How often a login may be tried: counters in Redis, shared by all web processes, that forget themselves. An address is counted by its keyed
 * hash, whether or not it has an account. Someone who knows an address can use up the tries of one network, hardly those of everybody.
 */
import type { Wiring } from '../../wiring.ts';

const windowMs = 15 * 60_000;
export const windowMinutes = windowMs / 60_000;

const most = { pair: 10, ip: 50, address: 100 } as const;
type Kind = keyof typeof most;

/** While Redis is away each process counts by itself: operators must get in just then, guessers still must not. */
const mostRemembered = 10_000;

export class LoginLimits {
  readonly #wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>;
  #local = new Map<string, number>();
  #localUntil = 0;

  constructor(wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>) {
    this.#wiring = wiring;
  }

  /** Counts a try before it is judged, so that many at once count too. @returns false: too many */
  async count(address: string, ip: string): Promise<boolean> {
    // In this order, ending at the first that is used up: what one network is refused for does not count against the address.
    for (const [kind, key] of this.#keys(address, ip)) {
      if ((await this.#increment(key)) > most[kind]) return false;
    }
    return true;
  }

  /** After a login that succeeded: its owner's slips are forgotten. */
  async forget(address: string, ip: string): Promise<void> {
    const key = this.#keys(address, ip).find(([kind]) => kind === 'pair')![1];
    this.#local.delete(key);
    await this.#wiring.queues.redis.del(key).catch(() => {});
  }

  #keys(address: string, ip: string): [Kind, string][] {
    const key = (kind: Kind, what: string): [Kind, string] => {
      const name = this.#wiring.hasher.hash(`login ${kind} ${what.toLowerCase()}`).toString('base64url').slice(0, 22);
      return [kind, `${this.#wiring.config.queuePrefix}:login:${name}`];
    };
    return [key('ip', ip), key('pair', `${address} ${ip}`), key('address', address)];
  }

  async #increment(key: string): Promise<number> {
    try {
      // Started with its end in one step: a counter that never ends would lock its owner out for ever.
      const results = await this.#wiring.queues.redis.multi().set(key, 0, 'PX', windowMs, 'NX').incr(key).exec();
      const count = Number(results?.[1]?.[1]);
      if (count > 0) return count;
    } catch {
      // Redis is away.
    }
    if (Date.now() > this.#localUntil || this.#local.size >= mostRemembered) {
      this.#local = new Map();
      this.#localUntil = Date.now() + windowMs;
    }
    const count = (this.#local.get(key) ?? 0) + 1;
    this.#local.set(key, count);
    return count;
  }
}
