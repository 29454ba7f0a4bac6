/** Who is staff, and as what. The last owner stays one: what would end that changes nothing. */
import type { Sql } from './client.ts';
import { idleHours, type Staff } from './staff.ts';

export interface Person extends Staff {
  createdAt: Date;
  /** Null: not logged in anywhere. */
  seenAt: Date | null;
  sessions: number;
  second: boolean;
  passkeys: number;
}

const columns = (sql: Sql) => sql`
  t.id, t.email, t.role, t.created_at, t.totp is not null as second,
  (select max(s.expires_at) - ${idleHours}::int * interval '1 hour' from sessions s where s.staff_id = t.id and not s.half) as seen_at,
  (select count(*)::int from sessions s where s.staff_id = t.id and not s.half and s.expires_at > now()) as sessions,
  (select count(*)::int from passkeys k where k.staff_id = t.id) as passkeys`;

/** Owners first, then by address. */
export async function listPeople(sql: Sql): Promise<Person[]> {
  return sql<Person[]>`
    select ${columns(sql)} from staff t
    order by array_position(array['owner', 'editor', 'operator', 'viewer'], t.role), t.email_key limit 500`;
}

export async function findPerson(sql: Sql, id: number): Promise<Person | undefined> {
  const [row] = await sql<Person[]>`select ${columns(sql)} from staff t where t.id = ${id}`;
  return row;
}

/** Locked, so that of two owners who demote each other at once one stays. */
const owners = (sql: Sql) => sql`owners as (select id from staff where role = 'owner' order by id for update)`;
const anotherOwner = (sql: Sql, id: number) => sql`exists (select from owners where id <> ${id})`;

/** @returns the role of before; undefined: nobody has this number, or it is the last owner's */
export async function changeRole(sql: Sql, id: number, role: Staff['role']): Promise<Staff['role'] | undefined> {
  const [row] = await sql<{ before: Staff['role'] }[]>`
    with ${owners(sql)}, old as (select id, role from staff where id = ${id})
    update staff t set role = ${role} from old
    where t.id = old.id and (${role} = 'owner' or ${anotherOwner(sql, id)})
    returning old.role as before`;
  return row?.before;
}

/** With sessions, passkeys and invitations that they gave. @returns undefined as `changeRole` */
export async function removePerson(sql: Sql, id: number): Promise<{ email: string } | undefined> {
  const [row] = await sql<{ email: string }[]>`
    with ${owners(sql)}
    delete from staff where id = ${id} and ${anotherOwner(sql, id)} returning email`;
  return row;
}

export async function passwordOf(sql: Sql, id: number): Promise<string | undefined> {
  const [row] = await sql<{ password: string }[]>`select password from staff where id = ${id}`;
  return row?.password;
}

/** Sets a password and ends every session of before. */
export async function setPassword(sql: Sql, id: number, password: string): Promise<void> {
  await sql`
    with ended as (delete from sessions where staff_id = ${id})
    update staff set password = ${password} where id = ${id}`;
}

/** Ends all sessions of a person but, if one is named, this one. @returns how many */
export async function endSessions(sql: Sql, staffId: number, except?: Buffer): Promise<number> {
  const kept = except ?? Buffer.alloc(0);
  return (await sql`delete from sessions where staff_id = ${staffId} and id <> ${kept}`).count;
}

export interface SessionLine {
  /** Hex of the session's digest: opens nothing. */
  id: string;
  device: string;
  network: string;
  createdAt: Date;
  seenAt: Date;
}

export async function listSessions(sql: Sql, staffId: number): Promise<SessionLine[]> {
  return sql<SessionLine[]>`
    select encode(id, 'hex') as id, device, network, created_at, expires_at - ${idleHours}::int * interval '1 hour' as seen_at
    from sessions where staff_id = ${staffId} and not half and expires_at > now()
    order by expires_at desc limit 100`;
}

/** @param id as listed @returns whether it was theirs and open */
export async function endOneSession(sql: Sql, staffId: number, id: string): Promise<boolean> {
  return (await sql`delete from sessions where staff_id = ${staffId} and id = decode(${id}, 'hex')`).count > 0;
}
