import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { isSuppressed, softBouncesInARow } from '../../../src/db/suppressions.ts';
import { takeMail } from '../../../src/track/intake/take.ts';
import { openServices, type Services } from '../../support/services.ts';
import { dsn } from '../bounces/samples.ts';
import { acceptAll, type SentIssue, sendIssue } from '../support.ts';
import { intakeOf } from './support.ts';

let services: Services;
let count = 0;
let issues: SentIssue[];

beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  for (const table of ['suppressions', 'events', 'recipients', 'issues cascade'])
    await services.sql.unsafe(`truncate ${table}`);
  issues = [];
});

/** One more issue, accepted for both readers, younger than those before. */
async function send(state = 'accepted', kind: 'regular' | 'test' = 'regular'): Promise<SentIssue> {
  const issue = await sendIssue(services, { readers: 2, slug: `issue-${++count}`, kind });
  await acceptAll(services.sql, issue.issueId, issue.subscriberIds, 60_000);
  await services.sql`update issues set started_at = now() - interval '1 year' + ${count} * interval '1 day' where id = ${issue.issueId}`;
  await services.sql`update recipients set state = ${state}, reply = ${state === 'expired' ? '452 4.2.2 full' : null}
    where issue_id = ${issue.issueId} and subscriber_id = ${issue.subscriberIds[0]!}`;
  issues.push(issue);
  return issue;
}

async function bounce(issue: SentIssue, status = '5.2.2'): Promise<void> {
  const raw = dsn({ status, diagnostic: `552 ${status} Mailbox full`, recipient: 'reader0@example.net' });
  const row = { purpose: 'bounce', issueId: issue.issueId, subscriberId: issue.subscriberIds[0]!, ref: 0 } as const;
  const taken = await takeMail(intakeOf(services), { raw, sender: '', mailbox: { kind: 'return-path', row } });
  expect(taken.outcome).toBe('taken');
}

const cleaned = (reader = 0) => isSuppressed(services.sql, services.hasher.hash(`reader${reader}@example.net`));

it('seven soft bounces in a row clean the address, six do not, and nobody else’s', async () => {
  for (let i = 1; i < softBouncesInARow; i++) await bounce(await send());
  expect(await cleaned()).toBe(false);
  // The same report again is no seventh.
  await bounce(issues.at(-1)!);
  expect(await cleaned()).toBe(false);
  await bounce(await send());
  expect([await cleaned(), await cleaned(1)]).toEqual([true, false]);
  expect(await services.sql`select reason from suppressions`).toEqual([{ reason: 'soft-bounces' }]);
});

it('the same report again cleans, when a process ended before it could', async () => {
  for (let i = 0; i < softBouncesInARow; i++) await bounce(await send());
  await services.sql`delete from suppressions`;
  await bounce(issues.at(-1)!);
  expect(await cleaned()).toBe(true);
});

it('an issue that did not bounce ends the row', async () => {
  for (let i = 1; i < softBouncesInARow; i++) await bounce(await send());
  await send();
  for (let i = 1; i < softBouncesInARow; i++) await bounce(await send());
  expect(await cleaned()).toBe(false);
  await bounce(await send());
  expect(await cleaned()).toBe(true);
});

it('reports in any order count by their issues', async () => {
  for (let i = 0; i < softBouncesInARow; i++) await send();
  for (const issue of [...issues].reverse().slice(0, -1)) await bounce(issue);
  expect(await cleaned()).toBe(false);
  await bounce(issues[0]!);
  expect(await cleaned()).toBe(true);
});

it('retries that ran out count; rows that never left and test issues say nothing', async () => {
  for (let i = 0; i < 3; i++) await bounce(await send());
  for (const state of ['excluded', 'rejected', 'unknown']) await send(state);
  await send('accepted', 'test');
  for (let i = 0; i < 3; i++) await send('expired');
  expect(await cleaned()).toBe(false);
  await bounce(await send());
  expect(await cleaned()).toBe(true);
});
