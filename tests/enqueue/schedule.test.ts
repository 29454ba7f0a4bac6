/** Time and names of a send: lateness, pauses that cost no retry time, a slug that an editor gave to one issue. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { control, requireIssue } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { status } from '../../src/track/status.ts';
import { audience, emptyIssue, publicationOf, submitIssue } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let publications = 0;
const tickId = '00000000-0000-4000-8000-00000000abce';
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

const newAudience = (more: Record<string, unknown> = {}) =>
  audience(services, ['a@example.net', 'b@example.net'], publicationOf({ slug: `s${++publications}`, ...more }));
const scheduled = (publicationId: number) =>
  submitIssue(services, publicationId, { at: new Date(Date.now() + 3_600_000) });
/** As if its time had been so long ago. */
const due = (id: number, minutesAgo: number) => services.sql`
  update issues set scheduled_at = now() - ${minutesAgo}::int * interval '1 minute' where id = ${id}`;

test('an issue that could not start in time is held, says how late it is, and starts when a person says so', async () => {
  const { publicationId } = await newAudience();
  const issue = await scheduled(publicationId);
  await due(issue.id, 3 * 60 + 20);
  await reconcile(services, tickId);
  const held = await requireIssue(services.sql, issue.slug);
  expect(held).toMatchObject({ id: issue.id, state: 'held', startedAt: null, plannedAt: null });
  expect(held.reason).toMatch(/^due \d{4}-\d\d-\d\d \d\d:\d\d UTC, 3 h 20 min ago; at most 60 min .* resume .* cancel/);
  // It stays held however often the tick looks.
  await reconcile(services, tickId);
  expect((await requireIssue(services.sql, issue.slug)).state).toBe('held');
  await control(services, issue.slug, 'resume');
  await planAndQueue(services, issue.id);
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sending', audience: 2, queued: 2 });
  const started = await requireIssue(services.sql, issue.slug);
  expect(started).toMatchObject({ reason: null, startedAt: expect.any(Date) });
  await control(services, issue.slug, 'cancel');
});

test('a little late is in time; how much is the publication’s to say', async () => {
  const usual = await scheduled((await newAudience()).publicationId);
  const patient = await scheduled((await newAudience({ delivery: { latestMinutes: 600 } })).publicationId);
  const strict = await scheduled((await newAudience({ delivery: { latestMinutes: 5 } })).publicationId);
  await due(usual.id, 59);
  await due(patient.id, 599);
  await due(strict.id, 6);
  await reconcile(services, tickId);
  const state = async (id: number) => (await requireIssue(services.sql, String(id))).state;
  expect([await state(usual.id), await state(patient.id), await state(strict.id)]).toEqual([
    'sending',
    'sending',
    'held',
  ]);
  for (const { id } of [usual, patient, strict]) await control(services, String(id), 'cancel');
});

test('a publication stored before there was a limit has the usual one', async () => {
  const { publicationId } = await newAudience();
  await services.sql`update publications set document = document - 'delivery' where id = ${publicationId}`;
  const [late, early] = [await scheduled(publicationId), await scheduled(publicationId)];
  await due(late.id, 61);
  await due(early.id, 30);
  await reconcile(services, tickId);
  expect((await requireIssue(services.sql, String(late.id))).state).toBe('held');
  expect((await requireIssue(services.sql, String(early.id))).state).toBe('sending');
  for (const { id } of [late, early]) await control(services, String(id), 'cancel');
});

test('a pause does not eat the time for retries', async () => {
  const { publicationId } = await newAudience();
  const issue = await submitIssue(services, publicationId);
  await planAndQueue(services, issue.id);
  await control(services, String(issue.id), 'pause');
  // Paused for two days, with one reader waiting.
  await services.sql`update issues set started_at = now() - interval '2 days' where id = ${issue.id}`;
  await services.sql`
    update recipients set state = 'deferred', next_attempt_at = now() - interval '1 day'
    where ctid = (select ctid from recipients where issue_id = ${issue.id} limit 1)`;
  await control(services, String(issue.id), 'resume');
  await reconcile(services, tickId);
  expect(await status(services.sql, issue)).toMatchObject({ state: 'sending', queued: 2, expired: 0 });
  await control(services, String(issue.id), 'cancel');
});

test('a slug that the front matter names belongs to one issue until an editor says otherwise', async () => {
  const { publicationId } = await newAudience();
  const named = { issue: { ...emptyIssue, slug: 'spring' }, slug: 'spring' };
  const at = new Date(Date.now() + 3_600_000);
  const first = await submitIssue(services, publicationId, { ...named, at });
  for (const state of ['scheduled', 'sending', 'paused', 'held', 'sent']) {
    await services.sql`update issues set state = ${state} where id = ${first.id}`;
    await expect(submitIssue(services, publicationId, named)).rejects.toMatchObject({
      code: 'ISSUE_ALREADY_SENT',
      help: expect.stringMatching(/broadsheet correct spring.*--again/),
    });
  }
  // Nothing of a refused send is left.
  const [row] = await services.sql<{ n: number }[]>`
    select count(*) as n from issues where publication_id = ${publicationId}`;
  expect(row!.n).toBe(1);
  expect((await submitIssue(services, publicationId, { ...named, rehearsalRelay: 'smtp://127.0.0.1:1' })).slug).toBe(
    'spring-rehearsal',
  );
  expect((await submitIssue(services, publicationId, { ...named, again: true })).slug).toBe('spring-2');
  await services.sql`update issues set state = 'cancelled' where publication_id = ${publicationId}`;
  expect((await submitIssue(services, publicationId, named)).slug).toBe('spring-3');
  // Slugs made from a number or a date come again: two issues on one day.
  const made = { slug: '2026-11-25' };
  await submitIssue(services, publicationId, made);
  expect((await submitIssue(services, publicationId, made)).slug).toBe('2026-11-25-2');
});
