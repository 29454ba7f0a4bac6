/** What readers settle of their subscriptions themselves. Each is one statement, guarded by the state it leaves; again it changes nothing. */
import type { Wording } from '../model/consent.ts';
import type { LeavingReason } from '../model/leaving.ts';
import type { Frequency, SubscriptionState } from '../model/states.ts';
import type { Db, Sql } from './client.ts';
import type { SubscriptionKey } from './subscribers.ts';

const ofKey = (sql: Db, key: SubscriptionKey) =>
  sql`publication_id = ${key.publicationId} and subscriber_id = ${key.subscriberId}`;

/** Of pages and letters; one person reads one language, whatever the publication. */
export async function setLanguage(sql: Sql, subscriberId: number, lang: 'ko' | 'en'): Promise<void> {
  await sql`update subscriptions set lang = ${lang} where subscriber_id = ${subscriberId} and lang is distinct from ${lang}`;
}

export async function setFrequency(sql: Sql, key: SubscriptionKey, frequency: Frequency): Promise<void> {
  await sql`
    update subscriptions set frequency = ${frequency}
    where ${ofKey(sql, key)} and state <> 'unsubscribed' and frequency <> ${frequency}`;
}

/** Whether opens are left unmeasured for this reader. */
export async function setOpensOff(sql: Sql, key: SubscriptionKey, isOff: boolean): Promise<void> {
  await sql`update subscriptions set opens_off = ${isOff} where ${ofKey(sql, key)} and opens_off <> ${isOff}`;
}

/** Pauses until a moment, or puts off the end of a pause. Who has not confirmed, or has left, is not paused. */
export async function pause(sql: Sql, key: SubscriptionKey, until: Date): Promise<void> {
  await sql`
    update subscriptions
    set state = 'paused', paused_until = ${until}, since = case when state = 'active' then now() else since end
    where ${ofKey(sql, key)} and state in ('active', 'paused')`;
}

export async function endPause(sql: Sql, key: SubscriptionKey): Promise<void> {
  await sql`
    update subscriptions set state = 'active', since = now(), paused_until = null where ${ofKey(sql, key)} and state = 'paused'`;
}

/** Ends pauses whose time has come, the earliest first, at most `limit`. @returns how many */
export async function endDuePauses(sql: Sql, limit: number): Promise<number> {
  const rows = await sql`
    update subscriptions n set state = 'active', since = now(), paused_until = null
    from (
      select publication_id, subscriber_id from subscriptions
      where state = 'paused' and paused_until <= now() order by paused_until limit ${limit} for update skip locked
    ) due
    where n.publication_id = due.publication_id and n.subscriber_id = due.subscriber_id and n.state = 'paused' and n.paused_until <= now()`;
  return rows.count;
}

/**
 * Agrees to advertising or takes it back, and keeps what was read (rule 5.1). Taken back are the words that had been agreed to. Of any number
 * of presses one writes a row.
 */
export async function setAdvertising(
  sql: Sql,
  key: SubscriptionKey,
  isGiven: boolean,
  wording: Wording,
): Promise<void> {
  await sql`
    with changed as (
      update subscriptions set advertising = ${isGiven}
      where ${ofKey(sql, key)} and advertising <> ${isGiven} and (state <> 'unsubscribed' or not ${isGiven})
      returning publication_id, subscriber_id
    )
    insert into consents (publication_id, subscriber_id, kind, given, wording, version, source)
    select n.publication_id, n.subscriber_id, 'advertising', ${isGiven}, coalesce(c.wording, ${wording.text}),
      coalesce(c.version, ${wording.version}), 'preferences'
    from changed n left join lateral (
      select wording, version from consents
      where publication_id = n.publication_id and subscriber_id = n.subscriber_id and kind = 'advertising' and given and not ${isGiven}
      order by at desc, id desc limit 1
    ) c on true`;
}

export interface OtherPublication {
  id: number;
  slug: string;
  name: string;
  language: 'ko' | 'en';
  description: string;
  /** Undefined: never subscribed. */
  state: SubscriptionState | undefined;
}

/** A newsroom has a few; more than this would be no list to choose from. */
const mostPublications = 50;

/** The other publications of this installation, by name, each with how this person stands to it. */
export async function listOthers(
  sql: Sql,
  { publicationId, subscriberId }: SubscriptionKey,
): Promise<OtherPublication[]> {
  const rows = await sql<(Omit<OtherPublication, 'state'> & { state: SubscriptionState | null })[]>`
    select p.id, p.slug, p.document->>'name' as name, p.document->>'language' as language,
      coalesce(p.document->>'description', '') as description, n.state
    from publications p left join subscriptions n on n.publication_id = p.id and n.subscriber_id = ${subscriberId}
    where p.id <> ${publicationId} order by 3, p.id limit ${mostPublications}`;
  return rows.map(row => ({ ...row, state: row.state ?? undefined }));
}

/**
 * Subscribes somebody whose link proves their address, with the evidence. Guarantees: nobody who is suppressed becomes active; who is active
 * already stays as they are.
 * @returns whether they became active just now
 */
export async function subscribeKnown(
  sql: Sql,
  { publicationId, subscriberId }: SubscriptionKey,
  lang: 'ko' | 'en',
  wording: Wording,
): Promise<boolean> {
  const rows = await sql`
    with subscribed as (
      insert into subscriptions as n (publication_id, subscriber_id, state, source, lang, confirmed_at)
      select ${publicationId}, s.id, 'active', 'preferences', ${lang}, now() from subscribers s
      where s.id = ${subscriberId} and not exists (select from suppressions x where x.address_hash = s.address_hash)
      on conflict (publication_id, subscriber_id) do update set
        state = 'active', since = now(), confirmed_at = now(), paused_until = null, left_state = null, left_issue_id = null,
        left_reason = null, left_note = null
      where n.state <> 'active'
      returning publication_id, subscriber_id
    )
    insert into consents (publication_id, subscriber_id, kind, given, wording, version, source)
    select publication_id, subscriber_id, 'subscription', true, ${wording.text}, ${wording.version}, 'preferences' from subscribed
    returning 1`;
  return rows.length > 0;
}

/** Keeps why somebody left. Guarantees: the first word of a leaving stays; nothing is kept of who is subscribed. */
export async function giveReason(sql: Sql, key: SubscriptionKey, reason: LeavingReason, note: string): Promise<void> {
  await sql`
    update subscriptions set left_reason = ${reason}, left_note = ${note || null}
    where ${ofKey(sql, key)} and state = 'unsubscribed' and left_reason is null`;
}

/** Why readers left through an issue and have not come back: reason → how many. */
export async function countReasons(sql: Sql, issueId: number): Promise<Partial<Record<LeavingReason, number>>> {
  const rows = await sql<{ reason: LeavingReason; n: number }[]>`
    select left_reason as reason, count(*) as n from subscriptions
    where left_issue_id = ${issueId} and state = 'unsubscribed' and left_reason is not null group by 1 order by 2 desc, 1`;
  return Object.fromEntries(rows.map(row => [row.reason, row.n]));
}
