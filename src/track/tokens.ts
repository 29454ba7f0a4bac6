/**
 * Signed tokens in readers' links (rule 4.4): `base64url(key ‖ purpose ‖ ref ‖ issue ‖ subscriber ‖ mac)`, 32 bytes, 43 characters.
 * The MAC is HMAC-SHA-256 cut to 128 bits over all that precedes it, so a token works for one purpose, one reader, one issue.
 * Tokens never expire: an unsubscribe link works for ever (section 5).
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const purposes = ['click', 'like', 'unsubscribe', 'preferences', 'web', 'bounce'] as const;
export type Purpose = (typeof purposes)[number];

export interface TokenContent {
  purpose: Purpose;
  issueId: number;
  subscriberId: number;
  /** Number of the tracked link or of the summary; 0 otherwise. */
  ref: number;
}

const headBytes = 16; // 1 key, 1 purpose, 2 ref, 6 issue, 6 subscriber
const macBytes = 16;
export const tokenBytes = headBytes + macBytes;

export class TokenSigner {
  readonly #keys: Map<number, Buffer>;
  readonly #current: number;

  /** @param secrets SECRET_KEYS, newest first: the first signs, all verify. A key's id is derived from the key, so order may change. */
  constructor(secrets: readonly string[]) {
    const derived = secrets.map(secret => Buffer.from(hkdfSync('sha256', secret, '', 'broadsheet reader link', 33)));
    this.#keys = new Map(derived.map(key => [key[32]!, key.subarray(0, 32)] as const).reverse());
    this.#current = derived[0]![32]!;
  }

  /** The token's 32 bytes. */
  bytes(content: TokenContent): Buffer {
    const token = Buffer.allocUnsafe(tokenBytes);
    token[0] = this.#current;
    token[1] = purposes.indexOf(content.purpose) + 1;
    token.writeUInt16BE(content.ref, 2);
    token.writeUIntBE(content.issueId, 4, 6);
    token.writeUIntBE(content.subscriberId, 10, 6);
    this.#mac(token).copy(token, headBytes);
    return token;
  }

  sign(content: TokenContent): string {
    return this.bytes(content).toString('base64url');
  }

  /** What a token says, or undefined when it is not one of ours, whatever the reason. */
  verify(token: string): TokenContent | undefined {
    if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // The last character of 43 carries two unused bits: only the canonical spelling counts.
    if (bytes.toString('base64url') !== token) return undefined;
    return this.verifyBytes(bytes);
  }

  verifyBytes(bytes: Buffer): TokenContent | undefined {
    if (bytes.length !== tokenBytes || !this.#keys.has(bytes[0]!)) return undefined;
    const purpose = purposes[bytes[1]! - 1];
    if (!timingSafeEqual(this.#mac(bytes), bytes.subarray(headBytes)) || !purpose) return undefined;
    return {
      purpose,
      ref: bytes.readUInt16BE(2),
      issueId: bytes.readUIntBE(4, 6),
      subscriberId: bytes.readUIntBE(10, 6),
    };
  }

  #mac(token: Buffer): Buffer {
    const key = this.#keys.get(token[0]!)!;
    return createHmac('sha256', key).update(token.subarray(0, headBytes)).digest().subarray(0, macBytes);
  }
}
