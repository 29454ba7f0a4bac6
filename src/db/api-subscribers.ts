/** Subscribers one by one, as programs bring and take them. One statement each, and again it changes nothing. */
import type { SubscriptionState } from '../model/states.ts';
import type { Sql } from './client.ts';

export interface Enrolled {
  subscriber: number;
  /** Whether the subscription is new. */
  created: boolean;
  /** That holds now. */
  state: SubscriptionState;
}

export interface Enrolment {
  publicationId: number;
  email: string;
  emailKey: string;
  domain: string;
  addressHash: Buffer;
  /** Empty: as it is. */
  name: string;
  attributes: Record<string, string>;
  /** As `timeZoneOf` gives it; null: none of their own; undefined: as it is. */
  timeZone: string | null | undefined;
  state: 'pending' | 'active';
  consent: { source: string; at: string; wording: string; version: string } | null;
  /** Who brings them. */
  by: 'api' | 'console';
}

/**
 * Makes or completes a person and their subscription. Guarantees: who is suppressed gets neither; who left comes back only with consent
 * given after they left; nobody who is active or paused becomes pending; only consent makes somebody active, and is kept word for word.
 * @returns undefined when the address is suppressed
 */
export async function enrol(sql: Sql, e: Enrolment): Promise<Enrolled | undefined> {
  const evidence = e.consent && sql.json({ ...e.consent, from: e.by, recordedAt: new Date().toISOString() });
  const agreesAnew = sql`(excluded.evidence is not null and n.state = 'unsubscribed' and ${e.consent?.at ?? null}::text::timestamptz > n.since)`;
  const becomesActive = sql`(excluded.state = 'active' and n.state = 'pending')`;
  const changes = sql`(${agreesAnew} or ${becomesActive})`;
  const timeZone = e.timeZone === undefined ? sql`s.time_zone` : sql`excluded.time_zone`;
  const [row] = await sql<Enrolled[]>`
    with person as (
      insert into subscribers as s (email, email_key, domain, name, attributes, address_hash, time_zone)
      select ${e.email}, ${e.emailKey}, ${e.domain}, ${e.name}, ${sql.json(e.attributes)}, ${e.addressHash}, ${e.timeZone ?? null}
      where not exists (select from suppressions x where x.address_hash = ${e.addressHash})
      on conflict (email_key) do update set
        name = coalesce(nullif(excluded.name, ''), s.name), attributes = s.attributes || excluded.attributes,
        time_zone = ${timeZone},
        updated_at = case when s.attributes @> excluded.attributes and excluded.name in ('', s.name)
          and s.time_zone is not distinct from ${timeZone} then s.updated_at else now() end
      returning id
    ),
    subscription as (
    insert into subscriptions as n (publication_id, subscriber_id, state, source, evidence)
    select ${e.publicationId}, id, ${e.state}, ${e.by}, ${evidence} from person
    on conflict (publication_id, subscriber_id) do update set
      state = case when ${changes} then excluded.state else n.state end,
      since = case when ${changes} then now() else n.since end,
      left_state = case when ${agreesAnew} then null else n.left_state end,
      left_issue_id = case when ${agreesAnew} then null else n.left_issue_id end,
      evidence = case when ${changes} then coalesce(n.evidence, '{}') || excluded.evidence else n.evidence end
    returning subscriber_id as subscriber, n.state, xmax = 0 as created, n.since = now() as changed
    ),
    agreed as (
      insert into consents (publication_id, subscriber_id, kind, given, wording, version, source, at)
      select ${e.publicationId}, subscriber, 'subscription', true, ${e.consent?.wording ?? ''}, ${e.consent?.version ?? ''}, ${e.by},
        ${e.consent?.at ?? null}::text::timestamptz
      from subscription where changed and ${e.consent !== null}
    )
    select subscriber, created, state from subscription`;
  return row;
}

export interface SubscriberView {
  id: number;
  email: string;
  name: string;
  attributes: Record<string, string>;
  timeZone: string | null;
  createdAt: Date;
  /** Why it is suppressed. */
  suppressed: string | null;
  tags: string[];
  subscriptions: {
    publication: string;
    state: SubscriptionState;
    since: string;
    source: string;
    evidence: Record<string, unknown> | null;
  }[];
}

/** @param by one person, by id or by the address in small letters */
export async function viewSubscriber(
  sql: Sql,
  by: { id: number } | { emailKey: string },
): Promise<SubscriberView | undefined> {
  const [row] = await sql<SubscriberView[]>`
    select s.id, s.email, s.name, s.attributes, s.time_zone, s.created_at,
      (select reason from suppressions x where x.address_hash = s.address_hash) as suppressed,
      array(select tag from subscriber_tags t where t.subscriber_id = s.id order by tag) as tags,
      coalesce((
        select jsonb_agg(jsonb_build_object('publication', p.slug, 'state', n.state, 'since', n.since, 'source', n.source,
          'evidence', n.evidence) order by p.slug)
        from subscriptions n join publications p on p.id = n.publication_id where n.subscriber_id = s.id), '[]') as subscriptions
    from subscribers s where ${'id' in by ? sql`s.id = ${by.id}` : sql`s.email_key = ${by.emailKey}`}`;
  return row;
}

/** @returns whether there was one */
export async function unsuppress(sql: Sql, addressHash: Buffer): Promise<boolean> {
  return (await sql`delete from suppressions where address_hash = ${addressHash}`).count > 0;
}
