import { afterAll, beforeAll, expect, test } from 'vitest';
import { planIssue } from '../../../src/db/plan.ts';
import type { SegmentRule } from '../../../src/model/segment.ts';
import { audience, publicationOf, submitIssue } from '../../support/fixtures.ts';
import { type Api, openApi } from './support.ts';

let api: Api;
let publicationId: number;
let ids: number[];
let issueId: number;
const path = '/publications/parts/segments';
beforeAll(async () => {
  api = await openApi();
  const addresses = ['a@example.net', 'b@example.net', 'c@gmail.com', 'd@gmail.com', 'e@naver.com'];
  ({ publicationId, subscriberIds: ids } = await audience(api.services, addresses, publicationOf({ slug: 'parts' })));
  issueId = (await submitIssue(api.services, publicationId)).id;
  const { sql } = api.services;
  const set = (i: number, attributes: Record<string, string>) =>
    sql`update subscribers set attributes = ${sql.json(attributes)} where id = ${ids[i]!}`;
  await set(0, { city: 'Seoul', tags: 'vip, early' });
  await set(1, { city: 'Busan', tags: 'early' });
  await set(2, { city: '서울', tags: 'vipx' });
  await sql`update subscriptions set since = '2024-01-01' where subscriber_id = ${ids[3]!}`;
  await sql`insert into recipients (issue_id, subscriber_id, state) values (${issueId}, ${ids[0]!}, 'accepted'), (${issueId}, ${ids[1]!}, 'rejected')`;
  await sql`insert into events (issue_id, subscriber_id, kind, ref, machine) values
    (${issueId}, ${ids[0]!}, 'click', 1, null), (${issueId}, ${ids[4]!}, 'click', 1, 'sweep')`;
});
afterAll(() => api.close());

const put = (slug: string, rule: unknown) => api.call('PUT', `${path}/${slug}`, { body: { name: slug, rule } });

/** Letters of those whom a rule holds, as the look and as the plan find them. */
async function held(rule: SegmentRule): Promise<string> {
  const { sql } = api.services;
  expect((await put('probe', rule)).status).toBeLessThan(202);
  const look = (await api.call('GET', `${path}/probe/look`)).json;
  const { id } = await submitIssue(api.services, publicationId, { slug: 'planned' });
  await sql`update issues set audience = ${sql.json(rule as never)} where id = ${id}`;
  const plan = await planIssue(sql, id, {}, 2);
  const rows = await sql<
    { id: number }[]
  >`select subscriber_id as id from recipients where issue_id = ${id} order by 1`;
  const letters = rows.map(row => 'abcde'[ids.indexOf(row.id)]).join('');
  expect(look.sample.map((each: { email: string }) => each.email[0]).join('')).toBe(letters);
  expect([look.matching, look.isExact, plan!.audience]).toEqual([letters.length, true, letters.length]);
  return letters;
}

test.each<[SegmentRule, string]>([
  [{ attribute: 'city', is: 'equal', value: 'SEOUL' }, 'a'],
  [{ attribute: 'city', is: 'containing', value: '울' }, 'c'],
  [{ attribute: 'city', is: 'containing', value: '%' }, ''],
  [{ attribute: 'city', is: 'starting', value: 'b' }, 'b'],
  [{ attribute: 'city', is: 'oneOf', values: ['busan', '서울'] }, 'bc'],
  [{ attribute: 'city', is: 'present' }, 'abc'],
  [{ attribute: 'city', is: 'absent' }, 'de'],
  [{ tag: 'vip' }, 'a'],
  [{ tag: 'early' }, 'ab'],
  [{ domain: ['Gmail.com', 'naver.com'] }, 'cde'],
  [{ subscribed: 'before', at: '2025-01-01T00:00:00Z' }, 'd'],
  [{ subscribed: 'after', at: '2025-01-01T00:00:00+09:00' }, 'abce'],
  [{ got: 1 }, 'a'],
  [{ clicked: 1 }, 'a'],
  [{ not: { clicked: 1 } }, 'bcde'],
  [{ all: [{ domain: ['example.net'] }, { not: { tag: 'vip' } }] }, 'b'],
  [{ any: [{ tag: 'vip' }, { all: [{ domain: ['gmail.com'] }, { attribute: 'city', is: 'absent' }] }] }, 'ad'],
  [{ attribute: 'city', is: 'equal', value: "'; drop table subscribers; --" }, ''],
  [{ attribute: 'no_such', is: 'equal', value: "x' or '1'='1" }, ''],
])('%j holds “%s”', async (rule, letters) => {
  const own = JSON.parse(JSON.stringify(rule), (key, value) => (key === 'got' || key === 'clicked' ? issueId : value));
  expect(await held(own)).toBe(letters);
});

test('suppressed and unsubscribed people are in no segment that is looked at', async () => {
  const { sql } = api.services;
  await sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${ids[4]!}`;
  await sql`insert into suppressions (address_hash, reason) select address_hash, 'manual' from subscribers where id = ${ids[3]!}`;
  await put('all', { not: { tag: 'nobody' } });
  expect((await api.call('GET', `${path}/all/look`)).json).toMatchObject({ looked: 5, matching: 3 });
});

test('segments are put, read, listed and deleted', async () => {
  const made = await put('readers', { tag: 'a' });
  expect([made.status, made.headers.get('location')]).toEqual([201, `/api/v1${path}/readers`]);
  expect((await put('readers', { tag: 'b' })).status).toBe(200);
  expect((await api.call('GET', `${path}/readers`)).json).toMatchObject({ slug: 'readers', rule: { tag: 'b' } });
  expect((await api.call('GET', path)).json.data.map((each: { slug: string }) => each.slug)).toEqual([
    'all',
    'probe',
    'readers',
  ]);
  expect((await api.call('DELETE', `${path}/readers`)).status).toBe(204);
  for (const method of ['GET', 'DELETE'])
    expect((await api.call(method, `${path}/readers`)).json.code).toBe('SEGMENT_UNKNOWN');
});

test('rules that are none, or too much, are refused', async () => {
  const deep = (n: number): unknown => (n === 0 ? { tag: 'x' } : { not: deep(n - 1) });
  const wide = { any: Array.from({ length: 20 }, () => ({ all: Array.from({ length: 3 }, () => ({ tag: 'x' })) })) };
  for (const rule of [
    {},
    { sql: '1=1' },
    { attribute: "city'", is: 'present' },
    { attribute: 'city', is: 'equal' },
    { attribute: 'city', is: 'like', value: 'x' },
    { tag: 'a,b' },
    { all: [] },
    { all: Array.from({ length: 21 }, () => ({ tag: 'x' })) },
    { got: 0 },
    { got: '1' },
    { subscribed: 'before', at: '0000-01-01T00:00:00Z' },
    { tag: 'x', domain: ['example.net'] },
    deep(6),
    wide,
  ]) {
    const reply = await put('refused', rule);
    expect([reply.status, reply.json.errors?.[0]?.pointer], JSON.stringify(rule).slice(0, 80)).toEqual([
      422,
      expect.stringMatching(/^#\/rule/),
    ]);
  }
  expect((await put('refused', deep(40))).status).toBe(400);
});

test('an audience that is no rule plans nobody rather than everybody', async () => {
  const { sql } = api.services;
  const { id } = await submitIssue(api.services, publicationId, { slug: 'odd' });
  await sql`update issues set audience = '{"newer": 1}' where id = ${id}`;
  await expect(planIssue(sql, id, {}, 2)).rejects.toThrow();
  expect(await sql`select from recipients where issue_id = ${id}`).toHaveLength(0);
});
