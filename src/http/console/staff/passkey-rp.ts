/** Who we are to authenticators (WebAuthn §4, relying party), and where a challenge of a browser is kept. */
import { createHash } from 'node:crypto';
import type { Console } from '../context.ts';

/** The host that readers reach: a passkey made under one name is worth nothing under another. */
export function rpOf(site: Console): { id: string; name: string; origin: string } {
  return { id: new URL(site.publicOrigin).hostname, name: 'Broadsheet', origin: site.publicOrigin };
}

/** @param browser sha-256 of its cookie */
export function challengeKey(browser: Buffer, purpose: 'login' | 'add'): Buffer {
  return createHash('sha256').update(browser).update(purpose).digest();
}
