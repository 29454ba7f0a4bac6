/**
 * Pages of tables that may have millions of rows. Each page looks at a bounded number of rows in the order of an index, so that a filter that
 * nothing matches costs no scan: such a page is short, and the next begins where it stopped looking.
 */
import type { RecipientState, SubscriptionState } from '../model/states.ts';
import type { Sql } from './client.ts';

/** Rows looked at for one page. */
const looked = 5000;

/** `rows` in order; `end`: where the next page begins, null when this is the last. */
export interface Page<T, K> {
  rows: T[];
  end: K | null;
}

/** @param found the rows looked at, in order, at most `looked` @param limit of those that match */
function pageOf<T extends { isMatch: boolean }, K>(
  found: readonly T[],
  limit: number,
  keyOf: (row: T) => K,
): Page<T, K> {
  const rows: T[] = [];
  for (const [i, row] of found.entries()) {
    if (row.isMatch) rows.push(row);
    if (rows.length === limit)
      return { rows, end: i + 1 < found.length || found.length === looked ? keyOf(row) : null };
  }
  return { rows, end: found.length === looked ? keyOf(found.at(-1)!) : null };
}

/**
 * The subscribers of one page: of a table that has one row for each, looked at in their order.
 * @param rows what follows `from`, up to the issue or publication
 */
async function subscriberKeys<State extends string>(
  sql: Sql,
  rows: ReturnType<Sql>,
  of: { after: number; limit: number; state?: State | undefined },
): Promise<Page<number, number>> {
  const keys = await sql<{ subscriber: number; isMatch: boolean }[]>`
    select subscriber_id as subscriber, ${of.state ? sql`state = ${of.state}` : sql`true`} as is_match
    from ${rows} and subscriber_id > ${of.after}
    order by subscriber_id limit ${of.state ? looked : of.limit + 1}`;
  const { rows: found, end } = pageOf(keys, of.limit, row => row.subscriber);
  return { rows: found.map(row => row.subscriber), end };
}

export interface LedgerRow {
  subscriber: number;
  /** Null when the person has been deleted since. */
  email: string | null;
  state: RecipientState;
  attempts: number;
  reply: string | null;
  reason: string | null;
  revision: number | null;
  updatedAt: Date;
}

/** By subscriber. */
export async function ledgerPage(
  sql: Sql,
  issueId: number,
  of: { after: number; limit: number; state?: RecipientState | undefined },
): Promise<Page<LedgerRow, number>> {
  const page = await subscriberKeys(sql, sql`recipients where issue_id = ${issueId}`, of);
  const rows = await sql<LedgerRow[]>`
    select r.subscriber_id as subscriber, s.email, r.state, r.attempts, r.reply, r.reason, r.revision, r.updated_at
    from recipients r left join subscribers s on s.id = r.subscriber_id
    where r.issue_id = ${issueId} and r.subscriber_id = any(${page.rows}::bigint[])
      ${of.state ? sql`and r.state = ${of.state}` : sql``}
    order by r.subscriber_id`;
  return { rows, end: page.end };
}

export interface SubscriptionRow {
  subscriber: number;
  email: string;
  name: string;
  attributes: Record<string, string>;
  state: SubscriptionState;
  since: Date;
  source: string;
}

/** A publication's subscribers, by id. */
export async function subscriptionPage(
  sql: Sql,
  publicationId: number,
  of: { after: number; limit: number; state?: SubscriptionState | undefined },
): Promise<Page<SubscriptionRow, number>> {
  const page = await subscriberKeys(sql, sql`subscriptions where publication_id = ${publicationId}`, of);
  const rows = await sql<SubscriptionRow[]>`
    select n.subscriber_id as subscriber, s.email, s.name, s.attributes, n.state, n.since, n.source
    from subscriptions n join subscribers s on s.id = n.subscriber_id
    where n.publication_id = ${publicationId} and n.subscriber_id = any(${page.rows}::bigint[])
      ${of.state ? sql`and n.state = ${of.state}` : sql``}
    order by n.subscriber_id`;
  return { rows, end: page.end };
}

export interface EventRow {
  id: number;
  issue: number;
  subscriber: number;
  kind: string;
  ref: number;
  machine: string | null;
  at: Date;
}

/** Transactions that began before it may still commit: what is younger is shown by a later page, so that no cursor passes it by. */
const settleSeconds = 3;

/** By time. @param of.after the last event seen: its time in microseconds since 1970, and its id. `end` is that of the last one found */
export async function eventPage(
  sql: Sql,
  of: {
    after: readonly [micros: number, id: number] | null;
    limit: number;
    issue?: number | undefined;
    kind?: string | undefined;
  },
): Promise<Page<EventRow, [number, number]> & { hasMore: boolean }> {
  const rows = await sql<(EventRow & { isMatch: boolean; micros: number })[]>`
    select id, issue_id as issue, subscriber_id as subscriber, kind, ref, machine, at,
      (extract(epoch from at) * 1000000)::bigint as micros, ${of.kind ? sql`kind = ${of.kind}` : sql`true`} as is_match
    from events
    where at < now() - ${settleSeconds}::int * interval '1 second'
      ${of.after ? sql`and (at, id) > ('epoch'::timestamptz + ${of.after[0]}::bigint * interval '1 microsecond', ${of.after[1]}::bigint)` : sql``}
      ${of.issue === undefined ? sql`` : sql`and issue_id = ${of.issue}`}
    order by at, id limit ${of.kind ? looked : of.limit + 1}`;
  const keyOf = (row: { micros: number; id: number }): [number, number] => [row.micros, row.id];
  const page = pageOf(rows, of.limit, keyOf);
  const last = rows.at(-1);
  return { rows: page.rows, end: page.end ?? (last ? keyOf(last) : null), hasMore: page.end !== null };
}
