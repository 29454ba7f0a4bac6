/** Staff passwords: scrypt (RFC 7914) with a random salt; the parameters are stored with each, so that they can grow. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** 32 MiB and about 0.2 s: the strength that OWASP asks for, with little memory. */
const cost = { N: 2 ** 15, r: 8, p: 3 };
const keyBytes = 32;
const maxMemory = 256 * 1024 * 1024;

/** Passwords are checked two at a time: each holds a thread and 32 MiB, and the process has mails to serve. */
const atOnce = 2;
const mostWaiting = 50;
let running = 0;
const waiting: (() => void)[] = [];

/** Too many passwords are being checked; nothing was decided about this one. */
export class BusyError extends Error {}

/** @returns `scrypt$N$r$p$salt$key`, salt and key in base64url */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Compares in constant time. Without a stored password it takes as long and says no, so that the time does not tell who has an account.
 * @throws BusyError
 */
export async function checkPassword(password: string, stored: string | undefined): Promise<boolean> {
  const match = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w-]+)\$([\w-]+)$/.exec(stored ?? '');
  if (!match) {
    await derive(password, randomBytes(16), cost);
    return false;
  }
  const parameters = { N: Number(match[1]), r: Number(match[2]), p: Number(match[3]) };
  const expected = Buffer.from(match[5]!, 'base64url');
  const key = await derive(password, Buffer.from(match[4]!, 'base64url'), parameters);
  return expected.length === key.length && timingSafeEqual(expected, key);
}

async function derive(password: string, salt: Buffer, parameters: ScryptOptions): Promise<Buffer> {
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting) throw new BusyError('too many passwords to check');
    // Whoever ends hands its place over, so `running` stays.
    await new Promise<void>(resolve => waiting.push(resolve));
  } else running++;
  try {
    // One spelling of a character that has several: Hangul typed on a Mac may arrive decomposed.
    const text = password.normalize('NFKC');
    return await new Promise((resolve, reject) => {
      scrypt(text, salt, keyBytes, { ...parameters, maxmem: maxMemory }, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
