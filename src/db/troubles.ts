/** What Postgres tells of trouble. Read every few seconds, so each is a look into small indexes, whatever the ledgers' size. */

import type { Sql } from './client.ts';
import { batchesWithWork } from './plan.ts';

export async function heldIssues(sql: Sql): Promise<{ id: number; slug: string; reason: string | null }[]> {
  return sql`select id, slug, reason from issues where state = 'held' and kind <> 'rehearsal' order by id desc limit 100`;
}

/** Few rows of a small send prove nothing. */
const fewestUnknown = 10;

/** Recent issues in which more rows than this share are `unknown`. @param share 0 to 1 */
export async function unknownShares(
  sql: Sql,
  share: number,
): Promise<{ id: number; slug: string; rows: number; audience: number }[]> {
  return sql`
    select i.id, i.slug, u.rows, a.audience
    from issues i
    cross join lateral (select count(*)::int as rows from recipients r where r.issue_id = i.id and r.state = 'unknown') u
    cross join lateral (
      select coalesce(sum(size), 0)::int as audience from batches b where b.issue_id = i.id and u.rows >= ${fewestUnknown}) a
    where i.kind in ('regular', 'erratum') and i.started_at > now() - interval '14 days'
      and (i.finished_at is null or i.finished_at > now() - interval '1 day')
      and u.rows >= ${fewestUnknown} and u.rows > a.audience * ${share}::float8`;
}

export interface Standing {
  id: number;
  slug: string;
  planned: boolean;
  /** Since it began or last went on. */
  goingMs: number;
  /** Rows are queued or in flight; those that wait for their next try do not count. */
  waiting: boolean;
  /** A row was claimed within the time asked for. */
  moving: boolean;
  /** Where each lane's queue begins: the same as long as nothing is claimed. */
  heads: string;
}

/** Issues being sent. */
export async function standing(sql: Sql, withinMs: number): Promise<Standing[]> {
  const issues = await sql<Omit<Standing, 'heads'>[]>`
    select i.id, i.slug, i.planned_at is not null as planned,
      extract(epoch from now() - greatest(i.started_at, i.reopened_at))::float8 * 1000 as going_ms,
      exists (select from recipients r where r.issue_id = i.id and r.state = 'queued')
        or exists (select from recipients r where r.issue_id = i.id and r.state = 'sending') as waiting,
      exists (select from recipients r where r.issue_id = i.id and r.state = 'sending'
        and r.updated_at > now() - ${withinMs}::bigint * interval '1 millisecond') as moving
    from issues i where i.state = 'sending' and i.kind <> 'rehearsal'`;
  if (issues.length === 0) return [];
  const batches = await batchesWithWork(sql, 1);
  const heads = await sql<{ issueId: number; head: string }[]>`
    select b.issue_id, b.id || ':' || (
      select r.subscriber_id from recipients r
      where r.issue_id = b.issue_id and r.batch_id = b.id and r.state = 'queued' order by r.subscriber_id limit 1) as head
    from unnest(${batches.map(b => b.issueId)}::bigint[], ${batches.map(b => b.id)}::bigint[]) as b (issue_id, id) order by b.id`;
  return issues.map(issue => ({
    ...issue,
    heads: heads
      .filter(({ issueId }) => issueId === issue.id)
      .map(({ head }) => head)
      .join(' '),
  }));
}

/** Whether Redis was given its mark: what forgets it was emptied. */
export async function wasMarked(sql: Sql): Promise<boolean> {
  return (await sql`select from instance where name = 'redis-marked'`).count > 0;
}

export async function noteMarked(sql: Sql): Promise<void> {
  await sql`insert into instance (name, value) values ('redis-marked', '') on conflict do nothing`;
}
