import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { batchesWithWork, planIssue } from '../../src/db/plan.ts';
import { control } from '../../src/enqueue/control.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { domainsOf, lanesOf } from '../../src/model/lanes.ts';
import { status } from '../../src/track/status.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let slug = 0;
const tickId = '00000000-0000-4000-8000-00000000abcd';
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  for (const queue of services.queues.all()) await queue.obliterate({ force: true });
});

const newAudience = (addresses: string[]) => audience(services, addresses, publicationOf({ slug: `e${++slug}` }));
const plan = (id: number) => planIssue(services.sql, id, domainsOf(lanesOf()), 200);
const waiting = async (name: string) => {
  const queue = services.queues.all().find(q => q.name === name)!;
  return (await queue.getJobs(['waiting', 'delayed', 'prioritized'])).map(job => job.data.id as number);
};

test('the same text is not sent twice by mistake, in any line ending; --again says it is meant', async () => {
  const { publicationId } = await newAudience(['a@example.net']);
  await submitIssue(services, publicationId, { source: 'one\ntwo' });
  await expect(submitIssue(services, publicationId, { source: 'one\r\ntwo\n' })).rejects.toMatchObject({
    code: 'ISSUE_ALREADY_SENT',
  });
  const again = await submitIssue(services, publicationId, { source: 'one\ntwo', again: true });
  expect(again.slug).toBe('issue-1-2');
  const [row] = await services.sql<
    { n: number }[]
  >`select count(*) as n from issues where publication_id = ${publicationId}`;
  expect(row!.n).toBe(2);
});

test('two sends of one text at the same moment: one wins', async () => {
  const { publicationId } = await newAudience(['a@example.net']);
  const sends = await Promise.allSettled(
    Array.from({ length: 5 }, () => submitIssue(services, publicationId, { source: 'raced' })),
  );
  expect(sends.filter(s => s.status === 'fulfilled')).toHaveLength(1);
});

test('planning twice, also at once, writes one ledger', async () => {
  const { publicationId } = await newAudience(
    Array.from({ length: 450 }, (_, i) => `r${i}@${i % 3 ? 'example.net' : 'gmail.com'}`),
  );
  const issue = await submitIssue(services, publicationId);
  const plans = await Promise.all([plan(issue.id), plan(issue.id), plan(issue.id)]);
  expect(plans.filter(Boolean)).toEqual([{ audience: 450, excluded: 0, batches: 3 }]);
  const batches = await services.sql`
    select b.lane, b.size, count(r.*) as rows, count(distinct s.domain) as domains
    from batches b join recipients r on r.batch_id = b.id join subscribers s on s.id = r.subscriber_id
    where b.issue_id = ${issue.id} group by b.id order by b.id`;
  expect(batches.map(b => [b.lane, b.size, b.rows, b.domains])).toEqual(
    expect.arrayContaining([
      ['google', 150, 150, 1],
      ['other', 200, 200, 1],
      ['other', 100, 100, 1],
    ]),
  );
});

test('suppressed readers are in the ledger, excluded; others than active ones are not', async () => {
  const { publicationId, subscriberIds } = await newAudience([
    'a@example.net',
    'b@example.net',
    'c@example.net',
    'd@example.net',
  ]);
  const [, b, c, d] = subscriberIds as [number, number, number, number];
  await services.sql`insert into suppressions (address_hash, reason) select address_hash, 'hard bounce' from subscribers where id = ${b}`;
  await services.sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${c} and publication_id = ${publicationId}`;
  await services.sql`update subscriptions set state = 'pending' where subscriber_id = ${d} and publication_id = ${publicationId}`;
  const issue = await submitIssue(services, publicationId);
  expect(await plan(issue.id)).toEqual({ audience: 2, excluded: 1, batches: 1 });
  expect(await status(services.sql, issue)).toMatchObject({ audience: 2, queued: 1, excluded: { suppressed: 1 } });
});

test('a test send reaches only the addresses given and leaves the text free to be sent', async () => {
  const { publicationId, subscriberIds } = await newAudience(['a@example.net', 'b@example.net']);
  const trial = await submitIssue(services, publicationId, { source: 'tried', testReaders: [subscriberIds[1]!] });
  expect(await status(services.sql, trial)).toMatchObject({ issue: 'issue-1-test', audience: 1, queued: 1 });
  expect((await submitIssue(services, publicationId, { source: 'tried' })).slug).toBe('issue-1');
});

test('Redis emptied: the tick finds the work in Postgres', async () => {
  const { publicationId } = await newAudience(['a@example.net', 'b@gmail.com']);
  const issue = await submitIssue(services, publicationId);
  await services.redisFlush();
  expect(await waiting('plan-issue')).toEqual([]);
  await reconcile(services, tickId);
  expect(await waiting('plan-issue')).toContain(issue.id);
  await plan(issue.id);
  await services.redisFlush();
  await reconcile(services, tickId);
  const batches = await services.sql<{ id: number }[]>`select id from batches where issue_id = ${issue.id}`;
  expect(await waiting('deliver-batch')).toEqual(expect.arrayContaining(batches.map(b => b.id)));
  // Again and twice at once: jobs are not doubled.
  const before = (await waiting('deliver-batch')).length;
  await Promise.all([reconcile(services, tickId), reconcile(services, tickId)]);
  expect(await waiting('deliver-batch')).toHaveLength(before);
  await control(services, String(issue.id), 'cancel');
});

test('a scheduled issue starts when its time has come, not before', async () => {
  const { publicationId } = await newAudience(['a@example.net']);
  const issue = await submitIssue(services, publicationId, { at: new Date(Date.now() + 3_600_000) });
  await reconcile(services, tickId);
  expect((await status(services.sql, issue)).state).toBe('scheduled');
  await services.sql`update issues set scheduled_at = now() - interval '1 second' where id = ${issue.id}`;
  await reconcile(services, tickId);
  expect((await status(services.sql, issue)).state).toBe('sending');
  await control(services, String(issue.id), 'cancel');
});

test('a test or rehearsal cannot be scheduled, and the planner never gives one an audience', async () => {
  const { publicationId, subscriberIds } = await newAudience(['a@example.net', 'b@example.net']);
  const at = new Date(Date.now() + 3_600_000);
  for (const more of [{ testReaders: [subscriberIds[0]!] }, { rehearsalRelay: 'smtp://127.0.0.1:1' }]) {
    await expect(submitIssue(services, publicationId, { at, ...more })).rejects.toMatchObject({ code: 'USAGE' });
  }
  const trial = await submitIssue(services, publicationId, { testReaders: [subscriberIds[0]!] });
  await services.sql`update issues set planned_at = null where id = ${trial.id}`;
  expect(await plan(trial.id)).toBeUndefined();
  await reconcile(services, tickId);
  expect(await waiting('plan-issue')).not.toContain(trial.id);
  expect((await status(services.sql, trial)).audience).toBe(1);
});

test('a pause does not wait for the planning of a large audience', async () => {
  const { publicationId } = await newAudience(['a@example.net']);
  await services.sql`
    with people as (
      insert into subscribers (email, email_key, domain, address_hash)
      select 'many' || i || '@example.net', 'many' || i || '@example.net', 'example.net', sha256(('many' || i)::bytea)
      from generate_series(1, 60000) i returning id
    )
    insert into subscriptions (publication_id, subscriber_id, state, source) select ${publicationId}, id, 'active', 'import' from people`;
  const issue = await submitIssue(services, publicationId);
  let isPlanned = false;
  const planning = plan(issue.id).then(result => {
    isPlanned = true;
    return result;
  });
  // As soon as the planner is at work: it holds its lock.
  while (
    (await services.sql`select 1 from pg_locks where locktype = 'advisory' and objid = ${issue.id}`).length === 0 &&
    !isPlanned
  ) {}
  await control(services, String(issue.id), 'pause');
  expect(isPlanned).toBe(false);
  expect(await planning).toMatchObject({ audience: 60_001 });
  expect(await status(services.sql, issue)).toMatchObject({ state: 'paused', queued: 60_001 });
  await control(services, String(issue.id), 'cancel');
});

test('a text whose send was cancelled half-way counts as sent to those who have it', async () => {
  const { publicationId } = await newAudience(['a@example.net', 'b@example.net']);
  const issue = await submitIssue(services, publicationId, { source: 'half' });
  await plan(issue.id);
  await control(services, String(issue.id), 'cancel');
  const second = await submitIssue(services, publicationId, { source: 'half' });
  await plan(second.id);
  await services.sql`update recipients set state = 'accepted' where ctid = (select ctid from recipients where issue_id = ${second.id} limit 1)`;
  await control(services, String(second.id), 'cancel');
  await expect(submitIssue(services, publicationId, { source: 'half' })).rejects.toMatchObject({
    code: 'ISSUE_ALREADY_SENT',
  });
});

test('a domain with many readers is a lane of its own; the small ones share one', async () => {
  const { publicationId } = await newAudience([
    ...Array.from({ length: 1000 }, (_, i) => `r${i}@big.example`),
    ...Array.from({ length: 999 }, (_, i) => `r${i}@almost.example`),
    ...Array.from({ length: 1200 }, (_, i) => `r${i}@gmail.com`),
  ]);
  const issue = await submitIssue(services, publicationId);
  await plan(issue.id);
  const lanes =
    await services.sql`select lane, sum(size)::int as readers from batches where issue_id = ${issue.id} group by lane order by lane`;
  expect(lanes.map(row => [row.lane, row.readers])).toEqual([
    ['big.example', 1000],
    ['google', 1200],
    ['other', 999],
  ]);
  await control(services, String(issue.id), 'cancel');
});

test('work is found lane by lane, issues in turn, from where it was found last', async () => {
  // Issues of the tests before would have their turns too.
  await services.sql`update issues set state = 'cancelled' where state = 'sending'`;
  const addresses = [
    ...Array.from({ length: 900 }, (_, i) => `s${i}@gmail.com`),
    ...Array.from({ length: 500 }, (_, i) => `s${i}@work.example`),
  ];
  const first = await submitIssue(services, (await newAudience(addresses)).publicationId);
  await plan(first.id);
  const of = (found: { id: number; issueId: number; lane: string }[], lane: string) =>
    found.filter(b => b.lane === lane);
  const found = await batchesWithWork(services.sql, 3);
  expect(found.map(b => b.lane).sort()).toEqual(['google', 'google', 'google', 'other', 'other', 'other']);
  // All of a lane's first batch claimed: from then on it is passed over.
  const google = of(found, 'google');
  await services.sql`update recipients set state = 'accepted' where batch_id = ${google[0]!.id}`;
  const later = of(await batchesWithWork(services.sql, 3, google.slice(1, 2)), 'google');
  expect(later.map(b => b.id)).toEqual([google[1]!.id, google[2]!.id, expect.any(Number)]);
  // What was put back before the floor is found by the whole look only.
  await services.sql`update recipients set state = 'queued' where batch_id = ${google[0]!.id}`;
  expect(of(await batchesWithWork(services.sql, 3, google.slice(1, 2)), 'google')[0]!.id).toBe(google[1]!.id);
  expect(of(await batchesWithWork(services.sql, 3), 'google')[0]!.id).toBe(google[0]!.id);
  // A second issue gets its turn beside the first's.
  const second = await submitIssue(services, (await newAudience(addresses.map(a => `t${a}`))).publicationId);
  await plan(second.id);
  expect(new Set(of(await batchesWithWork(services.sql, 2), 'google').map(b => b.issueId))).toEqual(
    new Set([first.id, second.id]),
  );
  for (const { id } of [first, second]) await control(services, String(id), 'cancel');
});
