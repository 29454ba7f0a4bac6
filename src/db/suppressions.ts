/** Addresses never mailed again, known by keyed hash only (rule 3.6). */
import type { Db } from './client.ts';

/**
 * Suppresses an address. Guarantees: the first reason stays.
 * @param reason a short code, as `hard-bounce`, `complaint`, `manual`
 * @returns whether it is new
 */
export async function suppress(sql: Db, addressHash: Buffer, reason: string): Promise<boolean> {
  const rows = await sql`
    insert into suppressions (address_hash, reason) values (${addressHash}, ${reason}) on conflict do nothing`;
  return rows.count > 0;
}

export async function isSuppressed(sql: Db, addressHash: Buffer): Promise<boolean> {
  const rows = await sql`select from suppressions where address_hash = ${addressHash}`;
  return rows.count > 0;
}

/** Soft bounces in a row after which an address is cleaned (rule 3.5). */
export const softBouncesInARow = 7;

/**
 * Suppresses a reader's address, as `soft-bounces`, when their last seven regular issues all came back soft or ran out of retries. One
 * statement; again it changes nothing. Issues of all publications count, by the time they were started, since the mailbox is one. An accepted
 * one that did not bounce ends the row. An issue that never left (excluded, rejected, unknown) says nothing of the mailbox either way, nor
 * does one that expired without a word of the reader's server.
 * @returns whether the address became suppressed just now
 */
export async function suppressSoft(sql: Db, subscriberId: number): Promise<boolean> {
  const rows = await sql`
    with last as (
      select r.issue_id, exists (
          select from events e
          where e.issue_id = r.issue_id and e.subscriber_id = r.subscriber_id and e.kind = 'bounce-soft'
        ) or (r.state = 'expired' and r.reply is not null) as is_soft
      from recipients r join issues i on i.id = r.issue_id join subscribers s on s.id = r.subscriber_id
      where r.updated_at >= coalesce(s.address_since, '-infinity') and r.subscriber_id = ${subscriberId} and i.kind = 'regular'
        and (r.state = 'accepted' or (r.state = 'expired' and r.reply is not null))
      order by i.started_at desc, i.id desc limit ${softBouncesInARow}
    )
    insert into suppressions (address_hash, reason)
    select s.address_hash, 'soft-bounces' from subscribers s
    where s.id = ${subscriberId} and (select count(*) filter (where is_soft) from last) = ${softBouncesInARow}::int
    on conflict do nothing`;
  return rows.count > 0;
}

export interface SuppressionLine {
  addressHash: Buffer;
  reason: string;
  createdAt: Date;
  /** Null: no row is left of the person, or there never was one. */
  subscriberId: number | null;
  email: string | null;
  name: string | null;
  /** Where the next page begins. */
  cursor: string;
}

const suppressionColumns = (sql: Db) => sql`
  x.address_hash, x.reason, x.created_at, s.id as subscriber_id, s.email, s.name,
  (extract(epoch from x.created_at) * 1000000)::bigint || '-' || encode(x.address_hash, 'hex') as cursor`;

/** Newest first. @param after the cursor of the last row of the page before */
export async function listSuppressions(sql: Db, limit: number, after?: string): Promise<SuppressionLine[]> {
  const [micros, hash] = after?.split('-') ?? [];
  const past =
    micros && hash
      ? sql`(created_at, address_hash) < (timestamptz 'epoch' + ${micros}::text::bigint * interval '1 microsecond', decode(${hash}, 'hex'))`
      : sql`true`;
  return sql<SuppressionLine[]>`
    select ${suppressionColumns(sql)}
    from (select * from suppressions where ${past} order by created_at desc, address_hash desc limit ${limit}) x
    left join subscribers s on s.address_hash = x.address_hash
    order by x.created_at desc, x.address_hash desc limit ${limit}`;
}

/** One suppression, by the hash or by a person who is there. */
export async function findSuppression(
  sql: Db,
  by: { addressHash: Buffer } | { subscriberId: number },
): Promise<SuppressionLine | undefined> {
  const [row] = await sql<SuppressionLine[]>`
    select ${suppressionColumns(sql)} from suppressions x left join subscribers s on s.address_hash = x.address_hash
    where ${'addressHash' in by ? sql`x.address_hash = ${by.addressHash}` : sql`s.id = ${by.subscriberId}`} limit 1`;
  return row;
}
