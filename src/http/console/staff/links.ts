/** Links of invitations and forgotten passwords: 256 random bits, of which the database holds the sha-256. */
import { createHash, randomBytes } from 'node:crypto';
import type { Console } from '../context.ts';

export const inviteHours = 72;
export const resetMinutes = 60;

export function newLink(): { token: string; digest: Buffer } {
  const token = randomBytes(32).toString('base64url');
  return { token, digest: digestOfLink(token) };
}

export function digestOfLink(token: string): Buffer {
  return createHash('sha256').update(`staff link ${token}`).digest();
}

/** Whole, for a mail or to be copied. */
export function linkUrl(site: Console, kind: 'join' | 'reset', token: string): string {
  return `${site.wiring.config.publicUrl}/console/${kind}/${token}`;
}
