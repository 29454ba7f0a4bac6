/** Who did not get an issue and why, as the console shows it. Rows that are still on their way are none of it, so nothing here grows with them. */
import type { Sql } from './client.ts';
import { bounced } from './ledger.ts';

export interface ShortfallGroup {
  /** Of the rows; accepted ones whose message came back are `bounced`. */
  state: 'rejected' | 'expired' | 'unknown' | 'excluded' | 'bounced';
  reason: string | null;
  n: number;
  /** Readers by lane, the most first, at most five; none for who was left out before lanes were cut. */
  lanes: { lane: string; n: number }[];
}

const mostGroups = 100;

export async function groupShortfall(sql: Sql, issueId: number): Promise<ShortfallGroup[]> {
  return sql<ShortfallGroup[]>`
    with cells as (
      select f.state, f.reason, b.lane, sum(f.n) as n from (
        select state, reason, batch_id, count(*) as n from recipients
        where issue_id = ${issueId} and state in ('rejected', 'expired', 'unknown') group by 1, 2, 3
        union all
        select state, reason, batch_id, count(*) from recipients where issue_id = ${issueId} and state = 'excluded' group by 1, 2, 3
        union all
        select 'bounced', b.kind, r.batch_id, count(*) from ${bounced(sql, issueId)} group by 1, 2, 3
      ) f left join batches b on b.id = f.batch_id group by 1, 2, 3
    ),
    gone as (
      select name as state, nullif(detail, '') as reason, null as lane, n from issue_totals
      where issue_id = ${issueId} and kind = 'recipient' and name in ('rejected', 'expired', 'unknown', 'excluded')
    )
    select state, reason, sum(n)::bigint as n,
      coalesce((jsonb_agg(jsonb_build_object('lane', lane, 'n', n) order by n desc) filter (where lane is not null)), '[]') as lanes
    from (select * from cells union all select * from gone) c
    group by 1, 2 order by 3 desc limit ${mostGroups}`;
}

export interface ShortRow {
  subscriber: number;
  /** Null: deleted since. */
  email: string | null;
  lane: string | null;
  attempts: number;
  reply: string | null;
  updatedAt: Date;
}

/** Rows of one group, by subscriber. @param after subscriber after whom to look on */
export async function shortRows(
  sql: Sql,
  issueId: number,
  of: { state: ShortfallGroup['state']; reason: string | null; after: number; limit: number },
): Promise<ShortRow[]> {
  const rows =
    of.state === 'bounced'
      ? sql`(select r.* from ${bounced(sql, issueId)} where b.kind is not distinct from ${of.reason})`
      : sql`(select * from recipients where issue_id = ${issueId} and state = ${of.state} and reason is not distinct from ${of.reason})`;
  return sql<ShortRow[]>`
    select r.subscriber_id as subscriber, s.email, b.lane, r.attempts, r.reply, r.updated_at
    from ${rows} r left join subscribers s on s.id = r.subscriber_id left join batches b on b.id = r.batch_id
    where r.subscriber_id > ${of.after} order by r.subscriber_id limit ${of.limit}`;
}

export interface ShortLine extends ShortRow {
  state: string;
  reason: string | null;
}

/** Rows without the issue, by subscriber, whatever the reason. */
export async function shortfallPage(sql: Sql, issueId: number, after: number, limit: number): Promise<ShortLine[]> {
  return sql<ShortLine[]>`
    select r.subscriber_id as subscriber, s.email, r.state, r.reason, b.lane, r.attempts, r.reply, r.updated_at
    from recipients r left join subscribers s on s.id = r.subscriber_id left join batches b on b.id = r.batch_id
    where r.issue_id = ${issueId} and r.subscriber_id > ${after} and r.state in ('rejected', 'expired', 'unknown', 'excluded')
    order by r.subscriber_id limit ${limit}`;
}

/** Rows whose message the relay took and a server sent back, by subscriber. */
export async function bouncedPage(sql: Sql, issueId: number, after: number, limit: number): Promise<ShortLine[]> {
  return sql<ShortLine[]>`
    select r.subscriber_id as subscriber, s.email, 'bounced' as state, b.kind as reason, t.lane, r.attempts, r.reply, r.updated_at
    from ${bounced(sql, issueId)} left join subscribers s on s.id = r.subscriber_id left join batches t on t.id = r.batch_id
    where r.subscriber_id > ${after} order by r.subscriber_id limit ${limit}`;
}
