/** The accounting of pages: the counts of `status`, and a rate from two looks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sql } from '../../src/db/client.ts';
import { insertIssue } from '../../src/db/issues.ts';
import { glance } from '../../src/track/glance.ts';
import { status } from '../../src/track/status.ts';
import { audience, editionOf, emptyIssue } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let sql: Sql;
let id: number;

beforeAll(async () => {
  services = await openServices();
  sql = services.sql;
  const { publicationId, subscriberIds } = await audience(
    services,
    ['a', 'b', 'c', 'd', 'e', 'f'].map(who => `${who}@example.org`),
  );
  const issue = await sql.begin(tx =>
    insertIssue(tx, {
      publicationId,
      slug: 'one',
      kind: 'regular',
      source: '',
      sourceHash: Buffer.alloc(32),
      issue: emptyIssue,
      edition: editionOf(),
    }),
  );
  id = issue.id;
  await sql`update issues set state = 'sending', planned_at = now(), started_at = now() - interval '100 seconds' where id = ${id}`;
  const [batch] = await sql<
    { id: number }[]
  >`insert into batches (issue_id, lane, size) values (${id}, 'other', 6) returning id`;
  await sql`
    insert into recipients (issue_id, subscriber_id, batch_id, state)
    select ${id}, s, ${batch!.id}, 'queued' from unnest(${subscriberIds}::bigint[]) s`;
});

afterAll(() => services.close());

const accept = (n: number) => sql`
  update recipients set state = 'accepted', updated_at = now() - interval '1 hour' where (issue_id, subscriber_id) in (
    select issue_id, subscriber_id from recipients where issue_id = ${id} and state = 'queued' limit ${n})`;

test('the first look tells the rate since the issue began, later ones that of the last seconds, in the same counts as status', async () => {
  await accept(2);
  const first = await glance(sql, { id }, 1_000_000);
  const { rate, eta, ...counts } = first;
  const { rate: _rate, eta: _eta, ...counted } = await status(sql, { id });
  expect(counts).toEqual(counted);
  expect(rate).toBeLessThanOrEqual(0.02);
  expect(eta).toBeGreaterThan(100);
  await accept(3);
  // Two looks at once tell nothing of their own.
  expect((await glance(sql, { id }, 1_001_000)).rate).toBeLessThan(0.06);
  const second = await glance(sql, { id }, 1_002_000);
  expect([second.rate, second.eta, second.accepted]).toEqual([1.5, 1, 5]);
  // Of what is longer ago than the window nothing is known any more.
  await accept(1);
  expect((await glance(sql, { id }, 1_016_500)).rate).toBe(0.1);
});

test('what stands still has no rate', async () => {
  await sql`update issues set state = 'paused' where id = ${id}`;
  expect(await glance(sql, { id }, 1_017_000)).toMatchObject({ rate: 0, eta: null, accepted: 6 });
});
