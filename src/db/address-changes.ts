/**
 * A reader's change of address: asked for by their link, applied by whoever reads the mail at the new address, taken back by whoever reads the
 * mail at the old one. Each is one statement; again it changes nothing.
 */
import type { Db, Sql } from './client.ts';

export interface NewAddress {
  email: string;
  emailKey: string;
  domain: string;
  addressHash: Buffer;
}

/** Open requests a day and reader: each mails somebody who has not asked for anything yet. */
const mostADay = 3;
/** What a letter's link does as long. */
const confirmDays = 2;
const restoreDays = 7;
/** Until the addresses of a request are emptied: later than any link works. */
const keptDays = confirmDays + restoreDays + 1;

const days = (sql: Db, n: number) => sql`${n}::int * interval '1 day'`;

/** Suppressed for any reason but that its owner deleted their data: who confirms by a letter to it decides anew. */
const isRefused = (sql: Db, hash: Buffer) =>
  sql`exists (select from suppressions x where x.address_hash = ${hash} and x.reason <> 'deleted')`;

/**
 * Writes the request and the letter to the new address, or neither: the limit is reached, the address is suppressed, or it is theirs already.
 * Nothing is told of which, since whoever asks has shown no right to the new address.
 * @returns the letter's id
 */
export async function askAddressChange(
  sql: Sql,
  of: { publicationId: number; subscriberId: number; lang: 'ko' | 'en' },
  { email, emailKey, domain, addressHash }: NewAddress,
): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    with before as (
      select coalesce(max(number), 0) as last, count(*) filter (where asked_at > now() - interval '1 day') as today
      from address_changes where subscriber_id = ${of.subscriberId}
    ),
    asked as (
      insert into address_changes (subscriber_id, number, publication_id, email, email_key, domain, address_hash)
      select s.id, b.last + 1, ${of.publicationId}, ${email}, ${emailKey}, ${domain}, ${addressHash}
      from subscribers s cross join before b
      where s.id = ${of.subscriberId} and s.email_key <> ${emailKey} and b.today < ${mostADay} and b.last < 65535
        and not ${isRefused(sql, addressHash)}
      on conflict (subscriber_id, number) do nothing
      returning *
    )
    insert into letters (key, kind, publication_id, subscriber_id, address, lang, ref)
    select concat_ws(' ', 'new-address', subscriber_id, number), 'new-address', publication_id, subscriber_id, email, ${of.lang}, number
    from asked
    returning id`;
  return row?.id;
}

export interface ChangeKey {
  subscriberId: number;
  /** As in the letter's token. */
  number: number;
}

/** `taken`: somebody else here has the address. `over`: too late, changed again since, or never asked for. */
type ChangeState = 'open' | 'taken' | 'applied' | 'undone' | 'over';

export interface AddressChange {
  state: ChangeState;
  /** The new address; '' once it is forgotten. */
  email: string;
  /** Whether the old address can take it back. */
  isRestorable: boolean;
}

export async function findAddressChange(sql: Sql, key: ChangeKey): Promise<AddressChange> {
  const [row] = await sql<AddressChange[]>`
    select coalesce(c.email, '') as email,
      c.undone_at is null and c.applied_at > now() - ${days(sql, restoreDays)} and s.email_key = c.email_key
        and not exists (select from subscribers o where o.email_key = c.old_email_key) as is_restorable,
      case
        when c.undone_at is not null then 'undone'
        when c.applied_at is not null then case when s.email_key = c.email_key then 'applied' else 'over' end
        when c.email is null or s.email_key = c.email_key or c.asked_at < now() - ${days(sql, confirmDays)} then 'over'
        when exists (select from subscribers o where o.email_key = c.email_key and o.id <> s.id) then 'taken'
        else 'open'
      end as state
    from address_changes c join subscribers s on s.id = c.subscriber_id
    where c.subscriber_id = ${key.subscriberId} and c.number = ${key.number}`;
  return row ? { ...row, isRestorable: row.isRestorable ?? false } : { state: 'over', email: '', isRestorable: false };
}

/**
 * Applies a request, and tells the old address, unless it is suppressed. Guarantees: of any number of presses one does it; nobody's address
 * becomes that of somebody else here, whose subscriptions stay as they are.
 * @returns id of the letter to the old address, null when it gets none; undefined: nothing was changed
 */
export async function applyAddressChange(sql: Sql, key: ChangeKey): Promise<number | null | undefined> {
  const rows = await sql<{ letter: number | null }[]>`
    with open as (
      select c.*, s.email as was_email, s.email_key as was_key, s.domain as was_domain, s.address_hash as was_hash
      from address_changes c join subscribers s on s.id = c.subscriber_id
      where c.subscriber_id = ${key.subscriberId} and c.number = ${key.number} and c.applied_at is null and c.email is not null
        and c.asked_at >= now() - ${days(sql, confirmDays)}
        and not exists (select from suppressions x where x.address_hash = c.address_hash and x.reason <> 'deleted')
        and not exists (select from subscribers o where o.email_key = c.email_key)
      for update
    ),
    moved as (
      update subscribers s
      set email = o.email, email_key = o.email_key, domain = o.domain, address_hash = o.address_hash, address_since = now(), updated_at = now()
      from open o where s.id = o.subscriber_id
    ),
    noted as (
      update address_changes c
      set applied_at = now(), old_email = o.was_email, old_email_key = o.was_key, old_domain = o.was_domain, old_hash = o.was_hash
      from open o where c.subscriber_id = o.subscriber_id and c.number = o.number
    ),
    -- Its holder has just said that they want mail there.
    lifted as (delete from suppressions x using open o where x.address_hash = o.address_hash and x.reason = 'deleted'),
    told as (
      insert into letters (key, kind, publication_id, subscriber_id, address, lang, ref)
      select concat_ws(' ', 'address-changed', o.subscriber_id, o.number), 'address-changed', o.publication_id, o.subscriber_id, o.was_email,
        coalesce(n.lang, p.document->>'language'), o.number
      from open o
      join publications p on p.id = o.publication_id
      left join subscriptions n on n.publication_id = o.publication_id and n.subscriber_id = o.subscriber_id
      where not exists (select from suppressions x where x.address_hash = o.was_hash)
      on conflict (key) do nothing
      returning id
    )
    select (select id from told) as letter from open`.catch(takenMeanwhile);
  return rows[0]?.letter ?? (rows.length > 0 ? null : undefined);
}

/** Puts the old address back. Guarantees: only the last change, only within its days, and to no address that somebody else has by now. */
export async function restoreAddress(sql: Sql, key: ChangeKey): Promise<boolean> {
  const rows = await sql`
    with open as (
      select c.* from address_changes c join subscribers s on s.id = c.subscriber_id and s.email_key = c.email_key
      where c.subscriber_id = ${key.subscriberId} and c.number = ${key.number} and c.undone_at is null
        and c.applied_at > now() - ${days(sql, restoreDays)}
        and not exists (select from subscribers o where o.email_key = c.old_email_key)
      for update
    ),
    moved as (
      update subscribers s
      set email = o.old_email, email_key = o.old_email_key, domain = o.old_domain, address_hash = o.old_hash, address_since = now(),
        updated_at = now()
      from open o where s.id = o.subscriber_id
    )
    update address_changes c set undone_at = now() from open o
    where c.subscriber_id = o.subscriber_id and c.number = o.number returning 1`.catch(takenMeanwhile);
  return rows.length > 0;
}

/** 23505: somebody else took the address since this statement looked. */
function takenMeanwhile(error: unknown): never[] {
  if (error instanceof Error && 'code' in error && error.code === '23505') return [];
  throw error;
}

/** Empties the addresses of requests whose links work no more, the oldest first, at most `limit`. */
export async function forgetOldAddresses(sql: Sql, limit: number): Promise<void> {
  await sql`
    update address_changes c
    set email = null, email_key = null, domain = null, address_hash = null,
      old_email = null, old_email_key = null, old_domain = null, old_hash = null
    from (
      select subscriber_id, number from address_changes
      where email is not null and asked_at < now() - ${days(sql, keptDays)} order by asked_at limit ${limit}
    ) old
    where c.subscriber_id = old.subscriber_id and c.number = old.number`;
}
