/** The first run: how the owner's account comes to be. */
import { timingSafeEqual } from 'node:crypto';
import type { Sql } from '../../db/client.ts';
import { instanceKey } from '../../db/instance.ts';
import { hasStaff, insertFirstOwner, type Staff } from '../../db/staff.ts';
import { BroadsheetError } from '../../errors.ts';
import { parseAddress } from '../../subscribers/address.ts';
import { hashPassword } from './password.ts';

export const shortestPassword = 12;
export const longestPassword = 200;

/** The code that lets one create the owner at /console/setup: 128 bits, the same in all processes. Undefined once there is staff. */
export async function setupCode(wiring: { sql: Sql }): Promise<string | undefined> {
  if (await hasStaff(wiring.sql)) return undefined;
  return codeOf(await instanceKey(wiring.sql, 'console-setup'));
}

/** Whether this is the code, in constant time. */
export async function isSetupCode(sql: Sql, code: string): Promise<boolean> {
  const expected = Buffer.from(codeOf(await instanceKey(sql, 'console-setup')));
  const given = Buffer.from(code);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function codeOf(key: Buffer): string {
  return key.subarray(0, 16).toString('base64url');
}

export type OwnerProblem = 'address' | 'short' | 'long' | 'exists';

/** Creates the first owner, or says what is wrong. */
export async function makeOwner(sql: Sql, owner: { email: string; password: string }): Promise<Staff | OwnerProblem> {
  const parsed = parseAddress(owner.email);
  if ('problem' in parsed) return 'address';
  if ([...owner.password].length < shortestPassword) return 'short';
  if (owner.password.length > longestPassword) return 'long';
  if (await hasStaff(sql)) return 'exists';
  return (
    (await insertFirstOwner(sql, { email: parsed.email, password: await hashPassword(owner.password) })) ?? 'exists'
  );
}

/**
 * Creates the owner of an installation that has no staff yet.
 * @throws BroadsheetError ADDRESS_INVALID, USAGE
 */
export async function createOwner(sql: Sql, owner: { email: string; password: string }): Promise<void> {
  const made = await makeOwner(sql, owner);
  if (typeof made === 'object') return;
  if (made === 'address') throw new BroadsheetError('ADDRESS_INVALID', 'the owner’s address cannot be used');
  if (made === 'exists') throw new BroadsheetError('USAGE', 'there is staff already', { help: 'Log in at /console.' });
  throw new BroadsheetError('USAGE', `a password has ${shortestPassword} to ${longestPassword} characters`, {
    help: 'Choose another one.',
  });
}
