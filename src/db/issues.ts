/** Issues and revisions. Every state change names the states it may leave, so a late or repeated one does nothing. */
import { type Edition, editionSchema } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import type { IssueState } from '../model/states.ts';
import type { Db, Sql } from './client.ts';

export interface IssueRow {
  id: number;
  publicationId: number;
  slug: string;
  kind: 'regular' | 'test' | 'rehearsal';
  state: IssueState;
  title: string;
  revisionId: number;
  scheduledAt: Date | null;
  plannedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  reason: string | null;
  relay: string | null;
}

const columns = (sql: Db) =>
  sql`id, publication_id, slug, kind, state, title, revision_id, scheduled_at, planned_at, started_at, finished_at, reason, relay`;

export interface NewIssue {
  publicationId: number;
  slug: string;
  kind: IssueRow['kind'];
  source: string;
  sourceHash: Buffer;
  issue: Issue;
  edition: Edition;
  relay?: string;
}

/** Stores an issue as a draft with its first revision. The slug gets a number when it is taken. */
export async function insertIssue(tx: Db, issue: NewIssue): Promise<IssueRow> {
  // One writer per publication at a time, so that two sends cannot pick the same slug or miss each other's text.
  await tx`select id from publications where id = ${issue.publicationId} for update`;
  const taken = await tx<{ slug: string }[]>`
    select slug from issues where publication_id = ${issue.publicationId} and (slug = ${issue.slug} or slug like ${`${issue.slug}-%`})`;
  const slugs = new Set(taken.map(row => row.slug));
  let slug = issue.slug;
  for (let n = 2; slugs.has(slug); n++) slug = `${issue.slug}-${n}`;
  const [row] = await tx<{ id: number }[]>`
    insert into issues (publication_id, slug, kind, state, title, source_hash, relay)
    values (${issue.publicationId}, ${slug}, ${issue.kind}, 'draft', ${issue.issue.title}, ${issue.sourceHash}, ${issue.relay ?? null})
    returning id`;
  const [revision] = await tx<{ id: number }[]>`
    insert into revisions (issue_id, number, source, issue, edition)
    values (${row!.id}, 1, ${issue.source}, ${tx.json(issue.issue as never)}, ${tx.json(issue.edition as never)})
    returning id`;
  const [stored] = await tx<IssueRow[]>`
    update issues set revision_id = ${revision!.id} where id = ${row!.id} returning ${columns(tx)}`;
  return stored!;
}

/** The regular issue with this source that was or will be sent, if any. */
export async function findSentSource(
  sql: Db,
  publicationId: number,
  sourceHash: Buffer,
): Promise<IssueRow | undefined> {
  const [row] = await sql<IssueRow[]>`
    select ${columns(sql)} from issues
    where publication_id = ${publicationId} and source_hash = ${sourceHash} and kind = 'regular' and state <> 'draft'
      and (state <> 'cancelled' or exists (select from recipients r where r.issue_id = issues.id and r.state in ('accepted', 'unknown')))
    order by id desc limit 1`;
  return row;
}

/** By id or by slug; of several publications' issues with one slug, the newest. */
export async function findIssue(sql: Db, idOrSlug: string): Promise<IssueRow | undefined> {
  const id = /^\d{1,15}$/.test(idOrSlug) ? Number(idOrSlug) : 0;
  const [row] = await sql<IssueRow[]>`
    select ${columns(sql)} from issues where id = ${id} or slug = ${idOrSlug} order by (id = ${id}) desc, id desc limit 1`;
  return row;
}

export async function getEdition(sql: Db, issueId: number): Promise<Edition> {
  const [row] = await sql<{ edition: unknown }[]>`
    select r.edition from issues i join revisions r on r.id = i.revision_id where i.id = ${issueId}`;
  return editionSchema.parse(row?.edition);
}

/** Moves an issue from one of `from` to `to`. @returns the issue, or undefined when it was in another state */
export async function moveIssue(
  sql: Db,
  issueId: number,
  from: readonly IssueState[],
  to: IssueState,
  reason: string | null = null,
): Promise<IssueRow | undefined> {
  const [row] = await sql<IssueRow[]>`
    update issues set
      state = ${to},
      reason = ${reason},
      started_at = case when ${to} = 'sending' then coalesce(started_at, now()) else started_at end,
      finished_at = case when ${to} in ('sent', 'cancelled') then now() end
    where id = ${issueId} and state in ${sql([...from])}
    returning ${columns(sql)}`;
  return row;
}

/** Schedules a draft. */
export async function scheduleIssue(sql: Db, issueId: number, at: Date): Promise<IssueRow | undefined> {
  const [row] = await sql<IssueRow[]>`
    update issues set state = 'scheduled', scheduled_at = ${at} where id = ${issueId} and state = 'draft' returning ${columns(sql)}`;
  return row;
}

/** Starts every scheduled issue whose time has come. */
export async function startDueIssues(sql: Db): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    update issues set state = 'sending', started_at = now() where state = 'scheduled' and scheduled_at <= now() returning id`;
  return rows.map(row => row.id);
}

/** Issues being sent whose ledger is not written yet. */
export async function unplannedIssues(sql: Db): Promise<number[]> {
  const rows = await sql<
    { id: number }[]
  >`select id from issues where state = 'sending' and planned_at is null and kind <> 'test' order by id`;
  return rows.map(row => row.id);
}

/** Planned issues whose rows may still move: not closed, or cancelled while rows were in flight or waiting. */
export async function openIssues(sql: Db): Promise<Pick<IssueRow, 'id' | 'publicationId' | 'state'>[]> {
  return sql<Pick<IssueRow, 'id' | 'publicationId' | 'state'>[]>`
    select id, publication_id, state from issues i where planned_at is not null and (
      state in ('sending', 'paused', 'held')
      or (state = 'cancelled' and finished_at > now() - interval '7 days' and ${hasOpenRows(sql)}))
    order by id`;
}

/** Opens closed issues again in which a worker that had been given up for lost put a row back: its reader has not been sent to. */
export async function reopenIssues(sql: Db): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    update issues i set state = 'sending', finished_at = null
    where state = 'sent' and finished_at > now() - interval '7 days' and ${hasOpenRows(sql)} returning id`;
  return rows.map(row => row.id);
}

const hasOpenRows = (sql: Db) => sql`(
  exists (select from recipients r where r.issue_id = i.id and r.state = 'queued')
  or exists (select from recipients r where r.issue_id = i.id and r.state = 'sending')
  or exists (select from recipients r where r.issue_id = i.id and r.state = 'deferred'))`;

/**
 * Closes an issue when its ledger is closed: no row queued, in flight or waiting (rule 6.4). The snapshot sees a row in exactly one state.
 * The one way back, from `unknown` by a worker thought lost, is what `reopenIssues` looks for.
 */
export async function closeIssue(sql: Sql, issueId: number): Promise<boolean> {
  const rows = await sql`
    update issues i set state = 'sent', finished_at = now(), reason = null
    where id = ${issueId} and state = 'sending' and planned_at is not null and not ${hasOpenRows(sql)}
    returning id`;
  return rows.length > 0;
}
