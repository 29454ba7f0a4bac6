import { afterAll, beforeAll, expect, test } from 'vitest';
import { audience, publicationOf, submitIssue } from '../../support/fixtures.ts';
import { type Api, openApi } from './support.ts';

let api: Api;
let publicationId: number;
let subscriberIds: number[];
let issueId: number;
beforeAll(async () => {
  api = await openApi();
  const addresses = Array.from({ length: 23 }, (_, i) => `p${i}@example.net`);
  ({ publicationId, subscriberIds } = await audience(api.services, addresses, publicationOf({ slug: 'paged' })));
  issueId = (await submitIssue(api.services, publicationId)).id;
  const { sql } = api.services;
  await sql`insert into recipients (issue_id, subscriber_id, state, revision)
    select ${issueId}, s, case when s % 5 = 0 then 'rejected' else 'accepted' end, 1 from unnest(${subscriberIds}::bigint[]) s`;
});
afterAll(() => api.close());

// biome-ignore lint/suspicious/noExplicitAny: rows of any list
type Row = any;

/** Reads a list to its end. @param between runs after the first page */
async function readAll(path: string, between: () => Promise<void> = async () => {}): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 50; page++) {
    const { json } = await api.call(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=5${cursor ? `&cursor=${cursor}` : ''}`,
    );
    rows.push(...json.data);
    if (page === 0) await between();
    if (json.nextCursor === null || json.hasMore === false) return rows;
    cursor = json.nextCursor;
  }
  throw new Error('the list has no end');
}

test('issues: newest first, each once, whatever is added meanwhile', async () => {
  for (let i = 0; i < 11; i++)
    await submitIssue(api.services, publicationId, { slug: 'many', at: new Date(Date.now() + 9e8) });
  const { sql } = api.services;
  const before = await sql<{ id: number }[]>`select id from issues order by id desc`;
  const rows = await readAll('/publications/paged/issues', async () => {
    await submitIssue(api.services, publicationId, { slug: 'late' });
  });
  expect(rows.map(row => row.id)).toEqual(before.map(row => row.id));
  expect((await readAll('/publications/paged/issues?state=sending')).map(row => row.slug)).toEqual(['late', 'issue-1']);
  expect((await readAll('/publications/paged/issues?slug=many-3')).map(row => row.slug)).toEqual(['many-3']);
  expect(await readAll('/publications/paged/issues?kind=test')).toEqual([]);
});

test('the ledger: everyone once; by state; addresses to none but who may read subscribers', async () => {
  const rows = await readAll(`/issues/${issueId}/ledger`);
  expect(rows.map(row => row.subscriber)).toEqual(subscriberIds);
  expect(rows[0]).toMatchObject({ email: 'p0@example.net', revision: 1 });
  const rejected = await readAll(`/issues/${issueId}/ledger?state=rejected`);
  expect(rejected.map(row => row.subscriber)).toEqual(subscriberIds.filter(id => id % 5 === 0));
  expect(await readAll(`/issues/${issueId}/ledger?state=unknown`)).toEqual([]);
});

test('a filter that matches little ends each page after a bounded look', async () => {
  const { sql } = api.services;
  const { id } = await submitIssue(api.services, publicationId, { slug: 'large' });
  await sql`insert into recipients (issue_id, subscriber_id, state) select ${id}, s, case when s in (3, 7000, 11999) then 'unknown' else 'accepted' end from generate_series(1, 12000) s`;
  const first = (await api.call('GET', `/issues/${id}/ledger?state=unknown&limit=5`)).json;
  expect(first.data.map((row: Row) => row.subscriber)).toEqual([3]);
  expect(first.nextCursor).not.toBeNull();
  expect((await readAll(`/issues/${id}/ledger?state=unknown`)).map(row => row.subscriber)).toEqual([3, 7000, 11999]);
  // A page that is full at the last row looked at, or at the last there is.
  const full = (await api.call('GET', `/issues/${id}/ledger?state=unknown&limit=1`)).json;
  expect(full.data).toHaveLength(1);
  expect(full.nextCursor).not.toBeNull();
});

test('subscribers: by id, each once, though some come and go', async () => {
  const { sql } = api.services;
  const rows = await readAll('/publications/paged/subscribers', async () => {
    await sql`delete from subscriptions where subscriber_id = ${subscriberIds[0]!}`;
    const [row] = await sql<{ id: number }[]>`
      insert into subscribers (email, email_key, domain, address_hash) values ('z@example.net', 'z@example.net', 'example.net', 'z') returning id`;
    await sql`insert into subscriptions (publication_id, subscriber_id, state, source) values (${publicationId}, ${row!.id}, 'pending', 'api')`;
  });
  expect(rows.slice(0, 23).map(row => row.subscriber)).toEqual(subscriberIds);
  expect(rows).toHaveLength(24);
  expect((await readAll('/publications/paged/subscribers?state=pending')).map(row => row.email)).toEqual([
    'z@example.net',
  ]);
});

test('events: none passed by and none twice, also those that come while they are read', async () => {
  const { sql } = api.services;
  const add = (n: number, kind: string, age: string) => sql`
    insert into events (issue_id, subscriber_id, kind, at)
    select ${issueId}, s, ${kind}, now() - ${age}::interval from unnest(${subscriberIds.slice(0, n)}::bigint[]) s`;
  await add(7, 'click', '1 hour');
  await add(6, 'like', '30 minutes');
  const rows = await readAll('/events', () => add(3, 'click', '10 seconds').then(() => {}));
  expect(rows).toHaveLength(16);
  expect(new Set(rows.map(row => row.id)).size).toBe(16);
  expect(JSON.stringify(rows)).not.toContain('@');
  expect(await readAll('/events?kind=like')).toHaveLength(6);
  expect(await readAll(`/events?issue=${issueId}&kind=click`)).toHaveLength(10);
  expect(await readAll('/events?issue=424242')).toEqual([]);
  const since = encodeURIComponent(new Date(Date.now() - 2_400_000).toISOString());
  expect(await readAll(`/events?since=${since}`)).toHaveLength(9);
  // The cursor of the end goes on later.
  const end = (await api.call('GET', '/events?limit=200')).json;
  expect(end.hasMore).toBe(false);
  await add(2, 'unsubscribe', '5 seconds');
  const later = (await api.call('GET', `/events?cursor=${end.nextCursor}`)).json;
  expect(later.data.map((row: Row) => row.kind)).toEqual(['unsubscribe', 'unsubscribe']);
  // What may still have older company is not shown yet.
  await add(1, 'open', '0 seconds');
  expect((await api.call('GET', `/events?cursor=${later.nextCursor}`)).json).toEqual({
    data: [],
    nextCursor: later.nextCursor,
    hasMore: false,
  });
});
