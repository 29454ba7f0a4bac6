/** The ledger's statements while an issue is being sent. Each guards by the state it leaves and, once claimed, by the claim's token. */
import type { Sql } from './client.ts';
import { allowanceOf, counts, runningSince, today } from './warm-up.ts';
import { silentMs } from './workers.ts';

export interface Claim {
  issueId: number;
  subscriberId: number;
  batchId: number;
  /** Fencing token: only its holder can record a result. */
  claim: string;
  attempts: number;
  /** The issue's revision at this moment: what this reader is sent. */
  revisionId: number;
  /** `excluded` when the re-check found a reason; then there is nothing to send. */
  state: 'sending' | 'excluded';
  email: string;
  name: string;
  attributes: Record<string, string>;
  /** Whether they agreed to it; true of a test mail, which shows all there is. */
  advertising: boolean;
  /** Their own, of the issue's pool. */
  code: string | null;
  /** Which subject of the issue's trial they are sent: the one they try, or the chosen one; null: the issue has none. */
  variant: number | null;
}

export interface Result {
  issueId: number;
  subscriberId: number;
  claim: string;
  /** `queued` and `excluded`: nothing was sent. */
  state: 'accepted' | 'rejected' | 'deferred' | 'unknown' | 'queued' | 'excluded';
  reply: string | null;
  /** Of a refusal: `hard-bounce`, `blocked` or `refused`; otherwise words, or null. */
  reason: string | null;
  /** Until the next attempt, by the database's clock; only of `deferred`. */
  waitMs: number | null;
}

/** In test mails and rehearsals: no code is spent on those. */
const sampleCode = 'SAMPLE-CODE';

/** How a refusal counts in the report. */
const bounceOf = { 'hard-bounce': 'bounce-hard', blocked: 'bounce-policy', refused: 'bounce-soft' } as const;

/**
 * Records results and claims new rows in one statement, hence one commit for a whole group of connections.
 * - A result counts only under its claim's token; it may also settle a row that was meanwhile given up as `unknown`.
 * - A row is claimed only while its issue is `sending`; suppression and subscription are looked at in the same statement, right before the
 *   SMTP transaction, so an unsubscribe, bounce, pause or cancel takes effect there. The revision is the issue's newest: a correction
 *   reaches every copy that has not left.
 * - While a sending domain warms up, no more rows are claimed than its day allows, over all processes: the day's count is held until the
 *   commit. A row put back unsent gives its place back.
 * - A refusal in the SMTP session is a bounce: it is counted, and an address that does not exist is suppressed (rule 3.5).
 * @param wanted how many rows to claim from each batch
 */
export async function exchange(
  sql: Sql,
  workerId: string,
  results: readonly Result[],
  wanted: readonly { batchId: number; count: number }[],
): Promise<Claim[]> {
  return sql<Claim[]>`
    with results as (
      select * from unnest(
        ${results.map(r => r.issueId)}::bigint[], ${results.map(r => r.subscriberId)}::bigint[], ${results.map(r => r.claim)}::uuid[],
        ${results.map(r => r.state)}::text[], ${results.map(r => r.reply)}::text[], ${results.map(r => r.reason)}::text[],
        ${results.map(r => r.waitMs)}::bigint[]
      ) as x (issue_id, subscriber_id, claim, state, reply, reason, wait_ms)
    ),
    recorded as (
      update recipients r set state = x.state, reply = x.reply, reason = x.reason,
        attempts = r.attempts - case when x.state in ('queued', 'excluded') then 1 else 0 end,
        next_attempt_at = clock_timestamp() + x.wait_ms * interval '1 millisecond', updated_at = clock_timestamp()
      from results x
      where r.issue_id = x.issue_id and r.subscriber_id = x.subscriber_id and r.claim = x.claim and r.state in ('sending', 'unknown')
      returning r.issue_id, r.subscriber_id, r.state, r.reason
    ),
    bounced as (
      insert into events (issue_id, subscriber_id, kind)
      select issue_id, subscriber_id, ${sql.json(bounceOf)}::jsonb->>reason from recorded
      where state = 'rejected' and reason in ${sql(Object.keys(bounceOf))}
      on conflict do nothing
    ),
    suppressed as (
      insert into suppressions (address_hash, reason)
      select s.address_hash, 'hard-bounce' from recorded r join subscribers s on s.id = r.subscriber_id
      where r.state = 'rejected' and r.reason = 'hard-bounce'
        -- What was on its way to an address that its reader has just left.
        and coalesce(s.address_since, '-infinity') < now() - interval '15 minutes'
      on conflict do nothing
    ),
    wanted as (
      select * from unnest(${wanted.map(w => w.batchId)}::bigint[], ${wanted.map(w => w.count)}::int[]) as w (batch_id, n)
    ),
    open as (
      select w.batch_id, w.n, i.id as issue_id, i.publication_id, i.kind, i.revision_id, i.pool_id, t.issue_id is not null as has_trial,
        t.chosen, m.domain, m.allowance
      from wanted w
      join batches b on b.id = w.batch_id
      join issues i on i.id = b.issue_id and i.state = 'sending'
      left join trials t on t.issue_id = i.id
      left join lateral (
        select p.from_domain as domain, ${allowanceOf(sql)} as allowance from publications p
        where p.id = i.publication_id and p.warm_start is not null and ${counts(sql)}
      ) m on true
    ),
    -- In order, so that two processes never wait for each other. No row: the day is new, and not opened yet.
    days as (
      select d.domain, d.sent from sending_days d
      where d.day = ${today(sql)} and d.domain in (select domain from open where allowance is not null) order by d.domain for update
    ),
    found as (
      select o.issue_id, o.publication_id, o.kind, o.revision_id, o.pool_id, o.domain, o.allowance, q.subscriber_id,
        case when o.has_trial then coalesce(q.variant, o.chosen, 1) end as variant
      from open o
      cross join lateral (
        select r.subscriber_id, r.variant from recipients r
        where r.issue_id = o.issue_id and r.batch_id = o.batch_id and r.state = 'queued'
        order by r.subscriber_id limit o.n for update skip locked
      ) q
    ),
    picked as (
      select f.* from (select *, row_number() over (partition by domain) as place from found) f left join days d on d.domain = f.domain
      where f.allowance is null or f.place <= f.allowance - coalesce(d.sent, f.allowance)
    ),
    judged as (
      select p.issue_id, p.subscriber_id, p.revision_id, p.domain, p.variant, v.number as revision, s.email, s.name, s.attributes,
        p.kind = 'test' or coalesce(n.advertising, false) as advertising,
        case
          when p.pool_id is null then null
          when p.kind in ('test', 'rehearsal') then ${sampleCode}
          else (select d.code from discount_codes d where d.pool_id = p.pool_id and d.subscriber_id = p.subscriber_id)
        end as code,
        case
          when s.id is null then 'deleted'
          when exists (select from suppressions x where x.address_hash = s.address_hash) then 'suppressed'
          when p.kind <> 'test' and n.state is distinct from 'active' then coalesce(n.state, 'unsubscribed')
          -- They chose it after the issue was planned.
          when p.kind = 'regular' and n.frequency = 'monthly' then 'digest'
        end as exclusion
      from picked p
      join revisions v on v.id = p.revision_id
      left join subscribers s on s.id = p.subscriber_id
      left join subscriptions n on n.publication_id = p.publication_id and n.subscriber_id = p.subscriber_id
    ),
    claimed as (
      update recipients r set
        state = case when j.exclusion is null then 'sending' else 'excluded' end,
        reason = j.exclusion,
        revision = case when j.exclusion is null then j.revision else r.revision end,
        attempts = r.attempts + case when j.exclusion is null then 1 else 0 end,
        claim = gen_random_uuid(), worker_id = ${workerId}, next_attempt_at = null, updated_at = clock_timestamp()
      from judged j
      where r.issue_id = j.issue_id and r.subscriber_id = j.subscriber_id and r.state = 'queued'
      returning r.issue_id, r.subscriber_id, r.batch_id, r.claim, r.attempts, r.state
    ),
    counted as (
      update sending_days d set sent = greatest(0, d.sent + x.n)
      from (
        select domain, sum(n)::int as n from (
          select j.domain, 1 as n from claimed c join judged j using (issue_id, subscriber_id)
          where c.state = 'sending' and j.domain is not null
          union all
          select p.from_domain, -1 from recorded r
          join issues i on i.id = r.issue_id and ${counts(sql)}
          join publications p on p.id = i.publication_id and p.warm_start is not null
          where r.state in ('queued', 'excluded')
        ) each group by domain
      ) x
      where d.domain = x.domain and d.day = ${today(sql)}
    )
    select c.*, j.revision_id, j.email, j.name, j.attributes, j.advertising, j.code, j.variant
    from claimed c join judged j using (issue_id, subscriber_id)`;
}

/** Puts back rows that this worker claimed without knowing it (the answer to its statement was lost): nothing was sent for them. */
export async function releaseOrphans(sql: Sql, workerId: string, held: readonly string[]): Promise<void> {
  await sql`
    update recipients set state = 'queued', claim = null, worker_id = null, attempts = attempts - 1
    where state = 'sending' and worker_id = ${workerId} and not (claim = any(${[...held]}::uuid[]))`;
}

/**
 * Rows in flight of workers that fell silent become `unknown`: what they sent is not known, so nobody sends it again by itself.
 * While Postgres itself was away nobody could give a sign of life: after its start everyone has as long again.
 */
export async function abandonClaims(sql: Sql, issueId: number, afterMs = silentMs): Promise<number> {
  const rows = await sql`
    update recipients r set state = 'unknown', reason = 'worker lost', updated_at = now()
    where r.issue_id = ${issueId} and r.state = 'sending'
      and pg_postmaster_start_time() < now() - ${afterMs}::int * interval '1 millisecond' and not exists (
      select from workers w where w.id = r.worker_id and w.seen_at > now() - ${afterMs}::int * interval '1 millisecond')
    returning 1`;
  return rows.length;
}

/**
 * Queues refused rows whose next try is due, or expires them when `giveUpMs` have passed since the issue started, was last taken up again, or
 * since their own time began (`due_at`). Those that wait untried are not its matter (db/mornings).
 */
export async function releaseDeferred(sql: Sql, issueId: number, giveUpMs: number): Promise<void> {
  const isOver = sql`greatest(${runningSince(sql)}, r.due_at) < now() - ${giveUpMs}::bigint * interval '1 millisecond'`;
  await sql`
    update recipients r set
      state = case when ${isOver} then 'expired' else 'queued' end,
      reason = case when ${isOver} then 'gave up' end,
      updated_at = now()
    from issues i
    where i.id = r.issue_id and r.issue_id = ${issueId} and r.state = 'deferred' and r.attempts > 0 and r.next_attempt_at <= now()`;
}

/** Everyone not yet sent to, when an issue is cancelled and still is. */
export async function excludeOpen(sql: Sql, issueId: number, reason: string): Promise<void> {
  await sql`
    update recipients set state = 'excluded', reason = ${reason}, updated_at = now()
    where issue_id = ${issueId} and state in ('queued', 'deferred') and exists (
      select from issues where id = ${issueId} and state = 'cancelled')`;
}
