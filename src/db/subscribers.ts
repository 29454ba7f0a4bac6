/** Subscribers and their subscriptions: how a file brings them in, how one leaves and comes back, what is known about one. */
import type { Frequency, SubscriptionState } from '../model/states.ts';
import type { Db, Sql } from './client.ts';
import { arrived } from './events.ts';

export interface ImportRow {
  email: string;
  emailKey: string;
  domain: string;
  name: string;
  attributes: Record<string, string>;
  addressHash: Buffer;
  /** As `timeZoneOf` gives it; none: as it is. */
  timeZone?: string | undefined;
}

export interface ImportedBatch {
  /** Subscriptions made. */
  imported: number;
  /** Subscriptions whose person got a new name, attribute or time zone. */
  updated: number;
  /** Left as they are. */
  unsubscribed: number;
  suppressed: number;
}

/** Imports that run at the same time may lock people in different orders; Postgres ends one of them. */
const maxTries = 5;

/**
 * Brings rows in, all or none of them. Guarantees: no state of an existing subscription changes; who is suppressed gets neither row nor
 * subscription; who is unsubscribed or suppressed is not written to at all; running it again changes nothing.
 * @param rows no address twice
 */
export async function importBatch(sql: Sql, publicationId: number, rows: ImportRow[]): Promise<ImportedBatch> {
  const sorted = inKeyOrder(rows);
  const columns = columnsOf(sorted);
  return inBatch(sql, async tx => {
    await insertPeople(tx, columns);
    // A statement of its own, so that it also sees people whom another import has just made.
    return await subscribePeople(tx, publicationId, columns);
  });
}

/** In the order of the unique key: two imports of one file wait for each other instead of deadlocking. */
export function inKeyOrder<T extends { emailKey: string }>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (a.emailKey < b.emailKey ? -1 : a.emailKey > b.emailKey ? 1 : 0));
}

export interface Columns
  extends Record<'emails' | 'emailKeys' | 'domains' | 'names' | 'attributes' | 'hashes', string[]> {
  timeZones: (string | null)[];
}

export function columnsOf(sorted: readonly ImportRow[]): Columns {
  return {
    emails: sorted.map(row => row.email),
    emailKeys: sorted.map(row => row.emailKey),
    domains: sorted.map(row => row.domain),
    names: sorted.map(row => row.name),
    attributes: sorted.map(row => JSON.stringify(row.attributes)),
    hashes: sorted.map(row => row.addressHash.toString('hex')),
    timeZones: sorted.map(row => row.timeZone ?? null),
  };
}

/** One transaction for a batch of a command (never of a long-lived process), tried again when two of them lock each other out. */
export async function inBatch<T>(sql: Sql, work: (tx: Db) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const done = await sql.begin(async tx => {
        // Each batch touches a few thousand rows of however many: never a scan of the table, whatever stale statistics say.
        await tx`select set_config(name, 'off', true) from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as name`;
        return { value: await work(tx) };
      });
      return done.value;
    } catch (error) {
      const deadlock = error instanceof Error && 'code' in error && error.code === '40P01';
      if (!deadlock || attempt === maxTries) throw error;
    }
  }
}

/** Guarantees: no row for who is suppressed; who is there stays as they are. */
export async function insertPeople(tx: Db, rows: Columns): Promise<void> {
  await tx`
    insert into subscribers (email, email_key, domain, name, attributes, address_hash, time_zone)
    select i.email, i.email_key, i.domain, i.name, i.attributes, i.address_hash, i.time_zone
    from unnest(
      ${rows.emails}::text[], ${rows.emailKeys}::text[], ${rows.domains}::text[],
      ${rows.names}::text[], ${rows.attributes}::text[]::jsonb[],
      ${rows.hashes}::text[], ${rows.timeZones}::text[]
    ) as r (email, email_key, domain, name, attributes, hash, time_zone)
    cross join lateral (select r.*, decode(r.hash, 'hex') as address_hash) as i
    where not exists (select from suppressions x where x.address_hash = i.address_hash)
      and not exists (select from subscribers s where s.email_key = i.email_key)
    order by i.email_key
    on conflict (email_key) do nothing`;
}

/** A file's rows beside who is there: `id`, `state` (null: no subscription), `suppressed`, `differs`, and the row's `name`, `attributes` and `time_zone`. */
export function matchedPeople(sql: Db, publicationId: number, rows: Columns) {
  return sql`
    select s.id, i.name, i.attributes, i.time_zone, sub.state,
      exists (select from suppressions x where x.address_hash = i.address_hash) as suppressed,
      (i.name <> '' and i.name <> s.name) or not s.attributes @> i.attributes
        or (i.time_zone is not null and i.time_zone is distinct from s.time_zone) as differs
    from (
      select r.email_key, r.name, r.attributes, r.time_zone, decode(r.hash, 'hex') as address_hash
      from unnest(
        ${rows.emailKeys}::text[], ${rows.names}::text[],
        ${rows.attributes}::text[]::jsonb[],
        ${rows.hashes}::text[], ${rows.timeZones}::text[]
      ) as r (email_key, name, attributes, hash, time_zone)
    ) i
    left join subscribers s on s.email_key = i.email_key
    left join subscriptions sub on sub.subscriber_id = s.id and sub.publication_id = ${publicationId}`;
}

async function subscribePeople(tx: Db, publicationId: number, rows: Columns): Promise<ImportedBatch> {
  const [done] = await tx<ImportedBatch[]>`
    with matched as materialized (${matchedPeople(tx, publicationId, rows)}),
    added as (
      insert into subscriptions (publication_id, subscriber_id, state, source)
      select ${publicationId}, id, 'active', 'import' from matched where state is null and id is not null and not suppressed
      on conflict do nothing
      returning subscriber_id
    ), changed as (
      update subscribers s
      set name = coalesce(nullif(m.name, ''), s.name), attributes = s.attributes || m.attributes,
        time_zone = coalesce(m.time_zone, s.time_zone), updated_at = now()
      from matched m
      where s.id = m.id and m.differs and not m.suppressed and m.state is distinct from 'unsubscribed'
      returning m.state
    )
    select
      (select count(*) from added)::int as imported,
      (select count(*) from changed where state is not null)::int as updated,
      count(*) filter (where state = 'unsubscribed' and not suppressed)::int as unsubscribed,
      count(*) filter (where suppressed)::int as suppressed
    from matched`;
  return done!;
}

/**
 * Makes sure that each address has a row, without any subscription: for test sends. Guarantees: existing rows stay as they are.
 * @returns their ids, in the order of `addresses`
 */
export async function ensureSubscribers(
  sql: Db,
  hasher: { hash(emailKey: string): Buffer },
  addresses: readonly { email: string; emailKey: string; domain: string }[],
): Promise<number[]> {
  const ids: number[] = [];
  for (const { email, emailKey, domain } of addresses) {
    await sql`
      insert into subscribers (email, email_key, domain, address_hash)
      values (${email}, ${emailKey}, ${domain}, ${hasher.hash(emailKey)})
      on conflict (email_key) do nothing`;
    const [row] = await sql<{ id: number }[]>`select id from subscribers where email_key = ${emailKey}`;
    ids.push(row!.id);
  }
  return ids;
}

export interface SubscriptionKey {
  publicationId: number;
  subscriberId: number;
}

/**
 * Ends a subscription that is not ended. Guarantees: of any number of tries at once, one says true.
 * @param issueId the issue whose link was used, for its report; the reader has it, so a row that was `unknown` is settled
 */
export async function endSubscription(
  sql: Db,
  key: SubscriptionKey & { issueId?: number | undefined },
): Promise<boolean> {
  const rows = await sql`
    with arrived as (${arrived(sql, key.issueId ?? 0, key.subscriberId)})
    update subscriptions
    set state = 'unsubscribed', since = now(), left_state = state, left_issue_id = ${key.issueId ?? null}, left_reason = null, left_note = null
    where publication_id = ${key.publicationId} and subscriber_id = ${key.subscriberId}
      and state in ('active', 'paused', 'pending')`;
  return rows.count > 0;
}

/**
 * Ends all of a person's subscriptions at one moment, by which an undo knows them; one that had ended before counts as ended with them when
 * it is the one whose link was used.
 * @returns whether the one whose link was used ended just now
 */
export async function endAllSubscriptions(
  sql: Db,
  key: SubscriptionKey & { issueId?: number | undefined },
): Promise<boolean> {
  const isOwn = sql`publication_id = ${key.publicationId}`;
  const rows = await sql`
    with arrived as (${arrived(sql, key.issueId ?? 0, key.subscriberId)}),
    before as (select publication_id, state from subscriptions where subscriber_id = ${key.subscriberId}),
    ended as (
      update subscriptions n set
        since = now(), left_state = case when n.state = 'unsubscribed' then n.left_state else n.state end, state = 'unsubscribed',
        left_issue_id = case when n.state = 'unsubscribed' then n.left_issue_id when n.${isOwn} then ${key.issueId ?? null}::bigint end,
        left_reason = case when n.state = 'unsubscribed' then n.left_reason end,
        left_note = case when n.state = 'unsubscribed' then n.left_note end
      where n.subscriber_id = ${key.subscriberId} and (n.${isOwn} or n.state in ('active', 'paused', 'pending'))
      returning n.publication_id
    )
    select from ended join before using (publication_id) where ${isOwn} and before.state <> 'unsubscribed'`;
  return rows.count > 0;
}

/**
 * Takes an unsubscription back, and those that ended at the same press. Guarantees: the state is what it was before (who had not confirmed
 * still has not), and nobody who is suppressed comes back.
 */
export async function reviveSubscription(sql: Db, key: SubscriptionKey): Promise<boolean> {
  const rows = await sql`
    update subscriptions n
    set state = coalesce(n.left_state, 'active'), since = now(), left_state = null, left_issue_id = null, left_reason = null, left_note = null
    from subscriptions own
    where own.publication_id = ${key.publicationId} and own.subscriber_id = ${key.subscriberId} and own.state = 'unsubscribed'
      and n.subscriber_id = own.subscriber_id and n.state = 'unsubscribed'
      and (n.publication_id = own.publication_id or (n.since = own.since and n.left_state is not null))
      and not exists (
        select from subscribers s join suppressions x on x.address_hash = s.address_hash where s.id = ${key.subscriberId}
      )`;
  return rows.count > 0;
}

export interface SubscriberRow {
  id: number;
  email: string;
  name: string;
  subscriptions: SubscriptionView[];
}

export interface SubscriptionView {
  publication: string;
  state: SubscriptionState;
  /** ISO 8601, UTC. */
  since: string;
  frequency: Frequency;
  /** ISO 8601, UTC; null: not paused, or until the reader says so. */
  pausedUntil: string | null;
  /** Whether they agreed to it. */
  advertising: boolean;
}

/** One person and all they are subscribed to, by publication slug; `since` in ISO 8601, UTC. */
export async function findSubscriber(sql: Db, emailKey: string): Promise<SubscriberRow | undefined> {
  const [person] = await sql<{ id: number; email: string; name: string }[]>`
    select id, email, name from subscribers where email_key = ${emailKey}`;
  if (!person) return undefined;
  const subscriptions = await sql<
    (Omit<SubscriptionView, 'since' | 'pausedUntil'> & { since: Date; pausedUntil: Date | null })[]
  >`
    select p.slug as publication, sub.state, sub.since, sub.frequency,
      case when sub.state = 'paused' then sub.paused_until end as paused_until, sub.advertising
    from subscriptions sub join publications p on p.id = sub.publication_id
    where sub.subscriber_id = ${person.id}
    order by p.slug`;
  return {
    ...person,
    subscriptions: subscriptions.map(each => ({
      ...each,
      since: each.since.toISOString(),
      pausedUntil: each.pausedUntil?.toISOString() ?? null,
    })),
  };
}
