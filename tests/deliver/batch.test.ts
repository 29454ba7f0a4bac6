/** The engine on real Postgres and a live relay: what the relay took against what the ledger says. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { holdIfOutdated } from '../../src/db/issues.ts';
import { abandonClaims, releaseDeferred } from '../../src/db/recipients.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { Clerk } from '../../src/deliver/clerk.ts';
import { slowedLanes } from '../../src/deliver/rates.ts';
import { relayTroubles } from '../../src/deliver/troubles.ts';
import { control } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { laneNamed } from '../../src/model/lanes.ts';
import { status } from '../../src/track/status.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending, workerId } from '../support/sending.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let sending: Sending | undefined;

beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  relay = await startRelay();
  // A refused reader of one test is another's.
  await services.sql`delete from suppressions`;
});
afterEach(async () => {
  sending?.close();
  await relay.close();
});

/** An issue planned for these readers, its batches, and what the delivering process has. */
async function ready(addresses: string[], connections = 4) {
  sending = await startSending(services, relay, addresses, { connections });
  const { issueId, publicationId, subscriberIds, deliver, deliverer } = sending;
  const rows = await services.sql<{ id: number }[]>`select id from batches where issue_id = ${issueId} order by id`;
  return {
    issue: { id: issueId },
    publicationId,
    subscriberIds,
    delivery: deliverer.delivery,
    batches: rows.map(row => row.id),
    deliverAll: () => deliver(),
  };
}

const readers = (n: number, domain = 'example.net') => Array.from({ length: n }, (_, i) => `reader${i}@${domain}`);
const takenBy = (r: Relay) => r.accepted.map(m => m.to).sort();

test('everyone gets it once, and the issue closes', async () => {
  const addresses = [...readers(250), ...readers(30, 'gmail.com'), ...readers(20, 'naver.com')];
  const { deliverAll, batches, issue } = await ready(addresses);
  // 250 readers of no known provider make two batches; no batch mixes lanes.
  expect(batches).toHaveLength(4);
  const account = await deliverAll();
  expect(account).toMatchObject({ state: 'sent', audience: 300, accepted: 300, queued: 0, sending: 0, excluded: {} });
  expect(takenBy(relay)).toEqual([...addresses].sort());
  // Four of each lane at most, three of Naver's.
  expect(relay.connections).toBeLessThanOrEqual(4 + 4 + 3);
  // Running it all again changes nothing.
  await planAndQueue(services, issue.id);
  await deliverAll();
  expect(relay.accepted).toHaveLength(300);
});

test('two processes on the same batch never send a row twice', async () => {
  const { delivery, batches, issue } = await ready(readers(150));
  const other = { ...delivery, clerk: new Clerk(services.sql, workerId, services.log) };
  await Promise.all([
    deliverBatch(delivery, batches[0]!),
    deliverBatch(other, batches[0]!),
    deliverBatch(delivery, batches[0]!),
  ]);
  expect(takenBy(relay)).toEqual(readers(150).sort());
  expect((await status(services.sql, issue)).accepted).toBe(150);
});

test('replies decide: refused, waiting, and the rest accepted', async () => {
  relay.script.rcpt = to =>
    to.startsWith('reader1@')
      ? '550 5.1.1 <reader1@example.net> unknown'
      : to.startsWith('reader2@')
        ? '450 4.2.0 greylisted'
        : '250 ok';
  const { deliverAll, issue } = await ready(readers(6));
  expect(await deliverAll()).toMatchObject({ state: 'sending', accepted: 4, rejected: 1, deferred: 1 });
  const rows = await services.sql<{ state: string; reply: string; wait: number }[]>`
    select state, reply, extract(epoch from next_attempt_at - now())::float8 as wait from recipients
    where issue_id = ${issue.id} and state in ('rejected', 'deferred') order by state`;
  // Greylisting passes in 5 to 15 minutes (rule 2.2); no address stays in the reply.
  expect(rows[0]!.wait).toBeGreaterThan(5 * 60);
  expect(rows[0]!.wait).toBeLessThan(15 * 60);
  expect(rows[1]!.reply).toBe('550 5.1.1 <<address>> unknown');

  relay.script.rcpt = () => '250 ok';
  await services.sql`update recipients set next_attempt_at = now() where issue_id = ${issue.id} and state = 'deferred'`;
  await releaseDeferred(services.sql, issue.id, 24 * 3_600_000);
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 5, rejected: 1 });
});

test('a retry is the same message to the byte', async () => {
  const bodies: string[] = [];
  relay.script.done = message => {
    bodies.push(message.raw);
    return bodies.length === 1 ? '451 4.3.0 try again' : '250 ok';
  };
  const { deliverAll, issue } = await ready(readers(1));
  await deliverAll();
  await services.sql`update recipients set state = 'queued' where issue_id = ${issue.id} and state = 'deferred'`;
  await deliverAll();
  expect(bodies).toHaveLength(2);
  expect(bodies[1]).toBe(bodies[0]);
});

test('waiting longer than the publication allows ends as expired', async () => {
  relay.script.rcpt = () => '450 later';
  const { deliverAll, issue } = await ready(readers(2));
  await deliverAll();
  await services.sql`update recipients set next_attempt_at = now() where issue_id = ${issue.id}`;
  await services.sql`update issues set started_at = now() - interval '25 hours' where id = ${issue.id}`;
  await releaseDeferred(services.sql, issue.id, 24 * 3_600_000);
  expect(await deliverAll()).toMatchObject({ state: 'sent', expired: 2 });
});

test('an issue that nobody could be sent for longer than its retry time is held: a person decides', async () => {
  const { deliverAll, issue } = await ready(readers(2));
  const { sql } = services;
  const day = 24 * 3_600_000;
  await sql`update issues set started_at = now() - interval '25 hours' where id = ${issue.id}`;
  await sql`update recipients set state = 'accepted', updated_at = now() where issue_id = ${issue.id} and subscriber_id = (
    select min(subscriber_id) from recipients where issue_id = ${issue.id})`;
  // Somebody got it just now: it is slow, not stuck.
  expect(await holdIfOutdated(sql, issue.id, day)).toBeUndefined();
  await sql`update recipients set updated_at = now() - interval '2 hours' where issue_id = ${issue.id}`;
  expect(await holdIfOutdated(sql, issue.id, 2 * day)).toBeUndefined();
  expect(await holdIfOutdated(sql, issue.id, day)).toMatch(/nothing has gone out for an hour, 25 h after it began/);
  expect(await status(sql, issue)).toMatchObject({ state: 'held', queued: 1 });
  await control(services, String(issue.id), 'resume');
  expect(await holdIfOutdated(sql, issue.id, day)).toBeUndefined();
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 2 });
});

test.each(['paused', 'held'])(
  'a %s issue keeps its waiting readers, however long it stands; going on gives them the whole time again',
  async state => {
    relay.script.rcpt = () => '450 4.2.0 later';
    const { deliverAll, issue } = await ready(readers(2));
    const { sql } = services;
    expect(await deliverAll()).toMatchObject({ deferred: 2 });
    await sql`update recipients set next_attempt_at = now() - interval '1 day' where issue_id = ${issue.id}`;
    await sql`update issues set state = ${state}, started_at = now() - interval '9 days' where id = ${issue.id}`;
    await reconcile(services, workerId);
    expect(await status(sql, issue)).toMatchObject({ state, deferred: 2, expired: 0 });
    await control(services, String(issue.id), 'resume');
    await reconcile(services, workerId);
    expect(await status(sql, issue)).toMatchObject({ state: 'sending', queued: 2, expired: 0 });
    await control(services, String(issue.id), 'cancel');
  },
);

test('a rehearsal does not wait for the turns of the real lane', async () => {
  const { delivery, deliverAll, issue } = await ready(readers(4));
  const ending = new AbortController().signal;
  for (let i = 0; i < 2; i++) expect(await delivery.turns.take('other ', ending)).toBeDefined();
  await services.sql`update issues set kind = 'rehearsal', relay = ${relay.url} where id = ${issue.id}`;
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 4 });
});

test('lost after the final dot: unknown, and not sent again', async () => {
  relay.script.done = message => (message.to === 'reader3@example.net' ? 'drop' : '250 ok');
  const { deliverAll } = await ready(readers(8), 2);
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 7, unknown: 1 });
  await deliverAll();
  expect(relay.arrived.filter(m => m.to === 'reader3@example.net')).toHaveLength(1);
});

test('lost before the final dot: sent again', async () => {
  let drops = 0;
  relay.script.data = to => (to === 'reader3@example.net' && drops++ === 0 ? 'drop' : '354 go on');
  const { deliverAll, issue } = await ready(readers(8), 2);
  expect(await deliverAll()).toMatchObject({ accepted: 7, deferred: 1, unknown: 0 });
  await services.sql`update recipients set next_attempt_at = now() where issue_id = ${issue.id} and state = 'deferred'`;
  await releaseDeferred(services.sql, issue.id, 24 * 3_600_000);
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 8 });
  expect(takenBy(relay)).toEqual(readers(8).sort());
});

test('unsubscribed or suppressed after planning: left out, with the reason', async () => {
  const { deliverAll, publicationId, subscriberIds } = await ready(readers(5));
  await services.sql`update subscriptions set state = 'unsubscribed' where publication_id = ${publicationId} and subscriber_id = ${subscriberIds[1]!}`;
  await services.sql`insert into suppressions (address_hash, reason) select address_hash, 'test' from subscribers where id = ${subscriberIds[2]!}`;
  expect(await deliverAll()).toMatchObject({
    state: 'sent',
    audience: 5,
    accepted: 3,
    excluded: { unsubscribed: 1, suppressed: 1 },
  });
  expect(relay.arrived).toHaveLength(3);
  await services.sql`delete from suppressions`;
});

test('a person deleted after planning is left out, and the accounting still adds up', async () => {
  const { deliverAll, subscriberIds } = await ready(readers(3));
  await services.sql`delete from subscribers where id = ${subscriberIds[1]!}`;
  expect(await deliverAll()).toMatchObject({ state: 'sent', audience: 3, accepted: 2, excluded: { deleted: 1 } });
  expect(relay.arrived).toHaveLength(2);
});

test('pause stops within the message under way; resume goes on where it stopped', async () => {
  let paused: Promise<unknown> | undefined;
  const { deliverAll, issue, batches, delivery } = await ready(readers(60), 3);
  relay.script.done = async () => {
    if (relay.arrived.length === 10) paused = control(services, String(issue.id), 'pause');
    await paused;
    return '250 ok';
  };
  await deliverBatch(delivery, batches[0]!);
  // At most the connections' messages under way when the pause committed.
  expect(relay.arrived.length).toBeLessThanOrEqual(10 + 3);
  expect((await status(services.sql, issue)).state).toBe('paused');
  await control(services, String(issue.id), 'resume');
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 60 });
  expect(takenBy(relay)).toEqual(readers(60).sort());
});

test('cancel leaves out everyone not reached yet', async () => {
  const { deliverAll, issue } = await ready(readers(5));
  await control(services, String(issue.id), 'cancel');
  expect(await deliverAll()).toMatchObject({ state: 'cancelled', accepted: 0, excluded: { cancelled: 5 } });
  expect(relay.arrived).toHaveLength(0);
  await expect(control(services, String(issue.id), 'resume')).rejects.toMatchObject({ code: 'ISSUE_STATE' });
});

test('a relay that is away costs nothing: no row is claimed for it', async () => {
  const { deliverAll, issue } = await ready(readers(5));
  await relay.close();
  expect(await deliverAll()).toMatchObject({ state: 'sending', queued: 5 });
  const [row] = await services.sql`select sum(attempts)::int as attempts from recipients where issue_id = ${issue.id}`;
  expect(row!.attempts).toBe(0);
});

test('rows of a worker that fell silent become unknown; its late result still settles them', async () => {
  const { issue, batches, delivery } = await ready(readers(1));
  const claim = await delivery.clerk.exchange(batches[0]!, undefined);
  await services.sql`update workers set seen_at = now() - interval '1 minute' where id = ${workerId}`;
  expect(await abandonClaims(services.sql, issue.id, 500)).toBe(1);
  expect((await status(services.sql, issue)).unknown).toBe(1);
  const { issueId, subscriberId } = claim!;
  const result = {
    issueId,
    subscriberId,
    state: 'accepted',
    reply: '250 ok',
    reason: null,
    waitMs: null,
  } as const;
  await delivery.clerk.exchange(undefined, { ...result, claim: '00000000-0000-4000-8000-00000000dead' });
  expect((await status(services.sql, issue)).unknown).toBe(1);
  await delivery.clerk.exchange(undefined, { ...result, claim: claim!.claim });
  expect(await status(services.sql, issue)).toMatchObject({ unknown: 0, accepted: 1 });
});

test('an issue that cannot be signed as it should is held, and says why', async () => {
  const { issue, batches, delivery } = await ready(readers(2));
  const broken = { get: () => Promise.reject(new (class extends Error {})()) };
  await expect(deliverBatch({ ...delivery, presses: broken as never }, batches[0]!)).rejects.toThrow();
  const { BroadsheetError } = await import('../../src/errors.ts');
  const refusing = { get: () => Promise.reject(new BroadsheetError('DKIM_INVALID', 'key and domain differ')) };
  await deliverBatch({ ...delivery, presses: refusing as never }, batches[0]!);
  expect(await status(services.sql, issue)).toMatchObject({
    state: 'held',
    reason: 'DKIM_INVALID: key and domain differ',
    queued: 2,
  });
  expect(relay.arrived).toHaveLength(0);
});

test('whatever bytes a relay answers with, the ledger takes them', async () => {
  relay.script.rcpt = () => '550 5.1.1 odd \u0000\u0007 bytes';
  const { deliverAll, issue } = await ready(readers(3));
  expect(await deliverAll()).toMatchObject({ state: 'sent', rejected: 3 });
  const [row] = await services.sql`select reply from recipients where issue_id = ${issue.id} limit 1`;
  expect(row!.reply).toBe('550 5.1.1 odd    bytes');
});

test('a message that cannot be written is refused, with the reason, and holds up nobody', async () => {
  const { deliverAll, issue, subscriberIds } = await ready(readers(5, 'poison.example'));
  await services.sql`update subscribers set email = 'not an address' where id = ${subscriberIds[2]!}`;
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 4, rejected: 1 });
  const [row] = await services.sql`select reason from recipients where issue_id = ${issue.id} and state = 'rejected'`;
  expect(row!.reason).toMatch(/^message cannot be written: /);
});

test('a result whose words Postgres refuses is recorded without them, and the rest as it is', async () => {
  const { batches, delivery, issue } = await ready(readers(3));
  const claims = await Promise.all([1, 2, 3].map(() => delivery.clerk.exchange(batches[0]!, undefined)));
  const base = { reply: null, reason: null, waitMs: null } as const;
  await Promise.all(
    claims.map((claim, i) => {
      const { issueId, subscriberId, claim: token } = claim!;
      const state = i === 0 ? 'rejected' : 'accepted';
      const words = i === 0 ? { reply: 'a zero \u0000 byte', reason: 'blocked' } : {};
      return delivery.clerk.exchange(undefined, { ...base, issueId, subscriberId, claim: token, state, ...words });
    }),
  );
  const rows =
    await services.sql`select state, reply, reason from recipients where issue_id = ${issue.id} order by state`;
  expect(rows.map(r => [r.state, r.reply, r.reason])).toEqual([
    ['accepted', null, null],
    ['accepted', null, null],
    ['rejected', null, 'blocked'],
  ]);
});

test('a session that its relay ends with 421 costs its reader seconds, not minutes', async () => {
  let n = 0;
  relay.script.mail = () => (n++ === 3 ? '421 4.3.2 too many messages in this session' : '250 ok');
  const { deliverAll, issue } = await ready(readers(8), 2);
  expect(await deliverAll()).toMatchObject({ accepted: 7, deferred: 1 });
  const [row] = await services.sql<{ wait: number }[]>`
    select extract(epoch from next_attempt_at - now())::float8 as wait from recipients where issue_id = ${issue.id} and state = 'deferred'`;
  expect(row!.wait).toBeLessThan(10);
  expect(await slowedLanes(services.queues.redis, services.config.queuePrefix)).toEqual([]);
  await control(services, String(issue.id), 'cancel');
});

test('a relay that refuses every session for good holds the issue with its words, and status names it', async () => {
  relay.script.greet = () => '554 5.7.1 No service for <you@example.net>';
  const { deliverAll, issue } = await ready(readers(8), 2);
  const troubles = () => relayTroubles(services.queues.redis, services.config.queuePrefix, [relay.url]);
  let now = await deliverAll();
  // Once is a glitch: the tick asks for the batch again.
  expect(now).toMatchObject({ state: 'sending', queued: 8 });
  expect(await troubles()).toEqual([
    { relay: relay.url.slice(7), trouble: expect.stringContaining('554 5.7.1 No service for') },
  ]);
  while (now.state === 'sending') now = await deliverAll();
  expect(now).toMatchObject({ state: 'held', queued: 8 });
  expect(now.reason).toMatch(/^SMTP_REFUSED: .*554 5\.7\.1 No service for/);
  expect(now.reason).not.toContain('you@');
  relay.script.greet = () => '220 welcome';
  await control(services, String(issue.id), 'resume');
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 8 });
  expect(await troubles()).toEqual([]);
});

test('a relay that gives no more sessions, while others carry messages, holds nothing', async () => {
  const { deliverAll, issue } = await ready(readers(8), 2);
  relay.script.greet = () => '554 5.7.1 too many connections';
  await services.sql`update recipients set state = 'accepted', updated_at = now() where issue_id = ${issue.id} and subscriber_id = (
    select min(subscriber_id) from recipients where issue_id = ${issue.id})`;
  for (let i = 0; i < 4; i++) expect(await deliverAll()).toMatchObject({ state: 'sending', queued: 7 });
  // Half a minute later nobody has any.
  await services.sql`update recipients set updated_at = now() - interval '1 minute' where issue_id = ${issue.id}`;
  let now = await deliverAll();
  while (now.state === 'sending') now = await deliverAll();
  expect(now).toMatchObject({ state: 'held', queued: 7 });
});

test('a connection that died while its row was being written costs that reader no attempt', async () => {
  const { delivery, deliverAll, issue } = await ready(readers(8), 1);
  const { pool } = delivery.routes.for(laneNamed(delivery.lanes, 'other'), null);
  const acquire = pool.acquire.bind(pool);
  let connection: Awaited<ReturnType<typeof acquire>>;
  pool.acquire = async signal => (connection = await acquire(signal));
  const { get } = delivery.presses;
  let messages = 0;
  delivery.presses.get = async (...args: Parameters<typeof get>) => {
    const press = await get.apply(delivery.presses, args);
    // Asked for once for the batch and then for each message.
    if (messages++ === 3) {
      relay.cut();
      await expect.poll(() => connection!.usable).toBe(false);
    }
    return press;
  };
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 8 });
  expect(relay.connections).toBe(2);
  const rows = await services.sql`select distinct attempts from recipients where issue_id = ${issue.id}`;
  expect(rows.map(r => r.attempts)).toEqual([1]);
});

test.each([
  ['a quota of ours', '454 Throttling failure: Maximum sending rate exceeded.', 'gmail.com'],
  ['one of many small providers', '421 4.7.0 too much mail from you', 'example.net'],
])('%s, said now and then, slows nothing; said again and again, it does', async (_name, reply, domain) => {
  const { deliverAll, issue } = await ready(readers(60, domain), 1);
  const slowed = async () => {
    const lanes = await slowedLanes(services.queues.redis, services.config.queuePrefix);
    return lanes.filter(lane => lane.relay === relay.url.slice(7));
  };
  let n = 0;
  relay.script.rcpt = () => (n++ % 20 === 7 ? reply : '250 ok');
  expect(await deliverAll()).toMatchObject({ accepted: 57, deferred: 3 });
  expect(await slowed()).toEqual([]);
  relay.script.rcpt = () => reply;
  // With the last of those above, three of the last twenty.
  await services.sql`
    update recipients set state = 'queued' where issue_id = ${issue.id} and subscriber_id in (
      select subscriber_id from recipients where issue_id = ${issue.id} and state = 'deferred' limit 2)`;
  await deliverAll();
  await expect.poll(slowed).toHaveLength(1);
  await control(services, String(issue.id), 'cancel');
});

test('a relay that closes session after session is not taken for one that wants less', async () => {
  let n = 0;
  relay.script.mail = () => (n++ % 2 === 1 ? '421 4.3.2 shutting down' : '250 ok');
  const { deliverAll, issue } = await ready(readers(30), 2);
  expect(await deliverAll()).toMatchObject({ accepted: 15, deferred: 15 });
  const lanes = await slowedLanes(services.queues.redis, services.config.queuePrefix);
  expect(lanes.filter(lane => lane.relay === relay.url.slice(7))).toEqual([]);
  await control(services, String(issue.id), 'cancel');
});

test('no connection carries more messages than its limit', async () => {
  const { deliverAll } = await ready(readers(230), 1);
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 230 });
  expect(relay.connections).toBe(3);
});

test('a worker that comes back late with an unsent row opens its closed issue again', async () => {
  const { issue, batches, delivery, deliverAll } = await ready(readers(2));
  const claim = (await delivery.clerk.exchange(batches[0]!, undefined))!;
  await services.sql`update workers set seen_at = now() - interval '1 minute' where id = ${workerId}`;
  await abandonClaims(services.sql, issue.id, 500);
  await heartbeat(services.sql, workerId, 'test');
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 1, unknown: 1 });
  const { issueId, subscriberId } = claim;
  await delivery.clerk.exchange(undefined, {
    issueId,
    subscriberId,
    claim: claim.claim,
    state: 'queued',
    reply: null,
    reason: null,
    waitMs: null,
  });
  await reconcile(services, workerId);
  expect(await deliverAll()).toMatchObject({ state: 'sent', accepted: 2, unknown: 0 });
  expect(takenBy(relay)).toEqual(readers(2).sort());
});

test('a row that was in flight when its issue was cancelled is closed by the tick', async () => {
  relay.script.rcpt = () => '450 later';
  const { issue, delivery, batches } = await ready(readers(4), 1);
  const claim = (await delivery.clerk.exchange(batches[0]!, undefined))!;
  await control(services, String(issue.id), 'cancel');
  const { issueId, subscriberId } = claim;
  await delivery.clerk.exchange(undefined, {
    issueId,
    subscriberId,
    claim: claim.claim,
    state: 'deferred',
    reply: '450 later',
    reason: null,
    waitMs: 0,
  });
  await reconcile(services, workerId);
  expect(await status(services.sql, issue)).toMatchObject({
    state: 'cancelled',
    deferred: 0,
    sending: 0,
    excluded: { cancelled: 4 },
  });
});

test('Postgres cuts every connection again and again in the middle of a send: nobody is missed, nobody twice', async () => {
  relay.script.done = () => new Promise(resolve => setTimeout(() => resolve('250 ok'), 20));
  const { deliverAll, issue } = await ready(readers(300), 4);
  let isOver = false;
  const cutting = (async () => {
    while (!isOver) {
      await new Promise(resolve => setTimeout(resolve, 300));
      await services.cutConnections();
    }
  })();
  // Jobs are run again by the queue when one fails; here by hand.
  for (let i = 0; i < 100 && !isOver; i++)
    isOver = await deliverAll().then(
      account => account.state === 'sent',
      () => false,
    );
  isOver = true;
  await cutting;
  // The last cut may still meet one connection each.
  for (let i = 0; i < 20; i++) await services.sql`select 1`.catch(() => {});
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sent', accepted: 300, unknown: 0 });
  expect(takenBy(relay)).toEqual(readers(300).sort());
});
