/** All tables out of a database and into another, as `backup` and `restore` do: commands that end, so their transaction may stay open. */
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Db } from './client.ts';

/** What lives in one installation at one time: processes, their leases, and logins that may have ended since. Never copied. */
const ofTheMoment = ['migrations', 'workers', 'leases', 'sessions'];

/** What an installation that was only started has already: its secrets, and rows that migrations write. */
const filledAtStart = ['instance', 'webhook_cursors'];

export interface CopiedTable {
  name: string;
  /** Of rows that are stored as they are; generated ones make themselves. */
  columns: string[];
  /** On disk, about. */
  bytes: number;
}

/** Every table of the schema with rows to keep, those that others refer to first. */
export async function copiedTables(tx: Db): Promise<CopiedTable[]> {
  const tables = await tx<(CopiedTable & { refersTo: string[] })[]>`
    select c.relname as name, pg_table_size(c.oid) as bytes,
      (select array_agg(a.attname order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      array(select f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as refers_to
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and not c.relname = any(${ofTheMoment}::text[])
    order by c.relname`;
  const left = new Map(tables.map(table => [table.name, table]));
  const ordered: CopiedTable[] = [];
  while (left.size > 0) {
    const free = [...left.values()].filter(table => !table.refersTo.some(name => left.has(name)));
    if (free.length === 0) throw new Error(`tables refer to each other in a circle: ${[...left.keys()].join(', ')}`);
    for (const { name, columns, bytes } of free) {
      ordered.push({ name, columns, bytes });
      left.delete(name);
    }
  }
  return ordered;
}

/**
 * Rows as lines of COPY's text form: the same for every version of Postgres. Whoever stops early waits for the rest to pass: the connection
 * can do nothing else before.
 */
export async function* copyOut(
  tx: Db,
  { name, columns }: Pick<CopiedTable, 'name' | 'columns'>,
): AsyncGenerator<Buffer> {
  const stream: Readable = await tx`copy ${tx(name)} (${tx(columns)}) to stdout`.readable();
  try {
    yield* stream.iterator({ destroyOnReturn: false });
  } finally {
    await finished(stream.resume()).catch(() => {});
    // The driver pauses its socket while the stream is full and lets it go on when more is asked for, which nobody does after the end:
    // Postgres' word that the statement is over may still be in it.
    stream._read(0);
  }
}

/** Takes out rows that migrations wrote, and lets no trigger see the rows that follow: they are no news. */
export async function makeReady(tx: Db, table: string): Promise<void> {
  await tx`delete from ${tx(table)}`;
  await tx`alter table ${tx(table)} disable trigger user`;
}

export async function wakeTriggers(tx: Db, table: string): Promise<void> {
  await tx`alter table ${tx(table)} enable trigger user`;
}

/**
 * Takes lines of COPY's text form. Resolves when Postgres has taken them all.
 * The driver's stream never ends when Postgres refuses at its end, so it is not waited for: the next statement fails in its place.
 */
export async function copyIn(
  tx: Db,
  { name, columns }: Pick<CopiedTable, 'name' | 'columns'>,
  rows: AsyncIterable<Buffer>,
): Promise<void> {
  const stream = await tx`copy ${tx(name)} (${tx(columns)}) from stdin`.writable();
  // Said by the write that is under way, or the next one.
  stream.on('error', () => {});
  try {
    for await (const chunk of rows)
      await new Promise<void>((resolve, reject) => {
        stream.write(chunk, error => (error ? reject(error) : resolve()));
      });
    stream.end();
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  } finally {
    // The driver takes no statement before it has told Postgres of the end.
    await new Promise(resolve => setImmediate(resolve));
  }
  await tx`select`;
}

export async function appliedMigrations(tx: Db): Promise<string[]> {
  const rows = await tx<{ name: string }[]>`select name from migrations order by name`;
  return rows.map(row => row.name);
}

export async function databaseNow(tx: Db): Promise<Date> {
  const [row] = await tx<{ now: Date }[]>`select now()`;
  return row!.now;
}

/** Other sessions on this database: something that might write, or hold what it read. */
export async function otherSessions(tx: Db): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(*) as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
  return row!.n;
}

/** The tables of the schema, and which of them hold rows of ours. */
export async function occupied(tx: Db): Promise<{ tables: string[]; withRows: string[] }> {
  const tables = await tx<{ name: string }[]>`
    select c.relname as name from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') order by 1`;
  const withRows: string[] = [];
  for (const { name } of tables.filter(table => ![...ofTheMoment, ...filledAtStart].includes(table.name))) {
    const [row] = await tx<{ any: boolean }[]>`select exists (select from ${tx(name)}) as any`;
    if (row!.any) withRows.push(name);
  }
  return { tables: tables.map(table => table.name), withRows };
}

/** Tables, and the functions of their triggers; what an extension brought stays. */
export async function dropTables(tx: Db, names: readonly string[]): Promise<void> {
  if (names.length > 0) await tx`drop table ${tx([...names])}`;
  const functions = await tx<{ name: string }[]>`
    select p.oid::regprocedure::text as name from pg_proc p
    where p.pronamespace = current_schema()::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`;
  for (const { name } of functions) await tx.unsafe(`drop function ${name}`);
}

/** The schema that unqualified names mean. */
export async function currentSchema(tx: Db): Promise<string> {
  const [row] = await tx<{ name: string | null }[]>`select current_schema() as name`;
  return row!.name ?? 'public';
}

/** Puts the schema aside under another name, with all it holds, and makes an empty one in its place. */
export async function setAside(tx: Db, schema: string, name: string): Promise<void> {
  await tx`alter schema ${tx(schema)} rename to ${tx(name)}`;
  await tx`create schema ${tx(schema)}`;
}

/** Puts one that was set aside back in place. */
export async function putBack(tx: Db, schema: string, name: string): Promise<void> {
  await tx`alter schema ${tx(name)} rename to ${tx(schema)}`;
}

/** Schemas set aside under a name that begins like this, newest last: names end with their time. */
export async function asideSchemas(tx: Db, prefix: string): Promise<string[]> {
  const rows = await tx<{ name: string }[]>`
    select nspname as name from pg_namespace where starts_with(nspname, ${prefix}) order by 1`;
  return rows.map(row => row.name);
}

/**
 * Moves every identity past the ids that are there, and past those that were given out since and are in readers' links: one of them
 * must never name another person or issue.
 */
export async function moveIdentities(tx: Db, gap: number): Promise<void> {
  const columns = await tx<{ table: string; column: string; sequence: string }[]>`
    select c.relname as table, a.attname as column, pg_get_serial_sequence(format('%I', c.relname), a.attname) as sequence
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attidentity <> '' and not a.attisdropped`;
  for (const { table, column, sequence } of columns)
    await tx`select setval(${sequence}::regclass, ${gap}::bigint + coalesce((select max(${tx(column)}) from ${tx(table)}), 0))`;
}

export interface Stopped {
  issues: { slug: string; was: string }[];
  /** Rows that were in flight. */
  unknown: number;
}

/**
 * Holds every issue that may have gone on after this moment: sending, paused or held ones, and those whose time has come since. Rows in
 * flight become `unknown`: they may have left.
 */
export async function stopSends(tx: Db, reason: string): Promise<Stopped> {
  const issues = await tx<{ slug: string; was: string }[]>`
    with was as (
      select id, state from issues
      where state in ('sending', 'paused', 'held') or (state = 'scheduled' and scheduled_at <= now()) for update
    )
    update issues i set state = 'held', reason = ${reason} from was where i.id = was.id returning i.slug, was.state as was`;
  const { count } = await tx`
    update recipients set state = 'unknown', reason = 'in flight when the backup was made', claim = null, worker_id = null, updated_at = now()
    where state = 'sending'`;
  return { issues, unknown: count };
}

/** Without figures of its own the planner would read the new tables whole. */
export async function analyse(sql: Db): Promise<void> {
  await sql`analyze`;
}
