/** The tokens of one reader in one issue, each signed once however often its link stands in the message. */
import { type Purpose, type TokenSigner, tokenLength } from '../track/tokens.ts';

export class TokenSheet {
  readonly #signer: TokenSigner;
  readonly #issueId: number;
  readonly #links: { purpose: Purpose; ref: number }[] = [];
  readonly #numbers = new Map<string, number>();
  #subscriberId = 0;
  #signed: boolean[] = [];
  #bytes = Buffer.alloc(0);

  constructor(signer: TokenSigner, issueId: number) {
    this.#signer = signer;
    this.#issueId = issueId;
  }

  /** The number under which a link's token is kept. */
  number(purpose: Purpose, ref: number): number {
    const key = `${purpose} ${ref}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#links.push({ purpose, ref }) - 1;
    this.#numbers.set(key, number);
    this.#bytes = Buffer.alloc(tokenLength * this.#links.length);
    this.#signed = this.#links.map(() => false);
    return number;
  }

  /** Turns to another reader: all tokens are signed anew, when asked for. */
  turnTo(subscriberId: number): void {
    this.#subscriberId = subscriberId;
    this.#signed.fill(false);
  }

  /** All tokens as ASCII, `tokenLength` bytes each; that of `number` is signed. */
  sheet(number: number): Buffer {
    if (!this.#signed[number]) {
      this.#bytes.write(this.#signer.sign(this.#content(number)), number * tokenLength, 'latin1');
      this.#signed[number] = true;
    }
    return this.#bytes;
  }

  text(number: number): string {
    const from = number * tokenLength;
    return this.sheet(number).toString('latin1', from, from + tokenLength);
  }

  /** The return path's token (rule 3.2). */
  bounce(): Buffer {
    return this.#signer.bytes({ purpose: 'bounce', ref: 0, issueId: this.#issueId, subscriberId: this.#subscriberId });
  }

  /** The token of a mail that unsubscribes: what the unsubscribe link carries. */
  leave(): Buffer {
    return this.#signer.bytes({
      purpose: 'unsubscribe',
      ref: 0,
      issueId: this.#issueId,
      subscriberId: this.#subscriberId,
    });
  }

  #content(number: number) {
    const { purpose, ref } = this.#links[number]!;
    return { purpose, ref, issueId: this.#issueId, subscriberId: this.#subscriberId };
  }
}
