/** Sending again on purpose: what goes out a second time, and what never does. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { insertClick } from '../../src/db/clicks.ts';
import { moveIssue } from '../../src/db/issues.ts';
import { readLedger } from '../../src/db/ledger.ts';
import { setLike } from '../../src/db/likes.ts';
import { excludeOpen } from '../../src/db/recipients.ts';
import { countRemainder, requeue } from '../../src/db/remainder.ts';
import { endSubscription } from '../../src/db/subscribers.ts';
import { control, requireIssue } from '../../src/enqueue/control.ts';
import { resend } from '../../src/enqueue/resend.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending } from '../support/sending.ts';
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
  await services.sql`delete from suppressions`;
});
afterEach(async () => {
  sending?.close();
  await relay.close();
});

const readers = (n: number) => Array.from({ length: n }, (_, i) => `reader${i}@example.net`);
const started = async (n: number, connections = 4) => {
  sending = await startSending(services, relay, readers(n), { connections });
  return sending;
};
type Parts = Parameters<typeof resend>[2];
const again = async (issueId: number, parts: Parts, sure = false) =>
  resend(services, await requireIssue(services.sql, String(issueId)), parts, sure);
const stateOf = async (issueId: number, subscriberId: number) =>
  (
    await services.sql<{ state: string }[]>`
    select state from recipients where issue_id = ${issueId} and subscriber_id = ${subscriberId}`
  )[0]!.state;

/** The relay takes the message and is gone before it says so. */
const silentFor = (address: string) => {
  relay.script.done = message => (message.to === address ? 'drop' : '250 ok');
};

test('unknown readers: only on purpose, with the same Message-ID and bytes', async () => {
  silentFor('reader1@example.net');
  const { issueId, deliver } = await started(3);
  expect(await deliver()).toMatchObject({ state: 'sent', accepted: 2, unknown: 1 });
  await expect(again(issueId, ['unknown'])).rejects.toMatchObject({ code: 'RESEND_UNSURE' });
  expect(await again(issueId, ['expired'])).toEqual({ queued: {}, leftOut: {}, stopped: false });
  // Nothing was to be sent, so the issue stays closed.
  expect((await requireIssue(services.sql, String(issueId))).state).toBe('sent');
  relay.script.done = () => '250 ok';
  expect(await again(issueId, ['unknown'], true)).toEqual({ queued: { unknown: 1 }, leftOut: {}, stopped: false });
  expect(await requireIssue(services.sql, String(issueId))).toMatchObject({ state: 'sending', finishedAt: null });
  expect(await deliver()).toMatchObject({ state: 'sent', accepted: 3, unknown: 0 });
  const copies = relay.arrived.filter(({ to }) => to === 'reader1@example.net').map(({ raw }) => raw);
  expect(copies).toHaveLength(2);
  expect(copies[1]).toBe(copies[0]);
  expect(copies[0]).toMatch(/^Message-ID: <[0-9a-f]{32}@example\.org>\r$/m);
});

test('refused and blocked readers are tried again; addresses that do not exist never', async () => {
  const replies: Record<string, string> = {
    'reader0@example.net': '550 5.1.1 no such user',
    'reader1@example.net': '550 5.7.1 blocked for spam',
    'reader2@example.net': '554 5.3.0 refused',
    'reader3@example.net': '550 5.2.2 mailbox full',
  };
  relay.script.rcpt = to => replies[to] ?? '250 ok';
  const { issueId, deliver, subscriberIds } = await started(6);
  expect(await deliver()).toMatchObject({ state: 'sent', accepted: 2, rejected: 4 });
  // One of them complained about another issue since, one unsubscribed.
  await services.sql`insert into suppressions (address_hash, reason)
    select address_hash, 'complaint' from subscribers where id = ${subscriberIds[2]!}`;
  await services.sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${subscriberIds[3]!}`;
  const before = relay.arrived.length;
  relay.script.rcpt = () => '250 ok';
  expect(await again(issueId, ['rejected'])).toEqual({
    queued: { rejected: 1 },
    leftOut: { 'hard-bounce': 1, suppressed: 1, unsubscribed: 1 },
    stopped: false,
  });
  expect(await deliver()).toMatchObject({ state: 'sent', accepted: 3, rejected: 3 });
  expect(relay.arrived.slice(before).map(({ to }) => to)).toEqual(['reader1@example.net']);
  // Even without the suppression an address that does not exist stays out.
  await services.sql`delete from suppressions`;
  await services.sql`update subscriptions set state = 'active'`;
  expect(await again(issueId, ['rejected'])).toMatchObject({ queued: { rejected: 2 }, leftOut: { 'hard-bounce': 1 } });
});

test('two resends at once queue each row once', async () => {
  const { issueId, deliver, subscriberIds } = await started(40);
  await services.sql`update recipients set state = 'expired', reason = 'gave up' where issue_id = ${issueId} and subscriber_id in ${services.sql(subscriberIds.slice(0, 20))}`;
  await services.sql`update recipients set state = 'unknown', reason = 'worker lost' where issue_id = ${issueId} and state = 'queued'`;
  await services.sql`update issues set state = 'sent', finished_at = now() where id = ${issueId}`;
  const both = await Promise.all([
    again(issueId, ['expired', 'unknown'], true),
    again(issueId, ['unknown', 'expired'], true),
    again(issueId, ['expired']),
  ]);
  const total = (part: 'expired' | 'unknown') => both.reduce((sum, { queued }) => sum + (queued[part] ?? 0), 0);
  expect([total('expired'), total('unknown')]).toEqual([20, 20]);
  expect(await deliver()).toMatchObject({ state: 'sent', accepted: 40 });
  expect(relay.accepted.map(({ to }) => to).sort()).toEqual(readers(40).sort());
});

test('page by page: two beside each other share the rows, and a pause stops both', async () => {
  const { issueId, subscriberIds } = await started(40);
  await services.sql`update recipients set state = 'expired' where issue_id = ${issueId}`;
  await services.sql`update issues set state = 'sent', finished_at = now() where id = ${issueId}`;
  const page = (after: number, from: string[]) => requeue(services.sql, issueId, ['expired'], from, after, 7);
  const first = await Promise.all([page(0, ['sent', 'sending']), page(0, ['sent', 'sending'])]);
  expect(first.map(one => one?.queued)).toEqual([{ expired: 7 }, { expired: 7 }]);
  const ends = first.map(one => one!.last).sort((a, b) => a! - b!);
  expect(ends).toEqual([subscriberIds[6], subscriberIds[13]]);
  await control(services, String(issueId), 'pause');
  expect(await page(ends[1]!, ['sent', 'sending'])).toBeUndefined();
  expect((await requireIssue(services.sql, String(issueId))).state).toBe('paused');
  await expect(again(issueId, ['expired'])).rejects.toMatchObject({ code: 'ISSUE_STATE' });
  await control(services, String(issueId), 'resume');
  // 26 are left, in pages of 7.
  let queued = 0;
  let after: number | undefined = 0;
  for (; after !== undefined; ) {
    const next: Awaited<ReturnType<typeof page>> = await page(after, ['sending']);
    queued += next!.queued.expired ?? 0;
    after = next!.last;
  }
  expect(queued).toBe(26);
  await control(services, String(issueId), 'cancel');
});

test('retries count from the resend, not from a send long past', async () => {
  relay.script.rcpt = () => '450 4.2.0 later';
  const { issueId, deliver } = await started(1);
  await services.sql`update issues set started_at = now() - interval '3 days' where id = ${issueId}`;
  await services.sql`update recipients set state = 'expired', reason = 'gave up', attempts = 9 where issue_id = ${issueId}`;
  await services.sql`update issues set state = 'sent', finished_at = now() where id = ${issueId}`;
  await again(issueId, ['expired']);
  expect(await deliver()).toMatchObject({ state: 'sending', deferred: 1 });
  const [waiting] = await services.sql`
    select attempts, next_attempt_at < now() + interval '15 minutes' as is_soon from recipients where issue_id = ${issueId}`;
  expect(waiting).toEqual({ attempts: 1, isSoon: true });
  const [row] = await services.sql<{ fresh: boolean }[]>`
    select reopened_at > now() - interval '1 minute' as fresh from issues where id = ${issueId}`;
  expect(row!.fresh).toBe(true);
});

test('what a cancel left out comes back by name only; other exclusions and open rows never', async () => {
  const { issueId, deliver, subscriberIds } = await started(5, 1);
  relay.script.done = async () => {
    if (relay.arrived.length === 2) await control(services, String(issueId), 'cancel');
    return '250 ok';
  };
  await services.sql`update recipients set state = 'excluded', reason = 'suppressed' where issue_id = ${issueId} and subscriber_id = ${subscriberIds[4]!}`;
  expect(await deliver()).toMatchObject({ state: 'cancelled', accepted: 2, excluded: { cancelled: 2, suppressed: 1 } });
  expect(await again(issueId, ['expired', 'rejected'])).toMatchObject({ queued: {} });
  expect((await requireIssue(services.sql, String(issueId))).state).toBe('cancelled');
  expect(await again(issueId, ['cancelled'])).toMatchObject({ queued: { cancelled: 2 } });
  relay.script.done = () => '250 ok';
  expect(await deliver()).toMatchObject({ state: 'sent', accepted: 4, excluded: { suppressed: 1 } });
  expect(relay.accepted.map(({ to }) => to)).toEqual(readers(4));
});

test('an issue without a ledger, and one that was only tried, have nothing to send again', async () => {
  const { issueId } = await started(1);
  for (const state of ['sending', 'held']) {
    await services.sql`update issues set planned_at = null, state = ${state} where id = ${issueId}`;
    await expect(again(issueId, ['expired'])).rejects.toMatchObject({
      code: 'ISSUE_STATE',
      message: expect.stringContaining(`is ${state} and has no remainder yet`),
    });
  }
  await services.sql`update issues set planned_at = now(), state = 'sent', kind = 'rehearsal' where id = ${issueId}`;
  await expect(again(issueId, ['expired'])).rejects.toMatchObject({
    code: 'ISSUE_STATE',
    message: expect.stringContaining('is a rehearsal'),
  });
});

test('an issue that is cancelled after a resend looked at it stays so, until a resend finds it cancelled', async () => {
  const { issueId, subscriberIds } = await started(2);
  await services.sql`
    update recipients set state = 'expired' where issue_id = ${issueId} and subscriber_id = ${subscriberIds[0]!}`;
  const found = await requireIssue(services.sql, String(issueId));
  await control(services, String(issueId), 'cancel');
  expect(await resend(services, found, ['expired'], false)).toEqual({ queued: {}, leftOut: {}, stopped: true });
  expect((await requireIssue(services.sql, String(issueId))).state).toBe('cancelled');
  expect(await stateOf(issueId, subscriberIds[0]!)).toBe('expired');
  expect(await again(issueId, ['expired'])).toEqual({ queued: { expired: 1 }, leftOut: {}, stopped: false });
  expect((await requireIssue(services.sql, String(issueId))).state).toBe('sending');
  await control(services, String(issueId), 'cancel');
});

test('between a cancel’s stop and its taking out of rows nothing is sent again: those rows would go too', async () => {
  const { issueId, subscriberIds, deliver } = await started(3);
  await services.sql`
    update recipients set state = 'expired' where issue_id = ${issueId} and subscriber_id = ${subscriberIds[0]!}`;
  await moveIssue(services.sql, issueId, ['sending'], 'cancelled');
  for (const open of ['queued', 'sending', 'deferred']) {
    await services.sql`update recipients set state = ${open} where issue_id = ${issueId} and state <> 'expired'`;
    await expect(again(issueId, ['expired'])).rejects.toMatchObject({ code: 'ISSUE_STATE' });
    expect((await requireIssue(services.sql, String(issueId))).state).toBe('cancelled');
  }
  await excludeOpen(services.sql, issueId, 'cancelled');
  expect(await again(issueId, ['expired'])).toEqual({ queued: { expired: 1 }, leftOut: {}, stopped: false });
  expect(await deliver()).toMatchObject({ state: 'sent', accepted: 1, excluded: { cancelled: 2 } });
  expect(relay.arrived.map(({ to }) => to)).toEqual(['reader0@example.net']);
});

test.each(['held', 'paused'])(
  'an issue that is %s is not set going by a resend: that is a decision of its own',
  async state => {
    const { issueId, deliver } = await started(3);
    relay.script.rcpt = () => '554 5.3.0 refused';
    await deliver();
    await services.sql`update issues set state = ${state}, reason = 'too many complaints' where id = ${issueId}`;
    const refused = again(issueId, ['rejected']);
    await expect(refused).rejects.toThrow(`is ${state}: too many complaints`);
    await expect(refused).rejects.toMatchObject({ code: 'ISSUE_STATE', help: expect.stringContaining('resume') });
    expect((await requireIssue(services.sql, String(issueId))).state).toBe(state);
  },
);

test('the closing ledger names everyone without the issue, also those whose copy came back', async () => {
  relay.script.rcpt = to => (to === 'reader0@example.net' ? '550 5.1.1 no such user' : '250 ok');
  relay.script.done = message => (message.to === 'reader1@example.net' ? 'drop' : '250 ok');
  const { issueId, deliver, subscriberIds } = await started(5);
  await deliver();
  for (const kind of ['bounce-soft', 'bounce-hard'])
    await services.sql`insert into events (issue_id, subscriber_id, kind) values (${issueId}, ${subscriberIds[2]!}, ${kind})`;
  const lines = [];
  for await (const page of readLedger(services.sql, issueId, 'remainder')) lines.push(...page);
  expect(lines.map(({ email, state, reason }) => [email, state, reason])).toEqual([
    ['reader0@example.net', 'rejected', 'hard-bounce'],
    ['reader1@example.net', 'unknown', expect.stringMatching(/./)],
    ['reader2@example.net', 'accepted', 'bounce-hard'],
  ]);
  expect(
    (await countRemainder(services.sql, issueId)).map(({ state, part, leftOut, n }) => [state, part, leftOut, n]),
  ).toEqual([
    ['accepted', null, null, 1],
    ['rejected', 'rejected', 'hard-bounce', 1],
    ['unknown', 'unknown', null, 1],
  ]);
});

test('a reader’s own link settles what was unknown: click, like, unsubscribe; nothing else is touched', async () => {
  const { issueId, publicationId, subscriberIds } = await started(6);
  const [clicked, machine, liked, left, quiet, waiting] = subscriberIds as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  await services.sql`update recipients set state = 'unknown', reason = 'worker lost', updated_at = now() - interval '1 hour'
    where issue_id = ${issueId} and subscriber_id <> ${waiting}`;
  const click = { issueId, ref: 1, machine: undefined };
  await insertClick(services.sql, { ...click, subscriberId: clicked }, 2000);
  await insertClick(services.sql, { ...click, subscriberId: machine, machine: 'agent' }, 2000);
  await insertClick(services.sql, { ...click, subscriberId: waiting }, 2000);
  await setLike(services.sql, { issueId, subscriberId: liked, summary: 0 }, true);
  await endSubscription(services.sql, { publicationId, subscriberId: left, issueId });
  await endSubscription(services.sql, { publicationId, subscriberId: quiet });
  const states = await Promise.all(subscriberIds.map(id => stateOf(issueId, id)));
  expect(states).toEqual(['accepted', 'accepted', 'accepted', 'accepted', 'unknown', 'queued']);
  // The next click a moment later is still a person's.
  await insertClick(services.sql, { ...click, subscriberId: clicked }, 2000);
  const rows =
    await services.sql`select machine from events where issue_id = ${issueId} and subscriber_id = ${clicked}`;
  expect(rows.map(row => row.machine)).toEqual([null, null]);
});
