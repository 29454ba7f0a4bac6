/** Secrets at rest: AES-256-GCM under keys made from SECRET_KEYS, as readers' links are signed; the newest seals, all open. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

export class Vault {
  readonly #keys: Buffer[];

  /** @param secrets SECRET_KEYS, newest first */
  constructor(secrets: readonly string[]) {
    this.#keys = secrets.map(secret => Buffer.from(hkdfSync('sha256', secret, '', 'broadsheet webhook secret', 32)));
  }

  /** `iv ‖ tag ‖ ciphertext`. */
  seal(text: string): Buffer {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#keys[0]!, iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** Undefined when none of the keys sealed it. */
  open(sealed: Uint8Array): string | undefined {
    const bytes = Buffer.from(sealed);
    if (bytes.length < ivBytes + tagBytes) return undefined;
    for (const key of this.#keys) {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        // Sealed under another key.
      }
    }
    return undefined;
  }
}
