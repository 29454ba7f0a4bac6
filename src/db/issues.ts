/** Issues and revisions. Every state change names the states it may leave, so a late or repeated one does nothing. */
import type { Edition } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import { samplePublication } from '../model/publication.ts';
import type { IssueState } from '../model/states.ts';
import type { Db, Sql } from './client.ts';
import { poolId } from './codes.ts';
import { storedEdition } from './editions.ts';
import { isUsedUp, runningSince } from './warm-up.ts';

export interface IssueRow {
  id: number;
  publicationId: number;
  slug: string;
  kind: 'regular' | 'test' | 'rehearsal' | 'erratum' | 'digest';
  state: IssueState;
  title: string;
  revisionId: number;
  /** Of an erratum: the issue it corrects. */
  corrects: number | null;
  createdAt: Date;
  scheduledAt: Date | null;
  plannedAt: Date | null;
  startedAt: Date | null;
  /** When it last went on after it had stopped. */
  reopenedAt: Date | null;
  finishedAt: Date | null;
  reason: string | null;
  relay: string | null;
  /** With `localDay`: sent at this minute of that day (`YYYY-MM-DD`) by each reader's own clock; null: at once. */
  localMinutes: number | null;
  localDay: string | null;
}

/** A time of day, in minutes, of a day (`YYYY-MM-DD`), wherever a reader is. */
export interface LocalTime {
  minutes: number;
  day: string;
}

const columns = (sql: Db) =>
  sql`id, publication_id, slug, kind, state, title, revision_id, corrects, created_at, scheduled_at, planned_at, started_at, reopened_at, finished_at, reason, relay,
    local_minutes, local_day::text`;

export interface NewIssue {
  publicationId: number;
  slug: string;
  kind: IssueRow['kind'];
  source: string;
  sourceHash: Buffer;
  issue: Issue;
  edition: Edition;
  relay?: string;
  /** Of an erratum. */
  corrects?: number;
  /** Pool of discount codes that the promo names. */
  pool?: string | undefined;
}

/** Addresses of the archive's own pages beside its issues. */
const reservedSlugs = ['search', 'glossary', 'feed.xml', 'feed.json', 'card.png'];

/** Stores an issue as a draft with its first revision. The slug gets a number when it is taken. */
export async function insertIssue(tx: Db, issue: NewIssue): Promise<IssueRow> {
  // One writer per publication at a time, so that two sends cannot pick the same slug or miss each other's text.
  await tx`select id from publications where id = ${issue.publicationId} for update`;
  const taken = await tx<{ slug: string }[]>`
    select slug from issues where publication_id = ${issue.publicationId} and (slug = ${issue.slug} or slug like ${`${issue.slug}-%`})`;
  const slugs = new Set([...reservedSlugs, ...taken.map(row => row.slug)]);
  let slug = issue.slug;
  for (let n = 2; slugs.has(slug); n++) slug = `${issue.slug}-${n}`;
  const [row] = await tx<{ id: number }[]>`
    insert into issues (publication_id, slug, kind, state, title, source_hash, relay, corrects, pool_id)
    values (${issue.publicationId}, ${slug}, ${issue.kind}, 'draft', ${issue.issue.title}, ${issue.sourceHash}, ${issue.relay ?? null},
      ${issue.corrects ?? null}, ${poolId(tx, issue.publicationId, issue.pool)})
    returning id`;
  const [revision] = await tx<{ id: number }[]>`
    insert into revisions (issue_id, number, source, issue, edition)
    values (${row!.id}, 1, ${issue.source}, ${tx.json(issue.issue as never)}, ${storedEdition(tx, issue.edition)})
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

/** The regular issue that bears this slug and has been, is being or will be sent, if any. @param but an issue that does not count */
export async function findSentSlug(
  sql: Db,
  publicationId: number,
  slug: string,
  but: number,
): Promise<IssueRow | undefined> {
  const [row] = await sql<IssueRow[]>`
    select ${columns(sql)} from issues
    where publication_id = ${publicationId} and slug = ${slug} and id <> ${but} and kind = 'regular'
      and state in ('scheduled', 'sending', 'paused', 'held', 'sent')`;
  return row;
}

/** An erratum of an issue with this text that was or will be sent, if any. @param but an issue that does not count */
export async function findErratum(
  sql: Db,
  corrects: number,
  sourceHash: Buffer,
  but: number,
): Promise<IssueRow | undefined> {
  const [row] = await sql<IssueRow[]>`
    select ${columns(sql)} from issues
    where corrects = ${corrects} and source_hash = ${sourceHash} and id <> ${but}
      and (state <> 'cancelled' or exists (select from recipients r where r.issue_id = issues.id and r.state in ('accepted', 'unknown')))
    limit 1`;
  return row;
}

/** By id or by slug; of several publications' issues with one slug, the newest. */
export async function findIssue(sql: Db, idOrSlug: string): Promise<IssueRow | undefined> {
  const id = /^\d{1,15}$/.test(idOrSlug) ? Number(idOrSlug) : 0;
  const [row] = await sql<IssueRow[]>`
    select ${columns(sql)} from issues where id = ${id} or slug = ${idOrSlug} order by (id = ${id}) desc, id desc limit 1`;
  return row;
}

/**
 * Moves an issue from one of `from` to `to`. One that had started and goes on gives its deferred readers the whole retry time again: what
 * stood still must not count against them.
 * @returns the issue, or undefined when it was in another state
 */
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
      reopened_at = case when ${to} = 'sending' and started_at is not null then now() else reopened_at end,
      started_at = case when ${to} = 'sending' then coalesce(started_at, now()) else started_at end,
      finished_at = case when ${to} in ('sent', 'cancelled') then now() end
    where id = ${issueId} and state in ${sql([...from])}
    returning ${columns(sql)}`;
  return row;
}

/** Has a draft go out at each reader's own time of day; said before it is scheduled or sent. */
export async function setLocalTime(tx: Db, issueId: number, { minutes, day }: LocalTime): Promise<void> {
  await tx`update issues set local_minutes = ${minutes}, local_day = ${day} where id = ${issueId} and state = 'draft' and kind = 'regular'`;
}

/** Schedules a draft. */
export async function scheduleIssue(sql: Db, issueId: number, at: Date): Promise<IssueRow | undefined> {
  const [row] = await sql<IssueRow[]>`
    update issues set state = 'scheduled', scheduled_at = ${at} where id = ${issueId} and state = 'draft' returning ${columns(sql)}`;
  return row;
}

/** Of publications stored before the limit was there. */
const usualLatestMinutes = samplePublication('en').delivery.latestMinutes;

/**
 * Starts every scheduled issue whose time has come. One that could not start in time, since nothing ran or a backup was restored, is held
 * instead: a person decides whether readers still want it. The reason says its time in UTC, since a zone that Postgres does not know must not
 * stop all starts.
 * @returns the issues that started, and those that are held
 */
export async function startDueIssues(sql: Sql): Promise<{ started: number[]; held: number[] }> {
  const late = sql`floor(extract(epoch from now() - i.scheduled_at) / 60)::int`;
  const latest = sql`coalesce((p.document->'delivery'->>'latestMinutes')::int, ${usualLatestMinutes}::int)`;
  const isLate = sql`${late} >= ${latest}`;
  const rows = await sql<{ id: number; state: IssueState }[]>`
    update issues i set
      state = case when ${isLate} then 'held' else 'sending' end,
      started_at = case when ${isLate} then null else now() end,
      reason = case when ${isLate} then format(
        'due %s UTC, %s h %s min ago; at most %s min late is allowed (delivery.latestMinutes): resume it to send it now, or cancel it',
        to_char(i.scheduled_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'), ${late} / 60, ${late} % 60, ${latest}) end
    from publications p
    where p.id = i.publication_id and i.state = 'scheduled' and i.scheduled_at <= now()
    returning i.id, i.state`;
  const of = (state: IssueState) => rows.filter(row => row.state === state).map(row => row.id);
  return { started: of('sending'), held: of('held') };
}

/**
 * Holds an issue that has been going out for `afterMs`, has readers it never tried, and came to nobody in the last hour: relay or workers were
 * away for so long that a person should decide whether it is still wanted. The time that readers had to wait for their morning or a trial is
 * no standstill.
 * @returns why; undefined when it goes on
 */
export async function holdIfOutdated(sql: Sql, issueId: number, afterMs: number): Promise<string | undefined> {
  const [row] = await sql<{ reason: string }[]>`
    update issues i set state = 'held', reason = format(
      'nothing has gone out for an hour, %s h after it began, and readers are still waiting: resume it to send it now, or cancel it',
      floor(extract(epoch from now() - greatest(i.started_at, i.reopened_at, i.waited_until)) / 3600))
    where i.id = ${issueId} and i.state = 'sending' and i.planned_at is not null
      and greatest(${runningSince(sql)}, i.waited_until) < now() - ${afterMs}::bigint * interval '1 millisecond' and not ${isUsedUp(sql)}
      and exists (select from recipients r where r.issue_id = i.id and r.state = 'queued' and r.attempts = 0)
      and not exists (
        select from recipients r where r.issue_id = i.id and r.state in ('accepted', 'rejected', 'unknown', 'sending')
          and r.updated_at > now() - interval '1 hour')
    returning i.reason`;
  return row?.reason;
}

/**
 * Holds an issue whose relay refuses this process' sessions, unless messages went out lately: then another process, or another lane, has all
 * the sessions that the relay gives.
 */
export async function holdIfSilent(sql: Sql, issueId: number, reason: string): Promise<boolean> {
  const rows = await sql`
    update issues i set state = 'held', reason = ${reason}
    where i.id = ${issueId} and i.state = 'sending' and not exists (
      select from recipients r where r.issue_id = i.id and r.state = 'accepted' and r.updated_at > now() - interval '30 seconds')
    returning 1`;
  return rows.length > 0;
}

/** A worker acts on no claim older than this, so none that took an older revision comes to light later (deliver/batch). */
const claimSeconds = 10;

/**
 * Issues being sent whose ledger can be written now. An erratum waits while copies of what it corrects are in somebody's hands: only then it
 * is known who has them.
 */
export async function unplannedIssues(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from issues i
    where state = 'sending' and planned_at is null and kind <> 'test' and not exists (
      select from issues o where o.id = i.corrects and o.state <> 'sent' and (
        i.created_at > now() - ${claimSeconds}::int * interval '1 second'
        or exists (
          select from recipients r join revisions v on v.id = o.revision_id
          where r.issue_id = o.id and r.state = 'sending' and r.revision < v.number)))
    order by id`;
  return rows.map(row => row.id);
}

export interface OpenIssue extends Pick<IssueRow, 'id' | 'publicationId' | 'state'> {
  /** Its trial has not chosen yet. */
  isOnTrial: boolean;
}

/** Planned issues whose rows may still move: not closed, or cancelled while rows were in flight or waiting. */
export async function openIssues(sql: Db): Promise<OpenIssue[]> {
  return sql<OpenIssue[]>`
    select id, publication_id, state, exists (select from trials t where t.issue_id = i.id and t.chosen is null) as is_on_trial
    from issues i where planned_at is not null and (
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

/** True in SQL while a row of issue `i` may still move. */
export const hasOpenRows = (sql: Db) => sql`(
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

/** Regular issues that have begun, newest first. */
export async function latestBegun(sql: Sql, limit: number): Promise<{ id: number; title: string; startedAt: Date }[]> {
  return sql<{ id: number; title: string; startedAt: Date }[]>`
    select id, title, started_at from issues
    where kind = 'regular' and started_at is not null and state in ('sending', 'paused', 'held', 'sent')
    order by started_at desc limit ${limit}`;
}

/** Issues of all publications, the newest first, without tests, rehearsals and digests. */
export async function latestIssues(sql: Sql, limit: number): Promise<{ id: number; title: string }[]> {
  return sql<{ id: number; title: string }[]>`
    select id, title from issues where kind in ('regular', 'erratum') order by id desc limit ${limit}`;
}
