/** Secrets of this installation that must outlive key rotation. */
import { randomBytes } from 'node:crypto';
import type { Sql } from './client.ts';

/** The 32-byte key of this name, made on first use; all processes get the same. */
export async function instanceKey(sql: Sql, name: string): Promise<Buffer> {
  await sql`insert into instance (name, value) values (${name}, ${randomBytes(32)}) on conflict do nothing`;
  const [row] = await sql<{ value: Uint8Array }[]>`select value from instance where name = ${name}`;
  return Buffer.from(row!.value);
}
