/** What slows one lane leaves the others alone; limits hold whatever the number of processes. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { heartbeat, placeOf } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { type Deliverer, openDeliverer } from '../../src/deliver/delivery.ts';
import { dividedShare } from '../../src/deliver/routes.ts';
import { control } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { lanesOf } from '../../src/model/lanes.ts';
import { status } from '../../src/track/status.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let publications = 0;
let ending: AbortController;
let opened: Deliverer[] = [];
const workerId = '00000000-0000-4000-8000-000000000002';

beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  relay = await startRelay();
  ending = new AbortController();
  await services.redisFlush();
  await services.sql`delete from suppressions`;
});
afterEach(async () => {
  ending.abort();
  for (const { close } of opened) close();
  opened = [];
  await relay.close();
});

function openProcess(url: string, lanes = lanesOf()): Deliverer {
  const config = { ...services.config, smtpUrls: [url], smtpConnections: 10 };
  const deliverer = openDeliverer({ ...services, config, lanes }, workerId, ending.signal);
  opened.push(deliverer);
  return deliverer;
}

async function planned(addresses: string[], more: Record<string, unknown> = {}) {
  const { sql } = services;
  const slug = `l${++publications}`;
  const { publicationId } = await audience(services, addresses, publicationOf({ slug, ...more }));
  const issue = await submitIssue(services, publicationId);
  await planAndQueue(services, issue.id);
  await heartbeat(sql, workerId, 'test');
  const batches = await sql<
    { id: number; lane: string }[]
  >`select id, lane from batches where issue_id = ${issue.id} order by id`;
  return { issue, batches };
}

const readers = (n: number, domain: string) => Array.from({ length: n }, (_, i) => `r${i}@${domain}`);
/** Most messages of a domain that were under way at once. */
function watchConcurrency(domain: string): { most: number } {
  const seen = { most: 0 };
  let now = 0;
  relay.script.done = async message => {
    if (!message.to.endsWith(`@${domain}`)) return '250 ok';
    seen.most = Math.max(seen.most, ++now);
    await new Promise(resolve => setTimeout(resolve, 5));
    now--;
    return '250 ok';
  };
  return seen;
}

test('a provider that does not answer holds its own lane only', async () => {
  relay.script.rcpt = () => '250 ok';
  let letGo: (reply: string) => void = () => {};
  const stuck = new Promise<string>(resolve => {
    letGo = resolve;
  });
  relay.script.done = message => (message.to.endsWith('@gmail.com') ? stuck : '250 ok');
  const { issue, batches } = await planned([
    ...readers(450, 'gmail.com'),
    ...readers(300, 'naver.com'),
    ...readers(300, 'example.net'),
  ]);
  const { delivery } = openProcess(relay.url);
  const isGoogle = (lane: string) => lane === 'google';
  // The slow lane's batches come first, as many as there are.
  const google = batches.filter(b => isGoogle(b.lane)).map(b => deliverBatch(delivery, b.id));
  await Promise.all(batches.filter(b => !isGoogle(b.lane)).map(b => deliverBatch(delivery, b.id)));
  expect(await status(services.sql, issue)).toMatchObject({ accepted: 600, sending: 5, queued: 445 });
  letGo('250 ok');
  await Promise.all(google);
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sent', accepted: 1050 });
});

test('a lane never has more connections than its limit, whatever its batches', async () => {
  const seen = watchConcurrency('naver.com');
  const { issue, batches } = await planned(readers(420, 'naver.com'));
  const { delivery } = openProcess(relay.url);
  await Promise.all(batches.map(b => deliverBatch(delivery, b.id)));
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sent', accepted: 420 });
  expect(seen.most).toBe(3);
  // Rule 1.10: fifty messages each.
  expect(relay.connections).toBeGreaterThanOrEqual(Math.ceil(420 / 50));
});

test('the relay’s own limit holds over all lanes, and every lane comes through', async () => {
  const addresses = [...readers(60, 'gmail.com'), ...readers(60, 'naver.com'), ...readers(60, 'example.net')];
  const seen = { most: 0, now: 0 };
  relay.script.done = async () => {
    seen.most = Math.max(seen.most, ++seen.now);
    await new Promise(resolve => setTimeout(resolve, 2));
    seen.now--;
    return '250 ok';
  };
  const { issue, batches } = await planned(addresses);
  const { delivery } = openProcess(`${relay.url}?connections=2`);
  await Promise.all(batches.map(b => deliverBatch(delivery, b.id)));
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sent', accepted: 180 });
  expect(seen.most).toBe(2);
});

test('processes share a lane’s connections by who is alive; a place too many waits', async () => {
  const { sql } = services;
  await sql`delete from workers`;
  const ids = [1, 2, 3, 4].map(n => `00000000-0000-4000-8000-0000000000${n}0`);
  for (const id of ids) await heartbeat(sql, id, 'sharing');
  const places = await Promise.all(ids.map(id => placeOf(sql, id, 'sharing')));
  expect(places).toEqual([0, 1, 2, 3].map(place => ({ place, count: 4 })));
  for (const limit of [0, 1, 3, 4, 5, 10]) {
    for (const turn of [0, 1, 5]) {
      const shares = places.map(place => dividedShare(limit, place, turn));
      expect(shares.reduce((sum, n) => sum + n, 0)).toBe(limit);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }
  }
  await sql`update workers set seen_at = now() - interval '1 minute' where id = ${ids[0]!}`;
  expect(await placeOf(sql, ids[3]!, 'sharing')).toEqual({ place: 2, count: 3 });
  expect(await placeOf(sql, '00000000-0000-4000-8000-00000000ffff', 'alone')).toEqual({ place: 0, count: 1 });
});

test('a process without a share of a lane leaves its batches to others', async () => {
  const { issue, batches } = await planned(readers(5, 'naver.com'));
  const { delivery } = openProcess(relay.url);
  delivery.routes.shareWith({ place: 9, count: 10 });
  const share = delivery.routes.for(delivery.lanes.get('naver')!, null).pool.max;
  expect(share).toBe(0);
  await deliverBatch(delivery, batches[0]!.id);
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sending', queued: 5 });
  delivery.routes.shareWith({ place: 0, count: 1 });
  await deliverBatch(delivery, batches[0]!.id);
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sent', accepted: 5 });
});

test('a provider’s storm slows its lane: few are deferred, the rest wait for their turn', async () => {
  relay.script.rcpt = to => (to.endsWith('@gmail.com') ? '421-4.7.28 unusual rate\r\n421 4.7.28 try later' : '250 ok');
  const { issue, batches } = await planned([...readers(200, 'gmail.com'), ...readers(200, 'example.net')]);
  const { delivery } = openProcess(relay.url);
  const all = Promise.all(batches.map(b => deliverBatch(delivery, b.id)));
  // The other lane ends while the storm's goes on waiting for its hold.
  while ((await status(services.sql, issue)).accepted < 200) await new Promise(resolve => setTimeout(resolve, 20));
  const now = await status(services.sql, issue);
  expect(now.deferred).toBeGreaterThan(0);
  expect(now.deferred).toBeLessThan(60);
  expect(now.queued).toBeGreaterThan(100);
  ending.abort();
  await all;
  expect(await status(services.sql, issue)).toMatchObject({ sending: 0, rejected: 0, unknown: 0 });
  await control(services, String(issue.id), 'cancel');
});

test('a process asked to end leaves its waits at once', async () => {
  const { issue, batches } = await planned(readers(30, 'gmail.com'));
  const { delivery } = openProcess(relay.url, lanesOf({ google: { perSecond: 0.05 } }));
  const sending = Promise.all(batches.map(b => deliverBatch(delivery, b.id)));
  while (relay.arrived.length === 0) await new Promise(resolve => setTimeout(resolve, 10));
  ending.abort();
  await sending;
  const now = await status(services.sql, issue);
  expect(now.sending).toBe(0);
  expect(now.accepted).toBe(relay.accepted.length);
  await control(services, String(issue.id), 'cancel');
});
