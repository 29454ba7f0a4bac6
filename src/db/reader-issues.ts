/** Issues that a segment may speak of. */
import type { Sql } from './client.ts';

/** The newest regular issues of a publication that went out, or are about to. */
export async function titledIssues(sql: Sql, publicationId: number): Promise<{ id: number; title: string }[]> {
  return sql<{ id: number; title: string }[]>`
    select id, title from issues where publication_id = ${publicationId} and kind = 'regular' and state <> 'draft'
    order by id desc limit 50`;
}
