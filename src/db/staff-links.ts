/** Links of invitations and forgotten passwords: stored as digests, one per kind and address, deleted by their use. */
import type { Sql } from './client.ts';
import type { Staff } from './staff.ts';

export interface Invitation {
  id: number;
  email: string;
  role: Staff['role'];
  by: string | null;
  createdAt: Date;
  expiresAt: Date;
}

/** An invitation; one that this address has already is replaced, so that its link is worth nothing. @returns undefined: has an account */
export async function putInvitation(
  sql: Sql,
  invite: { digest: Buffer; email: string; role: Staff['role']; by: number; hours: number },
): Promise<number | undefined> {
  const { digest, email, role, by, hours } = invite;
  const [row] = await sql<{ id: number }[]>`
    with old as (
      delete from staff_links where expires_at < now() - interval '30 days' and email_key <> ${email.toLowerCase()})
    insert into staff_links (digest, kind, email, email_key, role, made_by, expires_at)
    select ${digest}, 'invite', ${email}, ${email.toLowerCase()}, ${role}, ${by}::bigint, now() + ${hours}::int * interval '1 hour'
    where not exists (select from staff where email_key = ${email.toLowerCase()})
    on conflict (kind, email_key) do update set digest = excluded.digest, role = excluded.role, made_by = excluded.made_by,
      created_at = now(), expires_at = excluded.expires_at
    returning id`;
  return row?.id;
}

/** Open ones, and for a month those that ended, newest first: a newsroom has a few. */
export async function listInvitations(sql: Sql): Promise<Invitation[]> {
  return sql<Invitation[]>`
    select l.id, l.email, l.role, t.email as by, l.created_at, l.expires_at
    from staff_links l left join staff t on t.id = l.made_by
    where l.kind = 'invite' and l.expires_at > now() - interval '30 days' order by l.id desc limit 200`;
}

export async function findInvitation(
  sql: Sql,
  digest: Buffer,
): Promise<{ email: string; role: Staff['role'] } | undefined> {
  const [row] = await sql<{ email: string; role: Staff['role'] }[]>`
    select email, role from staff_links where digest = ${digest} and kind = 'invite' and expires_at > now()`;
  return row;
}

/** @returns whose it was */
export async function revokeInvitation(sql: Sql, id: number): Promise<string | undefined> {
  const [row] = await sql<
    { email: string }[]
  >`delete from staff_links where id = ${id} and kind = 'invite' returning email`;
  return row?.email;
}

/** Uses an invitation up. @returns undefined: it is used, revoked or over, or the address has an account by now */
export async function acceptInvitation(sql: Sql, digest: Buffer, password: string): Promise<Staff | undefined> {
  const [row] = await sql<Staff[]>`
    with used as (
      delete from staff_links where digest = ${digest} and kind = 'invite' and expires_at > now() returning email, email_key, role)
    insert into staff (email, email_key, role, password)
    select email, email_key, role, ${password} from used
    on conflict (email_key) do nothing
    returning id, email, role`;
  return row;
}

/** The link of a forgotten password; an earlier one is replaced. @returns the address as it is stored; undefined: no account has it */
export async function putReset(
  sql: Sql,
  link: { digest: Buffer; email: string; by: number | null; minutes: number },
): Promise<Pick<Staff, 'id' | 'email'> | undefined> {
  const [row] = await sql<Pick<Staff, 'id' | 'email'>[]>`
    insert into staff_links (digest, kind, email, email_key, staff_id, made_by, expires_at)
    select ${link.digest}, 'reset', email, email_key, id, ${link.by}::bigint, now() + ${link.minutes}::int * interval '1 minute'
    from staff where email_key = ${link.email.toLowerCase()}
    on conflict (kind, email_key) do update set digest = excluded.digest, staff_id = excluded.staff_id, made_by = excluded.made_by,
      created_at = now(), expires_at = excluded.expires_at
    returning staff_id as id, email`;
  return row;
}

export async function findReset(sql: Sql, digest: Buffer): Promise<{ email: string } | undefined> {
  const [row] = await sql<{ email: string }[]>`
    select email from staff_links where digest = ${digest} and kind = 'reset' and expires_at > now()`;
  return row;
}

/** Uses the link up: the new password counts, and every session of before ends. @returns undefined: the link is used or over */
export async function resetPassword(sql: Sql, digest: Buffer, password: string): Promise<Staff | undefined> {
  const [row] = await sql<Staff[]>`
    with used as (
      delete from staff_links where digest = ${digest} and kind = 'reset' and expires_at > now() returning staff_id),
    ended as (delete from sessions where staff_id in (select staff_id from used))
    update staff set password = ${password} where id in (select staff_id from used) returning id, email, role`;
  return row;
}
