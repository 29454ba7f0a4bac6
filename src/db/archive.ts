/** The archive's own rows: what an issue puts there, which issues have not yet, and which lie beside one. */
import { z } from 'zod';
import { type Edition, editionSchema } from '../model/edition.ts';
import { type Issue, issueSchema } from '../model/issue.ts';
import type { Sql } from './client.ts';
import { isPublished, publishedAt } from './readers.ts';

/** Published issues whose rows are not those of their revision, oldest first. Reads an index that is mostly empty. */
export async function findUnarchived(sql: Sql, limit: number, but: readonly number[]): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from issues
    where kind = 'regular' and state in ('sending', 'paused', 'sent') and archived_revision_id is distinct from revision_id
      and id <> all(${[...but]}::bigint[])
    order by id limit ${limit}`;
  return rows.map(row => row.id);
}

const summariesSchema = editionSchema.shape.summaries;

export interface LoadedIssue {
  revisionId: number;
  issue: Issue;
  summaries: Edition['summaries'];
}

/** The text that an issue has now. @throws ZodError when it is not one of ours */
export async function loadForArchive(sql: Sql, issueId: number): Promise<LoadedIssue | undefined> {
  const [row] = await sql<{ id: number; issue: unknown; summaries: unknown }[]>`
    select r.id, r.issue, r.edition->'summaries' as summaries
    from issues i join revisions r on r.id = i.revision_id where i.id = ${issueId}`;
  return (
    row && { revisionId: row.id, issue: issueSchema.parse(row.issue), summaries: summariesSchema.parse(row.summaries) }
  );
}

export interface RevisionText {
  issue: Issue;
  summaries: Edition['summaries'];
  createdAt: Date;
  startedAt: Date | null;
}

const revisionSchema = z.object({ issue: issueSchema, summaries: summariesSchema });

/** The text of a revision, as a page shows it. @throws ZodError when it is not one of ours */
export async function getRevisionText(sql: Sql, revisionId: number): Promise<RevisionText> {
  const [row] = await sql<{ issue: unknown; summaries: unknown; createdAt: Date; startedAt: Date | null }[]>`
    select r.issue, r.edition->'summaries' as summaries, r.created_at, i.started_at
    from revisions r join issues i on i.id = r.issue_id where r.id = ${revisionId}`;
  const { createdAt, startedAt } = row!;
  return { ...revisionSchema.parse(row), createdAt, startedAt };
}

export interface ArchiveRows {
  issueId: number;
  revisionId: number;
  documents: { summary: number; title: string; body: string; squashed: string; tokens: string[] }[];
  terms: {
    position: number;
    anchor: string;
    term: string;
    translation: string;
    abbreviation: string;
    definition: string;
  }[];
}

/** Replaces an issue's rows in one statement; nothing when it has another revision by now. */
export async function storeInArchive(sql: Sql, { issueId, revisionId, documents, terms }: ArchiveRows): Promise<void> {
  await sql`
    with archived as (
      update issues set archived_revision_id = ${revisionId} where id = ${issueId} and revision_id = ${revisionId}
      returning id, publication_id
    ),
    gone as (
      delete from search_documents d using archived a
      where d.issue_id = a.id and d.summary <> all(${documents.map(one => one.summary)}::int[])
    ),
    forgotten as (
      delete from term_occurrences t using archived a where t.issue_id = a.id and t.position >= ${terms.length}
    ),
    documents as (
      insert into search_documents (issue_id, summary, publication_id, title, body, squashed, tokens)
      select a.id, d.summary, a.publication_id, d.title, d.body, d.squashed, array_to_tsvector(d.tokens)
      from archived a, jsonb_to_recordset(${sql.json(documents as never)})
        as d (summary int, title text, body text, squashed text, tokens text[])
      on conflict (issue_id, summary) do update set
        title = excluded.title, body = excluded.body, squashed = excluded.squashed, tokens = excluded.tokens
    )
    insert into term_occurrences (issue_id, position, publication_id, anchor, term, translation, abbreviation, definition)
    select a.id, t.position, a.publication_id, t.anchor, t.term, t.translation, t.abbreviation, t.definition
    from archived a, jsonb_to_recordset(${sql.json(terms as never)})
      as t (position int, anchor text, term text, translation text, abbreviation text, definition text)
    on conflict (issue_id, position) do update set
      anchor = excluded.anchor, term = excluded.term, translation = excluded.translation,
      abbreviation = excluded.abbreviation, definition = excluded.definition`;
}

export interface Neighbour {
  slug: string;
  title: string;
}

/** The published issues before and after one, by when they went out. */
export async function neighboursOf(
  sql: Sql,
  publicationId: number,
  issueId: number,
): Promise<{ older: Neighbour | undefined; newer: Neighbour | undefined }> {
  const at = publishedAt(sql);
  const others = sql`from issues i where i.publication_id = ${publicationId} and ${isPublished(sql)}`;
  const rows = await sql<(Neighbour & { side: 'older' | 'newer' })[]>`
    with own as (select ${at} as at, i.id from issues i where i.id = ${issueId})
    (select 'older' as side, i.slug, i.title ${others} and (${at}, i.id) < (select at, id from own)
      order by ${at} desc, i.id desc limit 1)
    union all
    (select 'newer', i.slug, i.title ${others} and (${at}, i.id) > (select at, id from own)
      order by ${at}, i.id limit 1)`;
  return { older: rows.find(row => row.side === 'older'), newer: rows.find(row => row.side === 'newer') };
}

export interface Address {
  publication: string;
  issue: string;
  /** 0: the issue's own page. */
  summary: number;
  /** `YYYY-MM-DD` of its last change, in UTC. */
  changed: string;
}

/** How many issues and summaries have a page. */
export async function countAddresses(sql: Sql): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from search_documents d join issues i on i.id = d.issue_id where ${isPublished(sql)}`;
  return row!.n;
}

/** Pages of issues and summaries, oldest issue first. @param skip a bounded number: the caller has at most some dozens of pages */
export async function listAddresses(sql: Sql, limit: number, skip: number): Promise<Address[]> {
  return sql<Address[]>`
    select p.slug as publication, i.slug as issue, d.summary, to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD') as changed
    from search_documents d
    join issues i on i.id = d.issue_id
    join publications p on p.id = i.publication_id
    join revisions r on r.id = i.revision_id
    where ${isPublished(sql)}
    order by d.issue_id, d.summary limit ${limit} offset ${skip}`;
}
