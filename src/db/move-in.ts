/** Bringing in who read a newsletter elsewhere. What would happen and what happens are counted by one and the same statement. */
import type { Db, Sql } from './client.ts';
import { columnsOf, type ImportRow, inBatch, inKeyOrder, insertPeople } from './subscribers.ts';

export interface MovedRow extends ImportRow {
  /** When they came or left there; null: now. */
  since: Date | null;
  /** For `subscriptions.evidence`. */
  evidence: object;
}

/**
 * What becomes of a row. `added`: a subscription is made; `ended`: one that an import or an earlier move made ends; `completed`: one that an
 * import made gets its evidence. The others change nothing: `known`: it stands so already; `unsubscribed`, `suppressed`: they left here or
 * must not be mailed; `active`: they left there, but came here by themselves.
 */
type MovedOutcome = 'added' | 'ended' | 'completed' | 'known' | 'unsubscribed' | 'suppressed' | 'active';

export type MovedCounts = Partial<Record<MovedOutcome, number>>;

type Standing = 'active' | 'pending' | 'unsubscribed';

/** Counts what `moveBatch` would do. Writes nothing. */
export function countBatch(
  sql: Sql,
  publicationId: number,
  standing: Standing,
  rows: readonly MovedRow[],
): Promise<MovedCounts> {
  return asCounts(sql`
    with ${judged(sql, publicationId, standing, inKeyOrder(rows))}
    select outcome, count(*)::int as rows from judged group by outcome`);
}

/**
 * Brings rows in, all or none of them. Guarantees: nobody who is unsubscribed or suppressed here gets mail by it; who is suppressed gets no
 * row; a subscription that a person began, or took up again after an earlier move, is not ended unless they left there after that; running
 * it again changes nothing.
 * @param rows no address twice
 */
export function moveBatch(
  sql: Sql,
  publicationId: number,
  standing: Standing,
  rows: readonly MovedRow[],
): Promise<MovedCounts> {
  const sorted = inKeyOrder(rows);
  return inBatch(sql, async tx => {
    await insertPeople(tx, columnsOf(sorted));
    return asCounts(tx`
      with ${judged(tx, publicationId, standing, sorted)}, added as (
        insert into subscriptions (publication_id, subscriber_id, state, since, source, evidence)
        select ${publicationId}, id, ${standing}, coalesce(since, now()), 'move-in', proof from judged where outcome = 'added' and id is not null
        on conflict do nothing
      ), filled as (
        update subscribers s
        set name = case when s.name = '' then j.name else s.name end, attributes = j.attributes || s.attributes, updated_at = now()
        from judged j
        where s.id = j.id and j.outcome = 'added' and ((s.name = '' and j.name <> '') or not s.attributes @> (j.attributes || s.attributes))
      ), changed as (
        update subscriptions sub set
          state = case when j.outcome = 'ended' then 'unsubscribed' else sub.state end,
          left_state = case when j.outcome = 'ended' then sub.state else sub.left_state end,
          since = case when j.outcome = 'ended' then coalesce(j.since, now()) else sub.since end,
          evidence = coalesce(sub.evidence, '{}') || j.proof
        from judged j
        where sub.publication_id = ${publicationId} and sub.subscriber_id = j.id and j.outcome in ('ended', 'completed')
          and sub.state <> 'unsubscribed'
      )
      select outcome, count(*)::int as rows from judged group by outcome`);
  });
}

/** `judged`: each row with the person here, if any, and what becomes of it. */
function judged(sql: Db, publicationId: number, standing: Standing, sorted: readonly MovedRow[]) {
  const { emailKeys, names, attributes, hashes } = columnsOf(sorted);
  const since = sorted.map(row => row.since?.toISOString() ?? null);
  const evidence = sorted.map(row => JSON.stringify(row.evidence));
  return sql`incoming as (
    select r.email_key, r.name, r.attributes, decode(r.hash, 'hex') as address_hash, r.since,
      r.evidence || jsonb_build_object('movedAt', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as proof
    from unnest(
      ${emailKeys}::text[], ${names}::text[], ${attributes}::text[]::jsonb[], ${hashes}::text[],
      ${since}::text[]::timestamptz[], ${evidence}::text[]::jsonb[]
    ) as r (email_key, name, attributes, hash, since, evidence)
  ), judged as materialized (
    select s.id, i.name, i.attributes, i.since, i.proof,
      case
        when exists (select from suppressions x where x.address_hash = i.address_hash) then 'suppressed'
        when sub.state is null then 'added'
        when sub.state = 'unsubscribed' then case when ${standing} = 'unsubscribed' then 'known' else 'unsubscribed' end
        when ${standing} = 'unsubscribed' then case
          when coalesce(sub.evidence, '{}') ? 'left' then 'active'
          when sub.source in ('import', 'move-in') or i.since > sub.since then 'ended'
          else 'active' end
        when sub.source = 'import' and sub.evidence is null then 'completed'
        else 'known'
      end as outcome
    from incoming i
    left join subscribers s on s.email_key = i.email_key
    left join subscriptions sub on sub.subscriber_id = s.id and sub.publication_id = ${publicationId}
  )`;
}

async function asCounts(query: PromiseLike<readonly unknown[]>): Promise<MovedCounts> {
  const rows = (await query) as { outcome: MovedOutcome; rows: number }[];
  return Object.fromEntries(rows.map(({ outcome, rows }) => [outcome, rows]));
}

/**
 * Suppresses addresses, or only counts them. Guarantees: the first reason of an address stays; no address is kept.
 * @param rows no hash twice
 * @returns how many are new, by reason
 */
export async function suppressBatch(
  sql: Sql,
  rows: readonly { addressHash: Buffer; reason: string }[],
  apply: boolean,
): Promise<Record<string, number>> {
  const hashes = rows.map(row => row.addressHash.toString('hex'));
  const reasons = rows.map(row => row.reason);
  const fresh = sql`
    select decode(r.hash, 'hex') as address_hash, r.reason
    from unnest(${hashes}::text[], ${reasons}::text[]) as r (hash, reason)
    where not exists (select from suppressions x where x.address_hash = decode(r.hash, 'hex'))`;
  const counted = apply
    ? await sql<{ reason: string; rows: number }[]>`
        with added as (
          insert into suppressions (address_hash, reason) select * from (${fresh}) f order by address_hash on conflict do nothing returning reason)
        select reason, count(*)::int as rows from added group by reason`
    : await sql<
        { reason: string; rows: number }[]
      >`select reason, count(*)::int as rows from (${fresh}) f group by reason`;
  return Object.fromEntries(counted.map(({ reason, rows }) => [reason, rows]));
}
