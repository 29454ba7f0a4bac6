/** A trial of subjects: who gets which on the wire, when it chooses and how often, and what the report tells. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { setLike } from '../../src/db/likes.ts';
import { addRevision, currentRevision } from '../../src/db/revisions.ts';
import { findTrial } from '../../src/db/trials.ts';
import { control } from '../../src/enqueue/control.ts';
import { localSend } from '../../src/enqueue/local-time.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { resend } from '../../src/enqueue/resend.ts';
import { choose, decideTrial } from '../../src/enqueue/trial.ts';
import { trapRef } from '../../src/model/edition.ts';
import type { TrialWish } from '../../src/model/trial.ts';
import { unsubscribe } from '../../src/subscribers/subscriptions.ts';
import { readReport } from '../../src/track/report.ts';
import { retain } from '../../src/track/retention.ts';
import { status } from '../../src/track/status.ts';
import { alertsOf } from '../alerts/support.ts';
import { editionOf, emptyIssue, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type Sending, startSending } from '../support/sending.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let sendings: Sending[] = [];
const tickId = '00000000-0000-4000-8000-00000000abcd';

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

const wish = (more: Partial<TrialWish> = {}): TrialWish => ({
  subjects: ['One for {{name|you}}', 'Two'],
  share: 20,
  measure: 'clicks',
  hours: 4,
  ...more,
});
/** As render writes it for these subjects. */
const subjects = [['One for ', { kind: 'field' as const, name: 'name', fallback: 'you' }], ['Two']];
const readers = (n: number) => Array.from({ length: n }, (_, i) => `r${i}@example.net`);

async function startTrial(n: number, more: Partial<TrialWish> = {}): Promise<Sending> {
  const submit = { trial: wish(more), edition: editionOf({ subject: ['Own'], subjects }) };
  const sending = await startSending(services, relay, readers(n), { submit });
  sendings.push(sending);
  return sending;
}

async function ticks(): Promise<void> {
  for (let n = 0; n < 10; n++) await reconcile(services, tickId);
}
/** Address → subject, of what the relay took; who got two has none that is right. */
function subjectsTaken(): Map<string, string> {
  const taken = new Map<string, string>();
  for (const { to, raw } of relay.accepted) {
    const [, subject = ''] = /^Subject: (.*)\r$/m.exec(raw) ?? [];
    taken.set(to, taken.has(to) ? `twice: ${taken.get(to)}, ${subject}` : subject);
  }
  return taken;
}
function tally(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const subject of subjectsTaken().values()) counts[subject] = (counts[subject] ?? 0) + 1;
  return counts;
}
const hoursPass = (id: number, hours: number) =>
  services.sql`update trials set sent_at = sent_at - ${hours}::float8 * interval '1 hour' where issue_id = ${id}`;
async function triersOf(id: number, variant: number): Promise<number[]> {
  const rows =
    await services.sql`select subscriber_id from recipients where issue_id = ${id} and variant = ${variant} order by 1`;
  return rows.map(row => row.subscriberId);
}
const click = (issueId: number, subscriberId: number, more: { machine?: string; ref?: number } = {}) => services.sql`
  insert into events (issue_id, subscriber_id, kind, ref, machine)
  values (${issueId}, ${subscriberId}, 'click', ${more.ref ?? 1}, ${more.machine ?? null})`;

test('a share tries the subjects, evenly; the rest waits for the one that people clicked most; nobody twice, nobody missed', async () => {
  const sending = await startTrial(60);
  const { sql } = services;
  const id = sending.issueId;
  expect(await sending.deliver()).toMatchObject({
    accepted: 12,
    deferred: 48,
    waiting: { for: 'trial', readers: 48, nextAt: null },
  });
  expect(tally()).toEqual({ 'One for you': 6, Two: 6 });
  await ticks();
  const trial = (await findTrial(sql, id))!;
  expect(trial.choosesAt!.getTime() - trial.sentAt!.getTime()).toBe(4 * 3_600_000);
  expect((await status(sql, { id })).waiting).toEqual({ for: 'trial', readers: 48, nextAt: trial.choosesAt });

  const [ones, twos] = [await triersOf(id, 1), await triersOf(id, 2)];
  // Three people clicked the second, one of them twice; the first has more clicks, of machines and on the hidden link.
  for (const reader of [...twos.slice(0, 3), twos[0]!]) await click(id, reader);
  await click(id, ones[0]!);
  for (const reader of ones) await click(id, reader, { machine: 'sweep' });
  for (const reader of ones.slice(1)) await click(id, reader, { ref: trapRef });
  await hoursPass(id, 3.9);
  await ticks();
  expect(await status(sql, { id })).toMatchObject({ state: 'sending', deferred: 48, trial: { chosen: null } });

  await hoursPass(id, 0.2);
  await services.redisFlush();
  const decisions = await Promise.all(Array.from({ length: 8 }, () => decideTrial(sql, id)));
  expect(decisions.filter(decision => decision !== undefined)).toEqual([2]);
  await ticks();
  expect(await sending.deliver()).toMatchObject({
    state: 'sent',
    accepted: 60,
    trial: { chosen: 2, chosenBy: 'measure' },
  });
  expect(tally()).toEqual({ 'One for you': 6, Two: 54 });
});

test('while its rest waits an issue is not closed, held, stalled or expired, and its retry time begins with the choice', async () => {
  const sending = await startTrial(20);
  const { sql } = services;
  const id = sending.issueId;
  await sending.deliver();
  await sql`update issues set started_at = now() - interval '9 days' where id = ${id}`;
  await sql`update recipients set updated_at = now() - interval '2 hours' where issue_id = ${id}`;
  await ticks();
  const alerts = alertsOf(services, { limits: { stalledMs: 0 } });
  for (let n = 0; n < 3; n++) {
    await alerts.pass();
    await alerts.later(61);
  }
  expect([...(await alerts.open('issue-stalled')), ...(await alerts.open('issue-held'))]).toEqual([]);
  await alerts.close();
  expect(await status(sql, { id })).toMatchObject({ state: 'sending', accepted: 4, deferred: 16, expired: 0 });
  await hoursPass(id, 5);
  await ticks();
  expect(await status(sql, { id })).toMatchObject({ state: 'sending', queued: 16, expired: 0 });
  relay.script = { rcpt: to => (to.startsWith('r1') ? '450 4.2.0 later' : '250 ok') };
  await sending.deliver();
  await sql`update recipients set next_attempt_at = now() where issue_id = ${id} and state = 'deferred'`;
  await ticks();
  expect(await status(sql, { id })).toMatchObject({ expired: 0 });
  relay.script = {};
  expect(await sending.deliver()).toMatchObject({ state: 'sent', accepted: 20 });
});

test('an editor chooses sooner, once; who tries another subject keeps it', async () => {
  const sending = await startTrial(20, { share: 50 });
  const { sql } = services;
  const id = String(sending.issueId);
  const drafted = await submitIssue(services, sending.publicationId, {
    trial: wish(),
    at: new Date(Date.now() + 86_400_000),
  });
  await expect(choose(sql, String(drafted.id), 1)).rejects.toMatchObject({ code: 'ISSUE_STATE' });
  await expect(choose(sql, id, 3)).rejects.toMatchObject({ code: 'USAGE' });
  // Before the trial's own part is out.
  expect((await choose(sql, id, 2)).trial).toMatchObject({ chosen: 2, chosenBy: 'editor' });
  await expect(choose(sql, id, 1)).rejects.toMatchObject({ code: 'ISSUE_STATE' });
  expect((await choose(sql, id, 2)).trial).toMatchObject({ chosen: 2 });
  await ticks();
  expect(await sending.deliver()).toMatchObject({ state: 'sent', accepted: 20 });
  expect(tally()).toEqual({ 'One for you': 5, Two: 15 });
  const plain = await submitIssue(services, sending.publicationId);
  await expect(choose(sql, String(plain.id), 1)).rejects.toMatchObject({ code: 'ISSUE_STATE' });
});

test('likes by readers decide where that is asked; the report counts each variant, also when the rows are gone', async () => {
  const sending = await startTrial(40, { share: 50, measure: 'likes' });
  const { sql } = services;
  const id = sending.issueId;
  relay.script = { rcpt: to => (to === 'r0@example.net' ? '550 5.7.1 no' : '250 ok') };
  await sending.deliver();
  await ticks();
  const [ones, twos] = [await triersOf(id, 1), await triersOf(id, 2)];
  for (const reader of ones) await click(id, reader);
  await setLike(sql, { issueId: id, subscriberId: ones[0]!, summary: 0 }, true);
  for (const reader of twos.slice(-4)) await setLike(sql, { issueId: id, subscriberId: reader, summary: 0 }, true);
  await setLike(sql, { issueId: id, subscriberId: twos.at(-1)!, summary: 1 }, true);
  await unsubscribe(sql, { publicationId: sending.publicationId, subscriberId: ones[0]!, issueId: id });
  await hoursPass(id, 5);
  await ticks();
  expect(await sending.deliver()).toMatchObject({ state: 'sent', trial: { chosen: 2 } });
  const refused = (variant: number[]) => (variant.includes(sending.subscriberIds[0]!) ? 1 : 0);
  const expected = [
    {
      variant: 1,
      subject: 'One for {{name|you}}',
      sent: 10,
      accepted: 10 - refused(ones),
      clicks: 10,
      likes: 1,
      unsubscribed: 1,
    },
    { variant: 2, subject: 'Two', sent: 10, accepted: 10 - refused(twos), clicks: 0, likes: 4, unsubscribed: 0 },
  ];
  const before = await readReport(sql, id);
  expect(before.trial).toMatchObject({ share: 50, measure: 'likes', chosen: 2, variants: expected });
  await sql`update issues set finished_at = now() - interval '40 months' where id = ${id}`;
  await retain(sql, { eventsMonths: 12, ledgerMonths: 36 }, async () => {});
  expect((await sql`select from recipients where issue_id = ${id}`).count).toBe(0);
  expect((await readReport(sql, id)).trial).toEqual(before.trial);
});

test('too little to tell: the first', async () => {
  const sending = await startTrial(20);
  const { sql } = services;
  await sending.deliver();
  await ticks();
  for (const reader of await triersOf(sending.issueId, 2)) await click(sending.issueId, reader);
  await hoursPass(sending.issueId, 4);
  await ticks();
  expect(await findTrial(sql, sending.issueId)).toMatchObject({ chosen: 1, chosenBy: 'default' });
});

test('a correction keeps the subjects; a paused issue chooses nothing; who leaves meanwhile gets nothing', async () => {
  const sending = await startTrial(20);
  const { sql } = services;
  const id = sending.issueId;
  await sending.deliver();
  await ticks();
  await control(services, String(id), 'pause');
  await hoursPass(id, 9);
  await ticks();
  expect(await status(sql, { id })).toMatchObject({ state: 'paused', trial: { chosen: null } });
  const { id: follows } = await currentRevision(sql, id);
  const edition = editionOf({ subjects, html: ['<p>corrected</p>'] });
  const text = { source: 'corrected', sourceHash: Buffer.from('t'), issue: emptyIssue, edition, note: null };
  expect(await addRevision(sql, { issueId: id, follows, ...text })).toBe(2);
  const [waits] = await sql<
    { subscriberId: number }[]
  >`select subscriber_id from recipients where issue_id = ${id} and state = 'deferred'`;
  await unsubscribe(sql, { publicationId: sending.publicationId, subscriberId: waits!.subscriberId });
  await control(services, String(id), 'resume');
  await ticks();
  expect(await sending.deliver()).toMatchObject({ state: 'sent', accepted: 19, excluded: { unsubscribed: 1 } });
  expect(tally()).toEqual({ 'One for you': 17, Two: 2 });
  expect(relay.accepted.at(-1)!.raw).toContain('corrected');
});

test('cancelled before it chose: sent again only under a subject that somebody chose', async () => {
  const sending = await startTrial(20);
  const { sql } = services;
  await sending.deliver();
  const cancelled = await control(services, String(sending.issueId), 'cancel');
  expect(await status(sql, cancelled)).toMatchObject({ accepted: 4, excluded: { cancelled: 16 } });
  await expect(resend(services, cancelled, ['cancelled'], false)).rejects.toMatchObject({ code: 'ISSUE_STATE' });
  await choose(sql, String(sending.issueId), 2);
  expect(await resend(services, cancelled, ['cancelled'], false)).toMatchObject({ queued: { cancelled: 16 } });
  await ticks();
  expect(await sending.deliver()).toMatchObject({ state: 'sent', accepted: 20 });
  expect(tally()).toEqual({ 'One for you': 2, Two: 18 });
});

test('the draw is another for each issue, and leaves who is suppressed out of the count', async () => {
  const { sql, hasher } = services;
  await sql`insert into suppressions values (${hasher.hash('r7@example.net')}, 'complaint') on conflict do nothing`;
  const [first, second] = [await startTrial(41, { share: 10 }), await startTrial(41, { share: 10 })];
  const triers = await Promise.all(
    [first, second].map(async ({ issueId }) => [...(await triersOf(issueId, 1)), ...(await triersOf(issueId, 2))]),
  );
  expect(triers.map(each => each.length)).toEqual([4, 4]);
  expect(triers[0]!.toSorted()).not.toEqual(triers[1]!.toSorted());
  await sql`delete from suppressions where address_hash = ${hasher.hash('r7@example.net')}`;
});

test('with a local time, a test or a rehearsal there is no trial', async () => {
  const { publicationId } = await startTrial(4);
  const localTime = localSend('08:00', undefined, 'Asia/Seoul');
  for (const more of [
    { trial: wish(), localTime },
    { trial: wish(), testReaders: [1] },
    { trial: wish(), rehearsalRelay: relay.url },
    { localTime, testReaders: [1] },
    { localTime, at: new Date() },
  ])
    await expect(submitIssue(services, publicationId, more)).rejects.toMatchObject({ code: 'USAGE' });
});
