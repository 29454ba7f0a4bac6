/** Readers for a file, by id: each page is one statement that goes on after the last id. */
import type { SegmentRule } from '../model/segment.ts';
import type { Sql } from './client.ts';
import { foundIds, type ReaderQuery } from './reader-search.ts';
import { type Person, personColumns } from './reader-view.ts';
import { segmentCondition } from './segments.ts';

export interface ExportRow extends Person {
  /** `weekly: active, daily: unsubscribed`. */
  subscriptions: string;
}

type Whom = { query: ReaderQuery } | { segment: { publicationId: number; rule: SegmentRule } };

export async function exportPage(sql: Sql, whom: Whom, limit: number, after: number): Promise<ExportRow[]> {
  return sql<ExportRow[]>`
    with found as materialized (${'query' in whom ? foundIds(sql, { ...whom.query, order: 'oldest' }, limit, after, null) : held(sql, whom.segment, limit, after)})
    select ${personColumns(sql)},
      coalesce((
        select string_agg(p.slug || ': ' || n.state, ', ' order by p.slug)
        from subscriptions n join publications p on p.id = n.publication_id where n.subscriber_id = s.id), '') as subscriptions
    from found f join subscribers s on s.id = f.id
    order by f.id limit ${limit}`;
}

function held(
  sql: Sql,
  { publicationId, rule }: { publicationId: number; rule: SegmentRule },
  limit: number,
  after: number,
) {
  return sql`
    select s.id from subscriptions n join subscribers s on s.id = n.subscriber_id
    where n.publication_id = ${publicationId} and n.subscriber_id > ${after} and n.state = 'active' and ${segmentCondition(sql, rule)}
      and not exists (select from suppressions x where x.address_hash = s.address_hash)
    order by n.subscriber_id limit ${limit}`;
}
