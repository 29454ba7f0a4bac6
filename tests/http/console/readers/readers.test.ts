/** Readers looked for, shown, changed, exported: for whom, and what is written down of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findReaders } from '../../../../src/db/reader-search.ts';
import { acts } from '../../../../src/http/console/may.ts';
import { readersRoutes } from '../../../../src/http/console/readers/routes.ts';
import { needleOf } from '../../../../src/model/reader-search.ts';
import { roles, tokenOf } from '../staff.ts';
import { origin } from '../support.ts';
import { type Newsroom, openNewsroom, press, proof } from './support.ts';

let room: Newsroom;
const evil = '<img src=x onerror=alert(1)>';
const people: [string, string, Record<string, string>][] = [
  ['minsu.kim@naver.com', '김민수', { 회사: '가나상사' }],
  ['jane@Example.net', 'Jane Doe', { city: 'Seoul' }],
  ['ab@naver.com', '=HYPERLINK("http://evil")', { 회사: '+1' }],
  ['percent%_under@example.org', evil, { city: evil }],
  ['한글@example.org', '남궁 민', {}],
  ['abcxbcd@example.org', '', {}],
];

beforeAll(async () => {
  room = await openNewsroom(people.map(([email]) => email));
  for (const [at, [, name, attributes]] of people.entries())
    await room.services
      .sql`update subscribers set name = ${name}, attributes = ${room.services.sql.json(attributes)} where id = ${room.ids[at]!}`;
});
afterAll(() => room.services.close());

const search = async (fields: Record<string, string>, role: 'editor' | 'viewer' = 'editor') =>
  (await press(room.staff[role], '/console/readers', fields)).text();
const found = (html: string) =>
  [...html.matchAll(/href="\/console\/readers\/(\d+)"/g)].map(([, id]) => room.ids.indexOf(Number(id))).sort();
const one = (at: number, more = '') => `/console/readers/${room.ids[at]!}${more}`;

test('a name of millions of letters that got past every edge is cut for the index, not worked through', async () => {
  const { sql } = room.services;
  const lock = await sql.reserve();
  try {
    // Postgres gives up by itself; before, it worked for hours.
    await lock`set statement_timeout = '20s'`;
    const [row] = await lock<{ n: number; size: number }[]>`
      select cardinality(reader_grams(repeat('a', 3000000) || '@example.org', repeat('긴 이름 ', 1000000), '{}')) as n,
        octet_length(reader_grams(repeat('xyz', 1000000) || '@example.org', '', '{}')::text) as size`;
    expect(row!.n).toBeLessThan(400);
    expect(row!.size).toBeLessThan(4000);
    await lock`update subscribers set name = repeat('긴 이름 ', 1000000) where id = ${room.ids[5]!}`;
    expect(found(await search({ q: '긴 이름' }))).toEqual([5]);
    // What is no object has no attributes, and is no reason to refuse the row.
    await lock`update subscribers set attributes = '[1, {"a": null}]' where id = ${room.ids[5]!}`;
    expect(found(await search({ q: '긴 이름' }))).toEqual([5]);
  } finally {
    await lock`update subscribers set name = '', attributes = '{}' where id = ${room.ids[5]!}`;
    await lock`reset statement_timeout`;
    lock.release();
  }
});

test.each([
  ['minsu', [0]],
  ['MINSU', [0]],
  ['nsu.k', [0]],
  ['김민', [0]],
  ['민수', [0]],
  ['김', [0]],
  ['김 민수', [0]],
  ['민', []],
  ['jane doe', [1]],
  ['jane@example.net', [1]],
  ['jane@exa', [1]],
  ['ab@naver', [2]],
  ['@naver', [0, 2]],
  ['naver.com', [0, 2]],
  ['%_u', [3]],
  ['___', []],
  ['@ex%', []],
  ['한글@example.org', [4]],
  ['남궁', [4]],
  ['abcx', [5]],
  // Both pieces are there, not in a row.
  ['abcd', []],
  ["' or 1=1 --", []],
] as [string, number[]][])('%s finds %j', async (q, expected) => {
  expect(found(await search({ q }))).toEqual(expected);
});

test('what is too short for the index says so, and nothing found says what is looked through', async () => {
  expect(await search({ q: 'ja' })).toContain('at least three letters');
  expect(await search({ q: 'zzzz' })).toContain('Not looked through');
});

test('publication, state, tag and attribute narrow it down', async () => {
  const { sql } = room.services;
  await sql`update subscriptions set state = 'paused' where subscriber_id = ${room.ids[1]!}`;
  await press(room.staff.editor, one(0, '/tag'), { tag: ' 후원 ' });
  expect(found(await search({ state: 'paused' }))).toEqual([1]);
  expect(found(await search({ state: 'paused', publication: String(room.publicationId) }))).toEqual([1]);
  expect(found(await search({ publication: '999' }))).toEqual([]);
  expect(found(await search({ tag: '후원' }))).toEqual([0]);
  expect(found(await search({ tag: '후원', state: 'paused' }))).toEqual([]);
  expect(found(await search({ q: 'minsu', tag: '후원', state: 'active' }))).toEqual([0]);
  expect(found(await search({ field: '회사', value: '가나상사' }))).toEqual([0]);
  expect(found(await search({ field: '회사', value: '가나' }))).toEqual([]);
  await sql`update subscriptions set state = 'active' where subscriber_id = ${room.ids[1]!}`;
});

test('pages go on where the one before ended, both ways round, each reader once', async () => {
  const { sql } = room.services;
  for (const order of ['newest', 'oldest'] as const)
    for (const needle of [undefined, needleOf('@naver'), needleOf('naver.com')]) {
      if (needle === 'short') throw new Error();
      const seen: number[] = [];
      for (let after: number | undefined; ; ) {
        const [row] = await findReaders(sql, { order, needle }, 1, after);
        if (!row) break;
        seen.push(row.id);
        after = row.id;
      }
      const all = await findReaders(sql, { order, needle }, 50);
      expect(seen).toEqual(all.map(row => row.id));
      expect(seen).toEqual(seen.toSorted((a, b) => (order === 'newest' ? b - a : a - b)));
    }
});

test('no name, attribute or tag becomes markup, in the list or on the page', async () => {
  await press(room.staff.editor, one(3, '/tag'), { tag: evil });
  for (const html of [await search({}), await room.staff.editor.page(one(3))]) {
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&lt;img src=x');
  }
});

test('name and attributes change; unknown attributes are refused; the log names fields, no values', async () => {
  const edit = (fields: Record<string, string>) => press(room.staff.editor, one(1), fields);
  expect((await edit({ name: 'Jane Roe', f0: 'city', a0: 'Busan', f1: '회사', a1: '' })).headers.get('location')).toBe(
    `${one(1)}?said=saved`,
  );
  const { sql } = room.services;
  expect(await sql`select name, attributes from subscribers where id = ${room.ids[1]!}`).toMatchObject([
    { name: 'Jane Roe', attributes: { city: 'Busan' } },
  ]);
  expect((await edit({ name: 'x', f0: 'hidden', a0: '1' })).status).toBe(409);
  expect((await edit({ name: 'x', f0: 'city', a0: 'x'.repeat(1001) })).status).toBe(409);
  const [row] = await sql`select detail from audit where act = 'reader.edit' and subject = ${`reader ${room.ids[1]!}`}`;
  expect(row!.detail).toEqual({ changed: ['name', 'city'] });
});

test('a reader’s page: what they agreed to, got and did, machines marked', async () => {
  const { sql } = room.services;
  const id = room.ids[0]!;
  await sql`insert into consents (publication_id, subscriber_id, kind, given, wording, version, source) values (${room.publicationId}, ${id}, 'advertising', true, '광고 <b>동의</b>', 'v1', 'form')`;
  const [issue] =
    await sql`insert into issues (publication_id, slug, state, title, source_hash) values (${room.publicationId}, 'n1', 'sent', '첫 호', ''::bytea) returning id`;
  await sql`insert into recipients (issue_id, subscriber_id, state) values (${issue!.id}, ${id}, 'accepted')`;
  await sql`insert into events (issue_id, subscriber_id, kind, ref, machine) values (${issue!.id}, ${id}, 'click', 1, 'sweep'), (${issue!.id}, ${id}, 'like', 0, null)`;
  const html = await room.staff.operator.page(one(0));
  expect(html).toContain('광고 &lt;b&gt;동의&lt;/b&gt;');
  expect(html).toContain('첫 호');
  expect(html).toMatch(/clicked a link<span class="tag"[^>]*>machine: sweep/);
  expect(html).toMatch(/>liked /);
});

test('tags: given once, taken, bounded', async () => {
  const { sql } = room.services;
  const tags = async () =>
    (await sql`select tag from subscriber_tags where subscriber_id = ${room.ids[4]!} order by tag`).map(row => row.tag);
  await press(room.staff.editor, one(4, '/tag'), { tag: 'press' });
  await press(room.staff.editor, one(4, '/tag'), { tag: 'press' });
  expect(await tags()).toEqual(['press']);
  for (const tag of ['', 'a,b', 'x'.repeat(61), 'a\nb'])
    expect((await press(room.staff.editor, one(4, '/tag'), { tag })).status).toBe(409);
  await sql`insert into subscriber_tags select 't' || n, ${room.ids[4]!} from generate_series(1, 49) n`;
  expect((await press(room.staff.editor, one(4, '/tag'), { tag: 'fifty-first' })).status).toBe(409);
  await press(room.staff.editor, one(4, '/untag'), { tag: 'press' });
  expect(await tags()).not.toContain('press');
});

test('added with proof, or asked by a letter; the suppressed are not', async () => {
  const { sql, hasher } = room.services;
  const add = (fields: Record<string, string>) =>
    press(room.staff.editor, '/console/readers/add', { publication: String(room.publicationId), ...fields });
  expect((await add({ email: 'new@example.org', name: '새 독자', how: 'proof' })).status).toBe(409);
  const added = await add({ email: 'new@example.org', name: '새 독자', how: 'proof', ...proof });
  expect(added.status).toBe(303);
  expect(
    await sql`
    select s.name, n.state, n.source, c.wording, c.source as by from subscribers s join subscriptions n on n.subscriber_id = s.id
    join consents c on c.subscriber_id = s.id where s.email_key = 'new@example.org'`,
  ).toMatchObject([{ name: '새 독자', state: 'active', source: 'console', wording: proof.wording, by: 'console' }]);
  await add({ email: 'ask@example.org', how: 'ask' });
  expect(
    await sql`
    select n.state, l.kind from subscribers s join subscriptions n on n.subscriber_id = s.id join letters l on l.subscriber_id = s.id
    where s.email_key = 'ask@example.org'`,
  ).toMatchObject([{ state: 'pending', kind: 'confirm' }]);
  await sql`insert into suppressions (address_hash, reason) values (${hasher.hash('no@example.org')}, 'complaint')`;
  expect((await add({ email: 'no@example.org', how: 'proof', ...proof })).status).toBe(409);
  expect((await add({ email: 'not an address', how: 'ask' })).status).toBe(409);
  expect(JSON.stringify(await sql`select subject, detail from audit`)).not.toContain('@');
});

test('suppressions: found through the hash, added, lifted with a word of warning; no address is written down', async () => {
  const { sql, hasher } = room.services;
  const hash = hasher.hash('stop@example.org');
  const look = async (email: string) =>
    (await press(room.staff.editor, '/console/readers/suppressed', { email })).text();
  expect(await look('stop@example.org')).toContain('not suppressed');
  await press(room.staff.editor, '/console/readers/suppressed/add', { email: 'Stop@example.org' });
  expect(await look(' STOP@example.org ')).toContain('never mailed');
  const asked = await (
    await press(room.staff.editor, '/console/readers/suppressed/lift', { email: 'stop@example.org' })
  ).text();
  expect(asked).toContain('Do this only when');
  expect(await sql`select from suppressions where address_hash = ${hash}`).toHaveLength(1);
  expect(
    (await press(room.staff.editor, '/console/readers/suppressed/lifted', { email: 'stop@example.org' })).status,
  ).toBe(400);
  await press(room.staff.editor, '/console/readers/suppressed/lifted', { email: 'stop@example.org', sure: 'yes' });
  expect(await sql`select from suppressions where address_hash = ${hash}`).toHaveLength(0);
  const log = await sql`select act, subject, detail from audit where act like 'suppression.%' order by id`;
  expect(log.map(row => row.act)).toEqual(['suppression.add', 'suppression.lift']);
  expect(JSON.stringify(log)).not.toContain('@');
});

test('an export is a file without formulas, of what was searched, and written down', async () => {
  const answer = await press(room.staff.operator, '/console/readers/export', { q: 'naver.com' });
  expect(answer.headers.get('content-disposition')).toContain('readers.csv');
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
  const lines = bytes.toString('utf8', 3).trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe('email,name,subscriptions,created_at,suppressed,tags,city,회사');
  expect(lines[2]).toMatch(/^ab@naver\.com,"'=HYPERLINK\(""http:\/\/evil""\)",weekly: active,/);
  expect(lines[2]).toMatch(/,'\+1$/);
  const [row] = await room.services
    .sql`select email, detail from audit where act = 'readers.export' order by id desc limit 1`;
  expect(row).toMatchObject({ email: 'operator@example.org', detail: { text: 'domain' } });
});

test('deleted only when it is meant; their data can be had before', async () => {
  const { sql } = room.services;
  const data = await (await press(room.staff.editor, one(4, '/data'))).json();
  expect(data).toMatchObject({
    person: { email: '한글@example.org' },
    tags: expect.arrayContaining([expect.objectContaining({ tag: 't1' })]),
  });
  expect((await press(room.staff.editor, one(4, '/delete'))).status).toBe(400);
  expect(await sql`select from subscribers where id = ${room.ids[4]!}`).toHaveLength(1);
  await press(room.staff.editor, one(4, '/delete'), { sure: 'yes' });
  expect(await sql`select from subscribers where id = ${room.ids[4]!}`).toHaveLength(0);
  expect(await sql`select from subscriber_tags where subscriber_id = ${room.ids[4]!}`).toHaveLength(0);
  expect((await room.staff.editor.request(one(4))).status).toBe(404);
});

test.each(readersRoutes.map(route => [route.method, route.path, route.act] as const))(
  '%s %s: for those who may %s',
  async (method, route, act) => {
    const path = `/console${route
      .replace(/\{[^}]*\}/g, '')
      .replace(':publication', 'weekly')
      .replace(/:\w+/g, '999999')}`;
    for (const role of roles) {
      const browser = room.staff[role];
      const headers = {
        origin,
        'content-type': 'application/x-www-form-urlencoded',
        'x-form-token': await tokenOf(browser),
      };
      const body = `token=${encodeURIComponent(headers['x-form-token'])}`;
      const answer = await browser.request(path, method === 'get' ? {} : { method: 'POST', headers, body });
      if ((acts[act] as readonly string[]).includes(role)) expect(answer.status, role).not.toBe(403);
      else expect(answer.status, role).toBe(403);
      if (role === 'viewer') expect(await answer.text()).not.toMatch(/naver\.com|김민수/);
    }
    if (method === 'post') {
      const foreign = await room.staff.owner.request(path, {
        method: 'POST',
        headers: { origin: 'https://evil.example' },
        body: '',
      });
      expect(foreign.status).toBe(403);
      const untoken = await room.staff.owner.request(path, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'token=x',
      });
      expect(untoken.status).toBe(403);
    }
  },
);
