/** The ledger as people read it, row by row. */
import type { Sql } from './client.ts';

export interface LedgerLine {
  /** Empty when the person has been deleted since. */
  email: string;
  state: string;
  /** Since the row was last queued by the plan or a resend. */
  attempts: number;
  reply: string | null;
  reason: string | null;
  updatedAt: Date;
  /** Number of the revision that the reader was sent, or is being sent. */
  revision: number | null;
}

/** Accepted rows `r` of an issue whose message came back, one each, with the worst report as `b.kind`. */
export const bounced = (sql: Sql, issueId: number) => sql`(
  select distinct on (subscriber_id) subscriber_id, kind from events
  where issue_id = ${issueId} and kind in ('bounce-hard', 'bounce-policy', 'bounce-soft') order by subscriber_id, kind
) b join recipients r on r.issue_id = ${issueId} and r.subscriber_id = b.subscriber_id and r.state = 'accepted'`;

/**
 * In pages of 1,000, by subscriber; memory does not grow with the audience.
 * @param state only these; `remainder`: everyone without the issue, those included whose copy the relay took and a server sent back (their
 * reason is the report's kind)
 */
export async function* readLedger(sql: Sql, issueId: number, state?: string): AsyncGenerator<LedgerLine[]> {
  const columns = sql`r.subscriber_id, r.state, r.attempts, r.reply, r.updated_at, r.revision`;
  const only = state === 'remainder' ? sql`and r.state <> 'accepted'` : state ? sql`and r.state = ${state}` : sql``;
  const sentBack =
    state === 'remainder' ? sql`union all select ${columns}, b.kind from ${bounced(sql, issueId)}` : sql``;
  const rows = sql<LedgerLine[]>`
    select coalesce(s.email, '') as email, l.state, l.attempts, l.reply, l.reason, l.updated_at, l.revision
    from (select ${columns}, r.reason from recipients r where r.issue_id = ${issueId} ${only} ${sentBack}) l
    left join subscribers s on s.id = l.subscriber_id
    order by l.subscriber_id`;
  for await (const page of rows.cursor(1000)) yield page;
}
