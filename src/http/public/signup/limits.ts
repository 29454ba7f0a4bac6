/** How often one address, one network, one domain may be signed up, before any mail is written. Counters in Redis, gone after a day at most. */
import { isLargeProvider } from '../../../subscribers/domains.ts';
import type { Wiring } from '../../../wiring.ts';
import { networkOf } from '../../client-ip.ts';
import { Counters } from '../../counters.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** `proof`: work is asked for; `quiet`: the answer is as always and nothing is done; `full`: later. */
export type Allowance = 'free' | 'proof' | 'quiet' | 'full';

/** So many in the window are free, or possible at all. */
const most = {
  network: { free: 5, possible: 60 },
  domain: { free: 30, possible: 1000 },
  address: { possible: 10 },
} as const;

export class SignUpLimits {
  readonly #hour: Counters;
  readonly #day: Counters;

  constructor(wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>) {
    this.#hour = new Counters(wiring, 'signup-hour', hourMs);
    this.#day = new Counters(wiring, 'signup-day', dayMs);
  }

  /** Counts a try before it is judged, so that many at once count too. */
  async count(publicationId: number, address: { emailKey: string; domain: string }, ip: string): Promise<Allowance> {
    const isLarge = isLargeProvider(address.domain);
    // All at once: while Redis is away each waits for it a while. Whether an address is known plays no part: what was typed is counted.
    const [[networkHour, networkDay], [domainHour, domainDay], ofAddress] = await Promise.all([
      this.#both(`ip ${networkOf(ip)}`),
      isLarge ? ([0, 0] as const) : this.#both(`domain ${address.domain}`),
      this.#day.increment(`address ${publicationId} ${address.emailKey}`),
    ]);
    if (networkDay > most.network.possible) return 'full';
    if (domainDay > most.domain.possible) return 'full';
    if (ofAddress > most.address.possible) return 'quiet';
    return networkHour > most.network.free || domainHour > most.domain.free ? 'proof' : 'free';
  }

  #both(thing: string): Promise<[number, number]> {
    return Promise.all([this.#hour.increment(thing), this.#day.increment(thing)]);
  }
}
