/**
 * What came through readers' links, raw. Rows are only added; a later judgement fills `machine` where it was null and never empties it,
 * so judging again changes nothing. No IP address and no user agent is kept.
 */
import type { Db, Sql } from './client.ts';

/** Rows kept per reader, issue and kind: whoever holds a link cannot fill the disk with it. */
const mostPerReader = 1000;

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

export interface ClickEvent {
  issueId: number;
  subscriberId: number;
  /** Number of the tracked link. */
  ref: number;
  /** Why the request itself looks like a machine's; undefined when it does not. */
  machine: string | undefined;
}

/**
 * Adds a click, and settles the reader's row if it was `unknown`. It is `instant` when the relay took the message less than `instantMs` ago, or has it in hands just now: content filters
 * follow links before they answer, and no person has the mail yet.
 */
export async function insertClick(sql: Sql, click: ClickEvent, instantMs: number): Promise<void> {
  const { issueId, subscriberId } = click;
  await sql`
    with arrived as (${arrived(sql, issueId, subscriberId)})
    insert into events (issue_id, subscriber_id, kind, ref, machine)
    select ${issueId}, ${subscriberId}, 'click', ${click.ref}, coalesce(${click.machine ?? null}::text, (
      select 'instant' from recipients
      where issue_id = ${issueId} and subscriber_id = ${subscriberId}
        and (state = 'sending' or (state = 'accepted' and updated_at > now() - ${instantMs}::int * interval '1 millisecond'))
    ))
    where ${roomFor(sql, issueId, subscriberId, 'click')}`;
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

/**
 * Marks sweeps: clicks of one reader on `links` or more different links of one issue within `withinMs`, those counted as a person's before
 * included. One statement, idempotent: a row is written at most once, and runs beside each other agree.
 * @param sinceMs only readers with a click in the last so many ms are looked at; without it all, which reads every click of the issue
 * @returns how many rows it marked
 */
export async function markSweeps(
  sql: Sql,
  issueId: number,
  rule: { links: number; withinMs: number },
  sinceMs?: number,
): Promise<number> {
  const within = sql`${rule.withinMs}::int * interval '1 millisecond'`;
  // Each reader's clicks by themselves: a join would read all of the issue's.
  const looked =
    sinceMs === undefined
      ? sql`select subscriber_id, ref, machine from events where issue_id = ${issueId} and kind = 'click'`
      : sql`
        select e.subscriber_id, e.ref, e.machine from (
          select distinct subscriber_id from events
          where issue_id = ${issueId} and kind = 'click' and at > now() - ${sinceMs}::int * interval '1 millisecond') lately
        cross join lateral (
          select * from events where issue_id = ${issueId} and kind = 'click' and subscriber_id = lately.subscriber_id limit ${mostPerReader}) e`;
  const rows = await sql`
    with suspects as (
      select subscriber_id from (${looked}) looked
      group by subscriber_id having count(distinct ref) >= ${rule.links} and bool_or(machine is null)
    ),
    clicks as (select e.* from events e join suspects using (subscriber_id) where e.issue_id = ${issueId} and e.kind = 'click'),
    sweeps as (
      select first.subscriber_id, first.at from clicks first
      join clicks next on next.subscriber_id = first.subscriber_id and next.at between first.at and first.at + ${within}
      group by first.id, first.subscriber_id, first.at having count(distinct next.ref) >= ${rule.links}
    )
    update events e set machine = 'sweep' from sweeps s
    where e.issue_id = ${issueId} and e.kind = 'click' and e.machine is null
      and e.subscriber_id = s.subscriber_id and e.at between s.at and s.at + ${within}
    returning 1`;
  return rows.length;
}

export interface LinkClicks {
  ref: number;
  /** Requests, whoever made them. */
  all: number;
  /** Different readers with a request that does not look like a machine's. */
  people: number;
}

export async function countClicks(sql: Sql, issueId: number): Promise<LinkClicks[]> {
  return sql<LinkClicks[]>`
    select ref, sum(n)::bigint as all, sum(people)::bigint as people from (
      select ref, count(*) as n, count(distinct subscriber_id) filter (where machine is null) as people
      from events where issue_id = ${issueId} and kind = 'click' group by ref
      union all
      select name::int, n, people from issue_totals where issue_id = ${issueId} and kind = 'click') counted
    group by ref order by ref`;
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
      (select count(*) from recipients where issue_id = ${issueId} and state = 'accepted') + ${gone('recipient', 'accepted')} as accepted,
      (select count(*) from subscriptions n join issues i on i.publication_id = n.publication_id
        where i.id = ${issueId} and n.left_issue_id = i.id and n.state = 'unsubscribed') as unsubscribed,
      (select count(*) from reported where complained) + ${gone('outcome', 'complained')} as complained,
      (select count(*) from reported where hard) + ${gone('outcome', 'hard')} as hard,
      (select count(*) from reported where soft and not hard) + ${gone('outcome', 'soft')} as soft`;
  return row!;
}
