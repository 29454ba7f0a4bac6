/**
 * The console's search for readers, on a table of a million: what each way of asking takes, beside pg_trgm; and what the index costs an
 * import.
 *
 * options: --rows N (default 1000000), --keep DIR (the database stays there, and is used when it is there)
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectDatabase, type Sql } from '../src/db/client.ts';
import { migrate } from '../src/db/migrate.ts';
import { putPublication } from '../src/db/publications.ts';
import { findReaders, type ReaderQuery } from '../src/db/reader-search.ts';
import { acquireEmbedded } from '../src/embedded/lifecycle.ts';
import { needleOf } from '../src/model/reader-search.ts';
import { benchPublication, median, table } from './support.ts';

const families =
  '김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모남탁국어은편용';
const syllables = '민서지우하윤도예준현수영진혜은주성재호연경아유나태건승원희정선미상훈용석철규동환기범';
const words = [
  'sun',
  'kim',
  'lee',
  'minsu',
  'park',
  'choi',
  'jane',
  'blue',
  'cafe',
  'paper',
  'star',
  'dev',
  'data',
  'moon',
  'river',
];
const domains = ['gmail.com', 'naver.com', 'daum.net', 'hanmail.net', 'outlook.com', 'snu.ac.kr', 'kaist.ac.kr'];

async function fill(sql: Sql, rows: number): Promise<void> {
  const { id } = await putPublication(sql, { ...benchPublication, fields: { 회사: '' } });
  await sql`
    insert into subscribers (email, email_key, domain, name, attributes, address_hash)
    select e, e, split_part(e, '@', 2), name, jsonb_build_object('회사', '회사 ' || i % 5000), decode(md5(e), 'hex') from (
      select i, (${words}::text[])[1 + i * 7 % ${words.length}::int] || (${words}::text[])[1 + i / 11 % ${words.length}::int] || to_hex(i::bigint * 2654435761 % 16777213)
          || '@' || case when i % 10 = 9 then 'company' || i % 40000 || '.co.kr' else (${domains}::text[])[1 + i % ${domains.length}::int] end as e,
        substr(${families}, 1 + (i::bigint * i % ${families.length}::int)::int, 1)
          || substr(${syllables}, 1 + (i::bigint * 31 % ${syllables.length}::int)::int, 1)
          || substr(${syllables}, 1 + (i::bigint * 17 / 13 % ${syllables.length}::int)::int, 1) as name
      from generate_series(1, ${rows}::int) i
    ) made on conflict do nothing`;
  await sql`
    insert into subscriptions (publication_id, subscriber_id, state, source)
    select ${id}, id, case when id % 20 = 0 then 'unsubscribed' when id % 5000 = 1 then 'pending' else 'active' end, 'import' from subscribers`;
  await sql`insert into subscriber_tags (tag, subscriber_id) select '서울', id from subscribers where id % 100 = 3`;
  await sql`insert into subscriber_tags (tag, subscriber_id) select '후원', id from subscribers where id % 20000 = 7`;
  await sql`vacuum analyze subscribers`;
  await sql`vacuum analyze subscriptions`;
  await sql`vacuum analyze subscriber_tags`;
}

async function speed(sql: Sql): Promise<(string | number)[][]> {
  const [middle] = await sql<
    { email: string; name: string }[]
  >`select email, name from subscribers where id > (select max(id) / 2 from subscribers) order by id limit 1`;
  const { email, name } = middle!;
  const local = email.split('@')[0]!;
  const asked: [string, string, Partial<ReaderQuery>][] = [
    ['nothing: the newest', '', {}],
    ['a whole address', email, {}],
    ['a part of one address', local.slice(3, 12), {}],
    ['a part of a fifteenth of all', 'minsu', {}],
    ['a part that nobody has', 'zzzqqq', {}],
    ['common pieces, never together', 'kimleekimlee', {}],
    ['a domain of a seventh of all', 'naver.com', {}],
    ['a domain of 25', '@company9999.co.kr', {}],
    ['how a domain begins', '@comp', {}],
    ['a Korean name', name, {}],
    ['a given name', name.slice(1), {}],
    ['a family name of one syllable', '김', {}],
    ['state: unsubscribed', '', { state: 'unsubscribed' }],
    ['state: pending, one in 5,000', '', { state: 'pending', publicationId: 1 }],
    ['a tag of one in 100', '', { tag: '서울' }],
    ['a tag of one in 20,000, active', '', { tag: '후원', state: 'active' }],
    ['an attribute', '', { attribute: { field: '회사', value: '회사 77' } }],
    ['a given name, pending', name.slice(1), { state: 'pending' }],
    ['a frequent part, a rare tag', 'minsu', { tag: '후원' }],
  ];
  const rows: (string | number)[][] = [];
  for (const [kind, text, more] of asked) {
    const needle = needleOf(text);
    if (needle === 'short') throw new Error(kind);
    const isDomain = needle?.kind === 'part' && text.includes('.');
    const query: ReaderQuery = {
      order: 'newest',
      needle: isDomain ? { kind: 'domain', domain: text } : needle,
      ...more,
    };
    const times: number[] = [];
    let found = 0;
    for (let round = 0; round < 15; round++) {
      const start = performance.now();
      const page = await findReaders(sql, query, 51);
      times.push(performance.now() - start);
      found = page.length;
    }
    rows.push([
      kind,
      found > 50 ? 'more than 50' : found,
      times[0]!.toFixed(1),
      median(times).toFixed(1),
      Math.max(...times).toFixed(1),
    ]);
    process.stderr.write(`${rows.at(-1)!.join('  ')}\n`);
  }
  return rows;
}

/** What pg_trgm does with the same questions, in this database of locale C. */
async function trigrams(sql: Sql): Promise<(string | number)[][]> {
  await sql`create extension if not exists pg_trgm`;
  await sql`create index if not exists bench_trgm on subscribers using gin (email_key gin_trgm_ops, name gin_trgm_ops)`;
  const rows: (string | number)[][] = [];
  for (const text of ['minsu', 'zzzqqq', '민서']) {
    const times: number[] = [];
    let found = 0;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      const hits =
        await sql`select id from subscribers where email_key like ${`%${text}%`} or name like ${`%${text}%`} limit 51`;
      times.push(performance.now() - start);
      found = hits.length;
    }
    rows.push([text, found > 50 ? 'more than 50' : found, median(times).toFixed(1)]);
  }
  const [sizes] = await sql`
    select pg_size_pretty(pg_relation_size('bench_trgm')) as theirs, pg_size_pretty(pg_relation_size('subscribers_grams')) as ours,
      pg_size_pretty(pg_relation_size('subscribers')) as "table"`;
  rows.push(['index size', `ours ${sizes!.ours}, theirs ${sizes!.theirs}`, `table ${sizes!.table}`]);
  await sql`drop index bench_trgm`;
  await sql`drop extension pg_trgm`;
  return rows;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { rows: { type: 'string', default: '1000000' }, keep: { type: 'string' } },
  });
  const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'broadsheet-bench-')));
  const servers = await acquireEmbedded(folder, { postgres: true, redis: false });
  const sql = connectDatabase(servers.databaseUrl!, 2);
  try {
    await migrate(sql);
    const [there] = await sql<{ any: boolean }[]>`select exists (select from subscribers) as any`;
    if (!there!.any) {
      const start = performance.now();
      await fill(sql, Number(values.rows));
      process.stderr.write(`filled in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
    }
    const rows = await speed(sql);
    console.log(`${table(['asked for', 'found', 'first ms', 'median ms', 'slowest ms'], rows)}\n`);
    console.log(table(['pg_trgm', 'found', 'median ms'], await trigrams(sql)));
  } finally {
    await sql.end();
    await servers.release();
    if (!values.keep) await rm(folder, { recursive: true, force: true });
  }
}
