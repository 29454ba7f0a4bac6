/** Readers' time zones, and rows that wait untried: for their own morning, or for a trial to choose. */
import type { Sql } from './client.ts';

/** Far more than there are zones. */
const mostZones = 1000;

/** Every zone that a reader has named: one look into the index for each. */
export async function readersTimeZones(sql: Sql): Promise<string[]> {
  const rows = await sql<{ zone: string }[]>`
    with recursive zones (zone) as (
      (select time_zone from subscribers where time_zone is not null order by time_zone limit 1)
      union all
      select (select s.time_zone from subscribers s where s.time_zone > z.zone order by s.time_zone limit 1) from zones z
      where z.zone is not null
    )
    select zone from zones where zone is not null limit ${mostZones}`;
  return rows.map(row => row.zone);
}

/** When readers are due. */
export interface Mornings {
  /** Of those who have named a zone. */
  zones: { zone: string; at: Date }[];
  /** Of the others. */
  otherwise: Date;
}

/** @param timeZone as `timeZoneOf` gives it; null: none of their own */
export async function setTimeZone(sql: Sql, subscriberId: number, timeZone: string | null): Promise<void> {
  await sql`
    update subscribers set time_zone = ${timeZone}, updated_at = now()
    where id = ${subscriberId} and time_zone is distinct from ${timeZone}`;
}

/**
 * Queues up to `limit` rows of an issue that waited untried and wait no more: their morning has come, or the trial has chosen. Each row's retry
 * time runs from that moment, and the issue keeps the latest, so that nobody takes the wait for a standstill. Guarded by the state it leaves;
 * two at once take different rows.
 * @returns how many
 */
export async function releaseWaiting(sql: Sql, issueId: number, limit: number): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    with risen as (
      select subscriber_id, next_attempt_at as due from recipients
      where issue_id = ${issueId} and state = 'deferred' and attempts = 0 and next_attempt_at <= now()
      order by next_attempt_at limit ${limit} for update skip locked
    ),
    rest as (
      select r.subscriber_id, t.chosen_at as due from trials t
      join recipients r on r.issue_id = t.issue_id and r.state = 'deferred' and r.attempts = 0 and r.next_attempt_at is null
      where t.issue_id = ${issueId} and t.chosen is not null
      limit ${limit} for update of r skip locked
    ),
    moved as (
      update recipients r set state = 'queued', reason = null, next_attempt_at = null, due_at = d.due, updated_at = now()
      from (select * from risen union all select * from rest) d
      where r.issue_id = ${issueId} and r.subscriber_id = d.subscriber_id and r.state = 'deferred'
      returning r.due_at
    ),
    noted as (
      update issues set waited_until = latest.at from (select max(due_at) as at from moved) latest
      where id = ${issueId} and latest.at > coalesce(waited_until, '-infinity')
    )
    select count(*) as n from moved`;
  return row!.n;
}

/** When the next of those who wait for their morning are due; null: nobody does. */
export async function nextMorning(sql: Sql, issueId: number): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }[]>`
    select min(next_attempt_at) as at from recipients where issue_id = ${issueId} and state = 'deferred' and attempts = 0`;
  return row!.at;
}
