/** How often a secret may be guessed by whoever is past the first door, and how often a mail may be asked for. */

import { Counters } from '../../counters.ts';
import { oneFor } from '../../one-for.ts';
import type { Console } from '../context.ts';

const quarterMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** Codes of a second factor: with 3 of a million right at a time, a day of guessing finds one in 8,000 times. */
const most = {
  codeQuarter: 8,
  codeDay: 40,
  passwordQuarter: 10,
  mailAddress: 3,
  mailNetwork: 20,
  linkNetwork: 60,
  keyNetwork: 60,
};

class Tries {
  readonly #quarter: Counters;
  readonly #day: Counters;

  constructor(site: Console) {
    this.#quarter = new Counters(site.wiring, 'staff-tries', quarterMs);
    this.#day = new Counters(site.wiring, 'staff-tries-day', dayMs);
  }

  /** Counted by person, whatever the browser. @returns false: too many */
  async code(staffId: number): Promise<boolean> {
    const [quarter, day] = [
      await this.#quarter.increment(`code ${staffId}`),
      await this.#day.increment(`code ${staffId}`),
    ];
    return quarter <= most.codeQuarter && day <= most.codeDay;
  }

  async forgetCodes(staffId: number): Promise<void> {
    await this.#quarter.forget(`code ${staffId}`);
    await this.#day.forget(`code ${staffId}`);
  }

  /** The own password, asked for again before what matters. */
  async password(staffId: number): Promise<boolean> {
    return (await this.#quarter.increment(`password ${staffId}`)) <= most.passwordQuarter;
  }

  /** Mail for a forgotten password: `address` false means that it says it was sent and sends nothing. */
  async mail(email: string, ip: string): Promise<{ network: boolean; address: boolean }> {
    const network = (await this.#quarter.increment(`mail ip ${ip}`)) <= most.mailNetwork;
    if (!network) return { network, address: false };
    return { network, address: (await this.#quarter.increment(`mail ${email}`)) <= most.mailAddress };
  }

  /** Pages of invitations and forgotten passwords. */
  async link(ip: string): Promise<boolean> {
    return (await this.#quarter.increment(`link ${ip}`)) <= most.linkNetwork;
  }

  /** Logins by passkey. */
  async passkey(ip: string): Promise<boolean> {
    return (await this.#quarter.increment(`passkey ${ip}`)) <= most.keyNetwork;
  }
}

/** Of this site: one each, for the counting of a process while Redis is away. */
export const triesOf = oneFor((site: Console) => new Tries(site));
