/** What is reported back of messages that left: events, suppression, and what it tells of the ledger. */
import type { Sql } from './client.ts';

export type ReportedKind = 'bounce-hard' | 'bounce-soft' | 'bounce-policy' | 'complaint';

/** The ledger row that a return path names, its person still there; issue 0 stands for the letters this person was sent. */
const mailed = (sql: Sql, issueId: number, subscriberId: number) => sql`
  select ${issueId}::bigint as issue_id, s.id as subscriber_id, s.email_key, s.address_hash,
    s.address_since is null or s.address_since < case when ${issueId}::bigint = 0
      then (select max(l.updated_at) from letters l where l.subscriber_id = s.id and l.state <> 'queued')
      else (select r.updated_at from recipients r where r.issue_id = ${issueId} and r.subscriber_id = s.id) end as is_same
  from subscribers s
  where s.id = ${subscriberId} and case when ${issueId}::bigint = 0
    then exists (select from letters l where l.subscriber_id = s.id)
    else exists (select from recipients r where r.issue_id = ${issueId} and r.subscriber_id = s.id) end`;

/** Address of a ledger row, in small letters; undefined when there is no such row, or its person is deleted. */
export async function findMailed(sql: Sql, issueId: number, subscriberId: number): Promise<string | undefined> {
  const [row] = await sql<{ emailKey: string }[]>`${mailed(sql, issueId, subscriberId)}`;
  return row?.emailKey;
}

/** A copy that left, for the one who can tell its Message-ID. */
export interface MailedCopy {
  issueId: number;
  subscriberId: number;
  /** The publication's address. */
  from: string;
}

/** The newest copies that left for an address in the last 30 days, newest first, at most 50. @param emailKey in small letters */
export async function lastCopies(sql: Sql, emailKey: string): Promise<MailedCopy[]> {
  return sql<MailedCopy[]>`
    select i.id as issue_id, s.id as subscriber_id, p.document->'from'->>'address' as from
    from subscribers s
    cross join lateral (
      select id, publication_id, started_at from issues where started_at > now() - interval '30 days' order by started_at desc limit 500) i
    join recipients r on r.issue_id = i.id and r.subscriber_id = s.id and r.state in ('accepted', 'unknown')
    join publications p on p.id = i.publication_id
    where s.email_key = ${emailKey} order by i.started_at desc limit 50`;
}

export interface Recorded {
  /** False: it was known before. */
  isNew: boolean;
  /** The address became suppressed just now. */
  suppressed: boolean;
  /** An `unknown` row turned out to have been sent. */
  settled: boolean;
}

/**
 * Records what was reported of one ledger row, in one statement. Guarantees: the same kind again changes nothing; a suppression's first
 * reason stays; a row leaves `unknown` only, for `accepted`, since what comes back was sent.
 * @param kind undefined: nothing but that it was sent
 * @param suppression reason under which the address is never mailed again; undefined: it goes on being mailed
 */
export async function recordReported(
  sql: Sql,
  row: { issueId: number; subscriberId: number },
  kind: ReportedKind | undefined,
  suppression: 'hard-bounce' | 'complaint' | undefined,
): Promise<Recorded> {
  const [recorded] = await sql<Recorded[]>`
    with mailed as (${mailed(sql, row.issueId, row.subscriberId)}),
    settled as (
      update recipients r set state = 'accepted', reason = null, updated_at = now() from mailed m
      where r.issue_id = m.issue_id and r.subscriber_id = m.subscriber_id and r.state = 'unknown' returning 1
    ),
    event as (
      insert into events (issue_id, subscriber_id, kind)
      select issue_id, subscriber_id, ${kind ?? null}::text from mailed where ${kind ?? null}::text is not null
      on conflict do nothing returning 1
    ),
    suppressed as (
      insert into suppressions (address_hash, reason)
      select address_hash, ${suppression ?? null}::text from mailed
      -- A mailbox that a reader moved away from says nothing of their new one; a complaint is theirs wherever they made it.
      where ${suppression ?? null}::text is not null and (is_same or ${suppression === 'complaint'})
      on conflict do nothing returning 1
    )
    select exists (select from event) as is_new, exists (select from suppressed) as suppressed, exists (select from settled) as settled`;
  return recorded!;
}
