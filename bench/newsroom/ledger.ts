/** The ledger of each issue, and what its readers did: batches, recipients and events of one issue in one statement. */
import type { Sql } from '../../src/db/client.ts';
import type { Advance } from './steps.ts';

interface IssueToFill {
  publicationId: number;
  k: number;
  issueId: number;
  at: Date;
  state: 'sent' | 'sending' | 'held';
  refs: number[];
  summaries: number[];
}

const batchSize = 200;
/** How long an issue's mail takes to leave. */
const sendingMinutes = 100;

/** Of what is open, batches out of ten (sending) or a hundred (held) that are done. */
const isDone = (sql: Sql, state: IssueToFill['state']) =>
  state === 'sent' ? sql`true` : state === 'sending' ? sql`n.ordinal % 10 < 6` : sql`n.ordinal % 100 < 8`;

export async function insertLedgers(sql: Sql, advance: Advance): Promise<void> {
  const issues = await sql<IssueToFill[]>`
    select publication_id, k, issue_id, at, state, refs, summaries from bench_issues order by at`;
  const [worker] = await sql<{ id: string }[]>`
    insert into workers (id, role, host, pid) values (gen_random_uuid(), 'deliver-batch', 'worker-1', 1) returning id`;
  // Two at once, for two cores.
  const left = issues[Symbol.iterator]();
  const work = async () => {
    for (const issue of left) advance(await insertLedger(sql, issue, worker!.id));
  };
  await Promise.all([work(), work()]);
}

/** @returns how many rows it wrote */
async function insertLedger(sql: Sql, issue: IssueToFill, workerId: string): Promise<number> {
  const { issueId } = issue;
  const [written] = await sql<{ n: number }[]>`
    with ${audience(sql, issue)},
    batched as (
      insert into batches (id, issue_id, lane, size) overriding system value
      select batch_id, ${issueId}, lane, size from cut
    ),
    rows as materialized (${rows(sql, issue)}),
    -- The few who did something, or to whom something was done.
    doers as materialized (
      select * from rows where goes or leaves or state = 'rejected' or (state = 'accepted' and (bench_chance(luck, 50) < 0.055
        or bench_chance(luck, 54) < 0.011 or bench_chance(luck, 57) < 0.009 or bench_chance(luck, 59) < 0.011 or bench_chance(luck, 63) < 0.003))
    ),
    ledger as (
      insert into recipients (issue_id, subscriber_id, batch_id, state, attempts, claim, worker_id, next_attempt_at, reply, reason, updated_at, revision)
      select ${issueId}, subscriber_id, batch_id, state, attempts,
        case when attempts > 0 then (lpad(to_hex(token), 16, '0') || lpad(to_hex(luck), 16, '0'))::uuid end, case when attempts > 0 then ${workerId}::uuid end,
        case when state = 'deferred' then updated_at + interval '1 hour' end,
        case state when 'accepted' then '250 2.0.0 OK ' || lpad(to_hex(token), 16, '0') || ' - mx.' || lane || '.example'
          when 'deferred' then '451 4.7.1 Try again later' when 'expired' then '452 4.2.2 Mailbox full'
          when 'rejected' then case reason when 'blocked' then '554 5.7.1 Refused by policy' when 'refused' then '552 5.2.3 Message refused'
            else '550 5.1.1 No such mailbox' end end,
        reason, updated_at, case when attempts > 0 then 1 end
      from rows
    ),
    acts as (
      insert into events (issue_id, subscriber_id, kind, ref, machine, at)
      select ${issueId}, subscriber_id, kind, ref, machine, at from (${events(sql, issue)}) e where at < now() - interval '5 seconds' order by at
    )
    select count(*) as n from rows`;
  return written!.n;
}

/** CTEs: who is addressed, cut into batches of one lane by their seat in it: whoever left leaves a gap, so most hold fewer than they could. */
const audience = (sql: Sql, { publicationId, k, at }: IssueToFill) => sql`
  audience as (
    select subscriber_id, lane, coalesce(suppressed_at < ${at}::timestamptz, false) as is_out, gone_k is not distinct from ${k}::int as goes,
      is_complaint, state = 'unsubscribed' and last = ${k}::int and gone_k is distinct from last as leaves, since as left_at,
      subscriber_id * 4096 + ${k}::int as luck, seat / ${batchSize}::int as ordinal
    from bench_lives where publication_id = ${publicationId} and first <= ${k}::int and last >= ${k}::int
  ),
  cut as (
    select lane, ordinal, count(*)::int as size, nextval(pg_get_serial_sequence('batches', 'id')) as batch_id
    from audience where not is_out group by lane, ordinal
  )`;

/** Where each row stands. Those who left, bounced or liked were sent the issue. */
const rows = (sql: Sql, { at, state }: IssueToFill) => sql`
  select n.subscriber_id, n.lane, case when not n.is_out then c.batch_id end as batch_id, n.goes, n.is_complaint, n.leaves, n.left_at, n.luck,
    hashint8extended(n.luck, 49) as token, s.state,
    case when s.state in ('queued', 'excluded') then 0 when s.state = 'expired' then 9 when s.state = 'deferred' then 2
      when bench_chance(n.luck, 41) < 0.02 then 2 else 1 end as attempts,
    case s.state when 'excluded' then case when n.is_out then 'suppressed' else 'paused' end
      when 'rejected' then case when n.goes then 'hard-bounce' when luck.y < 0.0006 then 'blocked' else 'refused' end
      when 'expired' then 'gave up' when 'unknown' then 'connection lost after the message was sent' end as reason,
    ${at}::timestamptz + interval '30 seconds' + case when s.state = 'expired' then interval '24 hours'
      when ${state === 'sending'} then bench_chance(n.luck, 42) * interval '13 minutes'
      else bench_chance(n.luck, 42) * ${sendingMinutes}::int * interval '1 minute' end as updated_at
  from audience n
  left join cut c on not n.is_out and c.lane = n.lane and c.ordinal = n.ordinal
  cross join lateral (select bench_chance(n.luck, 40) as y) luck
  cross join lateral (select case
    when n.is_out then 'excluded'
    when not (${isDone(sql, state)}) then case when ${state === 'sending'} and n.ordinal = 6 and luck.y < 0.03 then 'sending' else 'queued' end
    when n.goes and not n.is_complaint and bench_chance(n.luck, 43) < 0.5 then 'rejected'
    when n.goes or n.leaves then 'accepted'
    when luck.y < 0.003 then 'rejected'
    when luck.y < 0.0052 then ${state === 'sent' ? 'expired' : 'deferred'}::text
    when luck.y < 0.0054 then 'unknown'
    when luck.y < 0.006 then 'excluded'
    else 'accepted' end as state) s`;

/** Clicks of people some hours later, of machines within seconds; likes; who left; what came back. */
const events = (sql: Sql, { refs, summaries }: IssueToFill) => sql`
  select subscriber_id, 'click' as kind, (${refs}::int[])[1 + (floor(bench_chance(luck, 51) * ${refs.length}::int)::int + g) % ${refs.length}::int] as ref,
    null as machine, updated_at + interval '1 hour' + power(bench_chance(luck, 52), 3) * interval '100 hours' + g * interval '20 minutes' as at
  from doers cross join lateral generate_series(0, floor(bench_chance(luck, 53) * 3)::int) g
  where state = 'accepted' and bench_chance(luck, 50) < 0.055 and ${refs.length > 0}
  union all
  select subscriber_id, 'click', (${refs}::int[])[1 + g % ${refs.length}::int],
    (array['agent', 'sweep', 'prefetch', 'instant'])[1 + floor(bench_chance(luck, 55) * 4)::int], updated_at + g * interval '1500 milliseconds'
  from doers cross join lateral generate_series(0, floor(bench_chance(luck, 56) * 6)::int) g
  where state = 'accepted' and bench_chance(luck, 54) < 0.011 and ${refs.length > 0}
  union all
  select subscriber_id, 'like', 0, null, updated_at + interval '2 hours' + power(bench_chance(luck, 58), 3) * interval '150 hours'
  from doers where state = 'accepted' and bench_chance(luck, 57) < 0.009
  union all
  select subscriber_id, 'like', (${summaries}::int[])[1 + floor(bench_chance(luck, 60) * ${summaries.length}::int)::int], null,
    updated_at + interval '2 hours' + power(bench_chance(luck, 61), 3) * interval '150 hours'
  from doers where state = 'accepted' and bench_chance(luck, 59) < 0.011 and ${summaries.length > 0}
  union all
  select subscriber_id, 'unsubscribe', 0, null, left_at from doers where leaves and state = 'accepted'
  union all
  select subscriber_id, case when is_complaint then 'complaint' else 'bounce-hard' end, 0, null,
    case when state = 'rejected' then updated_at else updated_at + bench_chance(luck, 62) * interval '3 hours' end
  from doers where goes and state in ('accepted', 'rejected')
  union all
  select subscriber_id, case when reason = 'blocked' then 'bounce-policy' else 'bounce-soft' end, 0, null, updated_at
  from doers where not goes and state = 'rejected'
  union all
  select subscriber_id, 'bounce-soft', 0, null, updated_at + bench_chance(luck, 64) * interval '20 hours'
  from doers where not goes and state = 'accepted' and bench_chance(luck, 63) < 0.003`;

/** How young a click's issue may be for its clicks to be left uncounted, as they are for a while after a send. */
const uncounted = '1 day';

/** What the product keeps beside the events: likes, and clicks counted for good with the mark up to which they are (db/clicks.ts, countStep). */
export async function insertCounts(sql: Sql): Promise<void> {
  await sql`
    insert into likes (issue_id, subscriber_id, summary, at, machine)
    select issue_id, subscriber_id, ref, min(at), null from events where kind = 'like' group by 1, 2, 3`;
  // The mark first: what is counted is what lies before it.
  await sql`
    update issues i set counted_until = e.mark from (
      select issue_id, max(at) as mark from events where kind = 'click' and at <= now() - interval '90 seconds' group by 1) e
    where e.issue_id = i.id and i.started_at < now() - ${uncounted}::interval`;
  await sql`
    insert into issue_totals (issue_id, kind, name, n, people)
    select e.issue_id, 'click', e.ref::text, count(*), count(distinct e.subscriber_id) filter (where e.machine is null)
    from events e join issues i on i.id = e.issue_id and e.at <= i.counted_until where e.kind = 'click' group by 1, 3`;
  await sql`
    insert into web_likes (issue_id, summary, day, n)
    select b.issue_id, summary, (b.at + day * interval '1 day')::date, 1 + floor(bench_chance(b.issue_id * 997 + summary * 31 + day, 70) * 12)::int
    from bench_issues b cross join lateral unnest(array[0] || b.summaries) summary cross join generate_series(0, 9) day
    where b.at + day * interval '1 day' < now() and b.state <> 'held'`;
}
