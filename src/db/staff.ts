/** Staff and their sessions. */
import type { Db, Sql } from './client.ts';

export interface Staff {
  id: number;
  email: string;
  role: 'owner' | 'editor' | 'operator' | 'viewer';
}

export async function hasStaff(sql: Db): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`select exists (select from staff) as found`;
  return row!.found;
}

/** Creates the owner while there is no staff at all. @returns undefined when there is: of several at once, one succeeds */
export async function insertFirstOwner(
  sql: Sql,
  owner: { email: string; password: string },
): Promise<Staff | undefined> {
  return sql.begin(async tx => {
    await tx`lock table staff in share row exclusive mode`;
    const [row] = await tx<Staff[]>`
      insert into staff (email, email_key, role, password)
      select ${owner.email}, ${owner.email.toLowerCase()}, 'owner', ${owner.password}
      where not exists (select from staff)
      returning id, email, role`;
    return row;
  });
}

export interface StaffLogin extends Staff {
  /** As http/console/password stores it. */
  password: string;
  /** Whether a second factor is asked for. */
  second: boolean;
}

/** @param email any spelling */
export async function findStaff(sql: Sql, email: string): Promise<StaffLogin | undefined> {
  const [row] = await sql<StaffLogin[]>`
    select id, email, role, password, totp is not null as second from staff where email_key = ${email.toLowerCase()}`;
  return row;
}

/** A session lasts this long after its last use … */
export const idleHours = 12;
/** … one whose second factor is missing only so long … */
const halfMinutes = 10;
/** … and no longer than this: an open queue board asks every few seconds and would keep itself alive for ever. */
const longestDays = 7;

/** Where a session was opened: for its owner to know it by. */
export interface Whereabouts {
  device: string;
  network: string;
}

/** Opens a session and forgets those that ended. @param id sha-256 of the cookie's value @param half the second factor is still missing */
export async function insertSession(
  sql: Sql,
  id: Buffer,
  session: { staffId: number; half: boolean } & Whereabouts,
): Promise<void> {
  const { staffId, half, device, network } = session;
  const minutes = half ? halfMinutes : idleHours * 60;
  await sql`delete from sessions where expires_at < now()`;
  await sql`
    insert into sessions (id, staff_id, expires_at, half, device, network)
    values (${id}, ${staffId}, now() + ${minutes}::int * interval '1 minute', ${half}, ${device}, ${network})`;
}

/** Whose session this is; its use prolongs it, written at most every few minutes. @returns with whether their role must first set up a second factor */
export async function useSession(sql: Sql, id: Buffer): Promise<(Staff & { needsSecond: boolean }) | undefined> {
  const [row] = await sql<(Staff & { needsSecond: boolean; stale: boolean })[]>`
    select t.id, t.email, t.role, s.expires_at < now() + ${idleHours}::int * interval '1 hour' - interval '5 minutes' as stale,
      (t.role = 'owner' and t.totp is null
        and exists (select from console_settings where name = 'owners-second' and value = 'true')) as needs_second
    from sessions s join staff t on t.id = s.staff_id
    where s.id = ${id} and not s.half and s.expires_at > now()
      and s.created_at > now() - ${longestDays}::int * interval '1 day'`;
  if (!row) return undefined;
  const { stale, ...staff } = row;
  if (stale) await sql`update sessions set expires_at = now() + ${idleHours}::int * interval '1 hour' where id = ${id}`;
  return staff;
}

/** Whose password was right and whose second factor is asked for now. */
export async function findHalfSession(sql: Sql, id: Buffer): Promise<Staff | undefined> {
  const [row] = await sql<Staff[]>`
    select t.id, t.email, t.role from sessions s join staff t on t.id = s.staff_id
    where s.id = ${id} and s.half and s.expires_at > now()`;
  return row;
}

export async function deleteSession(sql: Sql, id: Buffer): Promise<void> {
  await sql`delete from sessions where id = ${id}`;
}
