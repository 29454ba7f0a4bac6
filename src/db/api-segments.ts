/** Segments: one row per publication and slug; and a bounded look at whom one holds. */
import type { SegmentRule } from '../model/segment.ts';
import type { Sql } from './client.ts';
import { segmentCondition } from './segments.ts';

export interface SegmentRow {
  slug: string;
  name: string;
  rule: SegmentRule;
  createdAt: Date;
  updatedAt: Date;
}

const columns = (sql: Sql) => sql`slug, name, rule, created_at, updated_at`;

/** Of one publication; the database refuses more by `putSegment`. */
export const mostSegments = 200;

export async function listSegments(sql: Sql, publicationId: number): Promise<SegmentRow[]> {
  return sql<SegmentRow[]>`
    select ${columns(sql)} from segments where publication_id = ${publicationId} and deleted_at is null order by slug limit ${mostSegments * 2}`;
}

export async function findSegment(sql: Sql, publicationId: number, slug: string): Promise<SegmentRow | undefined> {
  const [row] = await sql<SegmentRow[]>`
    select ${columns(sql)} from segments where publication_id = ${publicationId} and slug = ${slug} and deleted_at is null`;
  return row;
}

/**
 * Creates a segment or replaces it. Sends that were stored keep the rule they were stored with.
 * @returns undefined when the publication has as many as it may have
 */
export async function putSegment(
  sql: Sql,
  publicationId: number,
  segment: { slug: string; name: string; rule: SegmentRule },
): Promise<{ row: SegmentRow; created: boolean } | undefined> {
  const [row] = await sql<(SegmentRow & { created: boolean })[]>`
    insert into segments as g (publication_id, slug, name, rule)
    select ${publicationId}, ${segment.slug}, ${segment.name}, ${sql.json(segment.rule as never)}
    where exists (select from segments where publication_id = ${publicationId} and slug = ${segment.slug} and deleted_at is null)
      or (select count(*) from segments where publication_id = ${publicationId} and deleted_at is null) < ${mostSegments}
    on conflict (publication_id, slug) do update set name = excluded.name, rule = excluded.rule, updated_at = now(),
      created_at = case when g.deleted_at is null then g.created_at else now() end, deleted_at = null
    returning ${columns(sql)}, created_at = now() as created`;
  if (!row) return undefined;
  const { created, ...stored } = row;
  return { row: stored, created };
}

/** Hours for which a segment that was thrown away can be had back. */
const segmentUndoHours = 24;

/** Throws a segment away; those thrown away before it and past having back go for good. @returns whether there was one */
export async function deleteSegment(sql: Sql, publicationId: number, slug: string): Promise<boolean> {
  const rows = await sql`
    with old as (
      delete from segments where publication_id = ${publicationId} and deleted_at < now() - ${segmentUndoHours}::int * interval '1 hour'
    )
    update segments set deleted_at = now() where publication_id = ${publicationId} and slug = ${slug} and deleted_at is null`;
  return rows.count > 0;
}

/** Newest first. */
export async function deletedSegments(sql: Sql, publicationId: number): Promise<SegmentRow[]> {
  return sql<SegmentRow[]>`
    select ${columns(sql)} from segments
    where publication_id = ${publicationId} and deleted_at > now() - ${segmentUndoHours}::int * interval '1 hour'
    order by deleted_at desc limit 20`;
}

/** Takes a deletion back. @returns whether there was one to take back */
export async function reviveSegment(sql: Sql, publicationId: number, slug: string): Promise<boolean> {
  const rows = await sql`
    update segments set deleted_at = null
    where publication_id = ${publicationId} and slug = ${slug} and deleted_at > now() - ${segmentUndoHours}::int * interval '1 hour'
      and (select count(*) from segments where publication_id = ${publicationId} and deleted_at is null) < ${mostSegments}`;
  return rows.count > 0;
}

/** Active subscribers looked at: counting all of ten million would hold a connection for a minute. */
export const lookedAt = 100_000;
const sampleSize = 20;

export interface SegmentLook {
  looked: number;
  matching: number;
  sample: { subscriber: number; email: string; name: string }[];
}

/** Counts whom a rule holds among the first `most` subscriptions. */
export async function lookAtSegment(
  sql: Sql,
  publicationId: number,
  rule: SegmentRule,
  most = lookedAt,
): Promise<SegmentLook> {
  const [row] = await sql<SegmentLook[]>`
    with looked as materialized (
      select n.subscriber_id, n.since, n.state from subscriptions n
      where n.publication_id = ${publicationId} order by n.subscriber_id limit ${most}
    ),
    matching as materialized (
      select s.id, s.email, s.name from looked n join subscribers s on s.id = n.subscriber_id
      where n.state = 'active' and ${segmentCondition(sql, rule)}
        and not exists (select from suppressions x where x.address_hash = s.address_hash)
    )
    select (select count(*) from looked) as looked, (select count(*) from matching) as matching,
      coalesce((
        select jsonb_agg(jsonb_build_object('subscriber', id, 'email', email, 'name', name) order by id)
        from (select * from matching order by id limit ${sampleSize}) first), '[]') as sample`;
  return row!;
}
