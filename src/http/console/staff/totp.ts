/** Codes of an authenticator app (RFC 6238) and recovery codes. What is stored is sealed or a digest. */
import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import QRCode from 'qrcode';
import { takeRecovery, takeStep } from '../../../db/second-factors.ts';
import type { Console } from '../context.ts';

const periodSeconds = 30;
/** Steps before and after ours whose code is taken: clocks differ. */
const slack = 1;
const recoveryCodes = 10;
/** Letters and digits that are not taken for each other. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const recoveryLength = 16;

/** 160 random bits (RFC 4226 §4), in base32. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32;
}

const totpOf = (secret: string, label = '') =>
  new TOTP({ issuer: 'Broadsheet', label, secret, algorithm: 'SHA1', digits: 6, period: periodSeconds });

/** `otpauth://totp/…`, which an app reads from the picture. */
export function uriOf(secret: string, email: string): string {
  return totpOf(secret, email).toString();
}

/** The picture as path data of squares, with its side; drawn by us, so that no markup of a library enters a page. */
export function qrOf(text: string): { side: number; path: string } {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  let path = '';
  for (let y = 0; y < modules.size; y++)
    for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) path += `M${x} ${y}h1v1h-1z`;
  return { side: modules.size, path };
}

/** @returns the time step of a code that is right now; undefined: it is not */
export function stepOf(secret: string, code: string, now = Date.now()): number | undefined {
  const digits = code.replace(/[\s-]/g, '');
  if (!/^\d{6}$/.test(digits)) return undefined;
  const delta = totpOf(secret).validate({ token: digits, window: slack, timestamp: now });
  return delta === null ? undefined : Math.floor(now / 1000 / periodSeconds) + delta;
}

/** 80 random bits each, in groups of four. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodes }, () => {
    const letters = [...randomBytes(recoveryLength)].map(byte => alphabet[byte % alphabet.length]).join('');
    return letters.match(/.{4}/g)!.join('-');
  });
}

export function recoveryDigest(code: string): Buffer {
  return createHash('sha256')
    .update(code.toUpperCase().replace(/[^A-Z0-9]/g, ''))
    .digest();
}

/** Whether a code of the app or a recovery code is right, used up by this. @param sealed the secret as it is stored */
export async function takeCode(
  site: Console,
  staffId: number,
  sealed: Uint8Array,
  code: string,
): Promise<'app' | 'recovery' | undefined> {
  const { sql, vault } = site.wiring;
  const secret = vault.open(sealed);
  const step = secret === undefined ? undefined : stepOf(secret, code);
  if (step !== undefined) return (await takeStep(sql, staffId, step)) ? 'app' : undefined;
  if (code.replace(/[^A-Za-z0-9]/g, '').length !== recoveryLength) return undefined;
  return (await takeRecovery(sql, staffId, recoveryDigest(code))) ? 'recovery' : undefined;
}
