/** Tokens of programs that use the API; only their digests are stored. */
import type { Db } from './client.ts';

/** @param token.digest sha-256 of the token @param token.days until it expires; null for never */
export async function insertApiToken(
  sql: Db,
  token: { digest: Buffer; name: string; scopes: string[]; days: number | null },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into api_tokens (digest, name, scopes, expires_at)
    values (${token.digest}, ${token.name}, ${token.scopes}::text[], now() + ${token.days}::int * interval '1 day')
    returning id`;
  return row!.id;
}

/** A token that is neither expired nor revoked. Found by digest, so timing says nothing about a token. */
export async function findApiToken(sql: Db, digest: Buffer): Promise<{ id: number; scopes: string[] } | undefined> {
  const [row] = await sql<{ id: number; scopes: string[] }[]>`
    select id, scopes from api_tokens
    where digest = ${digest} and revoked_at is null and (expires_at is null or expires_at > now())`;
  return row;
}

/** @returns whether there was such a token, not revoked yet */
export async function revokeApiToken(sql: Db, id: number): Promise<boolean> {
  return (await sql`update api_tokens set revoked_at = now() where id = ${id} and revoked_at is null`).count > 0;
}

/** All that were ever made, oldest first: a newsroom has a few. */
export async function listApiTokens(
  sql: Db,
): Promise<{ id: number; name: string; scopes: string[]; expiresAt: Date | null; revokedAt: Date | null }[]> {
  return sql`
    select id, name, scopes, expires_at as "expiresAt", revoked_at as "revokedAt" from api_tokens order by id`;
}
