/** Counts of ledger rows by state. */
import type { IssueState, RecipientState } from '../model/states.ts';
import type { Sql } from './client.ts';
import type { IssueRow } from './issues.ts';

export interface StateCount {
  state: RecipientState;
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

/** The issue and its rows in one statement, hence one snapshot: the counts add up to the audience at every moment. */
export async function countStates(sql: Sql, issueId: number): Promise<{ row: CountedIssue; counts: StateCount[] }> {
  const [found] = await sql<(CountedIssue & { counts: StateCount[] | null })[]>`
    select slug, kind, publication_id, state, reason, extract(epoch from now() - started_at)::float8 as running_seconds,
      (select json_agg(c) from (
        select r.state, case when r.state = 'excluded' then r.reason end as reason, count(*) as n,
          count(*) filter (where r.state = 'accepted' and r.updated_at > now() - interval '10 seconds') as "acceptedLately"
        from recipients r where r.issue_id = issues.id group by 1, 2
        union all
        select name, nullif(detail, ''), n, 0 from issue_totals t where t.issue_id = issues.id and t.kind = 'recipient') c) as counts
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
