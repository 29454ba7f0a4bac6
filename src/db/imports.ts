/**
 * Imports of the console: the file in chunks, what it is taken for, and how far it was worked. Single statements: each write is guarded by
 * the state it leaves, each batch by the position it begins at, so that two processes at once, or one that dies, count no row twice.
 */
import type { ImportLayout } from '../model/import.ts';
import type { Sql } from './client.ts';
import { columnsOf, type ImportRow, inKeyOrder, insertPeople, matchedPeople } from './subscribers.ts';

export type ImportState =
  | 'uploading'
  | 'uploaded'
  | 'checking'
  | 'checked'
  | 'queued'
  | 'running'
  | 'done'
  | 'undoing'
  | 'undone'
  | 'failed'
  | 'cancelled';

/** What became of a file's rows; they add up to the rows that are not blank. */
export interface ImportCounts {
  /** New subscriptions. */
  added: number;
  /** There already, with a new name or attribute. */
  updated: number;
  same: number;
  /** Left as they are: an import brings nobody back. */
  unsubscribed: number;
  suppressed: number;
  /** The same address again in the file. */
  repeated: number;
  refused: number;
}

const countNames = ['added', 'updated', 'same', 'unsubscribed', 'suppressed', 'repeated', 'refused'] as const;

/** When, where and with which words the people in a file agreed. */
interface ImportConsent {
  source: string;
  /** ISO 8601. */
  at: string;
  wording: string;
  version: string;
}

export interface ImportJob {
  id: number;
  publicationId: number;
  name: string;
  bytes: number;
  state: ImportState;
  encoding: string | null;
  layout: ImportLayout | null;
  consent: ImportConsent | null;
  tags: string[];
  records: number;
  /** Of a million. */
  share: number;
  counts: Partial<ImportCounts> & { undone?: number; kept?: number };
  checked: ImportCounts | null;
  reason: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** No process has moved it for a while. */
  isStill: boolean;
}

const columns = (sql: Sql) => sql`
  id, publication_id, name, bytes, state, encoding, layout, consent, tags, records, share, counts, checked, reason, created_at, started_at,
  finished_at, state in ('checking', 'queued', 'running', 'undoing') and updated_at < now() - interval '30 seconds' as is_still`;

export async function createImport(
  sql: Sql,
  { publicationId, staffId, name }: { publicationId: number; staffId: number; name: string },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into imports (publication_id, staff_id, name) values (${publicationId}, ${staffId}, ${name}) returning id`;
  return row!.id;
}

export async function findImport(sql: Sql, id: number): Promise<ImportJob | undefined> {
  const [row] = await sql<ImportJob[]>`select ${columns(sql)} from imports where id = ${id}`;
  return row;
}

/** The newest first. */
export async function listImports(sql: Sql, limit: number): Promise<ImportJob[]> {
  return sql<ImportJob[]>`select ${columns(sql)} from imports order by id desc limit ${limit}`;
}

/** Stores a part of the file; the same number again replaces it. @returns false: the upload is over, or the file too large */
export async function storeChunk(
  sql: Sql,
  id: number,
  number: number,
  bytes: Buffer,
  mostBytes: number,
): Promise<boolean> {
  const rows = await sql`
    with open as (
      update imports set bytes = bytes + ${bytes.length}::int - coalesce(
          (select octet_length(c.bytes) from import_chunks c where c.import_id = ${id} and c.number = ${number}), 0), updated_at = now()
      where id = ${id} and state = 'uploading' and bytes + ${bytes.length}::int <= ${mostBytes}::bigint
      returning id
    )
    insert into import_chunks (import_id, number, bytes) select id, ${number}, ${bytes} from open
    on conflict (import_id, number) do update set bytes = excluded.bytes`;
  return rows.count > 0;
}

/** The file's parts in order, each read by itself. @param most parts at most */
export async function* chunksOf(sql: Sql, id: number, most = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  for (let number = 0; number < most; number++) {
    const [row] = await sql<{ bytes: Buffer }[]>`
      select bytes from import_chunks where import_id = ${id} and number = ${number}`;
    if (!row) return;
    yield Buffer.from(row.bytes);
  }
}

/** What can be set as an import goes from one state to another. */
type Settled = Partial<{
  encoding: string;
  layout: ImportLayout;
  consent: ImportConsent;
  tags: string[];
  reason: string;
}>;

/**
 * Moves an import on. Where a pass over the file begins, its position and counts begin anew.
 * @returns false when it is in none of the states `from`
 */
export async function moveImport(
  sql: Sql,
  id: number,
  from: readonly ImportState[],
  to: ImportState,
  set: Settled = {},
): Promise<boolean> {
  const begins = to === 'checking' || to === 'queued' || to === 'undoing';
  const ends = to === 'done' || to === 'undone' || to === 'failed' || to === 'cancelled';
  const rows = await sql`
    with moved as (
      update imports set state = ${to}, updated_at = now(),
        encoding = coalesce(${set.encoding ?? null}, encoding),
        layout = coalesce(${set.layout ? sql.json(set.layout as never) : null}::jsonb, layout),
        consent = coalesce(${set.consent ? sql.json(set.consent as never) : null}::jsonb, consent),
        tags = coalesce(${set.tags ?? null}::text[], tags),
        reason = ${set.reason ?? null},
        checked = case when ${to} = 'checked' then counts when ${to} = 'checking' then null else checked end,
        records = case when ${begins} then 0 else records end,
        share = case when ${begins} then 0 when ${to} in ('checked', 'done') then 1000000 else share end,
        counts = case when ${to} in ('checking', 'queued') then '{}' else counts end,
        started_at = case when ${to} = 'queued' then now() else started_at end,
        finished_at = case when ${ends} then now() else finished_at end
      where id = ${id} and state = any(${[...from]}::text[])
      returning id
    ), forgotten as (
      delete from import_refusals r using moved m where r.import_id = m.id and ${to} in ('checking', 'queued')
    )
    select from moved`;
  return rows.length > 0;
}

/** The next one to be worked, oldest first. */
export async function nextImport(sql: Sql): Promise<ImportJob | undefined> {
  const [row] = await sql<ImportJob[]>`
    select ${columns(sql)} from imports where state in ('checking', 'queued', 'running', 'undoing') order by id limit 1`;
  return row;
}

export interface ImportBatch {
  id: number;
  publicationId: number;
  /** Records read before this batch, and after it. */
  from: number;
  to: number;
  share: number;
  /** No address twice. */
  rows: ImportRow[];
  repeated: number;
  refused: number;
  /** Those of the refused that are kept. */
  refusals: { line: number; reason: string; cells: string[] }[];
}

/** Counts a batch without writing anybody. @returns false: somebody else works it, or it was stopped */
export async function checkBatch(sql: Sql, batch: ImportBatch): Promise<boolean> {
  const rows = columnsOf(inKeyOrder(batch.rows));
  const done = await sql`
    with gate as materialized (${gateOf(sql, batch, 'checking')}),
    matched as materialized (${matchedPeople(sql, batch.publicationId, rows)}),
    refused as (${keepRefusals(sql, batch)}),
    counted as (
      select count(*) filter (where state is null and not suppressed) as added,
        count(*) filter (where state <> 'unsubscribed' and not suppressed and differs) as updated,
        count(*) filter (where state <> 'unsubscribed' and not suppressed and not differs) as same,
        ${leftOut(sql)}
      from matched
    )
    ${advance(sql, batch)}`;
  return done.count > 0;
}

/**
 * Brings a batch in. Guarantees: no state of an existing subscription changes; who is suppressed gets neither row nor subscription; who is
 * unsubscribed or suppressed is not written to at all; a batch is counted once.
 * @returns false: somebody else works it, or it was stopped
 */
export async function runBatch(sql: Sql, batch: ImportBatch): Promise<boolean> {
  const rows = columnsOf(inKeyOrder(batch.rows));
  // By itself, so that the next statement sees them; left over after a crash, they are found when the batch comes again.
  await insertPeople(sql, rows);
  const done = await sql`
    with gate as materialized (${gateOf(sql, batch, 'running')}),
    matched as materialized (${matchedPeople(sql, batch.publicationId, rows)}),
    ${written(sql)},
    refused as (${keepRefusals(sql, batch)}),
    counted as (
      select (select count(*) from added) as added,
        (select count(*) from changed where state is not null) as updated,
        count(*) filter (where state <> 'unsubscribed' and not suppressed and not differs)
          + greatest(0, count(*) filter (where state is null and id is not null and not suppressed) - (select count(*) from added)) as same,
        ${leftOut(sql)}
      from matched
    )
    ${advance(sql, batch)}`;
  return done.count > 0;
}

/** Subscriptions with their proof, and tags, of those in `matched`. */
const written = (sql: Sql) => sql`
  added as (
    insert into subscriptions (publication_id, subscriber_id, state, source, evidence, import_id)
    select g.publication_id, m.id, 'active', 'import', g.consent || jsonb_build_object('from', 'console', 'recordedAt', now()), g.id
    from gate g cross join matched m where m.state is null and m.id is not null and not m.suppressed
    on conflict do nothing
    returning subscriber_id
  ), agreed as (
    insert into consents (publication_id, subscriber_id, kind, given, wording, version, source, at)
    select g.publication_id, a.subscriber_id, 'subscription', true, g.consent->>'wording', g.consent->>'version', 'import',
      (g.consent->>'at')::timestamptz
    from gate g cross join added a
  ), changed as (
    update subscribers s
    set name = coalesce(nullif(m.name, ''), s.name), attributes = s.attributes || m.attributes,
      time_zone = coalesce(m.time_zone, s.time_zone), updated_at = now()
    from gate g cross join matched m
    where s.id = m.id and m.differs and not m.suppressed and m.state is distinct from 'unsubscribed'
    returning m.state
  ), tagged as (
    insert into subscriber_tags (tag, subscriber_id)
    select tag, m.id from gate g cross join unnest(g.tags) tag cross join matched m
    where m.id is not null and not m.suppressed and m.state is distinct from 'unsubscribed'
    on conflict do nothing
  )`;

const leftOut = (sql: Sql) => sql`
  count(*) filter (where state = 'unsubscribed' and not suppressed) as unsubscribed,
  count(*) filter (where suppressed) as suppressed`;

/** One at a time goes on from a position. */
const gateOf = (sql: Sql, { id, from }: ImportBatch, state: ImportState) => sql`
  select id, publication_id, consent, tags from imports where id = ${id} and state = ${state} and records = ${from} for update`;

const keepRefusals = (sql: Sql, { refusals }: ImportBatch) => sql`
  insert into import_refusals (import_id, line, reason, cells)
  select g.id, (r->>'line')::bigint, r->>'reason', array(select jsonb_array_elements_text(r->'cells'))
  from gate g cross join jsonb_array_elements(${sql.json(refusals as never)}) r
  on conflict do nothing`;

function advance(sql: Sql, batch: ImportBatch) {
  const sums = countNames.map(name => {
    const n = name === 'repeated' || name === 'refused' ? sql`${batch[name]}::int` : sql`c.${sql(name)}`;
    return sql`${name}::text, coalesce((i.counts->>${name}::text)::bigint, 0) + ${n}`;
  });
  const pairs = sums.reduce((left, right) => sql`${left}, ${right}`);
  return sql`
    update imports i set records = ${batch.to}, share = ${batch.share}, updated_at = now(), counts = jsonb_build_object(${pairs})
    from gate g cross join counted c where i.id = g.id`;
}

/** Refused rows after a line. */
export async function refusalsOf(
  sql: Sql,
  id: number,
  after: number,
  limit: number,
): Promise<{ line: number; reason: string; cells: string[] }[]> {
  return sql`
    select line, reason, cells from import_refusals where import_id = ${id} and line > ${after} order by line limit ${limit}`;
}

/** Hours in which an import can be undone. */
const importUndoHours = 24;

/** Whether it is one that can be undone still. */
export function isUndoable({ state, finishedAt }: Pick<ImportJob, 'state' | 'finishedAt'>): boolean {
  return state === 'done' && finishedAt !== null && finishedAt.getTime() > Date.now() - importUndoHours * 3_600_000;
}

const undoRows = 500;

/**
 * Takes back a batch of subscriptions that an import made, of those who did nothing and were sent nothing since; people whom it made and who
 * have nothing else go with them. The position is the last subscriber's id.
 * @returns whether there is more
 */
export async function undoBatch(sql: Sql, id: number, from: number): Promise<boolean> {
  const [done] = await sql<{ looked: number }[]>`
    with gate as materialized (
      select id, publication_id, created_at from imports where id = ${id} and state = 'undoing' and records = ${from} for update
    ), made as materialized (
      select n.subscriber_id, n.state = 'active' and not exists (select from recipients r where r.subscriber_id = n.subscriber_id)
          and not exists (select from letters l where l.subscriber_id = n.subscriber_id)
          and not exists (select from comments c where c.subscriber_id = n.subscriber_id)
          and not exists (select from likes l where l.subscriber_id = n.subscriber_id)
          and not exists (select from signups u where u.subscriber_id = n.subscriber_id)
          and not exists (select from consents c where c.subscriber_id = n.subscriber_id and c.source <> 'import')
          and not exists (select from address_changes c where c.subscriber_id = n.subscriber_id) as is_idle
      from gate g join subscriptions n on n.import_id = g.id
      where n.subscriber_id > ${from} order by n.subscriber_id limit ${undoRows}
    ), idle as (
      select m.subscriber_id, s.created_at >= g.created_at and not exists (
          select from subscriptions n where n.subscriber_id = m.subscriber_id and n.publication_id <> g.publication_id) as is_new
      from gate g cross join made m join subscribers s on s.id = m.subscriber_id where m.is_idle
    ), people as (
      delete from subscribers s using idle i where s.id = i.subscriber_id and i.is_new
    ), ended as (
      delete from subscriptions n using idle i, gate g
      where n.subscriber_id = i.subscriber_id and n.publication_id = g.publication_id and not i.is_new
    ), disagreed as (
      delete from consents c using idle i, gate g
      where c.subscriber_id = i.subscriber_id and c.publication_id = g.publication_id and c.source = 'import' and not i.is_new
    )
    update imports i set updated_at = now(), records = coalesce((select max(subscriber_id) from made), i.records),
      counts = i.counts || jsonb_build_object(
        'undone', coalesce((i.counts->>'undone')::bigint, 0) + (select count(*) from idle),
        'kept', coalesce((i.counts->>'kept')::bigint, 0) + (select count(*) from made where not is_idle))
    from gate g where i.id = g.id
    returning (select count(*) from made) as looked`;
  return (done?.looked ?? 0) === undoRows;
}

/** Days for which a file and its refused rows are kept: they hold addresses. */
const importDays = 7;

/** Forgets files of imports that nobody touched for so long, and uploads that were given up. A few at a time. */
export async function forgetFiles(sql: Sql): Promise<number> {
  const rows = await sql`
    with old as (
      select id from imports i
      where updated_at < now() - ${importDays}::int * interval '1 day' and state not in ('checking', 'queued', 'running', 'undoing')
        and (exists (select from import_chunks c where c.import_id = i.id) or exists (select from import_refusals r where r.import_id = i.id))
      order by id limit 5
    ), closed as (
      update imports set state = 'cancelled' where id in (select id from old) and state in ('uploading', 'uploaded', 'checked')
    ), refused as (delete from import_refusals where import_id in (select id from old))
    delete from import_chunks where import_id in (select id from old)`;
  return rows.count;
}
