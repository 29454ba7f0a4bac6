/**
 * Signing up and confirming. Each is one statement, may run any number of times and beside itself, and leaves the same trace for an address
 * that is new, known, active or suppressed, so that neither answer nor time tells which it is.
 */
import { versionOf, type Wordings } from '../model/consent.ts';
import type { Db } from './client.ts';

export interface SignUp {
  publicationId: number;
  email: string;
  emailKey: string;
  domain: string;
  addressHash: Buffer;
  lang: 'ko' | 'en';
  wordings: Wordings;
  /** Whether the box was ticked; without a box it does not count. */
  advertising: boolean;
  source: 'form' | 'embed' | 'api' | 'console';
  /** Code of the reader through whose link a new person came (`subscriptions.referral_code`). */
  referral?: string | undefined;
  /** No letter when one was asked for since the subscription became pending: a program says the same again as often as it runs. */
  once?: boolean;
}

/**
 * After the first letter of a round the second may follow in an hour, each further one in a day; those who are subscribed get one a day. Only
 * who has confirmed and left since gets one at once: a stranger cannot bring that about.
 */
const waits = { second: '1 hour', further: '1 day' } as const;

/**
 * Writes down the person, the subscription as `pending` and a letter. Who is suppressed gets none of these, unless for having had their data
 * deleted: whoever did may come back by confirming. Who is active or paused stays
 * so and gets `already`; who left becomes `pending`. Of any number of tries in an hour one writes a letter; a try without a letter changes
 * nothing of what is asked, since what was ticked belongs to the letter it is confirmed by.
 * @param now for tests
 * @returns the letter's id; undefined: none is due
 */
export async function signUp(sql: Db, asked: SignUp, now?: Date): Promise<number | undefined> {
  const { publicationId, email, emailKey, domain, addressHash, lang, wordings, source } = asked;
  const box = wordings.advertising;
  const moment = sql`coalesce(${now?.toISOString() ?? null}::timestamptz, now())`;
  const [row] = await sql<{ id: number }[]>`
    with person as (
      insert into subscribers (email, email_key, domain, address_hash)
      select ${email}, ${emailKey}, ${domain}, ${addressHash}::bytea
      where not exists (select from suppressions x where x.address_hash = ${addressHash}::bytea and x.reason <> 'deleted')
      -- Nothing changes, but the row is returned.
      on conflict (email_key) do update set email_key = excluded.email_key
      returning id
    ), subscribed as (
      insert into subscriptions as n (publication_id, subscriber_id, state, since, source, lang, referred_by)
      select ${publicationId}, id, 'pending', ${moment}, ${source}, ${lang}, ${asked.referral ?? null} from person
      on conflict (publication_id, subscriber_id) do update set
        state = case when n.state = 'unsubscribed' then 'pending' else n.state end,
        since = case when n.state = 'unsubscribed' then ${moment} else n.since end
      returning subscriber_id, state, since
    ), asked as (
      insert into signups as g (publication_id, address_hash, subscriber_id, lang, wording, version, advertising, advertising_wording, source, asked_at)
      select ${publicationId}, ${addressHash}::bytea, (select subscriber_id from subscribed), ${lang}, ${wordings.subscription.text},
        ${versionOf(wordings)}, ${box ? asked.advertising : null}::boolean, ${box?.text ?? null}::text, ${source}, ${moment}
      on conflict (publication_id, address_hash) do update set
        subscriber_id = excluded.subscriber_id, lang = excluded.lang, wording = excluded.wording, version = excluded.version,
        advertising = excluded.advertising, advertising_wording = excluded.advertising_wording, source = excluded.source,
        asked_at = excluded.asked_at, confirmed_at = null,
        number = (g.number + (g.confirmed_at is not null)::int) % 65536,
        letters = case when g.confirmed_at is null then g.letters + 1 else 1 end
      where g.asked_at <= ${moment} - case
        when g.confirmed_at is not null and exists (select from subscribed where state = 'pending') then interval '0'
        when g.letters > 1 or exists (select from subscribed where state <> 'pending') then ${waits.further}::interval
        else ${waits.second}::interval end
        and (not ${asked.once ?? false}::boolean or g.asked_at < (select since from subscribed))
      returning number, asked_at
    )
    insert into letters (key, kind, publication_id, subscriber_id, lang, ref)
    select concat_ws(' ', 'signup', ${publicationId}::bigint, s.subscriber_id, extract(epoch from a.asked_at)),
      case when s.state = 'pending' then 'confirm' else 'already' end, ${publicationId}, s.subscriber_id, ${lang}, a.number
    from asked a cross join subscribed s
    on conflict (key) do nothing
    returning id`;
  return row?.id;
}

export interface OpenSignUp {
  /** Of the form, and so of its words. */
  lang: 'ko' | 'en';
  /** Whether the box was ticked; null: there was none. */
  advertising: boolean | null;
  advertisingWording: string | null;
}

/** Days for which a letter's link confirms. */
const validDays = 30;

const isOpen = (sql: Db, round: SignUpKey, now: Date | undefined) => sql`
  g.publication_id = ${round.publicationId} and g.subscriber_id = ${round.subscriberId} and g.number = ${round.number}
  and g.confirmed_at is null
  and g.asked_at > coalesce(${now?.toISOString() ?? null}::timestamptz, now()) - ${validDays}::int * interval '1 day'`;

export interface SignUpKey {
  publicationId: number;
  subscriberId: number;
  /** Of the round, as in the letter's token. */
  number: number;
}

/** What a confirmation would confirm; undefined: nothing waits for this link any more. Reads. */
export async function findSignUp(sql: Db, round: SignUpKey, now?: Date): Promise<OpenSignUp | undefined> {
  const [row] = await sql<OpenSignUp[]>`
    select g.lang, g.advertising, g.advertising_wording from signups g
    join subscriptions n on n.publication_id = g.publication_id and n.subscriber_id = g.subscriber_id
    where ${isOpen(sql, round, now)} and n.state = 'pending'`;
  return row;
}

/**
 * `pending` → `active`, with what was agreed to and the welcome letter, all or nothing; a suppression for deletion ends with it. Of any number of presses one does it. A consent to
 * advertising is written when it was ticked in the form and is kept now; one that was ticked and is left out now is written as refused.
 * @param how.advertising false: left out on the confirmation's page
 * @param how.ip only where the publication keeps it
 * @returns the welcome letter's id; undefined: nothing was confirmed
 */
export async function confirmSignUp(
  sql: Db,
  round: SignUpKey,
  how: { advertising: boolean; ip?: string | undefined },
  now?: Date,
): Promise<number | undefined> {
  const moment = sql`coalesce(${now?.toISOString() ?? null}::timestamptz, now())`;
  const [row] = await sql<{ id: number }[]>`
    with confirmed as (
      update subscriptions n set
        state = 'active', since = ${moment}, confirmed_at = ${moment}, source = g.source, lang = g.lang,
        advertising = coalesce(g.advertising, false) and ${how.advertising}, review_at = null,
        left_state = null, left_issue_id = null
      from signups g
      where ${isOpen(sql, round, now)} and n.publication_id = g.publication_id and n.subscriber_id = g.subscriber_id
        and n.state = 'pending'
        and not exists (select from suppressions x where x.address_hash = g.address_hash and x.reason <> 'deleted')
      returning g.*
    ), lifted as (
      delete from suppressions x using confirmed c where x.address_hash = c.address_hash and x.reason = 'deleted'
    ), closed as (
      update signups g set confirmed_at = ${moment}
      from confirmed c where g.publication_id = c.publication_id and g.address_hash = c.address_hash
    ), agreed as (
      insert into consents (publication_id, subscriber_id, kind, given, wording, version, source, at, ip)
      select publication_id, subscriber_id, 'subscription', true, wording, case when advertising_wording is null then version else split_part(version, ' ', 1) end,
        source, ${moment}, ${how.ip ?? null}
      from confirmed
      union all
      select publication_id, subscriber_id, 'advertising', ${how.advertising}, advertising_wording, split_part(version, ' ', 2), source, ${moment}, ${how.ip ?? null}
      from confirmed where advertising
    )
    insert into letters (key, kind, publication_id, subscriber_id, lang)
    select concat_ws(' ', 'welcome', publication_id, subscriber_id, extract(epoch from ${moment})), 'welcome', publication_id, subscriber_id, lang
    from confirmed
    on conflict (key) do nothing
    returning id`;
  return row?.id;
}

/** Whether at least `limit` sign-ups of so many minutes wait for their confirmation. Reads `limit` index entries at most. */
export async function isUnderAttack(
  sql: Db,
  publicationId: number,
  { unconfirmed, minutes }: { unconfirmed: number; minutes: number },
): Promise<boolean> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from (
      select from signups where publication_id = ${publicationId} and confirmed_at is null
        and asked_at > now() - ${minutes}::int * interval '1 minute' limit ${unconfirmed}
    ) waiting`;
  return row!.n >= unconfirmed;
}
