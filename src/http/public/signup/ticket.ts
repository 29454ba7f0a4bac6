/**
 * What a form carries so that it can be told when it was made: no cookie, nothing about a person. `base36 seconds . MAC`; a form sent
 * sooner than a person can type, or after a day, is shown again with what was typed.
 */
import { timingSafeEqual } from 'node:crypto';
import type { AddressHasher } from '../../../subscribers/hash.ts';

/** Nobody reads a form, types an address and presses in less. */
const soonestMs = 2000;
const latestMs = 24 * 60 * 60_000;

export type TicketState = 'good' | 'missing' | 'soon' | 'late';

export class Tickets {
  readonly #hasher: AddressHasher;

  constructor(hasher: AddressHasher) {
    this.#hasher = hasher;
  }

  make(publicationId: number, now = Date.now()): string {
    const at = now.toString(36);
    return `${at}.${this.#mac(publicationId, at)}`;
  }

  check(publicationId: number, ticket: string, now = Date.now()): TicketState {
    const [, at, mac] = /^([0-9a-z]{1,11})\.([\w-]{22})$/.exec(ticket) ?? [];
    if (!at || !mac) return 'missing';
    if (!timingSafeEqual(Buffer.from(mac), Buffer.from(this.#mac(publicationId, at)))) return 'missing';
    const ageMs = now - Number.parseInt(at, 36);
    if (ageMs < soonestMs) return 'soon';
    return ageMs > latestMs ? 'late' : 'good';
  }

  /** The blanks keep it apart from every address the hasher is asked about. */
  #mac(publicationId: number, at: string): string {
    return this.#hasher.hash(`signup form ${publicationId} ${at}`).toString('base64url').slice(0, 22);
  }
}
