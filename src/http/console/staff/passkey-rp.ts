/** Who we are to authenticators (WebAuthn §4, relying party), where a challenge of a browser is kept, and what browsers answer alike. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Console } from '../context.ts';

/** Loaded at its first use: it would be half a second of every start of the web server. */
export const webAuthn = () => import('@simplewebauthn/server');

/** The host that readers reach: a passkey made under one name is worth nothing under another. */
export function rpOf(site: Console): { id: string; name: string; origin: string } {
  return { id: new URL(site.publicOrigin).hostname, name: 'Broadsheet', origin: site.publicOrigin };
}

/** @param browser sha-256 of its cookie */
export function challengeKey(browser: Buffer, purpose: 'login' | 'add'): Buffer {
  return createHash('sha256').update(browser).update(purpose).digest();
}

export const base64url = z
  .string()
  .max(8000)
  .regex(/^[A-Za-z0-9_-]*$/);

/** Of a credential as browsers write it as JSON (WebAuthn §5.1), made or used: all but its `response`. */
export const credentialShape = {
  id: base64url.min(1).max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}).default({}),
};
