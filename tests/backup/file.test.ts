/** What is refused before a row is touched; what becomes of ids, older versions and what was there before. */
import { hash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBackup, heldBecause, restoreBackup, undoRestore } from '../../src/backup/restore.ts';
import { writeBackup } from '../../src/backup/write.ts';
import { connectDatabase } from '../../src/db/client.ts';
import { putPublication } from '../../src/db/publications.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';
import { type EmptyDatabase, emptyDatabase } from './databases.ts';

let services: Services;
let folder: string;
let whole: string;
let text: string;
const open: EmptyDatabase[] = [];
const about = { version: '0.1.0', publicUrl: 'https://news.example.org', keys: [] };
/** Whatever COPY has to escape. */
const awkward = 'tab\there, line\nbreak, \\. and \\N, 한글';

beforeAll(async () => {
  services = await openServices();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-backup-'));
  whole = join(folder, 'whole.gz');
  const { sql } = services;
  const { publicationId, subscriberIds } = await audience(services, [
    'a@example.net',
    'b@example.net',
    'c@example.net',
  ]);
  await sql`update subscribers set name = ${awkward} where id = ${subscriberIds[0]!}`;
  await planAndQueue(services, (await submitIssue(services, publicationId)).id);
  const later = await submitIssue(services, publicationId, { slug: 'later' });
  await sql`update issues set state = 'scheduled', scheduled_at = now() - interval '1 minute', planned_at = null where id = ${later.id}`;
  await writeBackup(sql, whole, about);
  text = gunzipSync(await readFile(whole)).toString();
});
afterAll(async () => {
  for (const database of open) await database.close();
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

async function fresh(): Promise<EmptyDatabase> {
  const database = await emptyDatabase();
  open.push(database);
  return database;
}

async function fileOf(bytes: Buffer | string): Promise<string> {
  const file = join(folder, `${Math.random()}.gz`);
  await writeFile(file, typeof bytes === 'string' ? gzipSync(bytes) : bytes);
  return file;
}

const tables = ({ sql }: EmptyDatabase) =>
  sql`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;

test('every row comes back as it was, and ids go on after a gap', async () => {
  const database = await fresh();
  const restored = await restoreBackup(database.sql, whole);
  expect(restored.migrated).toEqual([]);
  const copy = join(folder, 'again.gz');
  const names = new Set(restored.tables.map(each => each.table));
  expect([...names]).toEqual(expect.arrayContaining(['subscribers', 'recipients', 'instance', 'suppressions']));
  for (const name of [...names].filter(each => each !== 'issues')) {
    const rows = (of: Services['sql']) =>
      of`select md5(string_agg(t::text, '|' order by t::text)) as digest from ${of(name)} t`;
    expect(await rows(database.sql), name).toEqual(await rows(services.sql));
  }
  const [row] = await database.sql`select name from subscribers where email = 'a@example.net'`;
  expect(row!.name).toBe(awkward);
  const [added] = await database.sql<{ id: number }[]>`
    insert into subscribers (email, email_key, domain, address_hash) values ('d@e.org', 'd@e.org', 'e.org', 'x') returning id`;
  expect(added!.id).toBeGreaterThan(1_000_000);
  // What was under way, or due since, waits for a person.
  const issues = await database.sql`select slug, state, reason from issues order by id`;
  const reason = heldBecause(restored.head.madeAt);
  expect([...issues]).toEqual([
    { slug: 'issue-1', state: 'held', reason },
    { slug: 'later', state: 'held', reason },
  ]);
  // The copy is a whole installation: it can be backed up itself.
  await writeBackup(database.sql, copy, about);
  await checkBackup(copy);
});

test('a file that is cut off anywhere, or altered, touches no row', async () => {
  const database = await fresh();
  const bytes = await readFile(whole);
  const ends = text.lastIndexOf('{"end"');
  const at = text.indexOf('a@example.net');
  const damaged = {
    'cut in the middle': bytes.subarray(0, bytes.length / 2),
    'cut by one byte': bytes.subarray(0, -1),
    'a flipped bit': Buffer.concat([bytes.subarray(0, 400), Buffer.from([bytes[400]! ^ 1]), bytes.subarray(401)]),
    'without its last line': text.slice(0, ends),
    'another letter': `${text.slice(0, at)}z${text.slice(at + 1)}`,
    'a row less': text.replace(/^.*b@example\.net.*\n/m, ''),
    'a table less': text.replace(/\{"table":"likes".*\n[^{]*\{.*\n/, ''),
    'something after it': `${text}more\n`,
    'another file': 'email,name\n',
    'not even gzip': Buffer.from('hello'),
    empty: Buffer.alloc(0),
  };
  for (const [what, content] of Object.entries(damaged)) {
    const file = await fileOf(content);
    await expect(restoreBackup(database.sql, file), what).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    expect(await tables(database), what).toHaveLength(0);
  }
  await expect(restoreBackup(database.sql, join(folder, 'none.gz'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});

test('whole by its digests and yet not ours: Postgres refuses the rows, and nothing is left of them', async () => {
  const database = await fresh();
  const unknownTable = text.replace('{"table":"likes"', '{"table":"likings"');
  const unknownColumn = text.replace(
    '"columns":["publication_id","subscriber_id"',
    '"columns":["publication_id","reader"',
  );
  // A reader of a publication that there is none of: found by Postgres only after the last row.
  const rows = /(\{"table":"subscriptions".*\n)([^{]*)\\\.\n.*\n/.exec(text)!;
  const bad = rows[2]!.replace(/^\d+/, '77');
  const closing = { rows: 3, bytes: Buffer.byteLength(bad), sha256: hash('sha256', bad) };
  const dangling = text.replace(rows[0]!, () => `${rows[1]}${bad}\\.\n${JSON.stringify(closing)}\n`);
  for (const altered of [unknownTable, unknownColumn, dangling]) {
    expect(altered).not.toBe(text);
    const file = await fileOf(altered);
    await expect(checkBackup(file)).resolves.toMatchObject({ rows: expect.any(Number) });
    await expect(restoreBackup(database.sql, file)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
    expect(await tables(database)).toHaveLength(0);
  }
});

test('a backup that cannot be written leaves nothing, and its connection goes on', async () => {
  const { sql } = services;
  await sql`insert into mailbox_domains (domain) select 'd' || n || repeat('x', 200) from generate_series(1, 50000) n`;
  const file = join(folder, 'none', 'x.gz');
  await expect(writeBackup(sql, file, about)).rejects.toMatchObject({ code: 'BACKUP_UNWRITABLE' });
  await expect(writeBackup(sql, whole, about)).rejects.toMatchObject({ code: 'BACKUP_UNWRITABLE' });
  expect((await readdir(folder)).filter(name => name.includes('part'))).toEqual([]);
  expect(await sql`select 1 as n`).toHaveLength(1);
  await sql`delete from mailbox_domains`;
});

test('a newer version’s file is refused, whether its form or its migrations are newer', async () => {
  const database = await fresh();
  const form = await fileOf(text.replace('"form":1', '"form":2'));
  const migrations = await fileOf(text.replace('"migrations":[', '"migrations":["9999_later.sql",'));
  for (const file of [form, migrations])
    await expect(restoreBackup(database.sql, file)).rejects.toMatchObject({ code: 'BACKUP_NEWER' });
  expect(await tables(database)).toHaveLength(0);
});

test('rows are never written over: refused, or put aside and put back', async () => {
  const database = await fresh();
  await restoreBackup(database.sql, whole);
  await putPublication(database.sql, publicationOf({ slug: 'mine' }));
  await expect(restoreBackup(database.sql, whole)).rejects.toMatchObject({ code: 'DATABASE_OCCUPIED' });
  const slugs = async () => (await database.sql`select slug from publications order by slug`).map(row => row.slug);
  const { aside } = await restoreBackup(database.sql, whole, { force: true });
  expect(await slugs()).toEqual(['weekly']);
  expect(await undoRestore(database.sql)).toMatchObject({ back: aside });
  expect(await slugs()).toEqual(['mine', 'weekly']);
  expect(await undoRestore(database.sql)).toBeUndefined();
});

test('refused while anything else is connected', async () => {
  const database = await fresh();
  const other = connectDatabase(database.url, 1);
  await other`select`;
  await expect(restoreBackup(database.sql, whole)).rejects.toMatchObject({ code: 'DATABASE_IN_USE' });
  await other.end();
});

test('an older version’s backup is brought up to this one', async () => {
  // As a version without this migration would have written it.
  const last = '0010_keep.sql';
  const older = text
    .replace(`,"${last}"`, '')
    .replace(/\{"table":"issue_totals".*\n[^{]*\{.*\n/, '')
    .replace(/\{"end":true,"tables":(\d+)/, (_, n) => `{"end":true,"tables":${Number(n) - 1}`);
  const database = await fresh();
  const { migrated } = await restoreBackup(database.sql, await fileOf(older));
  expect(migrated).toEqual([last]);
  expect(await database.sql`select 1 from issue_totals`).toHaveLength(0);
});
