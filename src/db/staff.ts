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

/** @param email any spelling @returns with the stored password (see http/console/password) */
export async function findStaff(sql: Sql, email: string): Promise<(Staff & { password: string }) | undefined> {
  const [row] = await sql<(Staff & { password: string })[]>`
    select id, email, role, password from staff where email_key = ${email.toLowerCase()}`;
  return row;
}

/** A session lasts this long after its last use … */
const idleHours = 12;
/** … and no longer than this: an open queue board asks every few seconds and would keep itself alive for ever. */
const longestDays = 7;

/** Opens a session and forgets those that ended. @param id sha-256 of the cookie's value */
export async function insertSession(sql: Sql, id: Buffer, staffId: number): Promise<void> {
  await sql`delete from sessions where expires_at < now()`;
  await sql`insert into sessions (id, staff_id, expires_at) values (${id}, ${staffId}, now() + ${idleHours}::int * interval '1 hour')`;
}

/** Whose session this is; its use prolongs it, written at most every few minutes. */
export async function useSession(sql: Sql, id: Buffer): Promise<Staff | undefined> {
  const [row] = await sql<(Staff & { stale: boolean })[]>`
    select t.id, t.email, t.role, s.expires_at < now() + ${idleHours}::int * interval '1 hour' - interval '5 minutes' as stale
    from sessions s join staff t on t.id = s.staff_id
    where s.id = ${id} and s.expires_at > now() and s.created_at > now() - ${longestDays}::int * interval '1 day'`;
  if (!row) return undefined;
  const { stale, ...staff } = row;
  if (stale) await sql`update sessions set expires_at = now() + ${idleHours}::int * interval '1 hour' where id = ${id}`;
  return staff;
}

export async function deleteSession(sql: Sql, id: Buffer): Promise<void> {
  await sql`delete from sessions where id = ${id}`;
}
