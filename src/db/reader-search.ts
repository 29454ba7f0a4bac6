/**
 * Readers looked for by staff. Each way in has an index that it goes by, and ends after a page: no count of all, no sort of more than
 * `mostHits` rows. A piece of text finds the first so many of those that have it; who wants others types more of it.
 */
import type { PendingQuery, Row } from 'postgres';
import { attributeGram, type Needle } from '../model/reader-search.ts';
import type { SubscriptionState } from '../model/states.ts';
import type { Sql } from './client.ts';

export interface ReaderQuery {
  needle?: Needle | undefined;
  publicationId?: number | undefined;
  state?: SubscriptionState | undefined;
  tag?: string | undefined;
  attribute?: { field: string; value: string } | undefined;
  order: 'newest' | 'oldest';
}

export interface ReaderLine {
  id: number;
  email: string;
  name: string;
  createdAt: Date;
  /** Why the address is never mailed. */
  suppressed: string | null;
  tags: string[];
  subscriptions: { publication: string; state: SubscriptionState }[];
}

/** Rows that are read for a piece of text before they are put in order. */
export const mostHits = 1000;
/** Longer, and the answer is not worth waiting for. */
const timeoutMs = 3000;

/**
 * A page of readers.
 * @param after id of the last row of the page before
 * @throws an error with code 57014 when it takes too long
 */
export async function findReaders(sql: Sql, query: ReaderQuery, limit: number, after?: number): Promise<ReaderLine[]> {
  const direction = query.order === 'newest' ? sql`desc` : sql`asc`;
  const statement = sql<ReaderLine[]>`
    with found as materialized (${foundIds(sql, query, limit, after)})
    select s.id, s.email, s.name, s.created_at,
      (select reason from suppressions x where x.address_hash = s.address_hash) as suppressed,
      array(select tag from subscriber_tags t where t.subscriber_id = s.id order by tag limit 20) as tags,
      coalesce((
        select jsonb_agg(jsonb_build_object('publication', p.slug, 'state', n.state) order by p.slug)
        from subscriptions n join publications p on p.id = n.publication_id where n.subscriber_id = s.id), '[]') as subscriptions
    from found f join subscribers s on s.id = f.id
    order by f.id ${direction} limit ${limit}`;
  // Asked to stop from outside: a setting of the session would reach other requests behind a pool in transaction mode.
  const late = setTimeout(() => statement.cancel(), timeoutMs);
  return statement.finally(() => clearTimeout(late));
}

/** Whether a domain is one that readers have, so that `naver.com` is looked for among domains and `kim.lee` is not. */
export async function isReadersDomain(sql: Sql, domain: string): Promise<boolean> {
  return (await sql`select from subscribers where domain = ${domain} limit 1`).length > 0;
}

type Fragment = PendingQuery<Row[]>;

/**
 * Ids of a page, in order.
 * @param most rows read for a piece of text before they are put in order; null: all that have it, for a file that takes its time
 */
export function foundIds(
  sql: Sql,
  query: ReaderQuery,
  limit: number,
  after: number | undefined,
  most: number | null = mostHits,
): Fragment {
  const { needle, tag, attribute, publicationId, state } = query;
  const newest = query.order === 'newest';
  const past = (id: Fragment) =>
    after === undefined ? sql`true` : newest ? sql`${id} < ${after}` : sql`${id} > ${after}`;
  const inOrder = (id: Fragment) => sql`order by ${id} ${newest ? sql`desc` : sql`asc`} limit ${limit}`;
  const tagged = (id: Fragment) =>
    tag === undefined
      ? sql`true`
      : sql`exists (select from subscriber_tags t where t.tag = ${tag} and t.subscriber_id = ${id})`;
  const subscribed = (id: Fragment) =>
    publicationId === undefined && state === undefined
      ? sql`true`
      : sql`exists (select from subscriptions n where n.subscriber_id = ${id} and ${ofSubscription(sql, query)})`;

  const pieces = [
    ...(needle && 'grams' in needle ? needle.grams : []),
    ...(attribute ? [attributeGram(attribute.field, attribute.value)] : []),
  ];
  if (pieces.length > 0)
    return sql`
      select id from (
        select s.id from subscribers s
        where reader_grams(s.email_key, s.name, s.attributes) @> ${pieces}::text[] and ${fits(sql, needle)}
          ${attribute ? sql`and s.attributes->>${attribute.field}::text = ${attribute.value}` : sql``}
          and ${tagged(sql`s.id`)} and ${subscribed(sql`s.id`)} ${most === null ? sql`and ${past(sql`s.id`)}` : sql``}
        limit ${most}
      ) hits where ${past(sql`id`)} ${inOrder(sql`id`)}`;
  if (needle?.kind === 'address')
    return sql`
      select s.id from subscribers s
      where s.email_key = ${needle.emailKey} and ${tagged(sql`s.id`)} and ${subscribed(sql`s.id`)} and ${past(sql`s.id`)}`;
  if (needle?.kind === 'domain') return byDomain(sql, needle.domain, { past, inOrder, tagged, subscribed }, most);
  if (tag !== undefined)
    return sql`
      select t.subscriber_id as id from subscriber_tags t
      where t.tag = ${tag} and ${subscribed(sql`t.subscriber_id`)} and ${past(sql`t.subscriber_id`)} ${inOrder(sql`t.subscriber_id`)}`;
  if (publicationId !== undefined || state !== undefined)
    // Of each publication a page, in the order of an index; a newsroom has a few publications.
    return sql`
      select distinct one.id from publications p cross join lateral (
        select n.subscriber_id as id from subscriptions n
        where n.publication_id = p.id and ${ofSubscription(sql, { state })} and ${past(sql`n.subscriber_id`)} ${inOrder(sql`n.subscriber_id`)}
      ) one
      where ${publicationId === undefined ? sql`true` : sql`p.id = ${publicationId}`} ${inOrder(sql`one.id`)}`;
  return sql`select s.id from subscribers s where ${past(sql`s.id`)} ${inOrder(sql`s.id`)}`;
}

/** A whole domain has an index in the order of ids; how one begins finds the first so many, as a piece of text does. */
function byDomain(
  sql: Sql,
  domain: string,
  by: Record<'past' | 'inOrder' | 'tagged' | 'subscribed', (id: Fragment) => Fragment>,
  most: number | null,
): Fragment {
  const { past, inOrder, tagged, subscribed } = by;
  const filter = sql`${tagged(sql`s.id`)} and ${subscribed(sql`s.id`)}`;
  if (/\.[a-z0-9-]{2,}$/.test(domain))
    return sql`select s.id from subscribers s where s.domain = ${domain} and ${filter} and ${past(sql`s.id`)} ${inOrder(sql`s.id`)}`;
  return sql`
    select id from (
      select s.id from subscribers s where s.domain like ${`${escaped(domain)}%`} and ${filter} limit ${most}
    ) hits where ${past(sql`id`)} ${inOrder(sql`id`)}`;
}

function ofSubscription(sql: Sql, { publicationId, state }: Pick<ReaderQuery, 'publicationId' | 'state'>): Fragment {
  const inState =
    // Said as the partial index says it.
    state === undefined
      ? sql`true`
      : state === 'active'
        ? sql`n.state = 'active'`
        : sql`n.state = ${state} and n.state <> 'active'`;
  return sql`${inState} and ${publicationId === undefined ? sql`true` : sql`n.publication_id = ${publicationId}`}`;
}

/** The index knows pieces; the row has to have them in a row. */
function fits(sql: Sql, needle: Needle | undefined): Fragment {
  if (needle?.kind === 'start') return sql`starts_with(s.email_key, ${`${needle.local}@${needle.domain}`})`;
  if (needle?.kind !== 'part') return sql`true`;
  const name = sql`translate(s.name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ', 'abcdefghijklmnopqrstuvwxyz')`;
  return sql`(strpos(split_part(s.email_key, '@', 1), ${needle.text}) > 0 or strpos(${name}, ${needle.text}) > 0)`;
}

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');
