/** Counts of ledger rows by state. */
import type { IssueState, RecipientState } from '../model/states.ts';
import type { Sql } from './client.ts';
import type { IssueRow } from './issues.ts';

export interface StateCount {
  state: RecipientState;
  /** Of `excluded`: why. Of `deferred`: `waiting` of those not tried yet, who wait for their morning or a trial. */
  reason: string | null;
  n: number;
  acceptedLately: number;
}

export interface CountedIssue {
  slug: string;
  kind: IssueRow['kind'];
  publicationId: number;
  state: IssueState;
  reason: string | null;
  runningSeconds: number | null;
}

/**
 * How many ledger rows of an issue are accepted, in SQL. Those are most of a ledger: counted themselves they cost 0.8 s a million. Each row
 * that is sent belongs to a batch, and all other states have small indexes, so accepted is what they leave of the batches' sizes. Not while
 * the retention takes rows away, nor where there are no batches (issues from elsewhere): then the rows are counted.
 * @param others how many rows of batches are in other states, in SQL, where that is counted already: of an issue that has just begun they are most
 */
export function acceptedRows(sql: Sql, issueId: number, others = otherRows(sql, issueId)) {
  const rows = sql`select count(*) from recipients r where r.issue_id = ${issueId}`;
  return sql`(select case
    when sizes.n is null or exists (select from issue_totals where issue_id = ${issueId} and kind = 'recipient')
      then (${rows} and r.state = 'accepted')
    else sizes.n - ${others} end
    from (select sum(size)::bigint as n from batches where issue_id = ${issueId}) sizes)`;
}

/** A branch for each small index. */
function otherRows(sql: Sql, issueId: number) {
  const rows = sql`select count(*) from recipients r where r.issue_id = ${issueId}`;
  return sql`((${rows} and r.state = 'queued') + (${rows} and r.state = 'sending') + (${rows} and r.state = 'deferred')
    + (${rows} and r.state in ('rejected', 'expired', 'unknown')) + (${rows} and r.state = 'excluded' and r.batch_id is not null))`;
}

/**
 * The issue and its rows in one statement, hence one snapshot: the counts add up to the audience at every moment.
 * @param lately also counts what was accepted in the last ten seconds, which reads the whole ledger of an issue being sent
 */
export async function countStates(
  sql: Sql,
  issueId: number,
  lately = false,
): Promise<{ row: CountedIssue; counts: StateCount[] }> {
  const all = sql`
    select r.state, case when r.state = 'excluded' then r.reason when r.state = 'deferred' and r.attempts = 0 then 'waiting' end as reason, count(*) as n,
      count(*) filter (where r.state = 'accepted' and r.updated_at > now() - interval '10 seconds') as "acceptedLately"
    from recipients r where r.issue_id = ${issueId} group by 1, 2`;
  const rows = sql`from recipients r where r.issue_id = ${issueId} and r.state`;
  // A branch for each small index, each read once.
  const few = sql`
    with counted as materialized (
      select 'queued' as state, null as reason, count(*) as n, count(*) as batched ${rows} = 'queued'
      union all select 'sending', null, count(*), count(*) ${rows} = 'sending'
      union all select 'deferred', case when r.attempts = 0 then 'waiting' end, count(*), count(*) ${rows} = 'deferred' group by 2
      union all select r.state, null, count(*), count(*) ${rows} in ('rejected', 'expired', 'unknown') group by 1
      union all select 'excluded', r.reason, count(*), count(r.batch_id) ${rows} = 'excluded' group by 2
    )
    select state, reason, n, 0 as "acceptedLately" from (
      select 'accepted' as state, null as reason, ${acceptedRows(sql, issueId, sql`(select sum(batched)::bigint from counted)`)} as n
      union all select state, reason, n from counted) few where n > 0`;
  const gone = sql`
    select name as state, nullif(detail, '') as reason, n, 0 as "acceptedLately" from issue_totals t
    where t.issue_id = ${issueId} and t.kind = 'recipient'`;
  const [found] = await sql<(CountedIssue & { counts: StateCount[] | null })[]>`
    select slug, kind, publication_id, state, reason, extract(epoch from now() - started_at)::float8 as running_seconds,
      case when ${lately} and state = 'sending' then (select json_agg(c) from (${all} union all ${gone}) c)
        else (select json_agg(c) from (${few} union all ${gone}) c) end as counts
    from issues where id = ${issueId}`;
  const { counts, ...row } = found!;
  return { row, counts: counts ?? [] };
}

/** Events of an issue that say how it is received, by kind. */
export async function countEvents(sql: Sql, issueId: number): Promise<{ kind: string; n: number }[]> {
  return sql<{ kind: string; n: number }[]>`
    select kind, count(*) as n from events
    where issue_id = ${issueId} and kind in ('bounce-hard', 'bounce-soft', 'bounce-policy', 'complaint', 'unsubscribe') group by kind`;
}
