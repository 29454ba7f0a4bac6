/**
 * Puts a backup into a database, all of it or nothing: one transaction. Rows go into tables of the backup's own version; later migrations
 * then change them as they would have changed the original. What may have been sent since is stopped, and waits for a person.
 */
import type { Db, Sql } from '../db/client.ts';
import { applyMigrations, knownMigrations } from '../db/migrate.ts';
import {
  analyse,
  asideSchemas,
  copiedTables,
  copyIn,
  currentSchema,
  dropTables,
  makeReady,
  moveIdentities,
  occupied,
  otherSessions,
  putBack,
  type Stopped,
  setAside,
  stopSends,
  wakeTriggers,
} from '../db/snapshot.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Head, TableLine } from './format.ts';
import { type Contents, readBackup } from './read.ts';
import type { Progress } from './write.ts';

/** Ids that were given out after the backup are in links and return paths of mails; so many are skipped. */
const idGap = 1_000_000;
const asidePrefix = 'before_restore_';

export interface Restored extends Contents, Stopped {
  /** Migrations that the backup did not have. */
  migrated: string[];
  /** Name of the schema with what was there before. */
  aside: string | undefined;
}

/** Why an issue is held after a restore. */
export const heldBecause = (madeAt: string) => `restored from a backup of ${madeAt}: what left after it is not known`;

/** Reads the whole file and writes nothing. @throws BroadsheetError BACKUP_DAMAGED, BACKUP_NEWER, FILE_UNREADABLE */
export function checkBackup(file: string, onProgress?: (progress: Progress) => void): Promise<Contents> {
  return readBackup(file, refuseNewer, undefined, onProgress);
}

/**
 * The file is proved whole before the database is touched, and once more while it goes in.
 * @param force what is in the database is put aside under another name
 * @throws BroadsheetError BACKUP_DAMAGED, BACKUP_NEWER, FILE_UNREADABLE, DATABASE_OCCUPIED, DATABASE_IN_USE
 */
export async function restoreBackup(
  sql: Sql,
  file: string,
  { force = false, onProgress }: { force?: boolean; onProgress?: (progress: Progress) => void } = {},
): Promise<Restored> {
  await refuseBusy(sql);
  if (!force) await refuseOccupied(sql);
  await checkBackup(file, onProgress);
  const restored = await sql.begin(async tx => {
    const aside = await makeRoom(tx, force);
    let columns = new Map<string, readonly string[]>();
    const contents = await readBackup(
      file,
      async head => {
        await refuseNewer(head);
        await applyMigrations(tx, head.migrations);
        columns = new Map((await copiedTables(tx)).map(table => [table.name, table.columns]));
      },
      (table, rows) => fill(tx, table, rows, columns),
      onProgress,
    );
    const migrated = await applyMigrations(tx, await knownMigrations());
    await moveIdentities(tx, idGap);
    const stopped = await stopSends(tx, heldBecause(contents.head.madeAt));
    return { ...contents, ...stopped, migrated, aside };
  });
  await analyse(sql);
  return restored;
}

/**
 * Puts back what the last `--force` put aside; what is there now goes aside in its turn.
 * @returns names of both; undefined when nothing was put aside
 * @throws BroadsheetError DATABASE_IN_USE
 */
export async function undoRestore(sql: Sql): Promise<{ back: string; aside: string } | undefined> {
  await refuseBusy(sql);
  return sql.begin(async tx => {
    const schema = await currentSchema(tx);
    const back = (await asideSchemas(tx, asidePrefix)).at(-1);
    if (back === undefined) return undefined;
    const aside = `undone_restore_${stamp()}`;
    await tx`alter schema ${tx(schema)} rename to ${tx(aside)}`;
    await putBack(tx, schema, back);
    return { back, aside };
  });
}

async function refuseNewer({ migrations, version }: Head): Promise<void> {
  const known = new Set(await knownMigrations());
  const unknown = migrations.filter(name => !known.has(name));
  if (unknown.length > 0)
    throw new BroadsheetError('BACKUP_NEWER', `it is of version ${version}, with ${unknown.join(', ')}`);
}

async function refuseBusy(sql: Db): Promise<void> {
  const others = await otherSessions(sql);
  if (others > 0) throw new BroadsheetError('DATABASE_IN_USE', `${others} other connections are open`);
}

async function refuseOccupied(sql: Db): Promise<void> {
  const { withRows } = await occupied(sql);
  if (withRows.length > 0) throw new BroadsheetError('DATABASE_OCCUPIED', `there are rows in ${withRows.join(', ')}`);
}

/** An empty schema. @returns the name under which the full one was put aside */
async function makeRoom(tx: Db, force: boolean): Promise<string | undefined> {
  const { tables, withRows } = await occupied(tx);
  if (withRows.length === 0) {
    await dropTables(tx, tables);
    return undefined;
  }
  // Somebody wrote since it was looked at.
  if (!force) await refuseOccupied(tx);
  const aside = `${asidePrefix}${stamp()}`;
  await setAside(tx, await currentSchema(tx), aside);
  return aside;
}

/** `20261125t080910`: sorts as time does. */
function stamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').toLowerCase();
}

async function fill(
  tx: Db,
  { table, columns }: TableLine,
  rows: AsyncIterable<Buffer>,
  known: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const refused = (detail: string, cause?: unknown) =>
    new BroadsheetError('BACKUP_DAMAGED', `${table}: ${detail}`, { cause });
  const own = known.get(table);
  if (!own || !columns.every(column => own.includes(column))) throw refused('no table of its version is like it');
  try {
    await makeReady(tx, table);
    await copyIn(tx, { name: table, columns }, rows);
    await wakeTriggers(tx, table);
  } catch (error) {
    if (error instanceof BroadsheetError) throw error;
    throw refused(`Postgres does not take its rows (${messageOf(error)})`, error);
  }
}
