/** Addresses never mailed again, known by keyed hash only (rule 3.6). */
import type { Db } from './client.ts';

/**
 * Suppresses an address. Guarantees: the first reason stays.
 * @param reason a short code, as `hard-bounce`, `complaint`, `manual`
 * @returns whether it is new
 */
export async function suppress(sql: Db, addressHash: Buffer, reason: string): Promise<boolean> {
  const rows = await sql`
    insert into suppressions (address_hash, reason) values (${addressHash}, ${reason}) on conflict do nothing`;
  return rows.count > 0;
}

export async function isSuppressed(sql: Db, addressHash: Buffer): Promise<boolean> {
  const rows = await sql`select from suppressions where address_hash = ${addressHash}`;
  return rows.count > 0;
}
