/** Applies the numbered migrations, each once, in one transaction; safe when several processes start together. */
import { readdir, readFile } from 'node:fs/promises';
import type { Db, Sql } from './client.ts';

const folder = new URL('./migrations/', import.meta.url);

/** Names of the migrations that this version knows, in order. */
export async function knownMigrations(): Promise<string[]> {
  return (await readdir(folder)).filter(name => /^\d{4}_.*\.sql$/.test(name)).sort();
}

/** @returns names of the migrations applied now */
export async function migrate(sql: Sql): Promise<string[]> {
  const names = await knownMigrations();
  return sql.begin(tx => applyMigrations(tx, names));
}

/** Applies those of `names` that are missing, in their order; for a caller that has a transaction open. @returns which were */
export async function applyMigrations(tx: Db, names: readonly string[]): Promise<string[]> {
  // One migrator at a time; the number is arbitrary but ours.
  await tx`select pg_advisory_xact_lock(7236401)`;
  await tx`create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())`;
  const done = new Set((await tx<{ name: string }[]>`select name from migrations`).map(row => row.name));
  const missing = names.filter(name => !done.has(name));
  for (const name of missing) {
    await tx.unsafe(await readFile(new URL(name, folder), 'utf8'));
    await tx`insert into migrations (name) values (${name})`;
  }
  return missing;
}
