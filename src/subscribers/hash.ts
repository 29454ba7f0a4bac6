/** The keyed hash by which suppressed addresses are known after their rows are gone (rule 3.6). */
import { createHmac } from 'node:crypto';

export class AddressHasher {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** @param emailKey the address in small letters */
  hash(emailKey: string): Buffer {
    return createHmac('sha256', this.#key).update(emailKey).digest();
  }
}
