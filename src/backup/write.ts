/** Writes a backup: every table as it stood at one moment, streamed into one file. Memory does not grow with the tables. */
import { createWriteStream } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { Sql } from '../db/client.ts';
import { appliedMigrations, type CopiedTable, copiedTables, copyOut, databaseNow } from '../db/snapshot.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import { dataEnd, form, type Head } from './format.ts';
import { TableTally } from './tally.ts';

export interface Progress {
  bytes: number;
  totalBytes: number;
  rows: number;
}

export interface Backup {
  head: Head;
  tables: { table: string; rows: number }[];
  rows: number;
}

type About = Pick<Head, 'version' | 'publicUrl' | 'keys'>;

/**
 * Writes FILE whole or not at all: under another name first, which only the owner may read.
 * @throws BroadsheetError BACKUP_UNWRITABLE
 */
export async function writeBackup(
  sql: Sql,
  file: string,
  about: About,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Backup> {
  const part = `${file}.part-${process.pid}`;
  try {
    const backup = await sql.begin('isolation level repeatable read read only', async tx => {
      const tables = await copiedTables(tx);
      const head: Head = {
        broadsheet: 'backup',
        form,
        ...about,
        madeAt: (await databaseNow(tx)).toISOString(),
        migrations: await appliedMigrations(tx),
      };
      const made: Backup = { head, tables: [], rows: 0 };
      const source = lines(made, tables, table => copyOut(tx, table), onProgress);
      try {
        const zipped = createGzip({ level: constants.Z_BEST_SPEED });
        await pipeline(source, zipped, createWriteStream(part, { flags: 'wx', mode: 0o600 }));
      } finally {
        // The transaction cannot end while a table is still coming.
        await source.return();
      }
      return made;
    });
    await settle(part);
    // Unlike a rename this never replaces a file.
    await link(part, file);
    return backup;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'path' in error)
      throw new BroadsheetError('BACKUP_UNWRITABLE', messageOf(error), { file, cause: error });
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

/** On the disk before it bears its name. */
async function settle(file: string): Promise<void> {
  const handle = await open(file, 'r');
  await handle.sync();
  await handle.close();
}

async function* lines(
  made: Backup,
  tables: readonly CopiedTable[],
  rowsOf: (table: CopiedTable) => AsyncIterable<Buffer>,
  onProgress: (progress: Progress) => void,
): AsyncGenerator<Buffer, void> {
  const line = (value: object) => Buffer.from(`${JSON.stringify(value)}\n`);
  const totalBytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  let bytes = 0;
  yield line(made.head);
  for (const table of tables) {
    yield line({ table: table.name, columns: table.columns });
    const tally = new TableTally();
    for await (const chunk of rowsOf(table)) {
      tally.add(chunk);
      // What a table has on disk is not what it comes to as text: within its part the bar goes no further than to its end.
      onProgress({
        bytes: bytes + Math.min(tally.bytes, table.bytes),
        totalBytes,
        rows: made.rows + tally.rows,
      });
      yield chunk;
    }
    bytes += table.bytes;
    const closing = tally.close();
    yield Buffer.from(dataEnd);
    yield line(closing);
    made.rows += closing.rows;
    made.tables.push({ table: table.name, rows: closing.rows });
  }
  yield line({ end: true, tables: tables.length, rows: made.rows });
}
