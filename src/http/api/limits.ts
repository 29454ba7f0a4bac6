/** How much one token may ask for, counted in Redis by all web processes together. Costly routes count as several requests. */
import type { Wiring } from '../../wiring.ts';
import { Counters } from '../counters.ts';

const windowMs = 60_000;

export interface Allowance {
  isAllowed: boolean;
  /** RateLimit fields as drafted by the IETF's httpapi group, and Retry-After when refused. */
  headers: Record<string, string>;
}

export class TokenLimits {
  readonly #counters: Counters;
  readonly #most: number;

  /** @param most requests a minute */
  constructor(wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>, most: number) {
    this.#counters = new Counters(wiring, 'api', windowMs);
    this.#most = most;
  }

  async take(tokenId: number, cost: number): Promise<Allowance> {
    const { count, resetMs } = await this.#counters.add(String(tokenId), cost);
    const seconds = Math.max(1, Math.ceil(resetMs / 1000));
    const isAllowed = count <= this.#most;
    return {
      isAllowed,
      headers: {
        'ratelimit-policy': `"token";q=${this.#most};w=${windowMs / 1000}`,
        ratelimit: `"token";r=${Math.max(0, this.#most - count)};t=${seconds}`,
        ...(isAllowed ? {} : { 'retry-after': String(seconds) }),
      },
    };
  }
}
