/** Issues that went out elsewhere: in the archive like any other, with nobody in their ledger. */

import type { Sql } from './client.ts';
import { insertIssue, type NewIssue } from './issues.ts';
import { inBatch } from './subscribers.ts';

/** The past issue of this slug (with or without the number that a taken slug gets) and moment, if it was stored before. */
export async function hasPastIssue(sql: Sql, publicationId: number, slug: string, publishedAt: Date): Promise<boolean> {
  const rows = await sql`
    select from issues
    where publication_id = ${publicationId} and kind = 'regular' and started_at = ${publishedAt}
      and (slug = ${slug} or (starts_with(slug, ${`${slug}-`}) and substr(slug, ${slug.length + 2}) ~ '^[0-9]+$'))`;
  return rows.length > 0;
}

/**
 * Stores an issue as sent at that moment, to nobody. Guarantees: never in a state in which workers would take it up.
 * @returns its slug, with a number when the slug was taken
 */
export function insertPastIssue(sql: Sql, issue: Omit<NewIssue, 'kind'>, publishedAt: Date): Promise<string> {
  return inBatch(sql, async tx => {
    const { id, slug } = await insertIssue(tx, { ...issue, kind: 'regular' });
    await tx`
      update issues set state = 'sent', planned_at = ${publishedAt}, started_at = ${publishedAt}, finished_at = ${publishedAt}
      where id = ${id} and state = 'draft'`;
    return slug;
  });
}
