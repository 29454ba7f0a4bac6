/** Readers and their subscriptions: one statement per table, every choice from a hash of the reader's number and the seed. */

import type { Sql } from '../../src/db/client.ts';
import { instanceKey } from '../../src/db/instance.ts';
import { wordingsOf } from '../../src/model/consent.ts';
import { leavingReasons } from '../../src/model/leaving.ts';
import type { AddressHasher } from '../../src/subscribers/hash.ts';
import type { Calendar, Size } from './calendar.ts';
import { domains, firstNames, givenNames, jobs, lastNames, surnames } from './pools.ts';
import { publications } from './publications.ts';

/** A number from 0 to 1 that a row's number and a place in the program decide. Gone again with `dropHelpers`. */
export async function createHelpers(sql: Sql, seed: number): Promise<void> {
  await sql.unsafe(`create or replace function bench_chance(n bigint, place int) returns float8 language sql immutable parallel safe
    as $$ select (hashint8extended(n, place * 1000003::bigint + ${Math.trunc(seed)}) & 1073741823) / 1073741824.0::float8 $$`);
  await sql.unsafe(`create or replace function bench_pick(list text[], chance float8) returns text language sql immutable parallel safe
    as $$ select list[1 + floor(chance * cardinality(list))::int] $$`);
}

export async function dropHelpers(sql: Sql): Promise<void> {
  await sql`drop table if exists bench_lives, bench_issues`;
  await sql`drop function if exists bench_chance(bigint, int), bench_pick(text[], float8)`;
}

/** Everyone, with ids from 1 in the order in which they came. The address hash is the product's, reckoned in SQL (RFC 2104). */
export async function insertReaders(sql: Sql, size: Size, calendar: Calendar, hasher: AddressHasher): Promise<void> {
  const [inner, outer] = pads(await instanceKey(sql, 'address-hash'));
  const known = domains.flatMap(([domain, , share]) => Array<string>(share).fill(domain));
  const { early, growth, days } = calendar;
  await sql`
    insert into subscribers (id, email, email_key, domain, name, attributes, address_hash, created_at, updated_at)
    overriding system value
    select n, email, email, domain, name, attributes, sha256(${outer}::bytea || sha256(${inner}::bytea || convert_to(email, 'UTF8'))), came, came
    from (
      select *, login || n || '@' || domain as email from (
        select n,
          coalesce((${known}::text[])[1 + floor(bench_chance(n, 1) * 100)::int], 'firm' || floor(bench_chance(n, 2) * 400) || '.example') as domain,
          case when bench_chance(n, 3) < 0.08 then ''
            when bench_chance(n, 3) < 0.72 then
              bench_pick(${surnames.map(s => s[0])}::text[], bench_chance(n, 4)) || bench_pick(${givenNames.map(g => g[0])}::text[], bench_chance(n, 5))
            else bench_pick(${[...firstNames]}::text[], bench_chance(n, 4)) || ' ' || bench_pick(${[...lastNames]}::text[], bench_chance(n, 5)) end as name,
          bench_pick(${givenNames.map(g => g[1])}::text[], bench_chance(n, 5)) || '.' ||
            bench_pick(${surnames.map(s => s[1])}::text[], bench_chance(n, 4)) || '.' as login,
          case when bench_chance(n, 6) < 0.4 then '{}'::jsonb else jsonb_build_object(
            'company', 'Firm ' || floor(bench_chance(n, 7) * 3000),
            'job', bench_pick(${[...jobs]}::text[], bench_chance(n, 8)),
            'tags', case when bench_chance(n, 9) < 0.1 then 'founding, survey' when bench_chance(n, 9) < 0.3 then 'survey' else '' end) end as attributes,
          date_trunc('second', now() - ${days}::float8 * interval '1 day' * (1 - power(
            greatest(0, (n::float8 / ${size.readers}::int - ${early}::float8) / (1 - ${early}::float8)), ${1 / growth}::float8))) as came
        from generate_series(1, ${size.readers}::bigint) n) chosen) addressed`;
  await sql`select setval(pg_get_serial_sequence('subscribers', 'id'), ${size.readers})`;
  const [first] = await sql<
    { email: string; addressHash: Uint8Array }[]
  >`select email, address_hash from subscribers where id = 1`;
  if (!hasher.hash(first!.email).equals(first!.addressHash))
    throw new Error('the address hash of SQL is not the product’s');
  await sql`insert into mailbox_domains (domain, lane)
    select * from unnest(${domains.map(d => d[0])}::text[], ${domains.map(d => d[1])}::text[]) on conflict do nothing`;
}

function pads(key: Buffer): [Buffer, Buffer] {
  const padded = Buffer.alloc(64);
  key.copy(padded);
  return [0x36, 0x5c].map(byte => Buffer.from(padded.map(one => one ^ byte))) as [Buffer, Buffer];
}

/**
 * What becomes of each subscription: which issues of its publication it is in the audience of (`first` to `last`), how it stands today, and
 * whether the address bounced. Needs the rows of `bench_issues`.
 */
export async function createLives(sql: Sql, publicationId: number, place: number): Promise<void> {
  await sql`
    create unlogged table if not exists bench_lives (
      publication_id bigint, subscriber_id bigint, lane text, first int, last int, state text, since timestamptz, came timestamptz,
      frequency text, suppressed_at timestamptz, gone_k int, is_complaint boolean, seat int)`;
  await sql`
    with spans as (select min(at) as begun, max(k) as newest, (max(at) - min(at)) / max(k) as step from bench_issues where publication_id = ${publicationId}),
    chosen as (
      select s.id, s.created_at, coalesce(d.lane, 'other') as lane, sp.newest, sp.begun, sp.step, b.luck,
        greatest(0, ceil(extract(epoch from s.created_at - sp.begun) / extract(epoch from sp.step))::int) as first,
        o.subscriber_id is null as is_first
      from subscribers s left join bench_lives o on o.subscriber_id = s.id left join mailbox_domains d on d.domain = s.domain cross join spans sp
      cross join lateral (select s.id * 8 + ${place}::int as luck) b
      -- A quarter reads the monthly; of those six in ten the weekly too, and everyone else the weekly: calendar.ts has the shares.
      where case ${place}::int when 1 then bench_chance(s.id, 12) < 0.25 else bench_chance(s.id, 12) >= 0.25 or bench_chance(s.id, 11) < 0.6 end
    ),
    fated as (
      select *,
        case when first < newest and bench_chance(luck, 20) < 0.13 then 'unsubscribed'
          when first < newest and bench_chance(luck, 20) < 0.15 then 'paused'
          when first < newest and bench_chance(luck, 20) < 0.17 then 'monthly'
          when created_at > now() - interval '30 days' and bench_chance(luck, 20) > 0.85 then 'pending'
          else 'active' end as fate,
        -- The last issue got: an even choice for who left, one of the last few for who paused or changed to the digest.
        first + floor(bench_chance(luck, 21) * (newest - first))::int as until_left,
        greatest(first, newest - 1 - floor(bench_chance(luck, 21) * 8)::int) as lately,
        case when bench_chance(id, 22) < 0.012 then first + floor(bench_chance(id, 23) * (newest - first))::int end as gone
      from chosen
    ),
    lived as (
      select *, case fate when 'unsubscribed' then until_left when 'active' then newest when 'pending' then -1 else lately end as last from fated
    )
    insert into bench_lives
    select ${publicationId}, id, lane, first, last, case fate when 'monthly' then 'active' else fate end,
      case when fate in ('unsubscribed', 'paused') then begun + last * step + interval '3 hours' + bench_chance(luck, 24) * interval '60 hours' else created_at end,
      created_at, case fate when 'monthly' then 'monthly' else 'every' end,
      -- Only while it was read, and by its first publication.
      case when goes then begun + gone * step + interval '5 hours' end, case when goes then gone end, bench_chance(id, 25) < 0.1,
      -- Its place among the publication's readers of one lane.
      row_number() over (partition by lane order by id) - 1
    from lived cross join lateral (
      select gone is not null and gone <= last and gone < newest and is_first as goes) g`;
}

/** Of readers of both publications, the second one knows that the address bounced. */
export async function spreadSuppressions(sql: Sql): Promise<void> {
  await sql`create index on bench_lives (subscriber_id)`;
  await sql`
    update bench_lives o set suppressed_at = b.suppressed_at from bench_lives b
    where b.subscriber_id = o.subscriber_id and b.publication_id <> o.publication_id and b.suppressed_at is not null`;
  await sql`create index on bench_lives (publication_id, subscriber_id)`;
  await sql`analyze bench_lives`;
  await sql`
    insert into suppressions (address_hash, reason, created_at)
    select distinct on (s.address_hash) s.address_hash, case when l.is_complaint then 'complaint' else 'hard-bounce' end, l.suppressed_at
    from bench_lives l join subscribers s on s.id = l.subscriber_id where l.gone_k is not null`;
}

/** Subscriptions as they stand, and the consents they came from. */
export async function insertSubscriptions(sql: Sql): Promise<void> {
  await sql`
    insert into subscriptions (publication_id, subscriber_id, state, since, source, left_issue_id, left_state, left_reason, advertising,
      confirmed_at, lang, frequency, paused_until, noticed_since, review_at)
    select l.publication_id, l.subscriber_id, l.state, l.since,
      (array['form', 'form', 'import', 'embed'])[1 + floor(bench_chance(l.subscriber_id, 30) * 4)::int],
      -- Whoever left after the address had bounced did not do so through the issue.
      case when l.state = 'unsubscribed' and l.gone_k is distinct from l.last and coalesce(l.suppressed_at > i.at, true) then i.issue_id end, case when l.state = 'unsubscribed' then 'active' end,
      case when l.state = 'unsubscribed' and bench_chance(l.subscriber_id, 31) < 0.3
        then bench_pick(${[...leavingReasons]}::text[], bench_chance(l.subscriber_id, 32)) end,
      l.state <> 'pending' and bench_chance(l.subscriber_id, 33) < 0.45,
      case when l.state <> 'pending' then l.came + interval '9 minutes' end, case when bench_chance(l.subscriber_id, 34) < 0.1 then 'en' end, l.frequency,
      case when l.state = 'paused' and bench_chance(l.subscriber_id, 35) < 0.5 then now() + bench_chance(l.subscriber_id, 36) * interval '60 days' end,
      case when l.state = 'unsubscribed' then l.since end,
      -- Nobody's two years are over just now: that would be a letter to each.
      greatest(l.came + interval '2 years', now() + interval '30 days' + bench_chance(l.subscriber_id, 37) * interval '300 days')
    from bench_lives l left join bench_issues i on i.publication_id = l.publication_id and i.k = l.last`;
  await sql`
    insert into signups (publication_id, address_hash, subscriber_id, lang, wording, version, source, asked_at)
    select l.publication_id, s.address_hash, s.id, p.lang, p.wording, p.version, 'form', l.came
    from bench_lives l join subscribers s on s.id = l.subscriber_id join (${agreed(sql, 'subscription')}) p on p.publication_id = l.publication_id
    where l.state = 'pending'`;
  await sql`
    insert into consents (publication_id, subscriber_id, kind, given, wording, version, source, at, noticed_at)
    select n.publication_id, n.subscriber_id, 'subscription', true, p.wording, p.version, n.source, n.confirmed_at, null::timestamptz
    from subscriptions n join (${agreed(sql, 'subscription')}) p using (publication_id) where n.state <> 'pending'
    union all
    select n.publication_id, n.subscriber_id, 'advertising', n.advertising, p.wording, p.version, n.source, n.confirmed_at,
      n.confirmed_at + interval '1 hour'
    from subscriptions n join (${agreed(sql, 'advertising')}) p using (publication_id)
    where n.state <> 'pending' and (n.advertising or bench_chance(n.subscriber_id, 38) < 0.5)`;
}

/** What each publication's form says, as rows. */
function agreed(sql: Sql, kind: 'subscription' | 'advertising') {
  const texts = publications.map(one => wordingsOf(one, one.language)[kind]!);
  return sql`
    select p.id as publication_id, t.* from publications p
    join unnest(${publications.map(one => one.slug)}::text[], ${publications.map(one => one.language)}::text[], ${texts.map(t => t.text)}::text[],
      ${texts.map(t => t.version)}::text[]) as t (slug, lang, wording, version) using (slug)`;
}
