/** Whom an issue would go to, before it is sent: counted part by part, since one statement over ten million rows would hold a connection for a minute. */
import type { SegmentRule } from '../model/segment.ts';
import type { Sql } from './client.ts';
import { segmentCondition } from './segments.ts';

/** How far a count has come. */
export interface AudienceCount {
  /** Subscriptions looked at. */
  looked: number;
  /** Of those, active readers of every issue whom the rule holds and who may be mailed. */
  matching: number;
  /** Subscriber after whom to look on; null: all were looked at. */
  after: number | null;
}

/**
 * Counts on from where a count stands.
 * @param rule null: the whole publication
 * @param part subscriptions to look at
 */
export async function countAudience(
  sql: Sql,
  publicationId: number,
  rule: SegmentRule | null,
  from: AudienceCount,
  part: number,
): Promise<AudienceCount> {
  const [row] = await sql<{ looked: number; matching: number; last: number | null }[]>`
    with looked as materialized (
      select n.subscriber_id, n.since, n.state, n.frequency from subscriptions n
      where n.publication_id = ${publicationId} and n.subscriber_id > ${from.after ?? 0} order by n.subscriber_id limit ${part}
    )
    select (select count(*) from looked) as looked, (select max(subscriber_id) from looked) as last, count(*) as matching
    from looked n join subscribers s on s.id = n.subscriber_id
    where n.state = 'active' and n.frequency = 'every' and ${segmentCondition(sql, rule)}
      and not exists (select from suppressions x where x.address_hash = s.address_hash)`;
  const { looked, matching, last } = row!;
  return {
    looked: from.looked + looked,
    matching: from.matching + matching,
    after: looked < part ? null : last,
  };
}

/** A few of them, by id, among the first `part` subscriptions. */
export async function sampleAudience(
  sql: Sql,
  publicationId: number,
  rule: SegmentRule | null,
  limit: number,
  part: number,
): Promise<{ id: number; email: string; name: string }[]> {
  return sql<{ id: number; email: string; name: string }[]>`
    with looked as materialized (
      select n.subscriber_id, n.since, n.state, n.frequency from subscriptions n
      where n.publication_id = ${publicationId} order by n.subscriber_id limit ${part}
    )
    select s.id, s.email, s.name from looked n join subscribers s on s.id = n.subscriber_id
    where n.state = 'active' and n.frequency = 'every' and ${segmentCondition(sql, rule)}
      and not exists (select from suppressions x where x.address_hash = s.address_hash)
    order by s.id limit ${limit}`;
}
