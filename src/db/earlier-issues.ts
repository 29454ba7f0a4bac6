/** What an editor begins a new issue from: the texts of earlier ones, and the number that comes next. */
import type { Sql } from './client.ts';

export interface EarlierIssue {
  id: number;
  publicationId: number;
  title: string;
  slug: string;
  createdAt: Date;
}

/** So many of the newest issues are looked at for one that has a number. */
const lookedAt = 30;

/** The newest of all publications. */
export async function listEarlier(sql: Sql, limit: number): Promise<EarlierIssue[]> {
  return sql<EarlierIssue[]>`
    select id, publication_id, title, slug, created_at from issues
    where kind = 'regular' and state <> 'cancelled' order by id desc limit ${limit}`;
}

/** One more than the number of the newest issue that has one; 1 when none has. */
export async function nextNumber(sql: Sql, publicationId: number): Promise<number> {
  const [row] = await sql<{ number: number }[]>`
    select (n.number)::int + 1 as number from (
      select i.id, r.issue->>'number' as number from issues i join revisions r on r.id = i.revision_id
      where i.publication_id = ${publicationId} and i.kind = 'regular' and i.state <> 'cancelled'
      order by i.id desc limit ${lookedAt}
    ) n where n.number ~ '^[0-9]{1,6}$' order by n.id desc limit 1`;
  return row?.number ?? 1;
}
