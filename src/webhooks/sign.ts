/** Signing what goes out, after the Standard Webhooks specification 1.0.0: `v1`, HMAC-SHA-256. */
import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const secretBytes = 32;

export function newSecret(): string {
  return `${prefix}${randomBytes(secretBytes).toString('base64')}`;
}

/** The key in a secret: base64 of 24 to 64 bytes, after `whsec_` or alone; undefined of anything else. */
export function keyOf(secret: string): Buffer | undefined {
  const text = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  const key = Buffer.from(text, 'base64');
  const isCanonical = key.toString('base64') === text;
  return isCanonical && key.length >= 24 && key.length <= 64 ? key : undefined;
}

export interface Message {
  /** `webhook-id`: the same at each try. */
  id: string;
  body: Buffer;
}

/**
 * The three header fields. With several secrets, one signature for each: a receiver that knows one of them is content.
 * @param secrets none: the message goes unsigned
 */
export function signedHeaders({ id, body }: Message, secrets: readonly string[], now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map(secret => {
    const key = keyOf(secret);
    if (!key) throw new Error('a webhook secret is not whsec_ and base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(signatures.length > 0 ? { 'webhook-signature': signatures.join(' ') } : {}),
  };
}
