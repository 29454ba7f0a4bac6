/** The second factor: a TOTP secret, sealed, and recovery codes as digests, each of which counts once. */
import type { Sql } from './client.ts';

export interface SecondFactor {
  totp: Uint8Array | null;
  totpNew: Uint8Array | null;
  /** Recovery codes left. */
  codes: number;
}

export async function findSecond(sql: Sql, staffId: number): Promise<SecondFactor | undefined> {
  const [row] = await sql<SecondFactor[]>`
    select totp, totp_new, (select count(*)::int from recovery_codes r where r.staff_id = t.id) as codes
    from staff t where id = ${staffId}`;
  return row;
}

/** Offers a secret. Another that was offered before and not proved gives way. */
export async function offerSecond(sql: Sql, staffId: number, sealed: Buffer): Promise<void> {
  await sql`update staff set totp_new = ${sealed} where id = ${staffId} and totp is null`;
}

/** @param step of the code that proved it @returns false: it was proved by another browser meanwhile */
export async function proveSecond(
  sql: Sql,
  staffId: number,
  proof: { step: number; digests: readonly Buffer[] },
): Promise<boolean> {
  const rows = await sql`
    with proved as (
      update staff set totp = totp_new, totp_new = null, totp_step = ${proof.step}
      where id = ${staffId} and totp is null and totp_new is not null returning id),
    old as (delete from recovery_codes where staff_id in (select id from proved))
    insert into recovery_codes (staff_id, digest)
    select id, decode(d, 'hex') from proved, unnest(${proof.digests.map(digest => digest.toString('hex'))}::text[]) d`;
  return rows.count > 0;
}

/** Takes a time step once. @returns false: a code of it or of a later one was taken before */
export async function takeStep(sql: Sql, staffId: number, step: number): Promise<boolean> {
  return (await sql`update staff set totp_step = ${step} where id = ${staffId} and totp_step < ${step}`).count > 0;
}

/** Takes a recovery code once. */
export async function takeRecovery(sql: Sql, staffId: number, digest: Buffer): Promise<boolean> {
  return (await sql`delete from recovery_codes where staff_id = ${staffId} and digest = ${digest}`).count > 0;
}

export async function dropSecond(sql: Sql, staffId: number): Promise<boolean> {
  const rows = await sql`
    with gone as (delete from recovery_codes where staff_id = ${staffId})
    update staff set totp = null, totp_new = null where id = ${staffId} and totp is not null`;
  return rows.count > 0;
}

/** Whether owners must have one. */
export async function ownersNeedSecond(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ value: unknown }[]>`select value from console_settings where name = 'owners-second'`;
  return row?.value === true;
}

export async function requireOwnersSecond(sql: Sql, isNeeded: boolean): Promise<void> {
  await sql`
    insert into console_settings (name, value) values ('owners-second', ${sql.json(isNeeded)})
    on conflict (name) do update set value = excluded.value`;
}
