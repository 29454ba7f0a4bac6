/** Pools of discount codes: filled from files, given out one per reader, marked when the shop says they were used. */
import type { Db, Sql } from './client.ts';

export interface CodePool {
  id: number;
  name: string;
  /** `YYYY-MM-DD`, the last day; null: none is known. */
  expires: string | null;
  total: number;
  /** Readers' own. */
  assigned: number;
  redeemed: number;
  /** Neither. */
  free: number;
}

/** In SQL: the id of a publication's pool of this name; null without a name. */
export function poolId(sql: Db, publicationId: number, name: string | undefined) {
  return sql`(select id from code_pools where publication_id = ${publicationId} and name = ${name ?? null}::text)`;
}

/** Makes the pool, or sets its last day when one is given. @returns its id */
export async function putPool(sql: Db, publicationId: number, name: string, expires: string | null): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into code_pools (publication_id, name, expires) values (${publicationId}, ${name}, ${expires}::date)
    on conflict (publication_id, name) do update set expires = coalesce(excluded.expires, code_pools.expires)
    returning id`;
  return row!.id;
}

/** Adds codes; those that the pool has already stay as they are. @returns how many are new */
export async function addCodes(sql: Db, poolId: number, codes: readonly string[]): Promise<number> {
  const rows = await sql`
    insert into discount_codes (pool_id, code) select ${poolId}, code from unnest(${[...codes]}::text[]) with ordinality as c (code, place)
    order by place on conflict do nothing`;
  return rows.count;
}

/** Marks codes as used. @returns how many of them the pool has, and how many were not marked before */
export async function redeemCodes(
  sql: Db,
  poolId: number,
  codes: readonly string[],
): Promise<{ known: number; marked: number }> {
  const [row] = await sql<{ known: number; marked: number }[]>`
    with given as (select distinct code from unnest(${[...codes]}::text[]) as c (code)),
    marked as (
      update discount_codes d set redeemed_at = now() from given g
      where d.pool_id = ${poolId} and d.code = g.code and d.redeemed_at is null returning 1
    )
    select (select count(*) from discount_codes d join given g using (code) where d.pool_id = ${poolId}) as known,
      (select count(*) from marked) as marked`;
  return row!;
}

const poolColumns = (sql: Sql) => sql`
  p.id, p.name, p.expires::text as expires, count(d.id) as total,
  count(d.id) filter (where d.subscriber_id is not null) as assigned,
  count(d.id) filter (where d.redeemed_at is not null) as redeemed,
  count(d.id) filter (where d.subscriber_id is null and d.redeemed_at is null) as free`;

export async function listPools(sql: Sql, publicationId: number): Promise<CodePool[]> {
  return sql<CodePool[]>`
    select ${poolColumns(sql)} from code_pools p left join discount_codes d on d.pool_id = p.id
    where p.publication_id = ${publicationId} group by p.id order by p.name`;
}

export async function findPool(sql: Sql, publicationId: number, name: string): Promise<CodePool | undefined> {
  const [row] = await sql<CodePool[]>`
    select ${poolColumns(sql)} from code_pools p left join discount_codes d on d.pool_id = p.id
    where p.publication_id = ${publicationId} and p.name = ${name} group by p.id`;
  return row;
}

/** Readers who would be sent the promo now and have no code of the pool yet. @param consented only those who agreed to advertising */
export async function countWithoutCode(
  sql: Sql,
  publicationId: number,
  poolId: number,
  consented: boolean,
): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from subscriptions n
    where n.publication_id = ${publicationId} and n.state = 'active' and n.frequency = 'every' and (n.advertising or not ${consented})
      and not exists (select from discount_codes d where d.pool_id = ${poolId} and d.subscriber_id = n.subscriber_id)`;
  return row!.n;
}

/** What a reader's own code is, until when, and where it can be used. */
export interface Offer {
  code: string;
  /** `YYYY-MM-DD`: the issue's own day, else the pool's. */
  expires: string | null;
  url: string | null;
}

/** A reader's own code of the pool that an issue names; nothing is given out. */
export async function offerOf(sql: Sql, issueId: number, subscriberId: number): Promise<Offer | undefined> {
  const [row] = await sql<Offer[]>`
    select d.code, coalesce(s.promo->>'expires', p.expires::text) as expires, s.promo->>'url' as url
    from issues i
    join code_pools p on p.id = i.pool_id
    join discount_codes d on d.pool_id = p.id and d.subscriber_id = ${subscriberId}
    join revisions r on r.id = i.revision_id
    left join lateral (
      select promo from jsonb_array_elements(r.issue->'sections') promo where promo->>'type' = 'promo' limit 1) s on true
    where i.id = ${issueId}`;
  return row;
}
