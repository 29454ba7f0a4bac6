/** What mail that comes back changes beside bounces: who leaves by mail, and which replies went on to an editor. */
import type { Sql } from './client.ts';
import { arrived, roomFor } from './events.ts';

/**
 * Ends a subscription because a mail to its signed address says so, and notes that. One statement. Guarantees: said again, it changes
 * nothing; a row that was `unknown` is `accepted`, since only the message holds the address.
 * @returns whether this ended it
 */
export async function leaveByMail(sql: Sql, issueId: number, subscriberId: number): Promise<boolean> {
  const [row] = await sql<{ ended: boolean }[]>`
    with arrived as (${arrived(sql, issueId, subscriberId)}),
    ended as (
      update subscriptions n
      set state = 'unsubscribed', since = now(), left_state = n.state, left_issue_id = i.id, left_reason = null, left_note = null
      from issues i
      where i.id = ${issueId} and n.publication_id = i.publication_id and n.subscriber_id = ${subscriberId}
        and n.state in ('active', 'paused', 'pending')
      returning 1
    ),
    noted as (
      insert into events (issue_id, subscriber_id, kind, source)
      select ${issueId}, ${subscriberId}, 'unsubscribe', 'mail'
      where exists (select from ended) and ${roomFor(sql, issueId, subscriberId, 'unsubscribe')}
    )
    select exists (select from ended) as ended`;
  return row!.ended;
}

/** The publication whose issue it is; undefined when there is no such issue. */
export async function publicationOfIssue(sql: Sql, issueId: number): Promise<number | undefined> {
  const [row] = await sql<{ publicationId: number }[]>`select publication_id from issues where id = ${issueId}`;
  return row?.publicationId;
}

export interface ForwardedMail {
  /** sha-256 of the mail as it came. */
  digest: Buffer;
  publicationId: number;
  /** Keyed hash of the sender's address. */
  sender: Buffer;
}

/** Whether this mail went on before, and how many did in the last hour. */
export async function lastForwards(
  sql: Sql,
  mail: ForwardedMail,
): Promise<{ isKnown: boolean; bySender: number; byPublication: number }> {
  const [row] = await sql<{ isKnown: boolean; bySender: number; byPublication: number }[]>`
    select exists (
        select from forwarded_mail where digest = ${mail.digest} and publication_id = ${mail.publicationId}
      ) as is_known,
      count(*) filter (where sender = ${mail.sender}) as by_sender,
      count(*) filter (where publication_id = ${mail.publicationId}) as by_publication
    from forwarded_mail where at > now() - interval '1 hour'`;
  return row!;
}

/** Notes a mail that went on, and forgets those of more than a week ago. */
export async function noteForward(sql: Sql, mail: ForwardedMail): Promise<void> {
  await sql`
    with old as (delete from forwarded_mail where at < now() - interval '7 days')
    insert into forwarded_mail (digest, publication_id, sender)
    values (${mail.digest}, ${mail.publicationId}, ${mail.sender}) on conflict do nothing`;
}
