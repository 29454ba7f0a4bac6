/**
 * How often a login may be tried. An address is counted whether or not it has an account. Someone who knows an address can use up the tries
 * of one network, hardly those of everybody. While Redis is away operators must get in just then, guessers still must not.
 */
import type { Wiring } from '../../wiring.ts';
import { Counters } from '../counters.ts';

const windowMs = 15 * 60_000;
export const windowMinutes = windowMs / 60_000;

const most = { pair: 10, ip: 50, address: 100 } as const;
type Kind = keyof typeof most;

export class LoginLimits {
  readonly #counters: Counters;

  constructor(wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>) {
    this.#counters = new Counters(wiring, 'login', windowMs);
  }

  /** Counts a try before it is judged, so that many at once count too. @returns false: too many */
  async count(address: string, ip: string): Promise<boolean> {
    const tries: [Kind, string][] = [
      ['ip', `ip ${ip}`],
      ['pair', pairOf(address, ip)],
      ['address', `address ${address}`],
    ];
    // In this order, ending at the first that is used up: what one network is refused for does not count against the address.
    for (const [kind, thing] of tries) {
      if ((await this.#counters.increment(thing)) > most[kind]) return false;
    }
    return true;
  }

  /** After a login that succeeded: its owner's slips are forgotten. */
  async forget(address: string, ip: string): Promise<void> {
    await this.#counters.forget(pairOf(address, ip));
  }
}

function pairOf(address: string, ip: string): string {
  return `pair ${address} ${ip}`;
}
