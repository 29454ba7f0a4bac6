/** What the ledger of a rehearsal shows. */
import type { Reader } from '../model/reader.ts';
import type { Sql } from './client.ts';

export interface LaneCount {
  lane: string;
  readers: number;
  accepted: number;
  /** Readers whose message was refused, expired or is unknown. */
  errors: number;
}

/** Readers by the lane of their batch, the largest first. Who was left out before is in none. */
export async function countLanes(sql: Sql, issueId: number): Promise<LaneCount[]> {
  return sql<LaneCount[]>`
    select b.lane, count(*) as readers, count(*) filter (where r.state = 'accepted') as accepted,
      count(*) filter (where r.state in ('rejected', 'expired', 'unknown')) as errors
    from recipients r join batches b on b.id = r.batch_id
    where r.issue_id = ${issueId} and r.state <> 'excluded'
    group by b.lane order by 2 desc, 1`;
}

/** What went wrong, the most frequent first, at most ten. */
export async function countErrors(sql: Sql, issueId: number): Promise<{ reason: string; n: number }[]> {
  return sql<{ reason: string; n: number }[]>`
    select coalesce(nullif(concat_ws(': ', reason, reply), ''), state) as reason, count(*) as n
    from recipients where issue_id = ${issueId} and state in ('rejected', 'expired', 'unknown')
    group by 1 order by 2 desc, 1 limit 10`;
}

/** Readers of an issue with the longest values: their messages are the largest. */
export async function longestReaders(sql: Sql, issueId: number, limit: number): Promise<Reader[]> {
  return sql<Reader[]>`
    select s.id as subscriber_id, s.email, s.name, s.attributes
    from recipients r join subscribers s on s.id = r.subscriber_id
    where r.issue_id = ${issueId} and r.state <> 'excluded'
    order by octet_length(s.name) + octet_length(s.attributes::text) + octet_length(s.email) desc, s.id limit ${limit}`;
}
