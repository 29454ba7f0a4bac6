/** What is held of one person, newest first and in bounded pieces, for the page that staff see. The whole of it is in db/personal-data. */
import { eventKinds, type Frequency, type RecipientState, type SubscriptionState } from '../model/states.ts';
import type { Sql } from './client.ts';

export interface Person {
  id: number;
  email: string;
  name: string;
  attributes: Record<string, string>;
  createdAt: Date;
  suppressed: string | null;
  tags: string[];
}

/** The columns of a `Person`, of subscriber `s`. */
export const personColumns = (sql: Sql) => sql`
  s.id, s.email, s.name, s.attributes, s.created_at,
  (select reason from suppressions x where x.address_hash = s.address_hash) as suppressed,
  array(select tag from subscriber_tags t where t.subscriber_id = s.id order by tag) as tags`;

export async function findPerson(sql: Sql, id: number): Promise<Person | undefined> {
  const [row] = await sql<Person[]>`select ${personColumns(sql)} from subscribers s where s.id = ${id}`;
  return row;
}

export interface Standing {
  publicationId: number;
  slug: string;
  name: string;
  state: SubscriptionState;
  since: Date;
  source: string;
  frequency: Frequency;
  pausedUntil: Date | null;
  advertising: boolean;
  confirmedAt: Date | null;
  leftReason: string | null;
  leftNote: string | null;
  evidence: Record<string, unknown> | null;
  referralCode: string | null;
  referredBy: string | null;
  /** Who came by their link and confirmed, up to 1,000. */
  brought: number;
}

export async function standingsOf(sql: Sql, id: number): Promise<Standing[]> {
  return sql<Standing[]>`
    select p.id as publication_id, p.slug, coalesce(p.document->>'name', p.slug) as name, n.state, n.since, n.source, n.frequency,
      case when n.state = 'paused' then n.paused_until end as paused_until, n.advertising, n.confirmed_at, n.left_reason, n.left_note,
      n.evidence, n.referral_code, n.referred_by, (
        select count(*) from (
          select from subscriptions r where r.referred_by = n.referral_code and r.publication_id = n.publication_id
            and r.confirmed_at is not null and r.subscriber_id <> n.subscriber_id limit 1000) few) as brought
    from subscriptions n join publications p on p.id = n.publication_id where n.subscriber_id = ${id} order by p.slug limit 100`;
}

/** Lines of each list. */
const most = 50;

export interface ConsentLine {
  publication: string;
  kind: string;
  given: boolean;
  wording: string;
  version: string;
  source: string;
  at: Date;
}

export async function newestConsents(sql: Sql, id: number): Promise<ConsentLine[]> {
  return sql<ConsentLine[]>`
    select p.slug as publication, c.kind, c.given, c.wording, c.version, c.source, c.at
    from consents c join publications p on p.id = c.publication_id
    where c.subscriber_id = ${id} order by c.at desc, c.id desc limit ${most}`;
}

export interface LetterLine {
  kind: string;
  state: string;
  createdAt: Date;
  reply: string | null;
}

export async function newestLetters(sql: Sql, id: number): Promise<LetterLine[]> {
  return sql<LetterLine[]>`
    select kind, state, created_at, reply from letters where subscriber_id = ${id} order by created_at desc limit ${most}`;
}

export interface CommentLine {
  issueId: number;
  issue: string;
  body: string;
  state: string;
  createdAt: Date;
}

export async function newestComments(sql: Sql, id: number): Promise<CommentLine[]> {
  return sql<CommentLine[]>`
    select c.issue_id, i.title as issue, left(c.body, 300) as body, c.state, c.created_at
    from comments c join issues i on i.id = c.issue_id
    where c.subscriber_id = ${id} order by c.created_at desc limit ${most}`;
}

export interface HistoryLine {
  issueId: number;
  /** Null: the issue is gone. */
  title: string | null;
  state: RecipientState;
  attempts: number;
  reply: string | null;
  reason: string | null;
  updatedAt: Date;
  events: { kind: string; machine: string | null; at: string }[];
}

export const historyRows = 20;
const eventsOfIssue = 30;

/** Ledger rows with what came of each, by issue, newest first. @param before id of the last issue of the page before */
export async function historyOf(sql: Sql, id: number, before?: number): Promise<HistoryLine[]> {
  return sql<HistoryLine[]>`
    with rows as materialized (
      select issue_id, state, attempts, reply, reason, updated_at from recipients
      where subscriber_id = ${id} ${before === undefined ? sql`` : sql`and issue_id < ${before}`}
      order by issue_id desc limit ${historyRows}
    )
    select r.*, i.title, coalesce((
        select jsonb_agg(jsonb_build_object('kind', e.kind, 'machine', e.machine, 'at', e.at) order by e.at) from (
          select kind, machine, at from events
          where issue_id = r.issue_id and subscriber_id = ${id}
            and kind = any(${eventKinds})
          order by at limit ${eventsOfIssue}) e), '[]') as events
    from rows r left join issues i on i.id = r.issue_id order by r.issue_id desc`;
}

/** Name and attributes as staff set them; attributes that are left empty go. @returns whether the person is there */
export async function editPerson(
  sql: Sql,
  id: number,
  { name, attributes }: { name: string; attributes: Record<string, string> },
): Promise<boolean> {
  const filled = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ''));
  const emptied = Object.keys(attributes).filter(field => attributes[field] === '');
  const rows = await sql`
    update subscribers set name = ${name}, attributes = (attributes - ${emptied}::text[]) || ${sql.json(filled)}, updated_at = now()
    where id = ${id}`;
  return rows.count > 0;
}

/** Suppresses a person's address. @returns whether it is new */
export async function suppressPerson(sql: Sql, id: number): Promise<boolean> {
  const rows = await sql`
    insert into suppressions (address_hash, reason) select address_hash, 'manual' from subscribers where id = ${id} on conflict do nothing`;
  return rows.count > 0;
}
