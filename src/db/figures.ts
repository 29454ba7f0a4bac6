/** Figures over time: kept reports of issues, and how publications grow. */
import type { Sql } from './client.ts';

/** Reports of young issues are counted anew this often, of older ones once a week, of those a year old never. */
const fresh = { youngDays: 14, young: '10 minutes', old: '7 days', oldestDays: 365 } as const;

/** Issues whose kept report is missing or old, the newest first. */
export async function staleIssues(sql: Sql, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select i.id from issues i left join issue_figures f on f.issue_id = i.id
    where i.kind = 'regular' and i.started_at is not null and i.state in ('sending', 'paused', 'held', 'sent')
      and (f.issue_id is null
        or (i.started_at > now() - ${fresh.youngDays}::int * interval '1 day' and f.counted_at < now() - ${fresh.young}::interval)
        or (i.started_at > now() - ${fresh.oldestDays}::int * interval '1 day' and f.counted_at < now() - ${fresh.old}::interval))
    order by i.started_at desc limit ${limit}`;
  return rows.map(row => row.id);
}

export async function keepReport(sql: Sql, issueId: number, report: object): Promise<void> {
  await sql`
    insert into issue_figures (issue_id, report) values (${issueId}, ${sql.json(report as never)})
    on conflict (issue_id) do update set counted_at = now(), report = excluded.report`;
}

export interface KeptReport {
  id: number;
  slug: string;
  title: string;
  startedAt: Date;
  countedAt: Date;
  /** An `IssueReport`, as it was then: parsed by who reads it. */
  report: unknown;
}

/** Of a publication, the newest first. */
export async function listReports(sql: Sql, publicationId: number, limit: number): Promise<KeptReport[]> {
  return sql<KeptReport[]>`
    select i.id, i.slug, i.title, i.started_at, f.counted_at, f.report
    from issues i join issue_figures f on f.issue_id = i.id
    where i.publication_id = ${publicationId} and i.kind = 'regular'
    order by i.started_at desc limit ${limit}`;
}

/** Growth is counted this often: it reads all subscriptions of the publication. */
const growthEvery = '6 hours';
/** Who clicked or liked within these days is lively. */
const livelyDays = 90;

/** The publication whose growth has not been counted for longest, when that is due. */
export async function staleGrowth(sql: Sql): Promise<{ id: number; timeZone: string } | undefined> {
  const [row] = await sql<{ id: number; timeZone: string }[]>`
    select p.id, p.document ->> 'timeZone' as time_zone from publications p left join growth g on g.publication_id = p.id
    where g.publication_id is null or g.counted_at < now() - ${growthEvery}::interval
    order by g.counted_at nulls first limit 1`;
  return row;
}

/**
 * Counts all subscriptions of a publication, by its own calendar: 1.5 s a million, in the background. A reader counts once, from when they
 * confirmed or were brought in, until they left.
 */
export async function countGrowth(sql: Sql, publicationId: number, timeZone: string): Promise<void> {
  await sql`
    with base as materialized (
      select n.subscriber_id, n.state, (coalesce(n.confirmed_at, s.created_at) at time zone ${timeZone})::date as joined,
        case when n.state = 'unsubscribed' then (n.since at time zone ${timeZone})::date end as gone
      from subscriptions n join subscribers s on s.id = n.subscriber_id where n.publication_id = ${publicationId}
    ), lively as materialized (
      select distinct e.subscriber_id from events e join issues i on i.id = e.issue_id and i.publication_id = ${publicationId}
      where e.at > now() - ${livelyDays}::int * interval '1 day' and e.kind in ('click', 'like') and e.machine is null
    ), states as (
      select json_object_agg(state, n) as all from (select state, count(*) as n from base group by 1) s
    ), days as (
      select coalesce(json_agg(json_build_array(day, joined, gone) order by day), '[]') as all from (
        select day, sum(joined) as joined, sum(gone) as gone from (
          select joined as day, count(*) as joined, 0 as gone from base where state <> 'pending' group by 1
          union all
          select greatest(joined, gone), 0, count(*) from base where gone is not null group by 1) d group by day) d
    ), stays as (
      select date_trunc('month', b.joined)::date as month, b.state = 'active' and l.subscriber_id is not null as is_lively,
        case when gone is not null then greatest(0, extract(year from age(gone, joined)) * 12 + extract(month from age(gone, joined)))::int end as months
      from base b left join lively l using (subscriber_id) where b.state <> 'pending'
    ), cohorts as (
      select coalesce(json_agg(json_build_object('month', month, 'joined', joined, 'lively', lively, 'left', left_after) order by month), '[]') as all
      from (
        select month, sum(n) as joined, sum(lively) as lively, coalesce(json_object_agg(months, n) filter (where months is not null), '{}') as left_after
        from (select month, months, count(*) as n, count(*) filter (where is_lively) as lively from stays group by 1, 2) m group by month) c
    )
    insert into growth (publication_id, states, days, cohorts)
    select ${publicationId}, coalesce(states.all, '{}'), days.all, cohorts.all from states, days, cohorts
    on conflict (publication_id) do update set counted_at = now(), states = excluded.states, days = excluded.days, cohorts = excluded.cohorts`;
}

export interface Growth {
  countedAt: Date;
  states: Partial<Record<'pending' | 'active' | 'paused' | 'unsubscribed', number>>;
  /** Day, joined, left; days without either are missing. */
  days: [string, number, number][];
  cohorts: {
    /** Its first day. */
    month: string;
    joined: number;
    /** Of those still here: clicked or liked within ninety days. */
    lively: number;
    /** Whole months after which how many left. */
    left: Record<string, number>;
  }[];
}

export async function findGrowth(sql: Sql, publicationId: number): Promise<Growth | undefined> {
  const [row] = await sql<Growth[]>`
    select counted_at, states, days, cohorts from growth where publication_id = ${publicationId}`;
  return row;
}
