/** Several relays: who gets which share, what happens when one is away, and a publication that asks for one by name. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { type Deliverer, openDeliverer } from '../../src/deliver/delivery.ts';
import { byWeight, limitsTogether, Relays, testRelays } from '../../src/deliver/relays.ts';
import { relayTroubles } from '../../src/deliver/troubles.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { status } from '../../src/track/status.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

describe('by weight', () => {
  const relays = [
    { name: 'a', weight: 3 },
    { name: 'standby', weight: 0 },
    { name: 'b', weight: 1 },
  ];
  test.each([
    [0, 'a'],
    [0.7499, 'a'],
    [0.75, 'b'],
    [0.9999, 'b'],
  ])('%d → %s', (random, name) => {
    expect(byWeight(relays, random).name).toBe(name);
  });

  test('those that stand by are used when there are no others', () => {
    expect(
      byWeight(
        [
          { weight: 0, name: 'x' },
          { weight: 0, name: 'y' },
        ],
        0.5,
      ).name,
    ).toBe('y');
  });
});

test('what is away is passed over, until it is all there is', () => {
  const relays = new Relays(['smtp://a.example?weight=1000', 'smtp://b.example?weight=0']);
  expect(relays.choose(null).key).toBe('a.example:587');
  relays.note('a.example:587', true);
  expect(relays.choose(null).key).toBe('b.example:587');
  relays.note('b.example:587', true);
  expect(relays.choose(null).key).toBe('a.example:587');
  relays.note('a.example:587', false);
  expect(relays.choose(null).key).toBe('a.example:587');
});

test('limits add up; one without a limit has the others have none together', () => {
  const urls = ['smtp://a.example?perSecond=10&connections=5&messages=50', 'smtp://b.example?perSecond=4&messages=20'];
  expect(limitsTogether(urls, null)).toEqual({ perSecond: 14, perDay: null, connections: null, messages: 20 });
});

test.each([
  ['smtp://a.example?weight=-1', 'weight'],
  ['smtp://a.example?weight=half', 'weight'],
  ['smtp://a.example?name=With+Blank', 'name'],
])('%s is refused', (url, word) => {
  expect(() => new Relays([url])).toThrow(word);
});

test('one account given twice is refused: its limits would count twice', () => {
  expect(() => new Relays(['smtp://a.example:587?weight=2', 'smtp://a.example?weight=3'])).toThrow(
    /a\.example:587 twice/,
  );
});

describe('in a send', () => {
  let services: Services;
  let first: Relay;
  let second: Relay;
  let deliverer: Deliverer | undefined;
  let publications = 0;
  const workerId = '00000000-0000-4000-8000-000000000009';

  beforeAll(async () => {
    services = await openServices();
  });
  afterAll(() => services.close());
  beforeEach(async () => {
    first = await startRelay();
    second = await startRelay();
  });
  afterEach(async () => {
    deliverer?.close();
    await Promise.all([first.close(), second.close()]);
  });

  /** @returns sends what is queued */
  async function ready(smtpUrls: string[], relay: string | null = null) {
    const { sql } = services;
    const addresses = Array.from({ length: 8 }, (_, i) => `reader${i}@example.net`);
    const publication = publicationOf({ slug: `relays-${++publications}`, delivery: { relay } });
    const { publicationId } = await audience(services, addresses, publication);
    const issue = await submitIssue(services, publicationId);
    await planAndQueue(services, issue.id);
    await heartbeat(sql, workerId, 'test');
    const config = { ...services.config, smtpUrls, smtpConnections: 2 };
    deliverer = openDeliverer({ ...services, config }, workerId, new AbortController().signal);
    const { delivery } = deliverer;
    return async () => {
      const batches = await sql<{ id: number }[]>`select id from batches where issue_id = ${issue.id}`;
      for (const { id } of batches) await deliverBatch(delivery, id);
      return status(sql, issue);
    };
  }

  const greets = (words: string) => async () => {
    first.script.greet = () => words;
  };

  test.each([
    ['is not there', () => first.close()],
    ['refuses every session for good', greets('554 5.7.1 no service for you')],
    ['breaks off at once', greets('drop')],
  ])('a relay that %s: another takes over, nothing is held or lost', async (_name, spoil) => {
    await spoil();
    const send = await ready([`${first.url}?weight=1000`, `${second.url}?weight=0`]);
    expect(await send()).toMatchObject({ state: 'sending', queued: 8, deferred: 0 });
    expect(await send()).toMatchObject({ state: 'sent', accepted: 8 });
    expect(second.accepted).toHaveLength(8);
  });

  test('all refuse: the issue is held', async () => {
    first.script.greet = () => '554 5.7.1 no';
    second.script.greet = () => '554 5.7.1 no';
    const send = await ready([first.url, `${second.url}?weight=0`]);
    let now = await send();
    while (now.state === 'sending') now = await send();
    expect(now).toMatchObject({ state: 'held', queued: 8, reason: expect.stringContaining('554 5.7.1 no') });
  });

  test('a publication that names a relay goes through it alone', async () => {
    const send = await ready([`${first.url}?weight=1000`, `${second.url}?name=bulk&weight=0`], 'bulk');
    expect(await send()).toMatchObject({ state: 'sent', accepted: 8 });
    expect([first.accepted.length, second.accepted.length]).toEqual([0, 8]);
  });

  test('a quota of 24 hours is kept, told by status, and goes on when the day has moved', async () => {
    const send = await ready([`${first.url}?perDay=5`]);
    const { queues, config } = services;
    const troubles = () => relayTroubles(queues.redis, config.queuePrefix, [first.url]);
    const sending = send();
    await expect
      .poll(troubles)
      .toEqual([
        { relay: first.url.slice(7), trouble: expect.stringContaining('quota of 5 messages in 24 hours is used up') },
      ]);
    expect(first.accepted).toHaveLength(5);
    // A day later: what was granted then lies 25 hours back.
    const key = `${config.queuePrefix}:rate:day:${first.url.slice(7)}`;
    for (const [hour, n] of Object.entries(await queues.redis.hgetall(key))) {
      await queues.redis.hdel(key, hour);
      await queues.redis.hset(key, String(Number(hour) - 25), n);
    }
    expect(await sending).toMatchObject({ state: 'sent', accepted: 8 });
    await expect.poll(troubles).toEqual([]);
  });

  test('a name that no relay has holds the issue and says so', async () => {
    const send = await ready([first.url], 'bulk');
    expect(await send()).toMatchObject({ state: 'held', queued: 8, reason: expect.stringContaining('RELAY_UNKNOWN') });
  });

  test('before a send one good relay is enough; what is wrong with the others is told', async () => {
    first.script.greet = () => '554 5.7.1 no';
    expect(await testRelays([first.url, second.url], null)).toEqual([expect.stringContaining('554 5.7.1 no')]);
    await expect(testRelays([first.url], null)).rejects.toMatchObject({ code: 'SMTP_UNREACHABLE' });
    await expect(testRelays([second.url], 'bulk')).rejects.toMatchObject({ code: 'RELAY_UNKNOWN' });
    await expect(testRelays([], null)).rejects.toMatchObject({ code: 'SMTP_UNSET' });
  });
});
