/** Who did not get an issue, why, and sending it to them after all. */
import type { Sql } from './client.ts';
import { hasOpenRows } from './issues.ts';
import { bounced } from './ledger.ts';

/** What can be sent again, as an operator names it. */
export const resendable = ['unknown', 'expired', 'rejected', 'cancelled'] as const;
export type Resendable = (typeof resendable)[number];

/**
 * The part of the remainder that a row belongs to; null: none that can be sent again. Of the excluded only those whom a cancel left out:
 * any other exclusion was somebody's own decision.
 */
const partOf = (sql: Sql) => sql`(case
  when r.state in ('unknown', 'expired', 'rejected') then r.state
  when r.state = 'excluded' and r.reason = 'cancelled' then 'cancelled' end)`;

/** Why a row of a part stays as it is; null: it can be queued. A refusal whose reason was not kept may have been a wrong address. */
const keptBecause = (sql: Sql) => sql`(case
  when r.state = 'rejected' and r.reason = 'hard-bounce' then 'hard-bounce'
  when r.state = 'rejected' and r.reason is null then 'no reason kept'
  when exists (select from suppressions x where x.address_hash = s.address_hash) then 'suppressed'
  when n.state is distinct from 'active' then coalesce(n.state, 'unsubscribed') end)`;

/** Ledger rows of an issue, with what tells whether their readers may be written to. */
const judged = (sql: Sql, issueId: number) => sql`
  recipients r
  join issues i on i.id = r.issue_id
  join subscribers s on s.id = r.subscriber_id
  left join subscriptions n on n.publication_id = i.publication_id and n.subscriber_id = r.subscriber_id
  where r.issue_id = ${issueId}`;

export interface RemainderCount {
  state: string;
  reason: string | null;
  part: Resendable | null;
  leftOut: string | null;
  n: number;
}

/** Everyone without the issue, counted by state and reason; with `bounce-…`, those whose copy the relay took and a server sent back. */
export async function countRemainder(sql: Sql, issueId: number): Promise<RemainderCount[]> {
  return sql<RemainderCount[]>`
    select r.state, r.reason, ${partOf(sql)} as part, case when ${partOf(sql)} is not null then ${keptBecause(sql)} end as left_out, count(*) as n
    from ${judged(sql, issueId)} and r.state <> 'accepted'
    group by 1, 2, 3, 4
    union all
    select r.state, b.kind, null, null, count(*) from ${bounced(sql, issueId)} group by 1, 2
    order by 1, 2 nulls first, 4 nulls first`;
}

export interface Requeued {
  queued: Partial<Record<Resendable, number>>;
  /** Subscriber of the last row looked at; undefined: there are no more. */
  last: number | undefined;
}

/**
 * Queues up to `limit` rows of these parts again, and opens their issue with the same statement: a worker never sees one without the other.
 * Guarantees: each row is guarded by the state it leaves, so of two at once each row is queued by one; the message is the same to the byte,
 * with the same Message-ID, unless the issue was corrected. Retry time and attempts count from now. A cancel first stops the issue, at once,
 * and then takes out its rows, which may be millions: until none is open, nothing can be queued again, or those rows would be sent too.
 * @param from states in which the issue may be found: first those that the operator may open, later only what a resend leaves
 * @param after subscriber after whom to look on
 * @returns undefined when the issue is in another state, or cancelled with rows still open
 */
export async function requeue(
  sql: Sql,
  issueId: number,
  parts: readonly Resendable[],
  from: readonly string[],
  after: number,
  limit: number,
): Promise<Requeued | undefined> {
  // The issue's row is locked first, so two resends take turns and never wait for each other in a circle.
  const rows = await sql<{ part: Resendable | null; last: number | null; n: number }[]>`
    with issue as (
      select i.id from issues i
      where i.id = ${issueId} and i.state in ${sql([...from])} and i.planned_at is not null and i.kind in ('regular', 'erratum', 'digest')
        and (i.state <> 'cancelled' or not ${hasOpenRows(sql)})
      for update
    ),
    picked as (
      select p.* from issue cross join lateral (
        select r.issue_id, r.subscriber_id, r.state, ${partOf(sql)} as part from ${judged(sql, issueId)}
          and r.issue_id = issue.id and r.subscriber_id > ${after} and r.batch_id is not null
          and ${partOf(sql)} = any(${[...parts]}::text[]) and ${keptBecause(sql)} is null
        order by r.subscriber_id limit ${limit} for update of r
      ) p
    ),
    opened as (
      update issues set state = 'sending', reopened_at = now(), finished_at = null, reason = null
      from issue where issues.id = issue.id and exists (select from picked)
    ),
    moved as (
      update recipients r set state = 'queued', attempts = 0, reason = null, claim = null, worker_id = null, next_attempt_at = null,
        due_at = null, updated_at = clock_timestamp()
      from picked p where r.issue_id = p.issue_id and r.subscriber_id = p.subscriber_id and r.state = p.state
      returning p.part, r.subscriber_id
    )
    select null as part, null as last, 0 as n from issue
    union all select part, max(subscriber_id), count(*) from moved group by part`;
  if (rows.length === 0) return undefined;
  const moved = rows.filter(row => row.part !== null);
  const total = moved.reduce((sum, row) => sum + row.n, 0);
  return {
    queued: Object.fromEntries(moved.map(row => [row.part, row.n])),
    last: total < limit ? undefined : Math.max(...moved.map(row => row.last!)),
  };
}
