/** The warm-up of a sending domain: what left on each day against what its day allows, by several workers and after losses. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { holdIfOutdated } from '../../src/db/issues.ts';
import { batchesWithWork } from '../../src/db/plan.ts';
import { warmUpOf } from '../../src/db/warm-up.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { type Deliverer, openDeliverer } from '../../src/deliver/delivery.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { status } from '../../src/track/status.ts';
import { background, broadsheet } from '../support/cli.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let crew: Deliverer[] = [];
let publications = 0;

beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  relay = await startRelay();
  crew = await Promise.all([worker(1), worker(2)]);
});
afterEach(async () => {
  for (const each of crew) each.close();
  await relay.close();
});

async function worker(n: number): Promise<Deliverer> {
  const id = `00000000-0000-4000-8000-00000000000${n}`;
  await heartbeat(services.sql, id, 'test');
  const config = { ...services.config, smtpUrls: [relay.url], smtpConnections: 8 };
  return openDeliverer({ ...services, config }, id, new AbortController().signal);
}

const readers = (n: number, domain = 'reader.example') => Array.from({ length: n }, (_, i) => `r${i}@${domain}`);

async function issueFrom(domain: string, addresses: string[], warmUp: object | null) {
  const publication = publicationOf({
    slug: `warm-${++publications}`,
    from: { name: '시험', address: `news@${domain}` },
    delivery: { warmUp },
  });
  const { publicationId } = await audience(services, addresses, publication);
  const issue = await submitIssue(services, publicationId);
  await planAndQueue(services, issue.id);
  return { issue, publicationId };
}

/** All open batches of these issues, by both workers at once, until nothing is given out any more. */
async function work(...ids: number[]): Promise<void> {
  for (;;) {
    const open = (await batchesWithWork(services.sql, 10)).filter(batch => ids.includes(batch.issueId));
    if (open.length === 0) return;
    await Promise.all(crew.flatMap(({ delivery }) => open.map(batch => deliverBatch(delivery, batch.id))));
  }
}

/** As a night does: what was sent today was sent yesterday. */
async function sleepOver(): Promise<void> {
  const { sql } = services;
  // Far away first: the key would refuse a day that its neighbour has not left yet.
  await sql`update sending_days set day = day - 10001`;
  await sql`update sending_days set day = day + 10000`;
}
const sentFrom = (domain: string) => relay.accepted.filter(m => m.raw.includes(`<news@${domain}>`)).length;

test('each day exactly its allowance leaves, twice the largest day before, until there is no limit', async () => {
  const { issue, publicationId } = await issueFrom('one.example', readers(500), { start: 20, factor: 2, until: 100 });
  await work(issue.id);
  expect(relay.accepted).toHaveLength(20);
  expect(await status(services.sql, issue)).toMatchObject({
    state: 'sending',
    queued: 480,
    accepted: 20,
    // 20 today; 40, 80, then the rest.
    warmUp: { domain: 'one.example', sent: 20, allowance: 20, days: 4 },
  });
  for (const total of [60, 140]) {
    await sleepOver();
    await work(issue.id);
    expect(relay.accepted).toHaveLength(total);
    expect((await status(services.sql, issue)).state).toBe('sending');
  }
  await sleepOver();
  expect(await warmUpOf(services.sql, publicationId)).toBeUndefined();
  await work(issue.id);
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sent', accepted: 500, queued: 0 });
  expect(new Set(relay.accepted.map(m => m.to)).size).toBe(500);
});

test('a quiet day adds nothing, and a new date begins anew', async () => {
  const { publicationId } = await issueFrom('quiet.example', [], { start: 10, factor: 3, until: 1000 });
  const { sql } = services;
  await sql`insert into sending_days select 'quiet.example', (now() at time zone 'utc')::date - n, 50 / n from generate_series(1, 40) n`;
  expect((await warmUpOf(sql, publicationId))?.allowance).toBe(150);
  await sql`
    update publications set document = jsonb_set(document, '{delivery,warmUp,from}', to_jsonb(to_char(now() at time zone 'utc', 'YYYY-MM-DD')))
    where id = ${publicationId}`;
  expect((await warmUpOf(sql, publicationId))?.allowance).toBe(10);
});

test('two domains do not disturb each other; publications of one domain share its day', async () => {
  const warmUp = { start: 15, factor: 2, until: 1000 };
  const [a, b, c, free] = await Promise.all([
    issueFrom('a.example', readers(100), warmUp),
    issueFrom('b.example', readers(100), { ...warmUp, start: 30 }),
    issueFrom('b.example', readers(100), { ...warmUp, start: 30 }),
    issueFrom('free.example', readers(100), null),
  ]);
  await work(a.issue.id, b.issue.id, c.issue.id, free.issue.id);
  expect([sentFrom('a.example'), sentFrom('b.example'), sentFrom('free.example')]).toEqual([15, 30, 100]);
  await sleepOver();
  await work(a.issue.id, b.issue.id, c.issue.id);
  expect([sentFrom('a.example'), sentFrom('b.example')]).toEqual([45, 90]);
});

test('losing Redis sends no second day’s worth; a row put back gives its place back; who is excluded takes none', async () => {
  const { issue } = await issueFrom('lost.example', readers(60), { start: 20, factor: 2, until: 1000 });
  const { sql } = services;
  await sql`
    update subscriptions set state = 'unsubscribed' where publication_id = ${issue.publicationId} and subscriber_id in (
      select subscriber_id from recipients where issue_id = ${issue.id} order by subscriber_id limit 5)`;
  let dropped = 0;
  // Lost before the final dot: deferred, an attempt that the provider saw.
  relay.script = { data: () => (dropped++ < 3 ? 'drop' : '354 go on') };
  await work(issue.id);
  await services.redisFlush();
  for (const each of crew.splice(0)) each.close();
  crew = await Promise.all([worker(1), worker(2)]);
  await work(issue.id);
  const now = await status(sql, issue);
  expect(now).toMatchObject({ accepted: 17, deferred: 3, excluded: { unsubscribed: 5 }, warmUp: { sent: 20 } });
  expect(relay.accepted).toHaveLength(17);
  // A claim that came to nothing.
  const [row] = await sql<{ issueId: number; subscriberId: number; claim: string }[]>`
    update recipients set state = 'sending', claim = gen_random_uuid() where (issue_id, subscriber_id) = (
      select issue_id, subscriber_id from recipients where issue_id = ${issue.id} and state = 'queued' limit 1)
    returning issue_id, subscriber_id, claim`;
  await crew[0]!.delivery.clerk.exchange(undefined, {
    ...row!,
    state: 'queued',
    reply: null,
    reason: null,
    waitMs: null,
  });
  expect((await status(sql, issue)).warmUp?.sent).toBe(19);
  await work(issue.id);
  expect(relay.accepted).toHaveLength(18);
});

test('an issue that waits for its next day is neither held nor given up, and tests are free', async () => {
  const { issue, publicationId } = await issueFrom('wait.example', readers(30), { start: 10, factor: 2, until: 1000 });
  const { sql } = services;
  await work(issue.id);
  await sql`update issues set started_at = now() - interval '3 days' where id = ${issue.id}`;
  await sql`update recipients set updated_at = now() - interval '2 days' where issue_id = ${issue.id}`;
  expect(await holdIfOutdated(sql, issue.id, 24 * 3_600_000)).toBeUndefined();
  await sleepOver();
  expect(await holdIfOutdated(sql, issue.id, 24 * 3_600_000)).toBeUndefined();
  const [{ id: reader } = { id: 0 }] = await sql<{ id: number }[]>`select id from subscribers limit 1`;
  const test = await submitIssue(services, publicationId, { testReaders: [reader] });
  await work(test.id);
  expect(await status(sql, test)).toMatchObject({ state: 'sent', accepted: 1 });
  expect((await warmUpOf(sql, publicationId))?.sent).toBe(0);
});

test('workers of their own wait for the day, `status` says so, and the next day they go on by themselves', async () => {
  const env = { ...services.env, SMTP_URL: relay.url };
  const { issue } = await issueFrom('crew.example', readers(90), { start: 30, factor: 2, until: 1000 });
  const crewed = await background(['work', '--processes', '2'], env, /work|start|process/i).catch(() => undefined);
  const isAt = (accepted: number) =>
    expect.poll(async () => (await status(services.sql, issue)).accepted, { timeout: 60_000 }).toBe(accepted);
  try {
    await isAt(30);
    const { stdout } = await broadsheet(['status', issue.slug], env);
    expect(stdout).toMatch(/Warm-up of crew\.example: 30 of 30 today, goes on at \d{4}-\d\d-\d\d 00:00 UTC/);
    await sleepOver();
    await isAt(90);
    expect(sentFrom('crew.example')).toBe(90);
  } finally {
    await crewed?.stop();
  }
}, 120_000);
