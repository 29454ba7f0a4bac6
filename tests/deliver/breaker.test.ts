/** What holds a send until a person decides, and what never does. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { holdIfTripped } from '../../src/db/breaker.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { type Deliverer, openDeliverer } from '../../src/deliver/delivery.ts';
import { control } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { type Failures, tripped } from '../../src/model/breaker.ts';
import { report } from '../../src/track/report.ts';
import { status } from '../../src/track/status.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let deliverer: Deliverer;
let publications = 0;
const workerId = '00000000-0000-4000-8000-000000000003';

const limits = { complaintPercent: 0.1, hardBouncePercent: 3, blocks: 5, refusalPercent: 20 };

beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  relay = await startRelay();
  const config = { ...services.config, smtpUrls: [relay.url], smtpConnections: 2 };
  deliverer = openDeliverer({ ...services, config }, workerId, new AbortController().signal);
});
afterEach(async () => {
  deliverer.close();
  await relay.close();
});

async function planned(n: number, delivery: Record<string, unknown> = {}) {
  const slug = `b${++publications}`;
  const addresses = Array.from({ length: n }, (_, i) => `r${i}@${slug}.example.net`);
  const { publicationId } = await audience(services, addresses, publicationOf({ slug, delivery }));
  const issue = await submitIssue(services, publicationId);
  await planAndQueue(services, issue.id);
  await heartbeat(services.sql, workerId, 'test');
  const send = async () => {
    const batches = await services.sql<{ id: number }[]>`select id from batches where issue_id = ${issue.id}`;
    await Promise.all(batches.map(b => deliverBatch(deliverer.delivery, b.id)));
    return status(services.sql, issue);
  };
  return { issue, send };
}

const hashesOf = (issueId: number, state: string) => services.sql`
  select from suppressions x join subscribers s using (address_hash) join recipients r on r.subscriber_id = s.id
  where r.issue_id = ${issueId} and r.state = ${state}`;

test('an address that does not exist is suppressed in the session and counts as a hard bounce', async () => {
  relay.script.rcpt = to => (to.startsWith('r1@') ? `550 5.1.1 <${to}> no such user` : '250 ok');
  const { issue, send } = await planned(4);
  expect(await send()).toMatchObject({ state: 'sent', accepted: 3, rejected: 1 });
  expect(await hashesOf(issue.id, 'rejected')).toHaveLength(1);
  expect(await hashesOf(issue.id, 'accepted')).toHaveLength(0);
  expect(await report(services.sql, issue.id)).toMatchObject({ bounced: { hard: 1, soft: 0 } });
});

test('refusals for who we are hold the issue within the connections open, say why, and suppress nobody', async () => {
  relay.script.rcpt = () => '550 5.7.1 Message blocked: sending IP listed by a block list';
  const { issue, send } = await planned(60);
  const now = await send();
  expect(now).toMatchObject({ state: 'held', accepted: 0 });
  expect(now.reason).toMatch(/^5 of the last 5 messages to other .*5\.7\.1 Message blocked/);
  // Five that tripped it, and what the two connections had in hands.
  expect(now.rejected).toBeLessThanOrEqual(5 + 2);
  expect(now.queued).toBe(60 - now.rejected);
  expect(await hashesOf(issue.id, 'rejected')).toHaveLength(0);
  expect(await report(services.sql, issue.id)).toMatchObject({ bounced: { hard: 0, soft: now.rejected } });
});

test('one block among many is no reason to hold a long list', async () => {
  relay.script.rcpt = to => (Number(/^r(\d+)@/.exec(to)![1]) % 13 === 0 ? '550 5.7.1 blocked' : '250 ok');
  const { send } = await planned(150);
  expect(await send()).toMatchObject({ state: 'sent', rejected: 12, accepted: 138 });
});

test('resuming counts anew: a person has decided', async () => {
  let isBlocked = true;
  relay.script.rcpt = () => (isBlocked ? '554 5.7.1 blocked' : '250 ok');
  const { issue, send } = await planned(30);
  const { rejected } = await send();
  isBlocked = false;
  await control(services, String(issue.id), 'resume');
  await reconcile(services, workerId);
  expect(await send()).toMatchObject({ state: 'sent', accepted: 30 - rejected, rejected });
});

test('addresses that do not exist, above the share allowed, hold the issue; below it they do not', async () => {
  relay.script.rcpt = to => (Number(/^r(\d+)/.exec(to)![1]) < 12 ? '550 5.1.1 unknown user' : '250 ok');
  const strict = await planned(100);
  // Nothing but the whole count tells; the batch has ended, so the issue is put back to where the tick would have met it.
  await strict.send();
  await services.sql`update issues set state = 'sending', finished_at = null where id = ${strict.issue.id}`;
  expect(await holdIfTripped(services.sql, strict.issue, { ...limits, hardBouncePercent: null })).toBeUndefined();
  expect(await holdIfTripped(services.sql, strict.issue, limits)).toMatch(/^12 of 100 addresses do not exist/);
  expect((await status(services.sql, strict.issue)).state).toBe('held');

  const mild = await planned(100);
  await mild.send();
  await services.sql`update issues set state = 'sending' where id = ${mild.issue.id}`;
  expect(await holdIfTripped(services.sql, mild.issue, { ...limits, hardBouncePercent: 20 })).toBeUndefined();
  // More fail than would be too many of what was counted last: they are counted again, not held for an old count.
  await services.sql`
    insert into events (issue_id, subscriber_id, kind) select issue_id, subscriber_id, 'bounce-hard' from recipients
    where issue_id = ${mild.issue.id} and state = 'accepted' limit 5`;
  expect(await holdIfTripped(services.sql, mild.issue, { ...limits, hardBouncePercent: 17 })).toBeUndefined();
  expect(await holdIfTripped(services.sql, mild.issue, { ...limits, hardBouncePercent: 16 })).toMatch(/^17 of 100/);
});

test('complaints hold the issue', async () => {
  const { issue, send } = await planned(40);
  await send();
  await services.sql`update issues set state = 'sending' where id = ${issue.id}`;
  await services.sql`
    insert into events (issue_id, subscriber_id, kind) select issue_id, subscriber_id, 'complaint' from recipients
    where issue_id = ${issue.id} limit 3`;
  expect(await holdIfTripped(services.sql, issue, limits)).toMatch(/^3 of 40 readers reported it as spam/);
});

const none: Failures = {
  accepted: 10_000,
  attempted: 10_000,
  complaints: 0,
  hardBounces: 0,
  blocks: 0,
  blockReply: null,
  refusals: 0,
};
const cases: [Partial<Failures>, Partial<typeof limits> | { [K in keyof typeof limits]?: null }, boolean][] = [
  [{}, {}, false],
  [{ complaints: 10 }, {}, false],
  [{ complaints: 11 }, {}, true],
  [{ complaints: 11 }, { complaintPercent: null }, false],
  // Too few to say anything, whatever their share.
  [{ complaints: 2, accepted: 4 }, {}, false],
  [{ complaints: 3, accepted: 4 }, {}, true],
  [{ hardBounces: 300 }, {}, false],
  [{ hardBounces: 301 }, {}, true],
  [{ hardBounces: 9, attempted: 9 }, {}, false],
  [{ blocks: 4, attempted: 4 }, {}, false],
  [{ blocks: 5, attempted: 5 }, {}, true],
  [{ blocks: 999 }, {}, false],
  [{ blocks: 1000 }, {}, true],
  [{ blocks: 400 }, { blocks: 2 }, true],
  [{ blocks: 5000 }, { blocks: null }, false],
  [{ refusals: 2000 }, {}, false],
  [{ refusals: 2001 }, {}, true],
  [{ refusals: 19, attempted: 19 }, {}, false],
];
test.each(cases)('%j with limits %j: held %s', (failures, more, isHeld) => {
  expect(Boolean(tripped({ ...none, ...failures }, { ...limits, ...more }))).toBe(isHeld);
});
