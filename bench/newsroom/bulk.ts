/** Filling tables in bulk, as a restore does: rows first, indexes and keys afterwards. Only on a database of our own, with nobody in it. */
import type { Sql } from '../../src/db/client.ts';

/**
 * Takes the indexes of these tables away, and their keys.
 * @returns puts them all back as they were; the callback is called once for each
 */
export async function withoutIndexes(
  sql: Sql,
  tables: readonly string[],
): Promise<{ count: number; restore: (done: () => void) => Promise<void> }> {
  const keys = await sql<{ table: string; name: string; definition: string }[]>`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid::regclass::text = any(${[...tables]}::text[]) and contype in ('p', 'u')`;
  const indexes = await sql<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = current_schema() and tablename = any(${[...tables]}::text[]) and indexname <> all(${keys.map(key => key.name)}::text[])`;
  for (const { table, name } of keys) await sql`alter table ${sql(table)} drop constraint ${sql(name)}`;
  for (const { name } of indexes) await sql`drop index ${sql(name)}`;
  const statements = [
    ...keys.map(key => `alter table "${key.table}" add constraint "${key.name}" ${key.definition}`),
    ...indexes.map(index => index.definition),
  ];
  return {
    count: statements.length,
    restore: async done => {
      for (const statement of statements) {
        await sql.unsafe(statement);
        done();
      }
    },
  };
}

const fast = {
  synchronous_commit: 'off',
  fsync: 'off',
  full_page_writes: 'off',
  max_wal_size: "'8GB'",
  checkpoint_timeout: "'30min'",
  autovacuum: 'off',
  // Foreign keys are not looked up for each row.
  session_replication_role: 'replica',
  maintenance_work_mem: "'768MB'",
  work_mem: "'256MB'",
  max_parallel_maintenance_workers: '1',
} as const;

/** Settings of a server that may lose everything, until `restore`. */
export async function hurry(sql: Sql): Promise<{ restore(): Promise<void> }> {
  const set = async (statement: (name: string) => string) => {
    for (const name of Object.keys(fast)) await sql.unsafe(statement(name));
    await sql`select pg_reload_conf()`;
  };
  await set(name => `alter system set ${name} = ${fast[name as keyof typeof fast]}`);
  return {
    restore: async () => {
      await set(name => `alter system reset ${name}`);
      await sql`checkpoint`;
    },
  };
}
