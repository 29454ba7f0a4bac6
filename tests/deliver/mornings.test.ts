/** An issue at a time of each reader's own day: who gets it when, and what does not count the wait. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { setTimeZone } from '../../src/db/mornings.ts';
import { addRevision, currentRevision } from '../../src/db/revisions.ts';
import { ensureSubscribers } from '../../src/db/subscribers.ts';
import { control } from '../../src/enqueue/control.ts';
import { localSend, timeOfDay } from '../../src/enqueue/local-time.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { dayIn } from '../../src/model/day.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import { unsubscribe } from '../../src/subscribers/subscriptions.ts';
import { status } from '../../src/track/status.ts';
import { alertsOf } from '../alerts/support.ts';
import { editionOf, emptyIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending } from '../support/sending.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let sendings: Sending[] = [];
const tickId = '00000000-0000-4000-8000-00000000abce';

beforeAll(async () => {
  services = await openServices({ LOG_LEVEL: 'silent' });
});
afterAll(() => services.close());
beforeEach(async () => {
  relay = await startRelay();
});
afterEach(async () => {
  for (const sending of sendings) sending.close();
  sendings = [];
  await services.sql`update issues set state = 'cancelled', finished_at = now() - interval '9 days' where state <> 'sent'`;
  await relay.close();
});

/** The clock in Seoul, the publication's zone, five minutes ago: it has been that time there and east of it, and not yet west of it. */
function fiveMinutesAgo() {
  const moment = new Date(Math.floor(Date.now() / 60_000 - 5) * 60_000);
  const zone = 'Asia/Seoul';
  const time = moment.toLocaleTimeString('sv-SE', { timeZone: zone, timeStyle: 'short' });
  return { moment, local: localSend(time, dayIn(zone, moment), zone) };
}

/** Readers by name with their zone; a send to them at that time of their day. */
async function startLocal(readers: Record<string, string | null>) {
  const { sql, hasher } = services;
  const addresses = Object.keys(readers).map(name => `${name}@example.net`);
  const parsed = addresses.map(
    address => parseAddress(address) as Exclude<ReturnType<typeof parseAddress>, { problem: string }>,
  );
  const ids = await ensureSubscribers(sql, hasher, parsed);
  for (const [i, zone] of Object.values(readers).entries()) await setTimeZone(sql, ids[i]!, zone);
  const { moment, local } = fiveMinutesAgo();
  const sending = await startSending(services, relay, addresses, { submit: { localTime: local } });
  sendings.push(sending);
  return { sending, moment, ids };
}

/** Ten: what is done in one of five is done before and after all else. */
async function ticks(): Promise<void> {
  for (let n = 0; n < 10; n++) await reconcile(services, tickId);
}
const names = () => relay.accepted.map(({ to }) => to.split('@')[0]).toSorted();
/** Time passes: those who wait are so much closer to their morning. */
const sunrise = (id: number, to = '1 minute') => services.sql`
  update recipients set next_attempt_at = now() - ${to}::interval where issue_id = ${id} and state = 'deferred' and attempts = 0`;
const age = (id: number, days: number) =>
  services.sql`update issues set started_at = started_at - ${days}::int * interval '1 day', waited_until = waited_until - ${days}::int * interval '1 day' where id = ${id}`;

test('east of the publication, and without a zone, at once; west of it at their own moment, however long that is', async () => {
  const { sending, moment, ids } = await startLocal({
    none: null,
    east: 'Pacific/Kiritimati',
    west: 'Etc/GMT+9',
    // Known to nobody: it stops nothing.
    odd: 'Mars/Olympus_Mons',
  });
  const { sql } = services;
  expect(await sending.deliver()).toMatchObject({ accepted: 3, deferred: 1 });
  expect(names()).toEqual(['east', 'none', 'odd']);
  // Eighteen hours between +9 and -9.
  const nextAt = new Date(moment.getTime() + 18 * 3_600_000);
  const waiting = { for: 'local-time', readers: 1, nextAt };
  expect(await status(sql, { id: sending.issueId })).toMatchObject({ state: 'sending', waiting, queued: 0, eta: null });

  // A week later by the issue's own clock: neither closed, held, stalled nor expired.
  await age(sending.issueId, 7);
  await sql`update recipients set updated_at = now() - interval '2 hours' where issue_id = ${sending.issueId}`;
  await ticks();
  const alerts = alertsOf(services, { limits: { stalledMs: 0 } });
  for (let n = 0; n < 3; n++) {
    await alerts.pass();
    await alerts.later(61);
  }
  expect(await alerts.open('issue-stalled')).toEqual([]);
  expect(await alerts.open('issue-held')).toEqual([]);
  await alerts.close();
  expect(await status(sql, { id: sending.issueId })).toMatchObject({ state: 'sending', waiting });

  await sunrise(sending.issueId);
  await ticks();
  expect(await status(sql, { id: sending.issueId })).toMatchObject({
    state: 'sending',
    queued: 1,
    deferred: 0,
    expired: 0,
  });
  expect(await sending.deliver()).toMatchObject({ state: 'sent', accepted: 4 });
  expect(names()).toEqual(['east', 'none', 'odd', 'west']);
  const rows =
    await sql`select due_at is not null as waited from recipients where issue_id = ${sending.issueId} and subscriber_id = ${ids[2]!}`;
  expect(rows).toMatchObject([{ waited: true }]);
});

test('the time to try a reader runs from their own moment', async () => {
  const { sending } = await startLocal({ late: 'Etc/GMT+9' });
  const { sql } = services;
  await age(sending.issueId, 7);
  await sunrise(sending.issueId);
  await ticks();
  relay.script = { rcpt: () => '450 4.2.0 later' };
  expect(await sending.deliver()).toMatchObject({ deferred: 1, accepted: 0 });
  const due = () => sql`update recipients set next_attempt_at = now() where issue_id = ${sending.issueId}`;
  await due();
  await ticks();
  expect(await status(sql, { id: sending.issueId })).toMatchObject({ state: 'sending', queued: 1, expired: 0 });
  expect((await status(sql, { id: sending.issueId })).waiting).toBeUndefined();
  await sending.deliver();
  await sql`update recipients set due_at = now() - interval '3 days' where issue_id = ${sending.issueId}`;
  await due();
  await ticks();
  expect(await status(sql, { id: sending.issueId })).toMatchObject({ state: 'sent', expired: 1 });
});

test('a morning that everything slept through is a person’s matter, as any send that comes a day late', async () => {
  const { sending } = await startLocal({ late: 'Etc/GMT+9' });
  const { sql } = services;
  await age(sending.issueId, 7);
  await sunrise(sending.issueId, '3 days');
  await ticks();
  expect(await status(sql, { id: sending.issueId })).toMatchObject({ state: 'held', queued: 1 });
});

test('paused, nobody’s morning comes; who left, or is suppressed, meanwhile gets nothing; a correction reaches who waits', async () => {
  const { sending, ids } = await startLocal({
    here: null,
    stays: 'Etc/GMT+9',
    leaves: 'Etc/GMT+10',
    dead: 'Etc/GMT+8',
  });
  const { sql } = services;
  expect(await sending.deliver()).toMatchObject({ accepted: 1, deferred: 3 });
  await control(services, String(sending.issueId), 'pause');
  await sunrise(sending.issueId);
  await ticks();
  expect(await status(sql, { id: sending.issueId })).toMatchObject({
    state: 'paused',
    deferred: 3,
    waiting: { readers: 3 },
  });
  await unsubscribe(sql, { publicationId: sending.publicationId, subscriberId: ids[2]! });
  await sql`insert into suppressions select address_hash, 'hard-bounce' from subscribers where id = ${ids[3]!}`;
  const { id: follows } = await currentRevision(sql, sending.issueId);
  const edition = editionOf({ subject: ['Corrected'] });
  const text = { source: 'corrected', sourceHash: Buffer.from('c'), issue: emptyIssue, edition, note: null };
  expect(await addRevision(sql, { issueId: sending.issueId, follows, ...text })).toBe(2);
  await control(services, String(sending.issueId), 'resume');
  await ticks();
  expect(await sending.deliver()).toMatchObject({
    state: 'sent',
    accepted: 2,
    excluded: { unsubscribed: 1, suppressed: 1 },
  });
  expect(relay.accepted.at(-1)).toMatchObject({
    to: 'stays@example.net',
    raw: expect.stringContaining('Subject: Corrected'),
  });
});

test('cancelled, those who wait are left out', async () => {
  const { sending } = await startLocal({ here: null, west: 'Etc/GMT+9' });
  await control(services, String(sending.issueId), 'cancel');
  await sunrise(sending.issueId);
  await ticks();
  expect(await sending.deliver()).toMatchObject({ state: 'cancelled', deferred: 0, excluded: { cancelled: 2 } });
  expect(names()).toEqual([]);
});

test('those of one morning have batches of their own, and Redis may be emptied while they sleep', async () => {
  const zones = { a: 'Etc/GMT+9', b: 'Etc/GMT+9', c: 'Etc/GMT+10', d: null };
  const { sending } = await startLocal(zones);
  const { sql } = services;
  const sizes = await sql`select size from batches where issue_id = ${sending.issueId} order by size`;
  expect(sizes.map(row => row.size)).toEqual([1, 1, 2]);
  await services.redisFlush();
  await sunrise(sending.issueId);
  await ticks();
  expect(await sending.deliver()).toMatchObject({ state: 'sent', accepted: 4 });
  expect(names()).toEqual(['a', 'b', 'c', 'd']);
});

test('the day: today where the publication is while the time is to come there, else tomorrow; over everywhere, refused', () => {
  // 10:00 in Seoul.
  const now = new Date('2026-11-25T01:00:00Z');
  const at = (time: string, day?: string) => localSend(time, day, 'Asia/Seoul', now);
  expect(at('18:30')).toMatchObject({
    local: { day: '2026-11-25', minutes: 1110 },
    startAt: new Date('2026-11-25T04:30:00Z'),
  });
  expect(at('08:00')).toMatchObject({ local: { day: '2026-11-26' }, startAt: new Date('2026-11-25T18:00:00Z') });
  // Over in Seoul and to come in New York: it starts at once.
  expect(at('08:00', '2026-11-25')).toMatchObject({ startAt: undefined, at: new Date('2026-11-24T23:00:00Z') });
  expect(timeOfDay(at('00:05').local.minutes)).toBe('00:05');
  for (const [time, day] of [
    ['08:00', '2026-11-23'],
    ['8:00'],
    ['24:00'],
    ['08:60'],
    ['08:00', '2026-02-30'],
    ['08:00', 'today'],
  ])
    expect(() => at(time!, day), `${time} ${day}`).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
