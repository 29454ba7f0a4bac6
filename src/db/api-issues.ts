/** Issues as programs see them: read in pages, stored and replaced as drafts. One statement each, since no transaction outlives a call here. */
import type { Edition } from '../model/edition.ts';
import { type Issue, poolOf } from '../model/issue.ts';
import type { IssueState } from '../model/states.ts';
import type { TrialWish } from '../model/trial.ts';
import type { Sql } from './client.ts';
import { poolId } from './codes.ts';
import { storedEdition } from './editions.ts';

export interface IssueView {
  id: number;
  publicationId: number;
  publication: string;
  slug: string;
  kind: 'regular' | 'test' | 'rehearsal' | 'erratum';
  state: IssueState;
  title: string;
  /** Number of the revision that goes out. */
  revision: number;
  revisionId: number;
  /** Of an erratum: the issue it corrects. */
  corrects: number | null;
  /** The segment's rule that it goes to; null: all active subscribers. */
  audience: unknown;
  /** As of `IssueRow`. */
  localMinutes: number | null;
  localDay: string | null;
  trial: (TrialWish & { chosen: number | null }) | null;
  createdAt: Date;
  scheduledAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  reason: string | null;
}

const view = (sql: Sql) => sql`
  i.id, i.publication_id, p.slug as publication, i.slug, i.kind, i.state, i.title, v.number as revision, i.revision_id, i.corrects, i.audience,
  i.local_minutes, i.local_day::text, i.created_at, i.scheduled_at, i.started_at, i.finished_at, i.reason, (
    select jsonb_build_object('subjects', t.subjects, 'share', t.share, 'measure', t.measure, 'hours', t.hours, 'chosen', t.chosen)
    from trials t where t.issue_id = i.id) as trial`;
const joined = (sql: Sql) =>
  sql`issues i join publications p on p.id = i.publication_id join revisions v on v.id = i.revision_id`;

export async function viewIssue(sql: Sql, id: number): Promise<IssueView | undefined> {
  const [row] = await sql<IssueView[]>`select ${view(sql)} from ${joined(sql)} where i.id = ${id}`;
  return row;
}

/** Newest first. @param of.before ids below this only */
export async function listIssues(
  sql: Sql,
  publicationId: number,
  of: {
    before: number | null;
    limit: number;
    state?: IssueState | undefined;
    slug?: string | undefined;
    kind?: string | undefined;
  },
): Promise<IssueView[]> {
  return sql<IssueView[]>`
    select ${view(sql)} from ${joined(sql)}
    where i.publication_id = ${publicationId}
      ${of.before === null ? sql`` : sql`and i.id < ${of.before}`}
      ${of.state ? sql`and i.state = ${of.state}` : sql``}
      ${of.slug ? sql`and i.slug = ${of.slug}` : sql``}
      ${of.kind ? sql`and i.kind = ${of.kind}` : sql``}
    order by i.id desc limit ${of.limit}`;
}

/** The text that an issue sends now, as its editor wrote it. */
export async function issueSource(sql: Sql, id: number): Promise<string> {
  const [row] = await sql<{ source: string }[]>`
    select v.source from issues i join revisions v on v.id = i.revision_id where i.id = ${id}`;
  return row!.source;
}

export interface NewText {
  source: string;
  sourceHash: Buffer;
  issue: Issue;
  edition: Edition;
  slug: string;
}

/** Stores made at once may want one slug; each round one of them gets it. */
const maxRounds = 50;

export interface NewIssueAtOnce {
  publicationId: number;
  text: NewText;
  requestId: string | null;
  /** Subscribers of a test, which is being sent from then on. */
  testReaders?: readonly number[];
  /** A rehearsal's sink, and the segment's rule that it goes to (null: everybody); it is being sent from then on. */
  rehearsal?: { relay: string; audience: unknown };
}

/**
 * Stores an issue with its first revision, and for a test its ledger: one batch in a lane of its own, so that it waits for no other.
 * Guarantees: under one `requestId` there is one issue, however often and at once it is asked for.
 * @param given without readers of a test or a rehearsal: a draft
 * @returns its id
 */
export async function insertIssueAtOnce(sql: Sql, given: NewIssueAtOnce): Promise<number> {
  for (let round = 1; ; round++) {
    if (given.requestId !== null) {
      const [made] = await sql<{ id: number }[]>`select id from issues where request_id = ${given.requestId}`;
      if (made) return made.id;
    }
    try {
      return await insertOnce(sql, given);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === '23505';
      if (!isTaken || round === maxRounds) throw error;
    }
  }
}

async function insertOnce(
  sql: Sql,
  { publicationId, text, requestId, testReaders, rehearsal }: NewIssueAtOnce,
): Promise<number> {
  const isTest = testReaders !== undefined;
  const kind = isTest ? 'test' : rehearsal ? 'rehearsal' : 'regular';
  const isGoing = kind !== 'regular';
  const audience = rehearsal && rehearsal.audience !== null ? sql.json(rehearsal.audience as never) : null;
  const ledger = sql`,
    batch as (
      insert into batches (issue_id, lane, size) select issue, 'test', ${testReaders?.length ?? 0} from ids returning id
    ),
    rows as (
      insert into recipients (issue_id, subscriber_id, batch_id, state)
      select ids.issue, s, batch.id, 'queued' from ids, batch, unnest(${[...(testReaders ?? [])]}::bigint[]) s
    )`;
  const [row] = await sql<{ id: number }[]>`
    with ids as (
      select nextval(pg_get_serial_sequence('issues', 'id')) as issue, nextval(pg_get_serial_sequence('revisions', 'id')) as revision
    ),
    issue as (
      insert into issues (id, publication_id, slug, kind, state, title, revision_id, source_hash, request_id, pool_id, planned_at, started_at,
        relay, audience)
      overriding system value
      select issue, ${publicationId}, ${freeSlug(sql, publicationId, isGoing ? `${text.slug}-${kind}` : text.slug)},
        ${kind}, ${isGoing ? 'sending' : 'draft'}, ${text.issue.title}, revision, ${text.sourceHash},
        ${requestId}::uuid, ${poolId(sql, publicationId, poolOf(text.issue))}, ${isTest ? sql`now()` : null}, ${isGoing ? sql`now()` : null},
        ${rehearsal?.relay ?? null}, ${audience}
      from ids returning id
    ),
    revision as (
      insert into revisions (id, issue_id, number, source, issue, edition) overriding system value
      select revision, issue, 1, ${text.source}, ${sql.json(text.issue as never)}, ${storedEdition(sql, text.edition)} from ids
    )${isTest ? ledger : sql``}
    select id from issue`;
  return row!.id;
}

/** The slug, or the first free one of `slug-2`, `slug-3` … @param but an issue whose own slug counts as free */
function freeSlug(sql: Sql, publicationId: number, slug: string, but = 0) {
  const nth = sql`case n when 1 then ${slug}::text else ${slug}::text || '-' || n end`;
  const taken = sql`
    select slug from issues where publication_id = ${publicationId} and id <> ${but} and (slug = ${slug} or slug like ${`${slug}-%`})`;
  return sql`(
    with taken as (${taken})
    select ${nth} from generate_series(1, (select count(*) + 1 from taken)) n
    where ${nth} not in (select slug from taken) order by n limit 1)`;
}

/**
 * Gives a draft another text, as its next revision; the one before is not kept, since nobody was sent it. Guarantees: of two that replace the
 * same revision one does.
 * @param revision the number that is replaced
 * @returns false when it is no draft, or has another revision by now
 */
export async function replaceDraft(
  sql: Sql,
  draft: { id: number; publicationId: number; revision: number },
  text: NewText,
): Promise<boolean> {
  const rows = await sql`
    with draft as (
      select i.id, i.revision_id from issues i join revisions v on v.id = i.revision_id
      where i.id = ${draft.id} and i.state = 'draft' and i.kind = 'regular' and v.number = ${draft.revision} for update of i
    ),
    gone as (delete from revisions v using draft d where v.id = d.revision_id returning v.issue_id, v.number),
    added as (
      insert into revisions (issue_id, number, source, issue, edition)
      select issue_id, number + 1, ${text.source}, ${sql.json(text.issue as never)}, ${storedEdition(sql, text.edition)} from gone
      returning id, issue_id
    )
    update issues i set revision_id = a.id, source_hash = ${text.sourceHash}, title = ${text.issue.title},
      slug = ${freeSlug(sql, draft.publicationId, text.slug, draft.id)}
    from added a where i.id = a.issue_id returning 1`;
  return rows.length > 0;
}

/** @returns false when there is no such draft */
export async function deleteDraft(sql: Sql, id: number): Promise<boolean> {
  return (await sql`delete from issues where id = ${id} and state = 'draft' and kind = 'regular'`).count > 0;
}
