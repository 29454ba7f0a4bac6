/**
 * What readers did, raw. Rows are only added; a later judgement fills `machine` where it was null and never empties it, so judging again
 * changes nothing. No IP address and no user agent is kept. Clicks: db/clicks.ts.
 */
import { acceptedRows } from './accounting.ts';
import type { Db, Sql } from './client.ts';

/** Rows kept per reader, issue and kind: whoever holds a link cannot fill the disk with it. */
export const mostPerReader = 1000;

/** True in SQL while this reader's events of this kind may still grow. */
export function roomFor(sql: Db, issueId: number, subscriberId: number, kind: string) {
  return sql`(select count(*) from (
    select from events where issue_id = ${issueId} and kind = ${kind} and subscriber_id = ${subscriberId} limit ${mostPerReader}
  ) kept) < ${mostPerReader}`;
}

/**
 * An update in SQL that makes an `unknown` row `accepted`, since only the message holds the link that was used, person or machine. The
 * row's time stays that of the sending: a click a moment after this one is not `instant`.
 */
export function arrived(sql: Db, issueId: number, subscriberId: number) {
  return sql`update recipients set state = 'accepted', reason = null
    where issue_id = ${issueId} and subscriber_id = ${subscriberId} and state = 'unknown'`;
}

/** Notes that someone left or came back through an issue's link; the subscription's own row says what holds now. */
export async function insertTurn(
  sql: Sql,
  issueId: number,
  subscriberId: number,
  kind: 'unsubscribe' | 'resubscribe',
): Promise<void> {
  await sql`
    insert into events (issue_id, subscriber_id, kind)
    select ${issueId}, ${subscriberId}, ${kind} where ${roomFor(sql, issueId, subscriberId, kind)}`;
}

export interface Outcomes {
  /** By the relay. */
  accepted: number;
  /** Left through this issue and have not come back. */
  unsubscribed: number;
  complained: number;
  hard: number;
  /** Bounced for a full mailbox, a block list and the like, and not hard. */
  soft: number;
}

/** Readers, each counted once per outcome. */
export async function countOutcomes(sql: Sql, issueId: number): Promise<Outcomes> {
  const gone = (kind: string, name: string) =>
    sql`(select coalesce(sum(n), 0)::bigint from gone where kind = ${kind} and name = ${name})`;
  const [row] = await sql<Outcomes[]>`
    with reported as (
      select subscriber_id, bool_or(kind = 'complaint') as complained, bool_or(kind = 'bounce-hard') as hard,
        bool_or(kind in ('bounce-soft', 'bounce-policy')) as soft
      from events where issue_id = ${issueId} and kind in ('bounce-hard', 'bounce-soft', 'bounce-policy', 'complaint')
      group by subscriber_id
    ),
    gone as (select kind, name, n from issue_totals where issue_id = ${issueId} and kind in ('recipient', 'outcome'))
    select
      ${acceptedRows(sql, issueId)} + ${gone('recipient', 'accepted')} as accepted,
      (select count(*) from subscriptions n join issues i on i.publication_id = n.publication_id
        where i.id = ${issueId} and n.left_issue_id = i.id and n.state = 'unsubscribed') as unsubscribed,
      (select count(*) from reported where complained) + ${gone('outcome', 'complained')} as complained,
      (select count(*) from reported where hard) + ${gone('outcome', 'hard')} as hard,
      (select count(*) from reported where soft and not hard) + ${gone('outcome', 'soft')} as soft`;
  return row!;
}
