/** Logins, in the audit log. */
import { insertAudit } from '../../../db/audit.ts';
import type { Staff } from '../../../db/staff.ts';
import type { Console } from '../context.ts';

/** @param by what let them in */
export async function noteLogin(
  site: Console,
  staff: Staff,
  by: 'password' | 'second' | 'recovery' | 'passkey' | 'invitation',
): Promise<void> {
  await insertAudit(site.wiring.sql, staff, { act: 'session.open', subject: `staff ${staff.id}`, detail: { by } });
}
