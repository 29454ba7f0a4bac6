/** The issues as the console lists them, newest first, in pages; and those that a rule of a segment can name. */
import type { IssueState } from '../model/states.ts';
import type { Sql } from './client.ts';
import type { IssueRow } from './issues.ts';

export interface ListedIssue {
  id: number;
  title: string;
  slug: string;
  kind: IssueRow['kind'];
  state: IssueState;
  publication: string;
  timeZone: string;
  at: Date;
}

export interface IssueFilter {
  /** Slug. */
  publication?: string | undefined;
  state?: IssueState | undefined;
  /** Part of the title or the slug. */
  title?: string | undefined;
  /** Also cancelled issues, tests and rehearsals. */
  all: boolean;
  /** Ids below this only. */
  before?: number | undefined;
}

/** A newsroom has some thousands of issues: they are read backwards by id until the page is full. */
export async function listForConsole(sql: Sql, of: IssueFilter, limit: number): Promise<ListedIssue[]> {
  const folded = sql`and i.kind not in ('test', 'rehearsal') ${of.state ? sql`` : sql`and i.state <> 'cancelled'`}`;
  return sql<ListedIssue[]>`
    select i.id, i.title, i.slug, i.kind, i.state,
      coalesce(p.document->>'name', p.slug) as publication, coalesce(p.document->>'timeZone', 'UTC') as time_zone,
      coalesce(i.finished_at, case when i.state = 'scheduled' then i.scheduled_at end, i.started_at, i.created_at) as at
    from issues i join publications p on p.id = i.publication_id
    where true
      ${of.before ? sql`and i.id < ${of.before}` : sql``}
      ${of.publication ? sql`and p.slug = ${of.publication}` : sql``}
      ${of.state ? sql`and i.state = ${of.state}` : sql``}
      ${of.title ? sql`and (strpos(lower(i.title), lower(${of.title}::text)) > 0 or strpos(i.slug, lower(${of.title}::text)) > 0)` : sql``}
      ${of.all ? sql`` : folded}
    order by i.id desc limit ${limit}`;
}

/** Newest first: what readers got or are getting. */
export async function listSent(
  sql: Sql,
  publicationId: number,
  limit: number,
): Promise<{ id: number; title: string; slug: string }[]> {
  return sql<{ id: number; title: string; slug: string }[]>`
    select id, title, slug from issues
    where publication_id = ${publicationId} and kind in ('regular', 'digest') and state in ('sending', 'paused', 'held', 'sent')
    order by id desc limit ${limit}`;
}

/** Tests of a publication within an hour: more than a person looks at is a loop. */
export async function countTestsLately(sql: Sql, publicationId: number, limit: number): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from (
      select kind, created_at from issues where publication_id = ${publicationId} order by id desc limit ${limit * 2}) newest
    where kind = 'test' and created_at > now() - interval '1 hour'`;
  return row!.n;
}

/** A test's few readers, with what became of each. */
export async function testRows(
  sql: Sql,
  issueId: number,
): Promise<{ email: string | null; state: string; reply: string | null; reason: string | null }[]> {
  return sql<{ email: string | null; state: string; reply: string | null; reason: string | null }[]>`
    select s.email, r.state, r.reply, r.reason from recipients r left join subscribers s on s.id = r.subscriber_id
    where r.issue_id = ${issueId} order by r.subscriber_id limit 50`;
}

/** Audit lines looked at for the addresses that somebody tested with last. */
const linesBack = 300;

/** To whom this person sent their last test. */
export async function lastTestAddresses(sql: Sql, staffId: number): Promise<string[]> {
  const rows = await sql<{ email: string }[]>`
    select s.email from recipients r join subscribers s on s.id = r.subscriber_id
    where r.issue_id = (
      select (detail->>'issue')::bigint from (select * from audit order by id desc limit ${linesBack}) lately
      where staff_id = ${staffId} and act = 'manuscript.test' order by id desc limit 1)
    order by r.subscriber_id limit 50`;
  return rows.map(row => row.email);
}
