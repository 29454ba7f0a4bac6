/** Turns an audience into ledger rows and batches, once per issue. */
import type { Db, Sql } from './client.ts';

export interface Plan {
  audience: number;
  excluded: number;
  batches: number;
}

/**
 * Writes the whole ledger of an issue in one statement, hence all of it or nothing: every active subscriber gets a row, suppressed ones as
 * `excluded`; the others are cut into batches of one lane each. Re-running changes nothing: one planner at a time, and the ledger's key
 * refuses a second row.
 * @param lanes mailbox domain → lane; all other domains go to `other`
 * @returns undefined when the issue is planned already or no longer being sent
 */
export async function planIssue(
  sql: Sql,
  issueId: number,
  lanes: Readonly<Record<string, string>>,
  batchSize: number,
): Promise<Plan | undefined> {
  const [plan] = await sql<(Plan & { planned: boolean })[]>`
    with issue as (
      select id, publication_id, kind, corrects, created_at from issues
      where id = ${issueId} and state = 'sending' and planned_at is null and kind <> 'test' and pg_try_advisory_xact_lock(7236403, id::int)
    ),
    lanes as (select key as domain, value as lane from jsonb_each_text(${sql.json(lanes)})),
    audience as (
      select s.id, coalesce(l.lane, d.lane, 'other') as lane,
        case when exists (select from suppressions x where x.address_hash = s.address_hash) then 'suppressed' end as exclusion
      from issue i
      join subscriptions n on n.publication_id = i.publication_id and n.state = 'active'
      join subscribers s on s.id = n.subscriber_id
      left join lanes l on l.domain = s.domain
      left join mailbox_domains d on d.domain = s.domain
      -- An erratum is for those who have, or may have, a revision older than the newest there was when it was written. Rows from before
      -- revisions were noted have the first.
      where i.kind <> 'erratum' or exists (
        select from recipients r
        where r.issue_id = i.corrects and r.subscriber_id = s.id and r.state in ('accepted', 'unknown') and coalesce(r.revision, 1) < (
          select max(v.number) from revisions v where v.issue_id = i.corrects and v.created_at <= i.created_at))
    ),
    numbered as (
      select id, lane, exclusion, (row_number() over (partition by lane, exclusion is null order by id) - 1) / ${batchSize}::int as ordinal
      from audience
    ),
    -- Ids are drawn here, one per (lane, ordinal), since a row that is inserted cannot be joined to in the same statement by anything else.
    cut as (
      select lane, ordinal, count(*)::int as size, nextval(pg_get_serial_sequence('batches', 'id')) as id
      from numbered where exclusion is null group by lane, ordinal
    ),
    batched as (
      insert into batches (id, issue_id, lane, size) overriding system value
      select id, ${issueId}, lane, size from cut returning id
    ),
    rows as (
      insert into recipients (issue_id, subscriber_id, batch_id, state, reason)
      select ${issueId}, n.id, c.id, case when n.exclusion is null then 'queued' else 'excluded' end, n.exclusion
      from numbered n left join cut c on n.exclusion is null and c.lane = n.lane and c.ordinal = n.ordinal
      returning state
    ),
    counted as (select count(*) as audience, count(*) filter (where state = 'excluded') as excluded from rows),
    -- Last, so that the issue's row stays free for a pause or cancel while a large ledger is written.
    done as (
      update issues set planned_at = now() from counted
      where issues.id = (select id from issue) and issues.planned_at is null returning 1
    )
    select exists (select from done) as planned, audience, excluded, (select count(*) from batched) as batches from counted`.catch(
    alreadyPlanned,
  );
  if (!plan?.planned) return undefined;
  const { planned: _planned, ...counts } = plan;
  return counts;
}

/** 23505: another planner's rows are there since this statement looked. */
function alreadyPlanned(error: unknown): never[] {
  if (error instanceof Error && 'code' in error && error.code === '23505') return [];
  throw error;
}

/** Gives an issue a ledger of just these subscribers (test mails): no audience, one batch in a lane of its own, so that it waits for no other. */
export async function planChosen(tx: Db, issueId: number, subscriberIds: readonly number[]): Promise<void> {
  const [batch] = await tx<{ id: number }[]>`
    insert into batches (issue_id, lane, size) values (${issueId}, 'test', ${subscriberIds.length}) returning id`;
  await tx`
    insert into recipients (issue_id, subscriber_id, batch_id, state)
    select ${issueId}, id, ${batch!.id}, 'queued' from unnest(${[...subscriberIds]}::bigint[]) as id on conflict do nothing`;
  await tx`update issues set planned_at = now(), state = 'sending', started_at = now() where id = ${issueId} and state = 'draft'`;
}

export interface OpenBatch {
  id: number;
  lane: string;
}

/**
 * Batches of issues being sent that have rows to claim, at most `perLane` of each lane, so that a slow one leaves room for the others.
 * Issues in turn, so that no long one starves others.
 */
export async function batchesWithWork(sql: Sql, perLane: number): Promise<OpenBatch[]> {
  return sql<OpenBatch[]>`
    with open as (
      select b.id, b.lane, row_number() over (partition by b.lane order by b.place, b.id) as turn
      from issues i
      cross join lateral (select distinct lane from batches where issue_id = i.id) l
      cross join lateral (
        select b.id, b.lane, row_number() over (order by b.id) as place from batches b
        where b.issue_id = i.id and b.lane = l.lane and exists (
          select from recipients r where r.issue_id = b.issue_id and r.batch_id = b.id and r.state = 'queued')
        order by b.id limit ${perLane}
      ) b
      where i.state = 'sending' and i.planned_at is not null
    )
    select id, lane from open where turn <= ${perLane} order by turn, id`;
}

export async function findBatch(
  sql: Sql,
  id: number,
): Promise<{ issueId: number; lane: string; size: number } | undefined> {
  const [row] = await sql<
    { issueId: number; lane: string; size: number }[]
  >`select issue_id, lane, size from batches where id = ${id}`;
  return row;
}
