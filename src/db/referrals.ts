/** Links of their own with which readers share: a random code each, and who came through it. */
import type { Sql } from './client.ts';

export interface Referral {
  /** Null: never asked for. */
  code: string | null;
  /** People who came through it and confirmed. */
  confirmed: number;
}

/** A reader's code and what it brought about; undefined without a subscription. */
export async function findReferral(
  sql: Sql,
  publicationId: number,
  subscriberId: number,
): Promise<Referral | undefined> {
  const [row] = await sql<Referral[]>`
    select n.referral_code as code, (
      select count(*) from subscriptions r
      where r.referred_by = n.referral_code and r.publication_id = n.publication_id and r.confirmed_at is not null
        and r.subscriber_id <> n.subscriber_id) as confirmed
    from subscriptions n where n.publication_id = ${publicationId} and n.subscriber_id = ${subscriberId}`;
  return row;
}

/** Gives a subscription the code unless it has one; asked twice at once, one code stays. @throws when the code is taken */
export async function giveReferralCode(
  sql: Sql,
  publicationId: number,
  subscriberId: number,
  code: string,
): Promise<void> {
  await sql`
    update subscriptions set referral_code = ${code}
    where publication_id = ${publicationId} and subscriber_id = ${subscriberId} and referral_code is null`;
}
