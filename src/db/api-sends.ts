/** A draft on its way, and back while nobody was sent anything. One statement each. */
import type { Edition } from '../model/edition.ts';
import { type Issue, poolOf } from '../model/issue.ts';
import type { TrialWish } from '../model/trial.ts';
import type { Sql } from './client.ts';
import { poolId } from './codes.ts';
import { storedEdition } from './editions.ts';
import type { LocalTime } from './issues.ts';

/**
 * Sends or schedules a draft with the text that was checked. What goes out is that text and no other: a draft replaced meanwhile stays.
 * @param given.at when; null: now
 * @param given.audience rule of a segment, frozen here; null: all active subscribers
 * @param given.local at a time of each reader's own day; null: for all at once
 * @param given.trial its subjects are in the edition
 * @returns false when it is no draft any more, or has another revision by now
 */
export async function startDraft(
  sql: Sql,
  given: {
    id: number;
    publicationId: number;
    revisionId: number;
    issue: Issue;
    edition: Edition;
    at: Date | null;
    audience: unknown;
    local: LocalTime | null;
    trial: TrialWish | null;
  },
): Promise<boolean> {
  const { local, trial } = given;
  const tried = sql`,
    tried as (
      insert into trials (issue_id, subjects, share, measure, hours)
      select id, ${[...(trial?.subjects ?? [])]}::text[], ${trial?.share ?? 0}::int, ${trial?.measure ?? ''}::text, ${trial?.hours ?? 0}::int
      from started
    )`;
  const rows = await sql`
    with started as (
      update issues set
        state = ${given.at ? 'scheduled' : 'sending'}, scheduled_at = ${given.at}, title = ${given.issue.title},
        pool_id = ${poolId(sql, given.publicationId, poolOf(given.issue))},
        started_at = ${given.at ? null : sql`now()`},
        local_minutes = ${local?.minutes ?? null}, local_day = ${local?.day ?? null},
        audience = ${given.audience === null ? null : sql.json(given.audience as never)}
      where id = ${given.id} and state = 'draft' and kind = 'regular' and revision_id = ${given.revisionId}
      returning id, revision_id
    )${trial ? tried : sql``}
    -- The publication may have changed since the draft was stored. Nobody was sent this revision, so no copy of it is kept anywhere.
    update revisions v set issue = ${sql.json(given.issue as never)}, edition = ${storedEdition(sql, given.edition)}
    from started where v.id = started.revision_id returning 1`;
  return rows.length > 0;
}

/** Makes a scheduled issue a draft again. @returns false when it is not scheduled (any more) */
export async function unscheduleIssue(sql: Sql, id: number): Promise<boolean> {
  const [row] = await sql<{ n: number }[]>`
    with draft as (
      update issues set state = 'draft', scheduled_at = null, audience = null, local_minutes = null, local_day = null
      where id = ${id} and state = 'scheduled' and kind = 'regular' returning id
    ),
    untried as (delete from trials t using draft d where t.issue_id = d.id)
    select count(*) as n from draft`;
  return row!.n > 0;
}

/**
 * Gives a scheduled issue another time, with the text as it looks on that day. A trial stays. Nobody was sent this revision, so no copy of it is kept anywhere.
 * @param given.local at a time of each reader's own day; null: for all at once
 * @returns false when it is not scheduled any more, or has another revision by now
 */
export async function rescheduleIssue(
  sql: Sql,
  given: { id: number; revisionId: number; at: Date; local: LocalTime | null; edition: Edition | null },
): Promise<boolean> {
  const rows = await sql`
    with moved as (
      update issues set
        scheduled_at = ${given.at}, local_minutes = ${given.local?.minutes ?? null}, local_day = ${given.local?.day ?? null}
      where id = ${given.id} and state = 'scheduled' and kind = 'regular' and revision_id = ${given.revisionId}
      returning revision_id
    ),
    dated as (
      update revisions v set edition = ${given.edition ? storedEdition(sql, given.edition) : sql`v.edition`}
      from moved where v.id = moved.revision_id
    )
    select from moved`;
  return rows.length > 0;
}
