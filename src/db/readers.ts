/** What readers get to see: their own subscription by a link of theirs, and the issues that are published. Reads, but for the name. */

import type { Row } from 'postgres';
import { z } from 'zod';
import { editionSchema } from '../model/edition.ts';
import { type Publication, publicationSchema } from '../model/publication.ts';
import type { Frequency, SubscriptionState } from '../model/states.ts';
import type { Sql } from './client.ts';

/** A subscription as its reader settles it. */
interface Standing {
  state: SubscriptionState;
  since: Date;
  lang: 'ko' | 'en' | null;
  frequency: Frequency;
  /** Of `paused`; null: no end was named. */
  pausedUntil: Date | null;
  advertising: boolean;
  opensOff: boolean;
  /** Of `unsubscribed`: whether they said why. */
  isReasoned: boolean;
}

/** A person and one publication, as a link of theirs names both. */
export interface Addressee {
  publicationId: number;
  publication: Publication;
  /** Undefined once the person was deleted: their links still lead to pages that say so. */
  subscriber: { id: number; email: string; name: string; timeZone: string | null } | undefined;
  subscription: Standing | undefined;
  /** The address gets no mail whatever the subscription says: it bounced or complained. */
  suppressed: boolean;
}

export interface ReaderLink extends Addressee {
  issue: PublishedIssue & { published: boolean };
}

export interface PublishedIssue {
  id: number;
  slug: string;
  title: string;
  /** "12" in "제12호"; null when the issue has none. */
  number: string | null;
  /** As stored: may hold merge fields. */
  preheader: string;
  /** `YYYY-MM-DD` in the publication's zone: the front matter's, or the day of sending. */
  date: string;
  revisionId: number;
}

/** Of issues `i`: in the archive. */
export const isPublished = (sql: Sql) => sql`(i.kind = 'regular' and i.state in ('sending', 'paused', 'sent'))`;

/** Of issues `i`: its place in the archive's order, which index issues_published keeps. */
export const publishedAt = (sql: Sql) => sql`coalesce(i.started_at, i.scheduled_at, i.created_at)`;

/**
 * Of issues `i`, their publications `p` and revisions `r`: the front matter's date, the day by readers' own clocks that it goes out on, or the
 * day of sending in the publication's zone.
 */
export const dateOf = (sql: Sql) => sql`
  coalesce(r.issue->>'date', i.local_day::text, to_char(
    ${publishedAt(sql)} at time zone coalesce(p.document->>'timeZone', 'UTC'), 'YYYY-MM-DD'))`;

const issueColumns = (sql: Sql) => sql`
  i.id, i.slug, i.title, r.issue->>'number' as number, coalesce(r.issue->>'preheader', '') as preheader, i.revision_id,
  ${dateOf(sql)} as date`;

const addresseeColumns = (sql: Sql) => sql`
  p.id as publication_id, p.document, s.id as subscriber_id, s.email, s.name, s.time_zone, n.state, n.since, n.lang,
  n.frequency, n.paused_until, n.advertising, n.opens_off, n.left_reason is not null as is_reasoned,
  exists (select from suppressions x where x.address_hash = s.address_hash) as suppressed`;

const addresseeTables = (sql: Sql, subscriberId: number) => sql`
  left join subscribers s on s.id = ${subscriberId}
  left join subscriptions n on n.publication_id = p.id and n.subscriber_id = s.id`;

/** Checked documents by publication, with the text they were read from: checking one again takes a third of a request's own time. */
const checked = new Map<number, { text: string; publication: Publication }>();
const mostChecked = 200;

function publicationOf(id: number, document: unknown): Publication {
  const text = JSON.stringify(document);
  const known = checked.get(id);
  if (known?.text === text) return known.publication;
  const publication = publicationSchema.parse(document);
  checked.delete(id);
  checked.set(id, { text, publication });
  if (checked.size > mostChecked) checked.delete(checked.keys().next().value!);
  return publication;
}

function addresseeOf(row: Row): Addressee {
  return {
    publicationId: row.publicationId,
    publication: publicationOf(row.publicationId, row.document),
    subscriber:
      row.subscriberId === null
        ? undefined
        : { id: row.subscriberId, email: row.email, name: row.name, timeZone: row.timeZone },
    subscription: row.state === null ? undefined : standingOf(row),
    suppressed: row.suppressed,
  };
}

function standingOf({ state, since, lang, frequency, pausedUntil, advertising, opensOff, isReasoned }: Row): Standing {
  return { state, since, lang, frequency, pausedUntil, advertising, opensOff, isReasoned };
}

/** Everything a reader's page needs, in one statement. Undefined when the issue is gone. */
export async function findReader(sql: Sql, issueId: number, subscriberId: number): Promise<ReaderLink | undefined> {
  const [row] = await sql`
    select ${issueColumns(sql)}, ${isPublished(sql)} as published, ${addresseeColumns(sql)}
    from issues i
    join publications p on p.id = i.publication_id
    join revisions r on r.id = i.revision_id
    ${addresseeTables(sql, subscriberId)}
    where i.id = ${issueId}`;
  if (!row) return undefined;
  const { id, slug, title, number, preheader, date, revisionId, published } = row;
  return { ...addresseeOf(row), issue: { id, slug, title, number, preheader, date, revisionId, published } };
}

/** As `findReader`, of a link in a letter, which belongs to no issue. */
export async function findAddressee(
  sql: Sql,
  publicationId: number,
  subscriberId: number,
): Promise<Addressee | undefined> {
  const [row] = await sql`
    select ${addresseeColumns(sql)} from publications p ${addresseeTables(sql, subscriberId)} where p.id = ${publicationId}`;
  return row && addresseeOf(row);
}

/** Sets the name a person is called by. */
export async function renameSubscriber(sql: Sql, subscriberId: number, name: string): Promise<void> {
  await sql`update subscribers set name = ${name}, updated_at = now() where id = ${subscriberId} and name <> ${name}`;
}

/**
 * Published issues, newest first by when they went out (those moved in from elsewhere have older dates and newer ids), in pages by key.
 * @param before id of the last issue of the page before
 */
export async function listPublished(
  sql: Sql,
  publicationId: number,
  limit: number,
  before?: number,
): Promise<PublishedIssue[]> {
  return sql<PublishedIssue[]>`
    select ${issueColumns(sql)} from issues i
    join publications p on p.id = i.publication_id
    join revisions r on r.id = i.revision_id
    where i.publication_id = ${publicationId} and ${isPublished(sql)}
      ${before ? sql`and (${publishedAt(sql)}, i.id) < (select ${publishedAt(sql)}, i.id from issues i where i.id = ${before})` : sql``}
    order by ${publishedAt(sql)} desc, i.id desc limit ${limit}`;
}

/** Issues that were published in a month of the publication's zone, oldest first, at most 100. @param month its first day, `YYYY-MM-DD` */
export async function listPublishedIn(sql: Sql, publicationId: number, month: string): Promise<PublishedIssue[]> {
  const zone = sql`coalesce(p.document->>'timeZone', 'UTC')`;
  return sql<PublishedIssue[]>`
    select ${issueColumns(sql)} from issues i
    join publications p on p.id = i.publication_id
    join revisions r on r.id = i.revision_id
    where i.publication_id = ${publicationId} and ${isPublished(sql)}
      and ${publishedAt(sql)} >= ${month}::date::timestamp at time zone ${zone}
      and ${publishedAt(sql)} < (${month}::date + interval '1 month') at time zone ${zone}
    order by ${publishedAt(sql)}, i.id limit 100`;
}

export async function findPublished(
  sql: Sql,
  publicationId: number,
  slug: string,
): Promise<PublishedIssue | undefined> {
  const [row] = await sql<PublishedIssue[]>`
    select ${issueColumns(sql)} from issues i
    join publications p on p.id = i.publication_id
    join revisions r on r.id = i.revision_id
    where i.publication_id = ${publicationId} and i.slug = ${slug} and ${isPublished(sql)}`;
  return row;
}

const contentsSchema = z.object({ links: editionSchema.shape.links, summaries: editionSchema.shape.summaries });
export type IssueContents = z.infer<typeof contentsSchema>;

/** The links and summaries of the revision that is sent: a few kilobytes of the edition. */
export async function findContents(sql: Sql, issueId: number): Promise<IssueContents | undefined> {
  const [row] = await sql<{ contents: unknown }[]>`
    select jsonb_build_object('links', r.edition->'links', 'summaries', r.edition->'summaries') as contents
    from issues i join revisions r on r.id = i.revision_id where i.id = ${issueId}`;
  return row && contentsSchema.parse(row.contents);
}
