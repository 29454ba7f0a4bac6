/** Passkeys (WebAuthn) and the challenges that they answer. */
import type { Sql } from './client.ts';
import type { Staff } from './staff.ts';

export const mostPasskeys = 10;

export interface Passkey {
  id: string;
  name: string;
  createdAt: Date;
  usedAt: Date | null;
}

/** Of one person, oldest first. */
export async function listPasskeys(sql: Sql, staffId: number): Promise<Passkey[]> {
  return sql<
    Passkey[]
  >`select id, name, created_at, used_at from passkeys where staff_id = ${staffId} order by created_at, id`;
}

/** @returns false: there are as many as are allowed, or it is there already */
export async function insertPasskey(
  sql: Sql,
  key: { id: string; staffId: number; name: string; publicKey: Uint8Array; counter: number; transports: string[] },
): Promise<boolean> {
  const rows = await sql`
    insert into passkeys (id, staff_id, name, public_key, counter, transports)
    select ${key.id}, ${key.staffId}::bigint, ${key.name}, ${Buffer.from(key.publicKey)}, ${key.counter}::bigint, ${key.transports}::text[]
    where (select count(*) from passkeys where staff_id = ${key.staffId}) < ${mostPasskeys}
    on conflict do nothing`;
  return rows.count > 0;
}

export async function removePasskey(sql: Sql, staffId: number, id: string): Promise<boolean> {
  return (await sql`delete from passkeys where staff_id = ${staffId} and id = ${id}`).count > 0;
}

export interface KnownPasskey {
  staff: Staff;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: number;
}

export async function findPasskey(sql: Sql, id: string): Promise<KnownPasskey | undefined> {
  const [row] = await sql<(Staff & { publicKey: Uint8Array; counter: number })[]>`
    select t.id, t.email, t.role, k.public_key, k.counter from passkeys k join staff t on t.id = k.staff_id where k.id = ${id}`;
  if (!row) return undefined;
  const { publicKey, counter, ...staff } = row;
  return { staff, publicKey: new Uint8Array(publicKey), counter };
}

/** Notes its use. @returns false: its counter did not grow, as a copy's would not */
export async function usePasskey(sql: Sql, id: string, counter: number): Promise<boolean> {
  const rows = await sql`
    update passkeys set used_at = now(), counter = ${counter}
    where id = ${id} and (counter < ${counter} or (counter = 0 and ${counter}::bigint = 0))`;
  return rows.count > 0;
}

const challengeMinutes = 5;
const prunedAtOnce = 100;

/** One per browser and purpose; those that ended are forgotten a few at a time. */
export async function putChallenge(sql: Sql, browser: Buffer, challenge: string): Promise<void> {
  await sql`
    with old as (
      delete from passkey_challenges where browser in (
        select browser from passkey_challenges where expires_at < now() and browser <> ${browser} order by expires_at limit ${prunedAtOnce}))
    insert into passkey_challenges (browser, challenge, expires_at)
    values (${browser}, ${challenge}, now() + ${challengeMinutes}::int * interval '1 minute')
    on conflict (browser) do update set challenge = excluded.challenge, expires_at = excluded.expires_at`;
}

/** Takes it: it is answered once, rightly or not. */
export async function takeChallenge(sql: Sql, browser: Buffer): Promise<string | undefined> {
  const [row] = await sql<{ challenge: string }[]>`
    delete from passkey_challenges where browser = ${browser} and expires_at > now() returning challenge`;
  return row?.challenge;
}
