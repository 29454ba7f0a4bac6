/** What a tick leaves alone while an issue stands still, and how long its waiting readers have once it goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { moveIssue } from '../../src/db/issues.ts';
import { control } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { reconcile } from '../../src/enqueue/reconcile.ts';
import { status } from '../../src/track/status.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
const tickId = '00000000-0000-4000-8000-00000000abcf';
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

test.each([
  ['paused', (id: number) => control(services, String(id), 'pause')],
  ['held', (id: number) => moveIssue(services.sql, id, ['sending'], 'held', 'a person is asked')],
])('%s: the tick touches no waiting row; going on, each has the whole retry time again', async (state, stop) => {
  const { sql } = services;
  const publication = publicationOf({ slug: state, delivery: { giveUpHours: 6 } });
  const { publicationId } = await audience(services, ['a@example.net', 'b@example.net'], publication);
  const issue = await submitIssue(services, publicationId);
  await planAndQueue(services, issue.id);
  const defer = () => sql`
    update recipients set state = 'deferred', attempts = 3, reply = '450 later', next_attempt_at = now() - interval '1 hour'
    where issue_id = ${issue.id}`;
  const rows = () => sql`select * from recipients where issue_id = ${issue.id} order by subscriber_id`;
  /** As if that much time had passed since it goes on. */
  const later = (hours: number) => sql`
    update issues set reopened_at = reopened_at - ${hours}::float8 * interval '1 hour' where id = ${issue.id}`;

  await defer();
  await sql`update issues set started_at = now() - interval '9 days' where id = ${issue.id}`;
  await stop(issue.id);
  const before = await rows();
  await reconcile(services, tickId);
  expect(await rows()).toEqual(before);
  expect((await status(sql, issue)).state).toBe(state);

  await control(services, String(issue.id), 'resume');
  await later(5.9);
  await reconcile(services, tickId);
  expect(await status(sql, issue)).toMatchObject({ state: 'sending', queued: 2, expired: 0 });
  await defer();
  await later(0.2);
  await reconcile(services, tickId);
  expect(await status(sql, issue)).toMatchObject({ state: 'sent', queued: 0, expired: 2 });
});
