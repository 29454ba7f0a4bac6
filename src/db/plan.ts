/** Turns an audience into ledger rows and batches, once per issue. */
import type { Db, Sql } from './client.ts';
import type { Mornings } from './mornings.ts';
import { segmentCondition } from './segments.ts';
import { isUsedUp } from './warm-up.ts';

export interface Plan {
  audience: number;
  excluded: number;
  batches: number;
}

/**
 * In SQL, of issue `i` and subscription `n`: readers of the monthly digest are in the audience of the digest and of no other issue. An erratum
 * goes to whoever has what it corrects.
 */
const isAddressed = (sql: Sql) =>
  sql`(i.kind = 'erratum' or n.frequency = case i.kind when 'digest' then 'monthly' else 'every' end)`;

/** From how many readers on a domain has a lane of its own, named like it; and how many such lanes an issue has at most. */
export const ownLane = { readers: 1000, most: 20 };

/**
 * Writes the whole ledger of an issue in one statement, hence all of it or nothing: every active subscriber that the issue's segment holds (all,
 * when it has none) and who wants this kind of issue (`isAddressed`) gets a row, suppressed ones as `excluded`; the others are cut into batches
 * of one lane each. Re-running changes nothing: one planner at a time, and the ledger's key
 * refuses a second row.
 * Who is to wait, for their own morning or for a trial to choose, is `deferred` without having been tried, in batches of their own: those that
 * go on together are together.
 * @param lanes mailbox domain → lane; other domains go to the lane that DNS told, to one of their own when many readers have them, or to `other`
 * @param mornings of an issue that goes out at a time of each reader's own day
 * @returns undefined when the issue is planned already or no longer being sent
 */
export async function planIssue(
  sql: Sql,
  issueId: number,
  lanes: Readonly<Record<string, string>>,
  batchSize: number,
  mornings?: Mornings,
): Promise<Plan | undefined> {
  // Frozen when the send was stored, so it cannot change before the statement.
  const [found] = await sql<{ audience: unknown; share: number | null; variants: number | null }[]>`
    select i.audience, t.share, cardinality(t.subjects) as variants from issues i left join trials t on t.issue_id = i.id where i.id = ${issueId}`;
  const isHeld = segmentCondition(sql, found?.audience);
  const morning = morningIn(sql, mornings);
  const isTrial = found != null && found.share !== null;
  const drawn = isTrial
    ? drawnIn(sql, issueId, found.share!, found.variants!)
    : sql`select *, null::smallint as variant from audience`;
  const [plan] = await sql<(Plan & { planned: boolean })[]>`
    with issue as (
      select id, publication_id, kind, corrects, created_at, case when kind = 'regular' then pool_id end as pool_id from issues
      where id = ${issueId} and state = 'sending' and planned_at is null and kind <> 'test' and pg_try_advisory_xact_lock(7236403, id::int)
    ),
    lanes as (select key as domain, value as lane from jsonb_each_text(${sql.json(lanes)})),
    -- A domain with many readers is a provider of its own, whose wishes must not slow all the small ones.
    own as (
      select s.domain from issue i
      join subscriptions n on n.publication_id = i.publication_id and n.state = 'active' and ${isAddressed(sql)}
      join subscribers s on s.id = n.subscriber_id
      where not exists (select from lanes l where l.domain = s.domain)
        and not exists (select from mailbox_domains d where d.domain = s.domain and d.lane is not null)
        and ${isHeld}
      group by s.domain having count(*) >= ${ownLane.readers}::int order by count(*) desc limit ${ownLane.most}::int
    ),
    audience as (
      select s.id, coalesce(l.lane, d.lane, own.domain, 'other') as lane, n.advertising, ${morning.due} as due,
        case when exists (select from suppressions x where x.address_hash = s.address_hash) then 'suppressed' end as exclusion
      from issue i
      join subscriptions n on n.publication_id = i.publication_id and n.state = 'active' and ${isAddressed(sql)}
      join subscribers s on s.id = n.subscriber_id
      left join lanes l on l.domain = s.domain
      left join mailbox_domains d on d.domain = s.domain
      left join own on own.domain = s.domain
      ${morning.join}
      -- An erratum is for those who have, or may have, a revision older than the newest there was when it was written. Rows from before
      -- revisions were noted have the first.
      where ${isHeld} and (i.kind <> 'erratum' or exists (
        select from recipients r
        where r.issue_id = i.corrects and r.subscriber_id = s.id and r.state in ('accepted', 'unknown') and coalesce(r.revision, 1) < (
          select max(v.number) from revisions v where v.issue_id = i.corrects and v.created_at <= i.created_at)))
    ),
    drawn as (${drawn}),
    -- The rows of a batch are queued together: those of one morning, of a trial's part, of its rest.
    numbered as (
      select id, lane, exclusion, advertising, due, variant, coalesce(due, '-infinity') as wave, variant is null as rest,
        (row_number() over (partition by lane, exclusion is null, coalesce(due, '-infinity'), variant is null order by id) - 1)
          / ${batchSize}::int as ordinal
      from drawn
    ),
    -- Ids are drawn here, one per (lane, ordinal), since a row that is inserted cannot be joined to in the same statement by anything else.
    cut as (
      select lane, wave, rest, ordinal, count(*)::int as size, nextval(pg_get_serial_sequence('batches', 'id')) as id
      from numbered where exclusion is null group by lane, wave, rest, ordinal
    ),
    batched as (
      insert into batches (id, issue_id, lane, size) overriding system value
      select id, ${issueId}, lane, size from cut returning id
    ),
    rows as (
      insert into recipients (issue_id, subscriber_id, batch_id, state, reason, next_attempt_at, variant)
      select ${issueId}, n.id, c.id,
        case when n.exclusion is not null then 'excluded' when n.due is not null or (${isTrial} and n.rest) then 'deferred' else 'queued' end,
        coalesce(n.exclusion, case when n.due is not null then 'local-time' when ${isTrial} and n.rest then 'trial' end),
        case when n.exclusion is null then n.due end, n.variant
      from numbered n
      left join cut c on n.exclusion is null and c.lane = n.lane and c.wave = n.wave and c.rest = n.rest and c.ordinal = n.ordinal
      returning state
    ),
    -- A code for each reader who is sent the promo and has none of the pool: no code twice, no reader two.
    wanting as (
      select n.id, row_number() over (order by n.id) as place from issue i
      join publications p on p.id = i.publication_id
      join numbered n on n.exclusion is null and (n.advertising or not p.document->'law' ? 'kr')
      where i.pool_id is not null
        and not exists (select from discount_codes d where d.pool_id = i.pool_id and d.subscriber_id = n.id)
    ),
    given as (${giveCodes(sql, issueId)}),
    counted as (select count(*) as audience, count(*) filter (where state = 'excluded') as excluded from rows),
    -- Last, so that the issue's row stays free for a pause or cancel while a large ledger is written.
    done as (
      update issues set planned_at = now(),
        state = case when state = 'sending' and short.n > 0 then 'held' else state end,
        reason = case when state = 'sending' and short.n > 0 then ${codesShort} else reason end
      from counted, (select (select count(*) from wanting) - (select count(*) from given) as n) short
      where issues.id = (select id from issue) and issues.planned_at is null returning 1
    )
    select exists (select from done) as planned, audience, excluded, (select count(*) from batched) as batches from counted`.catch(
    alreadyPlanned,
  );
  if (!plan?.planned) return undefined;
  const { planned: _planned, ...counts } = plan;
  return counts;
}

/** In SQL, of subscriber `s`: when they are due, null when at once, and the join that tells. */
function morningIn(sql: Sql, mornings: Mornings | undefined) {
  if (!mornings) return { due: sql`null::timestamptz`, join: sql`` };
  const { zones, otherwise } = mornings;
  const at = sql`coalesce(m.at, ${otherwise}::timestamptz)`;
  return {
    due: sql`case when ${at} > now() then ${at} end`,
    join: sql`
      left join unnest(${zones.map(each => each.zone)}::text[], ${zones.map(each => each.at.toISOString())}::text[]::timestamptz[]) m (zone, at) on m.zone = s.time_zone`,
  };
}

/**
 * In SQL: the audience with the variant that each reader tries, null for the rest. Readers stand in the order of a hash of issue and reader,
 * which is another for each issue and the same whenever it is asked; so the share is met exactly, and no variant has two readers more than
 * another. The hash is the one that Postgres' own partitions rest on: it stays what it is.
 */
function drawnIn(sql: Sql, issueId: number, share: number, variants: number) {
  return sql`
    select id, lane, advertising, due, exclusion,
      case when exclusion is null and place <= greatest(${variants}::int, round(n * ${share}::int / 100.0))
        then ((place - 1) % ${variants}::int + 1)::smallint end as variant
    from (
      select *, row_number() over (partition by exclusion is null order by hashint8extended(id, ${issueId}::bigint), id) as place,
        count(*) over (partition by exclusion is null) as n
      from audience) placed`;
}

/** Why an issue is held whose pool ran out. */
const codesShort = 'CODES_SHORT: there are not enough discount codes for all its readers';

/** An update in SQL that gives each of the readers `wanting` (id, place) a code of the issue's pool, as far as there are. */
function giveCodes(sql: Sql, issueId: number) {
  return sql`
    update discount_codes d set subscriber_id = w.id, issue_id = ${issueId}, assigned_at = now()
    from (
      select f.id, row_number() over (order by f.id) as place from (
        select d.id from issues i
        join discount_codes d on d.pool_id = i.pool_id and d.subscriber_id is null and d.redeemed_at is null
        where i.id = ${issueId} order by d.id limit (select count(*) from wanting) for update of d skip locked
      ) f
    ) free
    join wanting w using (place)
    where d.id = free.id returning 1`;
}

/**
 * Gives codes to those readers of a planned issue who have not been sent it and lack one: after more were added to its pool.
 * @returns how many still have none
 */
export async function fillCodes(sql: Sql, issueId: number): Promise<number> {
  const [row] = await sql<{ short: number }[]>`
    with wanting as (
      select r.subscriber_id as id, row_number() over (order by r.subscriber_id) as place from issues i
      join publications p on p.id = i.publication_id
      join recipients r on r.issue_id = i.id and r.state in ('queued', 'deferred')
      join subscriptions n on n.publication_id = i.publication_id and n.subscriber_id = r.subscriber_id
      where i.id = ${issueId} and i.kind = 'regular' and i.pool_id is not null and (n.advertising or not p.document->'law' ? 'kr')
        and not exists (select from discount_codes d where d.pool_id = i.pool_id and d.subscriber_id = r.subscriber_id)
    ),
    given as (${giveCodes(sql, issueId)})
    select (select count(*) from wanting) - (select count(*) from given) as short`;
  return row!.short;
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
  issueId: number;
  lane: string;
}

/** The first batch of an issue's lane that was open when somebody last looked. */
export type Floors = readonly Pick<OpenBatch, 'id' | 'issueId' | 'lane'>[];

/**
 * Batches of issues being sent that have rows to claim, unless their domain's warm-up has no more for today; at most `perLane` of each lane, so that a slow one leaves room for the others.
 * Issues in turn, so that no long one starves others. Each batch costs a look into the index of queued rows, whatever the ledger's size.
 * @param floors batches before these are taken for done: a whole look without them finds what was deferred or put back since
 */
export async function batchesWithWork(sql: Sql, perLane: number, floors: Floors = []): Promise<OpenBatch[]> {
  return sql<OpenBatch[]>`
    with recursive lanes (issue_id, lane) as (
      select i.id, (select min(lane) from batches b where b.issue_id = i.id) from issues i
      where i.state = 'sending' and i.planned_at is not null and not ${isUsedUp(sql)}
      union all
      select l.issue_id, (select min(lane) from batches b where b.issue_id = l.issue_id and b.lane > l.lane) from lanes l
      where l.lane is not null
    ),
    floors as (
      select * from unnest(${floors.map(f => f.issueId)}::bigint[], ${floors.map(f => f.lane)}::text[], ${floors.map(f => f.id)}::bigint[])
        as f (issue_id, lane, id)
    ),
    open as (
      select b.*, row_number() over (partition by b.lane order by b.place, b.id) as turn
      from lanes l
      left join floors f on f.issue_id = l.issue_id and f.lane = l.lane
      cross join lateral (
        select b.id, b.issue_id, b.lane, row_number() over (order by b.id) as place
        from batches b
        -- The limit keeps this a look at one row: as a join it would read all that is queued.
        cross join lateral (
          select from recipients r where r.issue_id = b.issue_id and r.batch_id = b.id and r.state = 'queued' limit 1) queued
        where b.issue_id = l.issue_id and b.lane = l.lane and b.id >= coalesce(f.id, 0)
        order by b.id limit ${perLane}
      ) b
    )
    select id, issue_id, lane from open where turn <= ${perLane} order by turn, id`;
}

/** `relay`: URL of a rehearsal's sink, null of what goes to readers. */
export async function findBatch(
  sql: Sql,
  id: number,
): Promise<{ issueId: number; lane: string; size: number; relay: string | null } | undefined> {
  const [row] = await sql<
    { issueId: number; lane: string; size: number; relay: string | null }[]
  >`select b.issue_id, b.lane, b.size, i.relay from batches b join issues i on i.id = b.issue_id where b.id = ${id}`;
  return row;
}
