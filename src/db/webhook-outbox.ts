/**
 * From what happened to deliveries. Tables `events` and `changes` are read by id, behind a cursor. An id is given out before its row is
 * committed, so a reader of "all above the last" would miss rows that commit late; `Horizon` says up to which id nothing can come any more.
 */
import { kindOf } from '../model/happenings.ts';
import type { Sql } from './client.ts';
import { lastGiven } from './webhooks.ts';

/** What is read behind a cursor of its own; clicks lie in table events. */
export type Source = 'events' | 'clicks' | 'changes';

const tableOf = (source: Source) => (source === 'changes' ? 'changes' : 'events');

interface Mark {
  upTo: number;
  /** Transactions that were writing the table when the mark was set and may hold an id below it. */
  writers: Set<string>;
  setAt: number;
}

/** Seconds of marks that wait to be old enough. */
const mostMarks = 100;

/**
 * The id up to which a table is complete. A writer locks the table before it takes an id, and gives the lock back after its rows can be
 * seen: so once every transaction that held the lock just after the sequence was read has ended, all rows up to that value are there. A
 * transaction that is open for long holds this up and loses nothing. Rejected: an age ("ten seconds ago"), which a slow commit outlives.
 */
export class Horizon {
  readonly #source: Source;
  #marks: Mark[] = [];
  #safe = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  /** @param minAgeMs rows younger than this are left for later */
  async look(sql: Sql, minAgeMs = 0): Promise<number> {
    const last = await lastId(sql, this.#source);
    const writers = await writersOf(sql, this.#source);
    if (last > (this.#marks.at(-1)?.upTo ?? this.#safe) && this.#marks.length < mostMarks)
      this.#marks.push({ upTo: last, writers, setAt: performance.now() });
    for (let first = this.#marks[0]; first; first = this.#marks[0]) {
      const isOver = [...first.writers].every(writer => !writers.has(writer));
      if (!isOver || performance.now() - first.setAt < minAgeMs) break;
      this.#safe = first.upTo;
      this.#marks.shift();
    }
    return this.#safe;
  }
}

async function lastId(sql: Sql, source: Source): Promise<number> {
  const [row] = await sql<{ id: number }[]>`select ${lastGiven(sql)} as id from ${sql(`${tableOf(source)}_id_seq`)}`;
  return row!.id;
}

/** A statement of its own, after the sequence was read. */
async function writersOf(sql: Sql, source: Source): Promise<Set<string>> {
  const rows = await sql<{ writer: string }[]>`
    select virtualtransaction as writer from pg_locks
    where locktype = 'relation' and database = (select oid from pg_database where datname = current_database())
      and relation = ${tableOf(source)}::regclass and mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;
  return new Set(rows.map(row => row.writer));
}

export async function cursorOf(sql: Sql, source: Source): Promise<number> {
  const [row] = await sql<{ lastId: number }[]>`select last_id from webhook_cursors where source = ${source}`;
  return row!.lastId;
}

/** Passes over rows that no endpoint wants. */
export async function skipTo(sql: Sql, source: Source, from: number, to: number): Promise<void> {
  await sql`update webhook_cursors set last_id = ${to} where source = ${source} and last_id = ${from}`;
}

export interface Taken {
  /** Rows looked at. */
  read: number;
  /** Where the cursor is now. */
  lastId: number;
  made: number;
}

/**
 * Turns readers' events into deliveries: one statement that moves the cursor and writes them, so that each becomes one delivery for each
 * endpoint that wants it, whoever else runs this and whenever it is killed.
 * @param source clicks, or all the others
 * @param from where its cursor is; when it is elsewhere by now, nothing happens
 * @param to of `Horizon`
 */
async function takeFrom(sql: Sql, source: 'events' | 'clicks', from: number, to: number, most: number): Promise<Taken> {
  const types = Object.entries(kindOf)
    .flatMap(([type, kinds]) => kinds.map(kind => ({ type, kind: kind as string })))
    .filter(({ kind }) => (kind === 'click') === (source === 'clicks'));
  const [taken] = await sql<Taken[]>`
    with batch as materialized (
      select * from events where id > ${from} and id <= ${to} order by id limit ${most}
    ),
    types as (select * from unnest(${types.map(t => t.type)}::text[], ${types.map(t => t.kind)}::text[]) as t (type, kind)),
    ${moved(sql, source, from, to, most)},
    made as (
      insert into webhook_deliveries (webhook_id, type, at, data)
      select w.id, t.type, b.at, jsonb_strip_nulls(jsonb_build_object(
        'publication', p.slug, 'issue', i.slug, 'issueId', i.id, 'subscriberId', b.subscriber_id,
        'bounce', case when b.kind like 'bounce-%' then substr(b.kind, 8) end,
        'summary', case when b.kind = 'like' and b.ref > 0 then b.ref end,
        'link', case when b.kind = 'click' then b.ref end))
      from batch b
      join types t on t.kind = b.kind
      join webhooks w on w.enabled and t.type = any(w.events) and b.at >= w.active_since
      join issues i on i.id = b.issue_id and i.kind in ('regular', 'erratum')
      join publications p on p.id = i.publication_id
      where exists (select from moved) and (b.kind <> 'click' or b.machine is null)
      order by b.id
      returning 1
    )
    ${summary(sql)}`;
  return taken!;
}

export const takeEvents = (sql: Sql, from: number, to: number, most: number) => takeFrom(sql, 'events', from, to, most);
export const takeClicks = (sql: Sql, from: number, to: number, most: number) => takeFrom(sql, 'clicks', from, to, most);

/** The same for what triggers noted; those rows are of no more use. */
export async function takeChanges(sql: Sql, from: number, to: number, most: number): Promise<Taken> {
  const [taken] = await sql<Taken[]>`
    with batch as materialized (
      select * from changes where id > ${from} and id <= ${to} order by id limit ${most}
    ),
    ${moved(sql, 'changes', from, to, most)},
    made as (
      insert into webhook_deliveries (webhook_id, type, at, data)
      select w.id, b.type, b.at, jsonb_strip_nulls(jsonb_build_object(
        'publication', p.slug, 'issue', i.slug, 'issueId', i.id, 'subscriberId', b.subscriber_id, 'reason', b.detail))
      from batch b
      join webhooks w on w.enabled and b.type = any(w.events) and b.at >= w.active_since
      left join issues i on i.id = b.issue_id
      left join publications p on p.id = b.publication_id
      where exists (select from moved)
      order by b.id
      returning 1
    ),
    gone as (delete from changes where id in (select id from batch) and exists (select from moved))
    ${summary(sql)}`;
  return taken!;
}

/** CTEs `reach` and `moved`: the cursor goes to the batch's last row, or to the end when the batch was not full. */
const moved = (sql: Sql, source: Source, from: number, to: number, most: number) => sql`
  reach as (
    select count(*)::int as read, case when count(*) < ${most}::int then ${to}::bigint else max(id) end as last_id from batch),
  moved as (
    update webhook_cursors c set last_id = reach.last_id from reach where c.source = ${source} and c.last_id = ${from} returning 1)`;

const summary = (sql: Sql) => sql`
  select case when exists (select from moved) then read else 0 end as read, last_id, (select count(*)::int from made) as made from reach`;
