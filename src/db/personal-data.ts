/** Everything held of one person: to be read by them in pages of bounded size, and to be deleted. */
import { eventKinds } from '../model/states.ts';
import type { Row, Sql } from './client.ts';

/** Numbers from here on stand for nobody: above any subscriber's that a token can carry, below what JavaScript counts exactly. */
const noReader = 2 ** 52;

/** Rows of one statement. An issue's row carries its events, of which there may be a thousand a kind. */
const pageRows = { issues: 20, others: 200 };

/** The person's own row; undefined when it is gone. */
export async function personOf(sql: Sql, subscriberId: number): Promise<Row | undefined> {
  const [row] = await sql`
    select id, email, name, attributes, time_zone, created_at, updated_at, address_since,
      (select x.reason from suppressions x where x.address_hash = s.address_hash) as suppressed
    from subscribers s where id = ${subscriberId}`;
  return row;
}

/** Subscriptions: as many as publications. */
export async function subscriptionsOf(sql: Sql, subscriberId: number): Promise<Row[]> {
  return sql`
    select p.slug as publication, n.state, n.since, n.source, n.lang, n.frequency, n.paused_until, n.opens_off, n.advertising,
      n.confirmed_at, n.display_name, n.quiet, n.referral_code, n.referred_by, n.left_reason, n.left_note, n.evidence
    from subscriptions n join publications p on p.id = n.publication_id where n.subscriber_id = ${subscriberId} order by p.slug`;
}

/** What staff tagged them with: as many as they made up. */
export async function tagsOf(sql: Sql, subscriberId: number): Promise<Row[]> {
  return sql`select tag, at from subscriber_tags where subscriber_id = ${subscriberId} order by tag`;
}

/** In the order of time. */
export function consentsOf(sql: Sql, subscriberId: number): AsyncGenerator<Row> {
  return paged(
    pageRows.others,
    after => sql`
    select c.id as key, p.slug as publication, c.kind, c.given, c.wording, c.version, c.source, c.at
    from consents c join publications p on p.id = c.publication_id
    where c.subscriber_id = ${subscriberId} and c.id > ${after} order by c.id limit ${pageRows.others}`,
  );
}

/** In the order of time. */
export function lettersOf(sql: Sql, subscriberId: number): AsyncGenerator<Row> {
  return paged(
    pageRows.others,
    after => sql`
    select l.id as key, p.slug as publication, l.kind, l.lang, l.address, l.data, l.state, l.attempts, l.reply, l.created_at, l.updated_at
    from letters l join publications p on p.id = l.publication_id
    where l.subscriber_id = ${subscriberId} and l.id > ${after} order by l.id limit ${pageRows.others}`,
  );
}

/** In the order of time. */
export function addressChangesOf(sql: Sql, subscriberId: number): AsyncGenerator<Row> {
  return paged(
    pageRows.others,
    after => sql`
    select number as key, email as new_address, old_email as old_address, asked_at, applied_at, undone_at from address_changes
    where subscriber_id = ${subscriberId} and number > ${after} order by number limit ${pageRows.others}`,
  );
}

/** Discount codes given out to them. */
export function codesOf(sql: Sql, subscriberId: number): AsyncGenerator<Row> {
  return paged(
    pageRows.others,
    after => sql`
    select p.id as key, p.name as pool, d.code, d.assigned_at, d.redeemed_at
    from code_pools p join discount_codes d on d.pool_id = p.id and d.subscriber_id = ${subscriberId}
    where p.id > ${after} order by p.id limit ${pageRows.others}`,
  );
}

/** What they wrote under issues; of a deleted comment nothing is left but that it was. */
export function commentsOf(sql: Sql, subscriberId: number): AsyncGenerator<Row> {
  return paged(
    pageRows.others,
    after => sql`
    select c.id as key, p.slug as publication, i.slug as issue, c.summary, c.author, c.body, c.state, c.created_at, c.edited_at
    from comments c join publications p on p.id = c.publication_id join issues i on i.id = c.issue_id
    where c.subscriber_id = ${subscriberId} and c.id > ${after} order by c.id limit ${pageRows.others}`,
  );
}

/** Issues they were sent or left out of, each with what they did with it. */
export function issuesOf(sql: Sql, subscriberId: number): AsyncGenerator<Row> {
  return paged(
    pageRows.issues,
    after => sql`
    select r.issue_id as key, p.slug as publication, i.slug as issue, i.title, i.kind, r.state, r.attempts, r.reply, r.reason, r.revision,
      r.updated_at,
      (select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'link', e.ref, 'machine', e.machine, 'source', e.source, 'at', e.at) order by e.id), '[]')
        from events e where e.issue_id = r.issue_id and e.kind = any(${eventKinds}) and e.subscriber_id = r.subscriber_id) as events,
      (select coalesce(jsonb_agg(jsonb_build_object('summary', l.summary, 'at', l.at)), '[]')
        from likes l where l.subscriber_id = r.subscriber_id and l.issue_id = r.issue_id) as likes
    from recipients r left join issues i on i.id = r.issue_id left join publications p on p.id = i.publication_id
    where r.subscriber_id = ${subscriberId} and r.issue_id > ${after} order by r.issue_id limit ${pageRows.issues}`,
  );
}

/** Rows of statement after statement, by key: each ends at once, so that no connection is held while a slow client reads. */
async function* paged(rows: number, page: (after: number) => PromiseLike<readonly Row[]>): AsyncGenerator<Row> {
  for (let after = 0; ; ) {
    const found = await page(after);
    for (const { key: _key, ...row } of found) yield row;
    if (found.length < rows) return;
    after = found.at(-1)!.key;
  }
}

/**
 * Deletes a person: their row, subscriptions, consents, letters, changes of address and likes. What an issue's accounting rests on stays
 * without them: ledger rows name a number that stands for nobody now, and each issue's events get a number of that issue alone, so that counts
 * stay and nothing ties one issue's to another's. The address stays suppressed by its hash, as `deleted`, unless it was for another reason:
 * no import brings them back, only they themselves by signing up. One statement; again it changes nothing.
 * @returns false when there is no such person
 */
export async function forgetPerson(sql: Sql, subscriberId: number): Promise<boolean> {
  const rows = await sql`
    with person as (select id, address_hash from subscribers where id = ${subscriberId} for update),
    suppressed as (
      insert into suppressions (address_hash, reason) select address_hash, 'deleted' from person on conflict do nothing
    ),
    disliked as (delete from likes l using person p where l.subscriber_id = p.id),
    acts as (
      select e.id, min(e.id) over (partition by e.issue_id) as stand_in
      from person p
      join recipients r on r.subscriber_id = p.id
      cross join lateral (
        select id, issue_id from events
        where issue_id = r.issue_id and kind = any(${eventKinds}) and subscriber_id = r.subscriber_id
      ) e
    ),
    unnamed as (update events e set subscriber_id = ${noReader}::bigint + a.stand_in from acts a where e.id = a.id)
    delete from subscribers s using person p where s.id = p.id returning 1`;
  return rows.length > 0;
}
