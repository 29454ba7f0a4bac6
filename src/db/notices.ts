/**
 * Letters that Korea's Network Act asks for, found by index and written in batches: the result of what was said about advertising (rule 5.5)
 * and the two-yearly confirmation (rule 5.6), for publications with law `kr`. Each statement marks what it writes a letter for and may run
 * at any moment, again and beside itself: a letter's key names the fact, so a fact has one letter.
 */
import type { Sql } from './client.ts';

export interface Batch {
  /** Letters, or subscriptions looked at, at most. */
  limit: number;
  /** For tests. */
  now?: Date | undefined;
}

/** Said and taken back within the hour, as by an undo, is not told. */
const graceHours = 1;
/** The law gives 14 days; what is older when the law is switched on, or after a long outage, is told no more. */
const staleDays = 21;
/** Before the anniversary. */
const leadDays = 30;

const momentOf = (sql: Sql, now: Date | undefined) => sql`coalesce(${now?.toISOString() ?? null}::timestamptz, now())`;

const isTold = (sql: Sql, column: 'at' | 'since', now: Date | undefined) => sql`
  ${sql(column)} <= ${momentOf(sql, now)} - ${graceHours}::int * interval '1 hour'
  and ${sql(column)} > ${momentOf(sql, now)} - ${staleDays}::int * interval '1 day'`;

/** Publications under the law, with what their letters need. */
const publications = (sql: Sql) => sql`(
  select id, document->>'language' as language, coalesce(document->>'timeZone', 'UTC') as zone
  from publications where document->'law' ? 'kr'
) p`;

/** The day of a moment as `render/dates` writes it, with its zone: SQL of columns `at`, `zone`, `lang`. */
const dataOf = (sql: Sql) => sql`jsonb_build_object('date', to_char(at at time zone zone,
  case lang when 'ko' then 'YYYY"년" FMMM"월" FMDD"일"' else 'FMMonth FMDD, YYYY' end) || ' (' || zone || ')')`;

/** Writes the letters on consents to advertising given, refused and withdrawn. @returns how many */
export async function noticeConsents(sql: Sql, { limit, now }: Batch): Promise<number> {
  const rows = await sql`
    with due as (
      select c.*, p.zone, coalesce(n.lang, p.language) as lang, coalesce((
          select e.given from consents e
          where e.subscriber_id = c.subscriber_id and e.publication_id = c.publication_id and e.kind = 'advertising' and e.id < c.id
          order by e.id desc limit 1
        ), false) as was_given
      from ${publications(sql)} cross join lateral (
        select * from consents
        where publication_id = p.id and kind = 'advertising' and noticed_at is null and ${isTold(sql, 'at', now)}
        order by at limit ${limit}
      ) c
      left join subscriptions n on n.publication_id = c.publication_id and n.subscriber_id = c.subscriber_id
      limit ${limit}
    ), marked as (
      update consents c set noticed_at = ${momentOf(sql, now)} from due d where c.id = d.id and c.noticed_at is null returning c.id
    )
    insert into letters (key, kind, publication_id, subscriber_id, lang, data)
    select concat_ws(' ', 'notice consent', id),
      case when given then 'notice-given' when was_given then 'notice-withdrawn' else 'notice-refused' end,
      publication_id, subscriber_id, lang, ${dataOf(sql)}
    from due join marked using (id)
    on conflict (key) do nothing
    returning 1`;
  return rows.length;
}

/** Writes the letters on leaving, however someone left: a page, one-click, a mail. Who never confirmed had agreed to nothing. @returns how many */
export async function noticeLeaving(sql: Sql, { limit, now }: Batch): Promise<number> {
  const rows = await sql`
    with due as (
      select n.publication_id, n.subscriber_id, n.since as at, p.zone, coalesce(n.lang, p.language) as lang
      from ${publications(sql)} cross join lateral (
        select * from subscriptions
        where publication_id = p.id and state = 'unsubscribed' and left_state is not null and left_state <> 'pending'
          and noticed_since is distinct from since and ${isTold(sql, 'since', now)}
        order by since limit ${limit}
      ) n limit ${limit}
    ), marked as (
      update subscriptions n set noticed_since = n.since from due d
      where n.publication_id = d.publication_id and n.subscriber_id = d.subscriber_id and n.state = 'unsubscribed' and n.since = d.at
      returning n.publication_id, n.subscriber_id
    )
    insert into letters (key, kind, publication_id, subscriber_id, lang, data)
    select concat_ws(' ', 'notice left', publication_id, subscriber_id, extract(epoch from at)), 'notice-left',
      publication_id, subscriber_id, lang, ${dataOf(sql)}
    from due join marked using (publication_id, subscriber_id)
    on conflict (key) do nothing
    returning 1`;
  return rows.length;
}

/**
 * Looks at consents to advertising whose time has come, and writes a letter where an anniversary, two, four … years after the consent by
 * the calendar of the publication's zone, is less than thirty days away or was missed. A consent of 29 February has its anniversary on the
 * last day of February. A consent that was given anew meanwhile is only dated again.
 * @returns how many subscriptions it looked at, and how many letters it wrote
 */
export async function reviewConsents(sql: Sql, { limit, now }: Batch): Promise<{ seen: number; letters: number }> {
  const [row] = await sql<{ seen: number; letters: number }[]>`
    with due as (
      select n.publication_id, n.subscriber_id, p.zone, coalesce(n.lang, p.language) as lang, coalesce((
          select max(c.at) from consents c
          where c.subscriber_id = n.subscriber_id and c.publication_id = n.publication_id and c.kind = 'advertising' and c.given
        ), n.confirmed_at, n.since) as at
      from ${publications(sql)} cross join lateral (
        select * from subscriptions
        where publication_id = p.id and advertising and state in ('active', 'paused')
          and coalesce(review_at, '-infinity') <= ${momentOf(sql, now)}
        order by coalesce(review_at, '-infinity') limit ${limit}
      ) n limit ${limit}
    ), placed as (
      select *, at at time zone zone as given, (${momentOf(sql, now)} + ${leadDays}::int * interval '1 day') at time zone zone as horizon from due
    ), paired as (
      select *, ((extract(year from horizon) - extract(year from given))::int / 2) as pairs from placed
    ), counted as (
      select *, pairs - (given + make_interval(years => 2 * pairs) > horizon)::int as past from paired
    ), dated as (
      update subscriptions n
      set review_at = (given + make_interval(years => 2 * (greatest(past, 0) + 1))) at time zone zone - ${leadDays}::int * interval '1 day'
      from counted c where n.publication_id = c.publication_id and n.subscriber_id = c.subscriber_id
      returning 1
    ), written as (
      insert into letters (key, kind, publication_id, subscriber_id, lang, data)
      select concat_ws(' ', 'reconfirm', publication_id, subscriber_id, given::date, past), 'reconfirm',
        publication_id, subscriber_id, lang, ${dataOf(sql)}
      from counted where past >= 1
      on conflict (key) do nothing
      returning 1
    )
    select (select count(*) from dated)::int as seen, (select count(*) from written)::int as letters`;
  return row!;
}

/** Whether that many letters wait to be sent: then no more are written that are not urgent. Reads so many index entries at most. */
export async function areLettersPiled(sql: Sql, limit: number): Promise<boolean> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from (select from letters where state = 'queued' limit ${limit}) waiting`;
  return row!.n >= limit;
}
