/** Segments made with a form: what it holds, the sentence, who is meant, and having a deleted one back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSegment, lookAtSegment } from '../../../../src/db/api-segments.ts';
import { formOf, readRuleForm, ruleOf } from '../../../../src/http/console/readers/rule-form.ts';
import { sentenceOf } from '../../../../src/http/console/readers/sentence.ts';
import type { SegmentRule } from '../../../../src/model/segment.ts';
import { type Newsroom, openNewsroom, press } from './support.ts';

let room: Newsroom;
const here = '/console/readers/segments/weekly';
beforeAll(async () => {
  room = await openNewsroom(['a@naver.com', 'b@daum.net', 'c@example.org']);
  await room.services.sql`insert into subscriber_tags (tag, subscriber_id) values ('후원', ${room.ids[0]!})`;
  await room.services
    .sql`update subscribers set attributes = '{"tags": "old, 후원", "city": "Seoul"}' where id = ${room.ids[1]!}`;
});
afterAll(() => room.services.close());

const conditions = {
  match: 'all',
  c0_kind: 'tag',
  c0_value: '후원',
  c1_kind: 'domain',
  c1_not: 'not',
  c1_value: '@daum.net, hanmail.net',
};

test('a tag holds those whom staff gave it and those of a list that was moved in', async () => {
  const look = await lookAtSegment(room.services.sql, room.publicationId, { tag: '후원' });
  expect(look.sample.map(one => one.subscriber)).toEqual([room.ids[0], room.ids[1]]);
});

test('saved, said as a sentence, counted; changed under the same name in URLs; deleted and had back', async () => {
  const { sql } = room.services;
  const saved = await press(room.staff.editor, `${here}/save`, { name: '후원 <b>독자</b>', ...conditions });
  const path = saved.headers.get('location')!.split('?')[0]!;
  const slug = path.split('/').at(-1)!;
  const rule: SegmentRule = { all: [{ tag: '후원' }, { not: { domain: ['daum.net', 'hanmail.net'] } }] };
  expect((await findSegment(sql, room.publicationId, slug))!.rule).toEqual(rule);
  const page = await room.staff.editor.page(path);
  expect(page).toContain('tagged “후원” and not (at daum.net, hanmail.net)');
  expect(page).toContain('1 reader now');
  expect(page).not.toContain('<b>독자</b>');
  await press(room.staff.editor, `${here}/save`, { name: '이름만', slug, ...conditions });
  expect((await findSegment(sql, room.publicationId, slug))!.name).toBe('이름만');
  await press(room.staff.editor, `${here}/${slug}/delete`);
  expect(await findSegment(sql, room.publicationId, slug)).toBeUndefined();
  expect(await room.staff.editor.page('/console/readers/segments')).toContain('Put back');
  await press(room.staff.editor, `${here}/${slug}/back`);
  expect((await findSegment(sql, room.publicationId, slug))!.rule).toEqual(rule);
  await press(room.staff.editor, `${here}/${slug}/delete`);
  await sql`update segments set deleted_at = now() - interval '25 hours'`;
  expect((await press(room.staff.editor, `${here}/${slug}/back`)).status).toBe(409);
});

test('looking stores nothing, adds and takes away conditions, and says what is missing', async () => {
  const look = async (fields: Record<string, string>) =>
    (await press(room.staff.editor, `${here}/look`, { name: 'x', ...fields })).text();
  expect(await look({ ...conditions, step: 'add' })).toContain('name="c2_kind"');
  expect(await look({ ...conditions, step: 'remove 0' })).not.toContain('name="c1_kind"');
  expect(await look({ c0_kind: 'tag', c0_value: '' })).toContain('Fill in the conditions');
  expect(await room.services.sql`select from segments where deleted_at is null`).toHaveLength(0);
  expect((await press(room.staff.editor, `${here}/save`, { name: 'x', c0_kind: 'tag' })).status).toBe(409);
  expect((await press(room.staff.editor, `${here}/save`, { name: ' ', ...conditions })).status).toBe(409);
});

test('a rule deeper than the form is renamed, never replaced', async () => {
  const { sql } = room.services;
  const deep: SegmentRule = { any: [{ all: [{ tag: 'a' }, { tag: 'b' }] }, { got: 7 }] };
  await sql`insert into segments (publication_id, slug, name, rule) values (${room.publicationId}, 'deep', 'deep', ${sql.json(deep as never)})`;
  expect(await room.staff.editor.page(`${here}/deep`)).toContain('made by a program');
  await press(room.staff.editor, `${here}/save`, { name: 'renamed', slug: 'deep', ...conditions });
  expect(await findSegment(sql, room.publicationId, 'deep')).toMatchObject({ name: 'renamed', rule: deep });
});

const rules: SegmentRule[] = [
  { all: [{ tag: 'vip' }] },
  {
    any: [
      { attribute: 'city', is: 'equal', value: 'Seoul' },
      { attribute: 'city', is: 'oneOf', values: ['a', 'b'] },
      { attribute: 'city', is: 'absent' },
    ],
  },
  { all: [{ not: { subscribed: 'after', at: '2026-01-01T00:00:00Z' } }, { got: 3 }, { not: { clicked: 4 } }] },
];
test.each(rules)('%j comes back from the form as it went in', rule => {
  const form = formOf(rule)!;
  const fields = Object.fromEntries(
    form.conditions.flatMap((one, at) =>
      Object.entries({
        kind: one.kind,
        not: one.isNot ? 'not' : '',
        field: one.field,
        op: one.op,
        value: one.value,
      }).map(([k, v]) => [`c${at}_${k}`, v]),
    ),
  );
  expect(ruleOf(readRuleForm({ match: form.match, ...fields }))).toEqual(rule);
  expect(sentenceOf(rule, 'ko')).not.toBe('');
});

test('sentences in both languages', () => {
  const rule: SegmentRule = {
    any: [{ all: [{ tag: '후원' }, { clicked: 3 }] }, { attribute: 'city', is: 'starting', value: 'S' }],
  };
  expect(sentenceOf(rule, 'en', new Map([[3, '첫 호']]))).toBe(
    '(tagged “후원” and clicked in issue “첫 호”) or city begins with “S”',
  );
  expect(sentenceOf(rule, 'ko')).toBe('(태그가 “후원”이고 이슈 “#3”에서 클릭)이거나 city “S”(으)로 시작');
});
