/**
 * How often a login may be tried. An address is counted by its keyed hash, whether or not it has an account. Someone who knows an address
 * can use up the tries of one network, hardly those of everybody.
 */
import type { Wiring } from '../../wiring.ts';
import { Counters } from '../counters.ts';

const windowMs = 15 * 60_000;
export const windowMinutes = windowMs / 60_000;

const most = { pair: 10, ip: 50, address: 100 } as const;
type Kind = keyof typeof most;

export class LoginLimits {
  readonly #wiring: Pick<Wiring, 'config' | 'hasher'>;
  readonly #counters: Counters;

  constructor(wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>) {
    this.#wiring = wiring;
    this.#counters = new Counters(wiring.queues.redis, windowMs);
  }

  /** Counts a try before it is judged, so that many at once count too. @returns false: too many */
  async count(address: string, ip: string): Promise<boolean> {
    // In this order, ending at the first that is used up: what one network is refused for does not count against the address.
    for (const [kind, key] of this.#keys(address, ip)) {
      if ((await this.#counters.add(key)).count > most[kind]) return false;
    }
    return true;
  }

  /** After a login that succeeded: its owner's slips are forgotten. */
  async forget(address: string, ip: string): Promise<void> {
    await this.#counters.forget(this.#keys(address, ip).find(([kind]) => kind === 'pair')![1]);
  }

  #keys(address: string, ip: string): [Kind, string][] {
    const key = (kind: Kind, what: string): [Kind, string] => {
      const name = this.#wiring.hasher.hash(`login ${kind} ${what.toLowerCase()}`).toString('base64url').slice(0, 22);
      return [kind, `${this.#wiring.config.queuePrefix}:login:${name}`];
    };
    return [key('ip', ip), key('pair', `${address} ${ip}`), key('address', address)];
  }
}
