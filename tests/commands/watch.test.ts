/** `status --watch` as an operator leaves it open beside a send. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { control } from '../../src/enqueue/control.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { background } from '../support/cli.ts';
import { audience, submitIssue } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

test('it shows what changes, and ends by itself when nothing moves any more', async () => {
  const { publicationId } = await audience(services, ['a@example.net', 'b@example.net']);
  const issue = await submitIssue(services, publicationId);
  await planAndQueue(services, issue.id);
  const watching = await background(['status', issue.slug, '--watch'], services.env, /0 of 2 {2}0\/s/);
  await services.sql`update recipients set state = 'accepted' where issue_id = ${issue.id} and subscriber_id = (
    select min(subscriber_id) from recipients where issue_id = ${issue.id})`;
  await expect.poll(() => watching.output, { timeout: 15_000 }).toMatch(/█{15}░{15} 1 of 2/);
  await control(services, issue.slug, 'cancel');
  expect(await watching.ended).toBe(0);
  expect(watching.output).toMatch(/Issue issue-1: cancelled\.\n {2}1 of 2 accepted, 1 excluded \(cancelled\)\.\n/);
}, 40_000);
