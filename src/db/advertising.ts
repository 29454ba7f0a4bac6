/** Consent to advertising as it stands, and taking it back by a link. */
import type { Db } from './client.ts';
import type { SubscriptionKey } from './subscribers.ts';

export interface GivenConsent {
  wording: string;
  at: Date;
}

/** The consent that holds now; undefined when none does, or nothing is written of it. */
export async function findAdvertisingConsent(sql: Db, key: SubscriptionKey): Promise<GivenConsent | undefined> {
  const [row] = await sql<GivenConsent[]>`
    select c.wording, c.at from subscriptions n
    join consents c on c.publication_id = n.publication_id and c.subscriber_id = n.subscriber_id
    where n.publication_id = ${key.publicationId} and n.subscriber_id = ${key.subscriberId} and n.advertising
      and c.kind = 'advertising' and c.given
    order by c.at desc, c.id desc limit 1`;
  return row;
}

/**
 * Takes it back. Guarantees: of any number of presses one writes a row, with the words that had been agreed to.
 * @returns whether there was something to take back
 */
export async function withdrawAdvertising(sql: Db, key: SubscriptionKey, source: 'link'): Promise<boolean> {
  const rows = await sql`
    with withdrawn as (
      update subscriptions set advertising = false
      where publication_id = ${key.publicationId} and subscriber_id = ${key.subscriberId} and advertising
      returning publication_id, subscriber_id
    )
    insert into consents (publication_id, subscriber_id, kind, given, wording, version, source)
    select w.publication_id, w.subscriber_id, 'advertising', false, coalesce(c.wording, ''), coalesce(c.version, ''), ${source}
    from withdrawn w left join lateral (
      select wording, version from consents
      where publication_id = w.publication_id and subscriber_id = w.subscriber_id and kind = 'advertising' and given
      order by at desc, id desc limit 1
    ) c on true
    returning 1`;
  return rows.length > 0;
}
