/** Tokens of programs that use the API; only their digests are stored. */
import type { Db } from './client.ts';

/** @param token.digest sha-256 of the token @param token.days until it expires; null for never */
export async function insertApiToken(
  sql: Db,
  token: { digest: Buffer; name: string; scopes: string[]; days: number | null; by?: string },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into api_tokens (digest, name, scopes, expires_at, made_by)
    values (${token.digest}, ${token.name}, ${token.scopes}::text[], now() + ${token.days}::int * interval '1 day', ${token.by ?? null})
    returning id`;
  return row!.id;
}

/** A token that is neither expired nor revoked. Found by digest, so timing says nothing about a token. Its use is noted every few minutes. */
export async function findApiToken(sql: Db, digest: Buffer): Promise<{ id: number; scopes: string[] } | undefined> {
  const [row] = await sql<{ id: number; scopes: string[]; stale: boolean }[]>`
    select id, scopes, (used_at is null or used_at < now() - interval '5 minutes') as stale from api_tokens
    where digest = ${digest} and revoked_at is null and (expires_at is null or expires_at > now())`;
  if (!row) return undefined;
  if (row.stale) await sql`update api_tokens set used_at = now() where id = ${row.id}`;
  return { id: row.id, scopes: row.scopes };
}

/** @returns whether there was such a token, not revoked yet */
export async function revokeApiToken(sql: Db, id: number): Promise<boolean> {
  return (await sql`update api_tokens set revoked_at = now() where id = ${id} and revoked_at is null`).count > 0;
}

export interface ApiTokenLine {
  id: number;
  name: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** To some minutes. */
  usedAt: Date | null;
  madeBy: string | null;
}

/** All that were ever made, oldest first: a newsroom has a few. */
export async function listApiTokens(sql: Db): Promise<ApiTokenLine[]> {
  return sql<ApiTokenLine[]>`
    select id, name, scopes, created_at, expires_at, revoked_at, used_at, made_by from api_tokens order by id`;
}
