/**
 * Clicks as they come, and their judgement and counting afterwards. A click's row is judged while it is young (`markMachines`); then it is
 * counted once, for good, with all that came before it (`countStep`), so a report reads the counts and the few rows since.
 */
import type postgres from 'postgres';
import { trapRef } from '../model/edition.ts';
import type { Sql } from './client.ts';
import { mostPerReader } from './events.ts';

type Fragment = postgres.Fragment;
const ms = (sql: Sql, n: number) => sql`${n}::int * interval '1 millisecond'`;

export interface ClickEvent {
  issueId: number;
  subscriberId: number;
  /** Number of the tracked link; `trapRef`: the one that no person sees. */
  ref: number;
  /** Why the request itself looks like a machine's; undefined when it does not. */
  machine: string | undefined;
}

/**
 * Adds clicks, all with one commit, and settles their readers' rows that are `unknown`, since only the message holds the link. One is
 * `instant` when the relay took the message less than `instantMs` ago, or has it in hands just now: content filters follow links before they
 * answer, and no person has the mail yet.
 */
export async function insertClicks(sql: Sql, clicks: readonly ClickEvent[], instantMs: number): Promise<void> {
  const column = <T>(of: (click: ClickEvent) => T) => clicks.map(of);
  await sql`
    with clicks as (
      select * from unnest(${column(c => c.issueId)}::bigint[], ${column(c => c.subscriberId)}::bigint[], ${column(c => c.ref)}::int[],
        ${column(c => c.machine ?? null)}::text[]) as c (issue_id, subscriber_id, ref, machine)
    ),
    -- Locked in one order, so that two of these never wait for each other in a circle.
    doubted as (
      select r.issue_id, r.subscriber_id from recipients r
      where r.state = 'unknown' and (r.issue_id, r.subscriber_id) in (select issue_id, subscriber_id from clicks)
      order by 1, 2 for update
    ),
    arrived as (
      update recipients r set state = 'accepted', reason = null from doubted d
      where r.issue_id = d.issue_id and r.subscriber_id = d.subscriber_id and r.state = 'unknown'
    )
    insert into events (issue_id, subscriber_id, kind, ref, machine)
    select c.issue_id, c.subscriber_id, 'click', c.ref, coalesce(c.machine, (
      select 'instant' from recipients r
      where r.issue_id = c.issue_id and r.subscriber_id = c.subscriber_id
        and (r.state = 'sending' or (r.state = 'accepted' and r.updated_at > now() - ${instantMs}::int * interval '1 millisecond'))
    ))
    from clicks c
    where (select count(*) from (
      select from events e where e.issue_id = c.issue_id and e.kind = 'click' and e.subscriber_id = c.subscriber_id limit ${mostPerReader}
    ) kept) < ${mostPerReader}`;
}

/** As `insertClicks`. */
export function insertClick(sql: Sql, click: ClickEvent, instantMs: number): Promise<void> {
  return insertClicks(sql, [click], instantMs);
}

/** Marks the clicks that these readers made within the last `withinMs`, of each in their issue, where they were taken for people's. */
export async function markCrowd(
  sql: Sql,
  readers: readonly Pick<ClickEvent, 'issueId' | 'subscriberId'>[],
  withinMs: number,
): Promise<void> {
  await sql`
    update events e set machine = 'crowd'
    from unnest(${readers.map(r => r.issueId)}::bigint[], ${readers.map(r => r.subscriberId)}::bigint[]) as r (issue_id, subscriber_id)
    where e.issue_id = r.issue_id and e.kind = 'click' and e.subscriber_id = r.subscriber_id and e.machine is null
      and e.at > now() - ${ms(sql, withinMs)}`;
}

/** Rules over several clicks of one reader. */
export interface JointRules {
  /** So many different links within so long; the shortest first. */
  sweeps: readonly { links: number; withinMs: number }[];
  /** Clicks so long before and after one on the hidden link are the same machine's. */
  aroundTrapMs: number;
}

/** A time as Postgres wrote it, handed back as text: a Date, which the driver makes of a timestamptz, would lose its microseconds. */
export type Moment = string;

/**
 * Marks clicks that several together show to be a machine's, those taken for a person's before included. Only readers with a click after
 * `from` (and up to `to`) are looked at, by themselves: what it costs depends on them, not on the issue. A row that is counted already stays.
 * One statement, idempotent; runs beside each other agree.
 * @returns how many rows it marked
 */
export async function markMachines(
  sql: Sql,
  issueId: number,
  rules: JointRules,
  { from, to }: { from: Moment | null; to: Moment | null },
): Promise<number> {
  const links = rules.sweeps.map(rule => rule.links);
  const withins = rules.sweeps.map(rule => rule.withinMs);
  const longest = Math.max(rules.aroundTrapMs, ...withins);
  const since = sql`coalesce(${from}::text::timestamptz, '-infinity')`;
  const rows = await sql`
    with lately as materialized (
      select distinct e.subscriber_id from events e
      where e.issue_id = ${issueId} and e.kind = 'click' and e.at > ${since} and e.at <= coalesce(${to}::text::timestamptz, 'infinity')
    ),
    -- Each reader's clicks by themselves: a join would read all of the issue's.
    clicks as materialized (
      select e.id, e.subscriber_id, e.ref, e.machine, e.at from lately cross join lateral (
        select * from events where issue_id = ${issueId} and kind = 'click' and subscriber_id = lately.subscriber_id limit ${mostPerReader}) e
      where e.at > ${since} - ${ms(sql, longest)}
    ),
    suspects as (
      select subscriber_id from clicks group by 1
      having bool_or(machine is null) and (count(distinct ref) >= ${Math.min(...links)} or bool_or(ref = ${trapRef}))
    ),
    own as materialized (select c.* from clicks c join suspects using (subscriber_id)),
    spans as (
      select first.subscriber_id, first.at as since, first.at + rule.within * interval '1 millisecond' as until, 'sweep' as why
      from own first
      cross join unnest(${links}::int[], ${withins}::int[]) as rule (links, within)
      join own next on next.subscriber_id = first.subscriber_id
        and next.at between first.at and first.at + rule.within * interval '1 millisecond'
      group by first.id, first.subscriber_id, first.at, rule.links, rule.within having count(distinct next.ref) >= rule.links
      union all
      select subscriber_id, at - ${ms(sql, rules.aroundTrapMs)}, at + ${ms(sql, rules.aroundTrapMs)}, 'trap' from own where ref = ${trapRef}
    ),
    marked as (
      select o.id, min(s.why) as why from own o join spans s on s.subscriber_id = o.subscriber_id and o.at between s.since and s.until
      where o.machine is null and o.at > coalesce((select counted_until from issues where id = ${issueId}), '-infinity') group by 1
    )
    update events e set machine = m.why from marked m where e.id = m.id and e.machine is null
    returning 1`;
  return rows.length;
}

/** How far the issue's clicks are counted; null: not at all. */
export async function countedUntil(sql: Sql, issueId: number): Promise<Moment | null> {
  const [row] = await sql<
    { mark: Moment | null }[]
  >`select counted_until::text as mark from issues where id = ${issueId}`;
  return row?.mark ?? null;
}

/**
 * Up to when every click is there for sure: `lagMs` ago, or when the oldest transaction began that is still writing, since a click's time is
 * that of its transaction. A statement of its own: what it tells holds for every statement that begins after it.
 */
export async function clickHorizon(sql: Sql, lagMs: number): Promise<Moment> {
  const [row] = await sql<{ horizon: Moment }[]>`
    select least(now() - ${ms(sql, lagMs)}, (
      select min(xact_start) - interval '1 millisecond' from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_xid is not null))::text as horizon`;
  return row!.horizon;
}

export interface CountStep {
  /** Where counting stands; null: it has not begun. */
  from: Moment | null;
  to: Moment;
}

/** The next clicks that can be counted, about `rows` of them; undefined: there are none up to the horizon. */
export async function nextCountStep(
  sql: Sql,
  issueId: number,
  horizon: Moment,
  rows: number,
): Promise<CountStep | undefined> {
  const [step] = await sql<{ from: Moment | null; to: Moment | null }[]>`
    select i.counted_until::text as from, (
      select max(at)::text from (
        select at from events where issue_id = i.id and kind = 'click' and at > coalesce(i.counted_until, '-infinity')
          and at <= ${horizon}::text::timestamptz order by at limit ${rows}) next) as to
    from issues i where i.id = ${issueId}`;
  return step?.to ? { from: step.from, to: step.to } : undefined;
}

/**
 * Counts the clicks of a step into the issue's totals and moves the mark with the same statement, guarded by where it stood: of two at once
 * one counts. A reader is one of a link's people with the first click on it that looks like a person's.
 * @returns false when the mark stood elsewhere and nothing was counted
 */
export async function countStep(sql: Sql, issueId: number, { from, to }: CountStep): Promise<boolean> {
  const { count } = await sql`
    with moved as (
      update issues set counted_until = ${to}::text::timestamptz
      where id = ${issueId} and counted_until is not distinct from ${from}::text::timestamptz returning 1
    ),
    fresh as materialized (${pairs(sql, issueId, sql`e.at > coalesce(${from}::text::timestamptz, '-infinity') and e.at <= ${to}::text::timestamptz`)})
    insert into issue_totals (issue_id, kind, name, n, people)
    select ${issueId}, 'click', ref::text, sum(n), count(*) filter (where person and ${isNew(sql, issueId, sql`${from}::text::timestamptz`)})
    from fresh where exists (select from moved) group by ref
    on conflict (issue_id, kind, name, detail) do update set n = issue_totals.n + excluded.n, people = issue_totals.people + excluded.people`;
  return count > 0;
}

/** A row per reader and link: how many clicks, and whether one looks like a person's. */
const pairs = (sql: Sql, issueId: number, when: Fragment) => sql`
  select e.subscriber_id, e.ref, count(*) as n, bool_or(e.machine is null) as person
  from events e where e.issue_id = ${issueId} and e.kind = 'click' and ${when} group by 1, 2`;

/** True in SQL when the pair `fresh` had no click of a person up to `until`. */
const isNew = (sql: Sql, issueId: number, until: Fragment) => sql`(${until} is null or not exists (
  select from events o where o.issue_id = ${issueId} and o.kind = 'click' and o.subscriber_id = fresh.subscriber_id and o.ref = fresh.ref
    and o.machine is null and o.at <= ${until}))`;

/** Issues with clicks that could have been counted for a while: a job was lost, or they are from before there was counting. */
export async function issuesToCount(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select i.id from issues i where i.started_at is not null and exists (
      select from events e where e.issue_id = i.id and e.kind = 'click'
        and e.at > coalesce(i.counted_until, '-infinity') and e.at < now() - interval '5 minutes')
    order by i.id limit 100`;
  return rows.map(row => row.id);
}

export interface LinkClicks {
  ref: number;
  /** Requests, whoever made them. */
  all: number;
  /** Different readers with a request that does not look like a machine's. */
  people: number;
}

/** How often a report is counted again because the mark moved under it. */
const mostTries = 5;

/** Totals, and the rows since: reads as many rows as there were clicks of late, and writes nothing. */
export async function countClicks(sql: Sql, issueId: number): Promise<LinkClicks[]> {
  for (let tries = 1; ; tries++) {
    // As a value, not a subquery: only then the planner sees how few rows are younger.
    const known = await countedUntil(sql, issueId);
    const mark = sql`${known}::text::timestamptz`;
    const rows = await sql<(LinkClicks & { mark: Moment | null })[]>`
      with fresh as materialized (${pairs(sql, issueId, sql`e.at > coalesce(${mark}, '-infinity')`)})
      select ref, sum(n)::bigint as all, sum(people)::bigint as people, (select counted_until::text from issues where id = ${issueId}) as mark
      from (
        select ref, sum(n) as n, count(*) filter (where person and ${isNew(sql, issueId, mark)}) as people from fresh group by ref
        union all
        select name::int, n, people from issue_totals where issue_id = ${issueId} and kind = 'click') counted
      group by ref order by ref`;
    if (rows.every(row => row.mark === known) || tries === mostTries)
      return rows.map(({ mark: _mark, ...counted }) => counted);
  }
}
