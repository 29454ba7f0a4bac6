/**
 * Warm-up: what a sending domain may send on a day (UTC) and what it sent.
 *
 * The count stands in Postgres and grows in the statement that claims rows (`recipients.exchange`): what left is counted once, whatever is
 * killed, and losing Redis loses nothing of it. A Redis bucket was rejected: permits that nobody used would be lost, and after a loss the
 * day's mail would have to be counted in ledgers of millions of rows. The price, one row that claims of all processes take in turn, is paid
 * only while a domain warms up.
 */
import type { WarmUp } from '../model/warm-up.ts';
import type { Db, Sql } from './client.ts';

/** The day now. */
export const today = (sql: Db) => sql`(now() at time zone 'utc')::date`;

/** Messages that publication `p` may send today at all; null: no limit. As `allowanceAfter` in model/warm-up. */
export const allowanceOf = (sql: Db) => sql`(
  case when p.warm_start is not null then (
    select case when before.most * p.warm_factor < p.warm_until
      then greatest(p.warm_start, floor(before.most * p.warm_factor))::int end
    from (
      select coalesce(max(d.sent), 0) as most from sending_days d
      where d.domain = p.from_domain and d.day < ${today(sql)} and d.day >= coalesce(p.warm_from::date, '-infinity')
    ) before) end)`;

/** Whether issue `i` counts: tests go to a few of us, rehearsals to nobody. */
export const counts = (sql: Db) => sql`i.kind in ('regular', 'erratum')`;

/** Whether nothing more of issue `i` may go out today. */
export const isUsedUp = (sql: Db) => sql`(${counts(sql)} and exists (
  select from publications p where p.id = i.publication_id and p.warm_start is not null and coalesce(
    (select t.sent from sending_days t where t.domain = p.from_domain and t.day = ${today(sql)}), 0) >= ${allowanceOf(sql)}))`;

/**
 * From when on the retry time of issue `i` runs: since it started, was taken up again, or while its domain warms up since the day began, for
 * what stood still over night must not count against readers.
 */
export const runningSince = (sql: Db) => sql`greatest(i.started_at, i.reopened_at, (
  select ${today(sql)}::timestamp at time zone 'utc' from publications p
  where p.id = i.publication_id and ${counts(sql)} and ${allowanceOf(sql)} is not null))`;

/** Opens today's count of the publication's domain, if it warms up: without one nothing is claimed. Again changes nothing. */
export async function openDay(sql: Sql, publicationId: number): Promise<void> {
  await sql`
    insert into sending_days (domain, day)
    select p.from_domain, ${today(sql)} from publications p where p.id = ${publicationId} and ${allowanceOf(sql)} is not null
    on conflict do nothing`;
}

/** Where a publication's domain stands; undefined when nothing limits it. */
export async function warmUpOf(sql: Sql, publicationId: number): Promise<WarmUp | undefined> {
  const [row] = await sql<(Omit<WarmUp, 'allowance'> & { allowance: number | null })[]>`
    select p.from_domain as domain, p.warm_start as start, p.warm_factor::float8 as factor, p.warm_until as until,
      coalesce((select t.sent from sending_days t where t.domain = p.from_domain and t.day = ${today(sql)}), 0) as sent,
      ${allowanceOf(sql)} as allowance, (${today(sql)} + 1)::timestamp at time zone 'utc' as goes_on_at
    from publications p where p.id = ${publicationId} and p.warm_start is not null`;
  return row && row.allowance !== null ? { ...row, allowance: row.allowance } : undefined;
}
