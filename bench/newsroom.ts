/**
 * A large newsroom's database, to measure pages and statements on: two publications, four years of issues, readers who came, read, reacted and
 * left, and the ledger of it all. It stays in its data directory; asked for again with the same options it is used as it is.
 * No process of the product runs on it, and its addresses lie under `.example`.
 *
 * options: --readers N (default 1000000), --issues N (200), --ledger ROWS (20000000), --seed N (1), --data DIR (below the system's folder for
 * temporary files)
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Sql } from '../src/db/client.ts';
import { makeOrOpenNewsroom, usualHome } from './newsroom/home.ts';
import { table } from './support.ts';

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      readers: { type: 'string', default: '1000000' },
      issues: { type: 'string', default: '200' },
      ledger: { type: 'string', default: '20000000' },
      seed: { type: 'string', default: '1' },
      data: { type: 'string', default: usualHome },
    },
  });
  const home = resolve(values.data);
  const size = {
    readers: wholeNumber('readers', values.readers),
    issues: wholeNumber('issues', values.issues),
    ledger: wholeNumber('ledger', values.ledger),
    seed: wholeNumber('seed', values.seed),
  };
  const { wiring, note, isNew } = await makeOrOpenNewsroom(home, size);
  try {
    process.stdout.write(
      `${isNew ? `made in ${note.seconds} s` : `there already (it took ${note.seconds} s)`}: ${home}\n\n`,
    );
    process.stdout.write(`${await contents(wiring.sql)}\n\n`);
    process.stdout.write(
      `log in as owner@, editor@, operator@ or viewer@newsroom.example, password ${note.password}\n`,
    );
    process.stdout.write(
      `DATA_DIR=${home} reaches it; npm run bench -- console --data ${home} measures the pages on it\n`,
    );
  } finally {
    await wiring.close();
  }
}

function wholeNumber(name: string, text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`--${name} takes a number from 1, not “${text}”`);
  return n;
}

/** Rows and bytes of each table, largest first, and what a ledger row takes. */
async function contents(sql: Sql): Promise<string> {
  const rows = await sql<{ name: string; n: number; heap: number; indexes: number }[]>`
    select relname as name, greatest(0, reltuples)::bigint as n, pg_table_size(oid) as heap, pg_indexes_size(oid) as indexes
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > 0
    order by pg_total_relation_size(oid) desc`;
  const [whole] = await sql<{ bytes: number }[]>`select pg_database_size(current_database()) as bytes`;
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
  const ledger = rows.filter(row => row.name === 'recipients' || row.name === 'batches');
  const sum = (of: 'heap' | 'indexes') => ledger.reduce((n, row) => n + row[of], 0);
  const each = (bytes: number) => (bytes / rows.find(row => row.name === 'recipients')!.n).toFixed(0);
  return [
    table(
      ['table', 'rows, about', 'rows, MB', 'indexes, MB'],
      rows.map(row => [row.name, row.n, megabytes(row.heap), megabytes(row.indexes)]),
    ),
    `\n${(whole!.bytes / 1e9).toFixed(2)} GB in all; a ledger row takes ${each(sum('heap') + sum('indexes'))} bytes: ${each(sum('heap'))} and ${each(sum('indexes'))} of indexes`,
  ].join('\n');
}
