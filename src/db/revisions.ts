/** Revisions of an issue: each is added once and never changed; the issue names the one that goes out from now on. */

import type { Edition } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import type { IssueState } from '../model/states.ts';
import { acceptedRows } from './accounting.ts';
import type { Db, Sql } from './client.ts';
import { parseEdition, storedEdition } from './editions.ts';

/** States in which an issue's text can be corrected. What is cancelled goes to nobody any more. */
export const correctable = [
  'draft',
  'scheduled',
  'sending',
  'paused',
  'held',
  'sent',
] as const satisfies readonly IssueState[];

export interface CurrentRevision {
  id: number;
  number: number;
  edition: Edition;
  sourceHash: Buffer;
}

/** The revision that an issue sends now. */
export async function currentRevision(sql: Db, issueId: number): Promise<CurrentRevision> {
  const [row] = await sql<(Omit<CurrentRevision, 'edition'> & { edition: unknown })[]>`
    select v.id, v.number, v.edition, i.source_hash from issues i join revisions v on v.id = i.revision_id where i.id = ${issueId}`;
  return { ...row!, edition: parseEdition(row!.edition) };
}

export interface NewRevision {
  issueId: number;
  /** Id of the revision that it follows: its links are numbered after that one's. */
  follows: number;
  source: string;
  sourceHash: Buffer;
  issue: Issue;
  edition: Edition;
  note: string | null;
}

/**
 * Adds a revision and makes it the issue's own, in one statement: every claim from then on takes it.
 * Guarantees: of two corrections of the same revision one is stored; a stopped or trial issue gets none.
 * @returns its number; undefined when the issue's state or kind does not allow it, or `follows` is not its revision any more
 */
export async function addRevision(sql: Db, revision: NewRevision): Promise<number | undefined> {
  const { issueId, source, sourceHash, issue, edition, note } = revision;
  const [added] = await sql<{ number: number }[]>`
    with corrected as (
      select id from issues
      where id = ${issueId} and state in ${sql([...correctable])} and kind in ('regular', 'erratum') and revision_id = ${revision.follows}
      for update
    ),
    added as (
      insert into revisions (issue_id, number, source, issue, edition, note)
      select c.id, v.number + 1, ${source}, ${sql.json(issue as never)}, ${storedEdition(sql, edition)}, ${note}
      from corrected c join revisions v on v.id = ${revision.follows}
      returning id, issue_id, number
    )
    update issues i set revision_id = a.id, source_hash = ${sourceHash}, title = ${issue.title}
    from added a where i.id = a.issue_id
    returning a.number`;
  return added?.number;
}

export interface Spread {
  /** Readers who have, may have or are just getting an older revision. */
  sentBefore: number;
  /** Readers who will get the newest: what is left of the ledger, or the active subscribers while there is none. */
  unsent: number;
}

/** How far the newest revision can still go. Rows from before revisions were noted have the first. */
export async function spreadOf(sql: Db, issueId: number): Promise<Spread> {
  const [row] = await sql<Spread[]>`
    select
      case when v.number = 1 then 0 else (select count(*) from recipients r
        where r.issue_id = i.id and r.state in ('accepted', 'unknown', 'sending') and coalesce(r.revision, 1) < v.number) end as sent_before,
      case when i.planned_at is null
        -- All but the few that small indexes know: those who get every issue have none.
        then (select count(*) from subscriptions n where n.publication_id = i.publication_id)
          - (select count(*) from subscriptions n where n.publication_id = i.publication_id and n.state <> 'active')
          - (select count(*) from subscriptions n where n.publication_id = i.publication_id and n.state = 'active' and n.frequency = 'monthly')
        else (select count(*) from recipients r where r.issue_id = i.id and r.state = 'queued')
          + (select count(*) from recipients r where r.issue_id = i.id and r.state = 'deferred') end as unsent
    from issues i join revisions v on v.id = i.revision_id where i.id = ${issueId}`;
  return row!;
}

export interface RevisionLine {
  number: number;
  createdAt: Date;
  note: string | null;
  /** Readers who have it, may have it or are just getting it. */
  readers: number;
}

/** All revisions of an issue, in order, and who has which. */
export async function listRevisions(sql: Sql, issueId: number): Promise<RevisionLine[]> {
  const rows = sql`select count(*) from recipients r where r.issue_id = ${issueId}`;
  // Nearly every issue has one revision: who has it is known without reading the ledger.
  return sql<RevisionLine[]>`
    with have as materialized (
      select coalesce(r.revision, 1) as number, count(*) as n from recipients r
      where r.issue_id = ${issueId} and r.state in ('accepted', 'unknown', 'sending')
        and (select count(*) from revisions where issue_id = ${issueId}) > 1
      group by 1
    )
    select v.number, v.created_at, v.note,
      case when (select count(*) from revisions where issue_id = ${issueId}) > 1
        then coalesce((select n from have where have.number = v.number), 0)
        else ${acceptedRows(sql, issueId)} + (${rows} and r.state = 'sending') + (${rows} and r.state = 'unknown') end
      + coalesce((select n from issue_totals t where t.issue_id = v.issue_id and t.kind = 'revision' and t.name = v.number::text), 0) as readers
    from revisions v where v.issue_id = ${issueId} order by v.number`;
}

export interface Correction {
  at: Date;
  note: string | null;
}

/** More lines than this over a web issue would bury it. */
const shownCorrections = 5;

/** What was corrected up to this revision after the issue had begun to go out, newest first. */
export async function correctionsUpTo(sql: Sql, revisionId: number): Promise<Correction[]> {
  return sql<Correction[]>`
    select v.created_at as at, v.note
    from revisions shown
    join issues i on i.id = shown.issue_id
    join revisions v on v.issue_id = shown.issue_id and v.number between 2 and shown.number and v.created_at > i.started_at
    where shown.id = ${revisionId}
    order by v.number desc limit ${shownCorrections}`;
}

/** The slug of the issue that an erratum of this slug corrects: its public address leads there. */
export async function correctedSlug(sql: Sql, publicationId: number, slug: string): Promise<string | undefined> {
  const [row] = await sql<{ slug: string }[]>`
    select o.slug from issues e join issues o on o.id = e.corrects
    where e.publication_id = ${publicationId} and e.slug = ${slug} and e.kind = 'erratum'`;
  return row?.slug;
}
