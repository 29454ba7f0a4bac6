/** Monthly digests: which are due, and their storing, once per publication and month. */
import type { Edition } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import { type Publication, publicationSchema } from '../model/publication.ts';
import type { Sql } from './client.ts';
import { storedEdition } from './editions.ts';

export interface DueDigest {
  publicationId: number;
  publication: Publication;
  /** First day of the month whose issues it lists, `YYYY-MM-DD`. */
  month: string;
}

/** By the clock of the publication's zone, on the first day of a month. After a long outage the digest still goes out, for some days. */
const due = { hour: 9, lastDays: 7 };

/**
 * Digests of last month that are not stored yet, of publications that have a reader for them.
 * @param now for tests
 */
export async function dueDigests(sql: Sql, now?: Date): Promise<DueDigest[]> {
  const rows = await sql<{ id: number; document: unknown; month: string }[]>`
    select p.id, p.document, to_char(m.first - interval '1 month', 'YYYY-MM-DD') as month
    from publications p
    cross join lateral (
      select coalesce(${now?.toISOString() ?? null}::timestamptz, now()) at time zone coalesce(p.document->>'timeZone', 'UTC') as local) clock
    cross join lateral (select date_trunc('month', clock.local) as first) m
    where clock.local >= m.first + ${due.hour}::int * interval '1 hour' and clock.local < m.first + ${due.lastDays}::int * interval '1 day'
      and exists (select from subscriptions n where n.publication_id = p.id and n.frequency = 'monthly' and n.state = 'active')
      and not exists (select from digests d where d.publication_id = p.id and d.month = (m.first - interval '1 month')::date)
    order by p.id`;
  return rows.map(row => ({
    publicationId: row.id,
    publication: publicationSchema.parse(row.document),
    month: row.month,
  }));
}

export interface NewDigest {
  publicationId: number;
  month: string;
  source: string;
  sourceHash: Buffer;
  issue: Issue;
  edition: Edition;
}

/**
 * Stores a digest as an issue that is due now: it starts like any scheduled one. Guarantees: of any number of tries at once or again, one
 * stores it.
 * @returns the issue's id; undefined: it was stored before
 */
export async function storeDigest(sql: Sql, digest: NewDigest): Promise<number | undefined> {
  const { publicationId, month, source, sourceHash, issue, edition } = digest;
  const slug = `digest-${month.slice(0, 7)}`;
  // Both ids are drawn first: a statement cannot update what it inserts.
  const [row] = await sql<{ issueId: number }[]>`
    with taken as (
      insert into digests (publication_id, month, issue_id)
      values (${publicationId}, ${month}::date, nextval(pg_get_serial_sequence('issues', 'id')))
      on conflict do nothing returning issue_id
    ),
    ids as materialized (select issue_id, nextval(pg_get_serial_sequence('revisions', 'id')) as revision_id from taken),
    stored as (
      insert into issues (id, publication_id, slug, kind, state, title, revision_id, source_hash, scheduled_at) overriding system value
      select issue_id, ${publicationId},
        -- An editor may have used the name.
        case when exists (select from issues where publication_id = ${publicationId} and slug = ${slug})
          then ${slug} || '-' || issue_id else ${slug} end,
        'digest', 'scheduled', ${issue.title}, revision_id, ${sourceHash}, now()
      from ids
    ),
    revised as (
      insert into revisions (id, issue_id, number, source, issue, edition) overriding system value
      select revision_id, issue_id, 1, ${source}, ${sql.json(issue as never)}, ${storedEdition(sql, edition)} from ids
    )
    select issue_id from taken`;
  return row?.issueId;
}
