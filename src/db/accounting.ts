/** Counts of ledger rows by state. */
import type { IssueState, RecipientState } from '../model/states.ts';
import type { Sql } from './client.ts';

export interface StateCount {
  state: RecipientState;
  reason: string | null;
  n: number;
  acceptedLately: number;
}

/** One snapshot of the issue and its rows, so that the counts add up to the audience at every moment. */
export async function countStates(
  sql: Sql,
  issueId: number,
): Promise<{
  row: { slug: string; state: IssueState; reason: string | null; runningSeconds: number | null };
  counts: StateCount[];
}> {
  return sql.begin('isolation level repeatable read read only', async tx => {
    const [row] = await tx<{ slug: string; state: IssueState; reason: string | null; runningSeconds: number | null }[]>`
      select slug, state, reason, extract(epoch from now() - started_at)::float8 as running_seconds from issues where id = ${issueId}`;
    const counts = await tx<StateCount[]>`
      select state, case when state = 'excluded' then reason end as reason, count(*) as n,
        count(*) filter (where state = 'accepted' and updated_at > now() - interval '10 seconds') as accepted_lately
      from recipients where issue_id = ${issueId} group by 1, 2`;
    return { row: row!, counts };
  });
}
