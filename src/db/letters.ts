/** Letters: one row each from the moment one is due until it left. Each write is guarded by the state it leaves and, once claimed, by the claim's token. */
import type { LetterKind } from '../model/letter.ts';
import type { Db, Sql } from './client.ts';
import { silentMs } from './workers.ts';

export interface NewLetter {
  /** Names the occasion, without an address: the same key again is the same letter. */
  key: string;
  kind: LetterKind;
  publicationId: number;
  subscriberId: number;
  /** Where it goes when that is not the subscriber's own address. */
  address?: string | undefined;
  /** Default: the subscription's language, else the publication's. */
  lang?: 'ko' | 'en' | undefined;
  /** Values of its words' fields. No address. */
  data?: Record<string, string>;
  /** Carried by its link's token, 0 to 65,535. */
  ref?: number;
}

/** Writes a letter down. @returns its id; undefined when its occasion has had one */
export async function insertLetter(sql: Db, letter: NewLetter): Promise<number | undefined> {
  const { key, kind, publicationId, subscriberId, address = null, lang = null, data = {}, ref = 0 } = letter;
  const [row] = await sql<{ id: number }[]>`
    insert into letters (key, kind, publication_id, subscriber_id, address, lang, data, ref)
    select ${key}, ${kind}, p.id, s.id, ${address}::text,
      coalesce(${lang}::text, n.lang, p.document->>'language'), ${sql.json(data)}, ${ref}
    from publications p
    join subscribers s on s.id = ${subscriberId}
    left join subscriptions n on n.publication_id = p.id and n.subscriber_id = s.id
    where p.id = ${publicationId}
    on conflict (key) do nothing
    returning id`;
  return row?.id;
}

/** Where a queued letter is to go; undefined when it is not queued, or not due. */
export async function peekLetter(sql: Sql, id: number): Promise<{ publicationId: number; domain: string } | undefined> {
  const [row] = await sql<{ publicationId: number; domain: string }[]>`
    select l.publication_id, lower(split_part(coalesce(l.address, s.email), '@', -1)) as domain
    from letters l join subscribers s on s.id = l.subscriber_id
    where l.id = ${id} and l.state = 'queued' and l.next_attempt_at <= now()`;
  return row;
}

export interface ClaimedLetter {
  id: number;
  kind: LetterKind;
  publicationId: number;
  subscriberId: number;
  email: string;
  /** Whether that is the subscriber's own address. */
  isOwn: boolean;
  name: string;
  lang: 'ko' | 'en';
  data: Record<string, string>;
  ref: number;
  createdAt: Date;
  attempts: number;
  claim: string;
}

/**
 * Claims a letter that is due. In the same statement it is left out when the subscriber's address is suppressed. The hash of another
 * address is not known to SQL: whoever writes such a letter looks first.
 */
export async function claimLetter(sql: Sql, id: number, workerId: string): Promise<ClaimedLetter | undefined> {
  const [row] = await sql<(ClaimedLetter & { state: string })[]>`
    with judged as (
      select l.id, coalesce(l.address, s.email) as email, l.address is null as is_own, s.name,
        l.address is null and exists (
          select from suppressions x where x.address_hash = s.address_hash
            -- Who deleted their data may sign up again: asking them whether they did is all that is sent.
            and (x.reason <> 'deleted' or l.kind <> 'confirm')) as suppressed
      from letters l join subscribers s on s.id = l.subscriber_id
      where l.id = ${id} and l.state = 'queued' and l.next_attempt_at <= now()
      for update of l skip locked
    )
    update letters l set
      state = case when j.suppressed then 'excluded' else 'sending' end,
      attempts = l.attempts + case when j.suppressed then 0 else 1 end,
      claim = gen_random_uuid(), worker_id = ${workerId}, updated_at = now()
    from judged j where l.id = j.id
    returning l.id, l.kind, l.publication_id, l.subscriber_id, j.email, j.is_own, j.name, l.lang, l.data, l.ref, l.created_at, l.attempts, l.claim, l.state`;
  return row?.state === 'sending' ? row : undefined;
}

export interface LetterResult {
  state: 'accepted' | 'rejected' | 'queued' | 'unknown';
  reply: string | null;
  /** Until the next attempt; of `queued`. */
  waitMs: number;
  /** The address does not exist (rule 3.5). */
  isDead?: boolean;
}

/** Hours after which a letter that is deferred again and again is given up: what it says is stale by then. */
const giveUpHours = 48;

/** Records what became of a claimed letter, and suppresses the subscriber's when it does not exist. An address of its own is forgotten once it left. */
export async function recordLetter(
  sql: Sql,
  { id, claim, isOwn }: Pick<ClaimedLetter, 'id' | 'claim' | 'isOwn'>,
  { state, reply, waitMs, isDead = false }: LetterResult,
): Promise<void> {
  await sql`
    with recorded as (
      update letters set
        state = case when ${state} = 'queued' and created_at < now() - ${giveUpHours}::int * interval '1 hour' then 'expired' else ${state} end,
        address = case when ${state} in ('accepted', 'rejected') then null else address end,
        reply = ${reply}, claim = null, worker_id = null, 
        next_attempt_at = now() + ${Math.round(waitMs)}::int * interval '1 millisecond', updated_at = now()
      where id = ${id} and claim = ${claim} and state = 'sending'
      returning subscriber_id
    )
    insert into suppressions (address_hash, reason)
    select s.address_hash, 'hard-bounce' from recorded r join subscribers s on s.id = r.subscriber_id where ${isDead && isOwn}
    on conflict do nothing`;
}

/** Letters to be sent now, oldest first. */
export async function dueLetters(sql: Sql, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from letters where state = 'queued' and next_attempt_at <= now() order by next_attempt_at limit ${limit}`;
  return rows.map(row => row.id);
}

/** Those in flight of processes that fell silent: what they sent is not known, so it is not sent again by itself. */
export async function abandonLetters(sql: Sql, afterMs = silentMs): Promise<number> {
  const rows = await sql`
    update letters l set state = 'unknown', updated_at = now()
    where l.state = 'sending' and pg_postmaster_start_time() < now() - ${afterMs}::int * interval '1 millisecond' and not exists (
      select from workers w where w.id = l.worker_id and w.seen_at > now() - ${afterMs}::int * interval '1 millisecond')
    returning 1`;
  return rows.length;
}
