/** Each trouble, made to happen: one alert while it is there, none when it is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { claimDeliveries, recordFailed } from '../../src/db/webhook-deliveries.ts';
import { enableWebhook } from '../../src/db/webhooks.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { Troubles } from '../../src/deliver/troubles.ts';
import { control } from '../../src/enqueue/control.ts';
import { Queues } from '../../src/queue/queues.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending } from '../support/sending.ts';
import { openServices, type Services } from '../support/services.ts';
import { addEndpoint } from '../webhooks/support.ts';
import { alertsOf } from './support.ts';

let services: Services;
let relay: Relay;
const sendings: Sending[] = [];
let children: ChildProcess[] = [];

beforeAll(async () => {
  services = await openServices({ SMTP_URL: 'smtp://relay.example:587', LOG_LEVEL: 'silent' });
  relay = await startRelay();
});
afterAll(async () => {
  for (const sending of sendings) sending.close();
  await relay.close();
  await services.close();
});
beforeEach(async () => {
  relay.script = {};
  await services.sql`delete from alerts`;
});
afterEach(async () => {
  await services.sql`update issues set state = 'cancelled', finished_at = now() - interval '2 days' where state <> 'sent'`;
  for (const child of children) child.kill('SIGKILL');
  children = [];
});

const people = (n: number, domain = 'example.net') => Array.from({ length: n }, (_, i) => `reader${i}@${domain}`);
async function start(addresses: string[]): Promise<Sending> {
  const sending = await startSending(services, relay, addresses);
  sendings.push(sending);
  return sending;
}

test('an issue that stands still; not one whose rows move, nor one that is paused', async () => {
  const alerts = alertsOf(services, { limits: { stalledMs: 1 } });
  const kind = 'issue-stalled';
  const { sql } = services;
  const sending = await start(people(3));
  await alerts.pass();
  expect(await alerts.open(kind)).toEqual([]);
  await alerts.pass();
  expect(await alerts.open(kind)).toMatchObject([
    { subject: String(sending.issueId), detail: { issue: sending.slug, minutes: 0 } },
  ]);
  // One of three leaves.
  await sql`update recipients set state = 'accepted' where issue_id = ${sending.issueId} and subscriber_id = ${sending.subscriberIds[0]!}`;
  await alerts.later(61);
  await alerts.pass();
  expect(await alerts.open(kind)).toEqual([]);
  await alerts.pass();
  expect(await alerts.open(kind)).toHaveLength(1);
  await control(services, String(sending.issueId), 'pause');
  await alerts.later(61);
  await alerts.pass();
  await alerts.pass();
  expect(await alerts.open(kind)).toEqual([]);
  // Those that wait for their next try are in order.
  await control(services, String(sending.issueId), 'resume');
  await sql`update recipients set state = 'deferred', next_attempt_at = now() + interval '1 hour' where issue_id = ${sending.issueId} and state = 'queued'`;
  await alerts.pass();
  await alerts.pass();
  expect(await alerts.open(kind)).toEqual([]);
  // Sent, but no plan ever came.
  await sql`update issues set planned_at = null, started_at = now() - interval '1 second' where id = ${sending.issueId}`;
  await alerts.pass();
  expect(await alerts.open(kind)).toHaveLength(1);
});

test('answers that were lost for more than a share', async () => {
  const alerts = alertsOf(services);
  relay.script.done = ({ to }) => (/reader\d@/.test(to) ? 'drop' : '250 ok');
  const sending = await start(people(11));
  expect(await sending.deliver()).toMatchObject({ unknown: 10, accepted: 1 });
  await alerts.pass();
  expect(await alerts.open('unknown-rows')).toMatchObject([{ detail: { rows: 10, audience: 11 } }]);
  await services.sql`update recipients set state = 'accepted' where issue_id = ${sending.issueId}`;
  await alerts.later(61);
  await alerts.pass();
  expect(await alerts.open('unknown-rows')).toEqual([]);
});

test('a lane that its provider slowed, and a relay in trouble', async () => {
  const alerts = alertsOf(services, { limits: { slowedMs: 0 } });
  relay.script.rcpt = to => `421 4.7.0 too many messages from <${to}>`;
  const sending = await start(people(1, 'naver.com'));
  await sending.deliver();
  const troubles = new Troubles(services.queues.redis, services.config.queuePrefix, services.log);
  troubles.note('relay.example:587', '554 5.7.1 <news@example.org> refused');
  await services.queues.redis.ping();
  await alerts.pass();
  expect(await alerts.open('lane-slowed')).toMatchObject([{ detail: { lane: 'naver' } }]);
  await alerts.later(60);
  await alerts.pass();
  expect(await alerts.open('relay-trouble')).toMatchObject([
    { subject: 'relay.example:587', detail: { words: '554 5.7.1 <<address>> refused' } },
  ]);
  expect(JSON.stringify(await alerts.all())).not.toContain('@');
  troubles.note('relay.example:587', undefined);
  await services.redisFlush();
  await alerts.later(301);
  await alerts.pass();
  expect(await alerts.open('relay-trouble')).toEqual([]);
  expect(await alerts.open('lane-slowed')).toEqual([]);
});

test('a Redis that may forget, that was emptied, that is away', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-alerts-'));
  const socket = join(folder, 's');
  const child = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder], {
    stdio: 'ignore',
  });
  children.push(child);
  const queues = new Queues(`redis+unix://${socket}`, '{own}');
  const { redis } = queues;
  while ((await redis.ping().catch(() => '')) !== 'PONG');
  const config = (name: string, value: string) => redis.call('CONFIG', 'SET', name, value);
  await config('appendonly', 'yes');
  // To this installation another Redis would be an emptied one.
  await services.sql`delete from instance where name = 'redis-marked'`;
  const alerts = alertsOf({ ...services, queues });
  const names = async () =>
    (await alerts.open()).map(({ kind, subject }) => `${kind} ${subject}`.trim()).filter(x => /redis/.test(x));
  await alerts.pass();
  expect(await names()).toEqual([]);

  await config('maxmemory-policy', 'allkeys-lru');
  await alerts.pass();
  expect(await names()).toEqual(['redis-settings maxmemory-policy']);
  await config('maxmemory-policy', 'noeviction');
  await config('appendonly', 'no');
  await alerts.later(31);
  await alerts.pass();
  expect(await names()).toEqual(['redis-settings appendonly']);
  await config('appendonly', 'yes');
  await alerts.later(31);
  await redis.call('FLUSHALL');
  await alerts.pass();
  expect(await names()).toEqual(['redis-emptied']);
  await alerts.pass();
  await alerts.later(601);
  await alerts.pass();
  expect(await names()).toEqual([]);

  child.kill('SIGKILL');
  await once(child, 'exit');
  await alerts.pass();
  expect(await names()).toEqual([]);
  await alerts.later(30);
  await alerts.pass();
  // What Redis alone can tell stays as it was.
  expect(await names()).toEqual(['redis-away']);
  redis.disconnect();
  await rm(folder, { recursive: true, force: true });
});

test('a role without a living process', async () => {
  const { sql } = services;
  const alerts = alertsOf(services);
  const roles = async () => (await alerts.open('no-worker')).map(({ subject }) => subject).sort();
  for (const [i, role] of ['plan-issue', 'deliver-batch', 'tick'].entries())
    await heartbeat(sql, `00000000-0000-4000-8000-00000000000${i + 2}`, role);
  const keep = () => sql`update workers set seen_at = now() where role <> 'record-events'`;
  const child = spawn(process.execPath, ['--import', 'tsx', 'workers/record-events.ts'], {
    env: { ...process.env, ...services.env, NODE_ENV: '' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  children.push(child);
  await once(child, 'message');
  await keep();
  await alerts.pass();
  expect(await sql`select from alerts where kind = 'no-worker'`).toHaveLength(0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await sql`update workers set seen_at = seen_at - interval '16 seconds' where role = 'record-events'`;
  await keep();
  await alerts.pass();
  await alerts.later(60);
  await keep();
  await alerts.pass();
  expect(await roles()).toEqual(['record-events']);
  await heartbeat(sql, '00000000-0000-4000-8000-000000000009', 'record-events');
  await alerts.later(16);
  await keep();
  await alerts.pass();
  expect(await roles()).toEqual([]);
});

test('work that waits, a disk that is nearly full, an endpoint that is disabled', async () => {
  const { sql, queues } = services;
  await queues.add('record-events', [7]);
  while ((await queues.oldestWaiting()).every(({ waitedMs }) => waitedMs < 2));
  const alerts = alertsOf(services, { limits: { queueMs: 2, freeShare: 2, freeBytes: Number.POSITIVE_INFINITY } });
  const endpoint = await addEndpoint(services, 'https://hooks.example/x', ['issue.sent']);
  await sql`insert into webhook_deliveries (webhook_id, type, at, data) values (${endpoint.id}, 'issue.sent', now(), '{}')`;
  const [delivery] = await claimDeliveries(sql, [{ webhookId: endpoint.id, room: 1 }]);
  await recordFailed(sql, delivery!, { outcome: 'HTTP 410', waitMs: 0, gone: true, holdMs: null });
  await alerts.pass();
  await alerts.later(60);
  await alerts.pass();
  const found = (await alerts.open()).filter(({ kind }) => kind !== 'no-worker');
  expect(found.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toMatchObject([
    { kind: 'disk-full', detail: { percent: expect.any(Number), freeMb: expect.any(Number) } },
    { kind: 'queue-age', subject: 'record-events' },
    { kind: 'webhook-disabled', detail: { host: 'hooks.example', reason: 'gone' } },
  ]);
  await enableWebhook(sql, endpoint.id);
  await services.redisFlush();
  const roomy = alertsOf(services);
  await alerts.later(61);
  await roomy.pass();
  expect((await roomy.open()).filter(({ kind }) => !['no-worker', 'redis-emptied'].includes(kind))).toEqual([]);
});
