/** What is left of a send, lane by lane: looks into the small indexes of rows that may still move or went wrong. */
import type { Sql } from './client.ts';

export interface LaneProgress {
  lane: string;
  /** Rows of the lane's batches. */
  audience: number;
  /** Queued or in flight. */
  left: number;
  deferred: number;
  /** Rejected, expired or unknown. */
  failed: number;
}

/** More lanes than an issue has (`ownLane` and the known providers). */
const mostLanes = 60;

/** The largest first. Rows that a cancel took out count as neither. */
export async function laneProgress(sql: Sql, issueId: number): Promise<LaneProgress[]> {
  return sql<LaneProgress[]>`
    with sizes as (select lane, sum(size)::bigint as audience from batches where issue_id = ${issueId} group by lane),
    open as (
      select b.lane, x.state, sum(x.n) as n from (
        select batch_id, 'queued' as state, count(*) as n from recipients where issue_id = ${issueId} and state = 'queued' group by 1
        union all
        select batch_id, 'queued', count(*) from recipients where issue_id = ${issueId} and state = 'sending' group by 1
        union all
        select batch_id, 'deferred', count(*) from recipients where issue_id = ${issueId} and state = 'deferred' group by 1
        union all
        select batch_id, 'failed', count(*) from recipients
        where issue_id = ${issueId} and state in ('rejected', 'expired', 'unknown') group by 1
      ) x join batches b on b.id = x.batch_id group by 1, 2
    )
    select z.lane, z.audience,
      coalesce((select n from open o where o.lane = z.lane and o.state = 'queued'), 0)::bigint as left,
      coalesce((select n from open o where o.lane = z.lane and o.state = 'deferred'), 0)::bigint as deferred,
      coalesce((select n from open o where o.lane = z.lane and o.state = 'failed'), 0)::bigint as failed
    from sizes z order by z.audience desc, z.lane limit ${mostLanes}`;
}
