/**
 * Proof of work for when sign-up is attacked: some seconds of a browser's computing, no third party, nothing to solve for the person. A
 * challenge is signed, lasts some minutes, works for one publication and once.
 */
import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import type { Wiring } from '../../../wiring.ts';

const validMs = 20 * 60_000;
const algorithm = 'PBKDF2/SHA-256';
/** Of one try, here and in the browser: about a millisecond here, and of ours only two in all. */
const cost = 2000;
/** Tries: one to three seconds in a browser of today, some more on an old telephone. */
const tries = { least: 800, most: 1600 };

const hex = z.string().regex(/^[0-9a-f]{2,128}$/);
const payloadSchema = z.object({
  challenge: z.object({
    parameters: z.object({
      algorithm: z.literal(algorithm),
      nonce: hex,
      salt: hex,
      cost: z.literal(cost),
      keyLength: z.literal(32),
      keyPrefix: hex,
      keySignature: hex,
      expiresAt: z.int(),
      data: z.object({ publication: z.int() }),
    }),
    signature: hex,
  }),
  solution: z.object({ counter: z.int().min(0).max(0xffffffff), derivedKey: hex, time: z.number().optional() }),
});

/** While Redis is away each process remembers what it took. */
const mostRemembered = 10_000;

export class Proofs {
  readonly #wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>;
  readonly #taken = new Set<string>();

  constructor(wiring: Pick<Wiring, 'queues' | 'config' | 'hasher'>) {
    this.#wiring = wiring;
  }

  /** A challenge as the widget takes it. */
  challenge(publicationId: number) {
    return createChallenge({
      algorithm,
      cost,
      deriveKey,
      counter: randomInt(tries.least, tries.most),
      data: { publication: publicationId },
      expiresAt: new Date(Date.now() + validMs),
      ...this.#secrets(),
    });
  }

  /** Whether this is a solved challenge of ours that has not been used. Uses it. @param payload base64 of JSON, as the widget's field */
  async take(publicationId: number, payload: string): Promise<boolean> {
    const parsed = payloadSchema.safeParse(decoded(payload));
    if (!parsed.success || parsed.data.challenge.parameters.data.publication !== publicationId) return false;
    const { challenge, solution } = parsed.data;
    const { time, ...rest } = solution;
    const { verified } = await verifySolution({
      challenge,
      solution: time === undefined ? rest : { ...rest, time },
      deriveKey,
      ...this.#secrets(),
    }).catch(() => ({ verified: false }));
    return verified && (await this.#isFirst(challenge.parameters.nonce));
  }

  async #isFirst(nonce: string): Promise<boolean> {
    const { queues, config } = this.#wiring;
    try {
      return (await queues.redis.set(`${config.queuePrefix}:signup-proof:${nonce}`, 1, 'PX', validMs, 'NX')) === 'OK';
    } catch {
      // Redis is away.
    }
    if (this.#taken.has(nonce)) return false;
    if (this.#taken.size >= mostRemembered) this.#taken.clear();
    this.#taken.add(nonce);
    return true;
  }

  #secrets() {
    const secret = (what: string) => this.#wiring.hasher.hash(`signup proof ${what}`).toString('hex');
    return { hmacSignatureSecret: secret('challenge'), hmacKeySignatureSecret: secret('key') };
  }
}

/** What is not base64 of JSON becomes undefined. */
function decoded(payload: string): unknown {
  if (payload.length > 4000) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
