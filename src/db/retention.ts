/**
 * Takes old rows away, a bounded batch with each statement, so no lock is held for long and a process may die at any moment. What a batch
 * counted goes into `issue_totals` with the same statement: rows and totals come to the same before, between and after.
 */
import type { Sql } from './client.ts';

/** What readers did, as against what became of their message, which goes with the ledger. */
const acts = ['click', 'open', 'unsubscribe', 'resubscribe', 'like', 'unlike'];
const reports = ['bounce-hard', 'bounce-soft', 'bounce-policy', 'complaint'];

export interface Terms {
  /** After so many months what readers did is counted and their rows go; null: never. */
  eventsMonths: number | null;
  /** The same of the ledger, its likes, bounces, batches and older editions; null: never. */
  ledgerMonths: number | null;
}

/** Ledgers of rehearsals and tests are looked at on the day. */
export const trialDays = 30;

const ended = (sql: Sql) => sql`i.state in ('sent', 'cancelled') and i.finished_at is not null`;
const older = (sql: Sql, months: number | null) =>
  months === null ? sql`false` : sql`i.finished_at < now() - ${months}::int * interval '1 month'`;
const isTrial = (sql: Sql) => sql`i.kind in ('test', 'rehearsal')`;
/** The time to open an issue again has passed for it. */
const ledgerIsOver = (sql: Sql, { ledgerMonths }: Terms) =>
  sql`(${ended(sql)} and (${older(sql, ledgerMonths)} or (${isTrial(sql)} and i.finished_at < now() - ${trialDays}::int * interval '1 day')))`;

/** Issues whose acts are to be folded. Each costs a look into an index; closed issues are some thousands. */
export async function issuesWithOldActs(sql: Sql, terms: Terms): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select i.id from issues i where ${ended(sql)} and ${older(sql, terms.eventsMonths)}
      and exists (select from events e where e.issue_id = i.id and e.kind = any(${acts}::text[]))
    order by i.id limit 100`;
  return rows.map(row => row.id);
}

/** Issues whose ledger, or what belongs to it, is to be folded. */
export async function issuesWithOldLedgers(sql: Sql, terms: Terms): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select i.id from issues i where ${ledgerIsOver(sql, terms)} and (
      exists (select from recipients r where r.issue_id = i.id)
      or exists (select from batches b where b.issue_id = i.id)
      or exists (select from likes l where l.issue_id = i.id)
      or exists (select from events e where e.issue_id = i.id and e.kind = any(${reports}::text[])))
    order by i.id limit 100`;
  return rows.map(row => row.id);
}

export interface Batch {
  rows: number;
  /** Subscriber of the last row; undefined: none is left after them. */
  last: number | undefined;
}

const addUp = (sql: Sql) =>
  sql`on conflict (issue_id, kind, name, detail) do update set n = issue_totals.n + excluded.n, people = issue_totals.people + excluded.people`;

/**
 * Folds the acts of the next readers of an issue. Clicks that are not counted yet stay.
 * @param after subscriber after whom to look on
 */
export async function foldActs(sql: Sql, issueId: number, kind: string, after: number, limit: number): Promise<Batch> {
  const [row] = await sql<{ rows: number; last: number | null }[]>`
    with next as (
      select subscriber_id from events where issue_id = ${issueId} and kind = ${kind} and subscriber_id > ${after}
      order by subscriber_id limit ${limit}
    ),
    gone as (
      delete from events where issue_id = ${issueId} and kind = ${kind}
        and subscriber_id > ${after} and subscriber_id <= (select max(subscriber_id) from next)
        and (kind <> 'click' or at <= (select counted_until from issues where id = ${issueId}))
      returning subscriber_id, kind, ref
    ),
    -- Clicks have been counted (db/clicks.ts, countStep).
    counted as (
      insert into issue_totals (issue_id, kind, name, n)
      select ${issueId}::bigint, 'event', kind, count(*) from gone where kind <> 'click' group by kind
      union all
      select ${issueId}::bigint, 'pressed', ref::text, count(*) from gone where kind = 'like' group by ref
      ${addUp(sql)}
    )
    select (select count(*) from gone) as rows, (select max(subscriber_id) from next) as last`;
  return { rows: row!.rows, last: row!.last ?? undefined };
}

/** Folds the rows of the next readers of a ledger, with all that is kept of them in this issue. */
export async function foldLedger(sql: Sql, issueId: number, after: number, limit: number): Promise<Batch> {
  const range = (sql: Sql) => sql`subscriber_id > ${after} and subscriber_id <= (select max(subscriber_id) from next)`;
  const [row] = await sql<{ rows: number; last: number | null }[]>`
    with next as (
      (select subscriber_id from recipients where issue_id = ${issueId} and subscriber_id > ${after} order by subscriber_id limit ${limit})
      union all
      (select subscriber_id from events where issue_id = ${issueId} and kind = any(${reports}::text[]) and subscriber_id > ${after}
        and not exists (select from recipients where issue_id = ${issueId} and subscriber_id > ${after}) order by 1 limit ${limit})
      union all
      (select subscriber_id from likes where issue_id = ${issueId} and subscriber_id > ${after}
        and not exists (select from recipients where issue_id = ${issueId} and subscriber_id > ${after}) order by 1 limit ${limit})
    ),
    rows as (delete from recipients where issue_id = ${issueId} and ${range(sql)} returning state, reason, revision),
    reported as (
      delete from events where issue_id = ${issueId} and kind = any(${reports}::text[]) and ${range(sql)} returning subscriber_id, kind
    ),
    liked as (delete from likes where issue_id = ${issueId} and ${range(sql)} returning summary, machine),
    outcomes as (
      select bool_or(kind = 'complaint') as complained, bool_or(kind = 'bounce-hard') as hard,
        bool_or(kind in ('bounce-soft', 'bounce-policy')) as soft
      from reported group by subscriber_id
    ),
    sums as (
      select 'recipient' as kind, state as name, case when state = 'excluded' then coalesce(reason, '') else '' end as detail, count(*) as n
      from rows group by 2, 3
      union all
      select 'revision', coalesce(revision, 1)::text, '', count(*) from rows where state in ('accepted', 'unknown', 'sending') group by 2
      union all
      select 'like', summary::text, '', count(*) from liked where machine is null group by 2
      union all
      select 'outcome', what.name, '', what.n from (
        select count(*) filter (where complained) as complained, count(*) filter (where hard) as hard,
          count(*) filter (where soft and not hard) as soft from outcomes) o,
        lateral (values ('complained', o.complained), ('hard', o.hard), ('soft', o.soft)) what (name, n) where what.n > 0
    ),
    counted as (
      insert into issue_totals (issue_id, kind, name, detail, n) select ${issueId}, kind, name, detail, n from sums ${addUp(sql)}
    )
    select (select count(*) from rows) + (select count(*) from reported) + (select count(*) from liked) as rows,
      (select max(subscriber_id) from next) as last`;
  return { rows: row!.rows, last: row!.last ?? undefined };
}

/** Batches of an issue that has no ledger any more. */
export async function dropBatches(sql: Sql, issueId: number, limit: number): Promise<number> {
  const { count } = await sql`
    delete from batches where id in (select id from batches where issue_id = ${issueId} order by lane, id limit ${limit})
      and not exists (select from recipients where issue_id = ${issueId})`;
  return count;
}

/**
 * Empties editions that nobody is sent any more: older revisions, and those of tests and rehearsals. Links and summaries stay, since mails
 * and reports name them; so do source and text.
 */
export async function emptyEditions(sql: Sql, terms: Terms, limit: number): Promise<number> {
  const { count } = await sql`
    update revisions set edition = jsonb_build_object('links', edition->'links', 'summaries', edition->'summaries')
    where id in (
      select v.id from revisions v join issues i on i.id = v.issue_id
      where ${ledgerIsOver(sql, terms)} and (${isTrial(sql)} or v.id <> i.revision_id) and v.edition ? 'html' limit ${limit})`;
  return count;
}

/** Rows that end by themselves: logins, tokens long revoked or run out, domains not asked for any more, what was forwarded. */
export async function dropEnded(sql: Sql, limit: number): Promise<number> {
  const results = await Promise.all([
    sql`delete from sessions where id in (select id from sessions where expires_at < now() limit ${limit})`,
    sql`delete from api_tokens where id in (
      select id from api_tokens where least(revoked_at, expires_at) < now() - interval '13 months' limit ${limit})`,
    sql`delete from mailbox_domains where domain in (
      select domain from mailbox_domains where looked_at < now() - interval '90 days' limit ${limit})`,
    sql`delete from forwarded_mail where (digest, publication_id) in (
      select digest, publication_id from forwarded_mail where at < now() - interval '7 days' limit ${limit})`,
  ]);
  return results.reduce((sum, { count }) => sum + count, 0);
}

export interface Due {
  issue: string;
  acts: number;
  ledger: number;
  likes: number;
  reports: number;
  batches: number;
}

/** What would go of each issue now; counts rows, so for a person's command only. */
export async function countDue(sql: Sql, terms: Terms): Promise<Due[]> {
  return sql<Due[]>`
    select * from (
      select i.slug as issue,
        case when ${ended(sql)} and ${older(sql, terms.eventsMonths)}
          then (select count(*) from events e where e.issue_id = i.id and e.kind = any(${acts}::text[])) else 0 end as acts,
        case when ${ledgerIsOver(sql, terms)} then (select count(*) from recipients r where r.issue_id = i.id) else 0 end as ledger,
        case when ${ledgerIsOver(sql, terms)} then (select count(*) from likes l where l.issue_id = i.id) else 0 end as likes,
        case when ${ledgerIsOver(sql, terms)}
          then (select count(*) from events e where e.issue_id = i.id and e.kind = any(${reports}::text[])) else 0 end as reports,
        case when ${ledgerIsOver(sql, terms)} then (select count(*) from batches b where b.issue_id = i.id) else 0 end as batches
      from issues i order by i.id) due
    where acts + ledger + likes + reports + batches > 0`;
}

export const kindsOfActs: readonly string[] = acts;
