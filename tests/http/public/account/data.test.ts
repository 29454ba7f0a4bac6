/** A reader's data: had whole, deleted whole, and only by who reads the mailbox now. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importBatch } from '../../../../src/db/subscribers.ts';
import { today } from '../../../../src/http/public/account/data-day.ts';
import { report } from '../../../../src/track/report.ts';
import { acceptAll } from '../../../track/support.ts';
import { press } from '../support.ts';
import { type AccountStage, openAccounts } from './support.ts';

let stage: AccountStage;
beforeAll(async () => {
  stage = await openAccounts();
  await acceptAll(stage.services.sql, stage.sent.issueId, stage.sent.subscriberIds, 60_000);
});
afterAll(() => stage.services.close());

const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
const dataLink = (reader: number, age = 0) => stage.letterLink('data', reader, today(new Date()) - age);

test('the settings page shows no data but mails the link, one an hour', async () => {
  const path = stage.link('preferences', 0);
  for (let i = 0; i < 3; i++) expect(await stage.go(path, { action: 'data' })).toBe('preferences?done=data#data');
  const letters = await stage.services
    .sql`select kind, ref, address from letters where subscriber_id = ${stage.idOf(0)}`;
  expect(letters).toEqual([{ kind: 'data', ref: today(new Date()), address: null }]);
});

test('the file holds everything, for its reader only, and comes by POST alone', async () => {
  const { sql } = stage.services;
  await stage.go(stage.link('preferences', 1), { action: 'name', name: '김 "독자" </b>' });
  await stage.go(stage.link('preferences', 1), { action: 'other-on', publication: 'daily' });
  await stage.go(stage.link('like', 1, 2), { action: 'like' });
  await stage.app.request(stage.link('click', 1, 3), { headers: browser });
  const page = await stage.app.request(dataLink(1));
  expect(await page.text()).not.toContain('reader1@');
  const answer = await press(stage.app, dataLink(1), { action: 'download' });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="watch-my-data.json"',
    'cache-control': 'no-store',
  });
  const text = await answer.text();
  const file = JSON.parse(text);
  expect(file).toMatchObject({
    person: { email: 'reader1@example.net', name: '김 "독자" </b>' },
    subscriptions: [
      { publication: 'daily', state: 'active' },
      { publication: 'watch', state: 'active' },
    ],
    consents: [{ publication: 'daily', kind: 'subscription', given: true, source: 'preferences' }],
    letters: [{ kind: 'welcome', publication: 'daily' }],
    addressChanges: [],
    discountCodes: [],
    comments: [],
    issues: [{ publication: 'watch', issue: 'first', state: 'accepted', likes: [{ summary: 2 }] }],
  });
  expect(file.issues[0].events.map((event: { kind: string }) => event.kind)).toEqual(['like', 'click']);
  expect(text).not.toContain('reader2@');
  // More than a page of everything.
  await sql`
    insert into consents (publication_id, subscriber_id, kind, given, wording, version, source)
    select ${stage.sent.publicationId}, ${stage.idOf(2)}, 'advertising', n % 2 = 0, 'w' || n, 'v', 'form' from generate_series(1, 450) n`;
  await sql`insert into recipients (issue_id, subscriber_id, state) select 100000 + n, ${stage.idOf(2)}, 'accepted' from generate_series(1, 45) n`;
  const long = JSON.parse(await (await press(stage.app, dataLink(2), { action: 'download' })).text());
  expect(long.consents.map((row: { wording: string }) => row.wording)).toEqual(
    Array.from({ length: 450 }, (_, n) => `w${n + 1}`),
  );
  expect(long.issues).toHaveLength(46);
});

test('a link runs out after a week, and only its own purpose opens it', async () => {
  expect(await stage.read(dataLink(3, 8))).toContain('이 링크는 더 쓸 수 없어요');
  expect(await stage.go(dataLink(3, 8), { action: 'delete', sure: 'yes' })).toBe('data');
  expect(await stage.read(dataLink(3, -1))).toContain('이 링크는 더 쓸 수 없어요');
  for (const path of [stage.link('preferences', 3), stage.letterLink('manage', 3)])
    expect((await press(stage.app, path.replace(/\/\w+$/, '/data'), { action: 'delete', sure: 'yes' })).status).toBe(
      404,
    );
  for (const fields of [
    { action: 'delete' },
    { action: 'delete', sure: 'no' },
    { action: 'other', sure: 'yes' },
  ] as Record<string, string>[])
    expect(await stage.go(dataLink(3), fields)).toMatch(/^data(\?problem=sure#remove)?$/);
  expect(await stage.read(`${dataLink(3)}?problem=sure`)).toContain('먼저 확인 칸에 표시해 주세요');
  expect(await stage.state(3)).toBe('active');
});

test('deletion takes the person and leaves the counts, the ledger and a hash', async () => {
  const { sql, hasher } = stage.services;
  const id = stage.idOf(4);
  for (const reader of [4, 5]) {
    for (const ref of [1, 2]) await stage.app.request(stage.link('click', reader, ref), { headers: browser });
    await stage.go(stage.link('like', reader), { action: 'like' });
  }
  await stage.go(stage.link('preferences', 4), { action: 'other-on', publication: 'daily' });
  await stage.go(stage.link('preferences', 4), { action: 'address', address: 'four@example.org' });
  const before = await report(sql, stage.sent.issueId);
  expect(await stage.go(dataLink(4), { action: 'delete', sure: 'yes' })).toBe('data');
  expect(await stage.read(dataLink(4))).toContain('데이터를 모두 지웠어요');
  expect(await stage.go(dataLink(4), { action: 'delete', sure: 'yes' })).toBe('data');
  const after = await report(sql, stage.sent.issueId);
  expect(after).toEqual({ ...before, likes: before.likes - 1 });
  const rows = await Promise.all(
    ['subscriptions', 'consents', 'letters', 'address_changes', 'likes', 'events'].map(
      table => sql`select from ${sql(table)} where subscriber_id = ${id}`,
    ),
  );
  expect(rows.map(found => found.length)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(await sql`select from subscribers where id = ${id} or email like 'reader4@%'`).toHaveLength(0);
  expect(await sql`select state from recipients where subscriber_id = ${id}`).toEqual([{ state: 'accepted' }]);
  const hash = hasher.hash('reader4@example.net');
  expect(await sql`select reason from suppressions where address_hash = ${hash}`).toEqual([{ reason: 'deleted' }]);
  const row = {
    email: 'reader4@example.net',
    emailKey: 'reader4@example.net',
    domain: 'example.net',
    name: '',
    attributes: {},
    addressHash: hash,
  };
  expect(await importBatch(sql, stage.sent.publicationId, [row])).toMatchObject({ imported: 0, suppressed: 1 });
  expect((await stage.app.request(stage.link('preferences', 4))).status).toBe(404);
  expect(await stage.read(stage.link('unsubscribe', 4))).toContain('구독하고 있지 않아요');
});

test('readers who are deleted are still counted one by one', async () => {
  const { sql } = stage.services;
  for (const reader of [7, 8]) await stage.app.request(stage.link('click', reader, 5), { headers: browser });
  const clicks = async () => (await report(sql, stage.sent.issueId)).clicks;
  const before = await clicks();
  expect(before.links.find(link => link.ref === 5)).toMatchObject({ all: 2, people: 2 });
  for (const reader of [7, 8]) await stage.go(dataLink(reader), { action: 'delete', sure: 'yes' });
  expect(await clicks()).toEqual(before);
});

test('many deletions at once are one; a reason that was there stays', async () => {
  const { sql, hasher } = stage.services;
  const hash = hasher.hash('reader6@example.net');
  await sql`insert into suppressions (address_hash, reason) values (${hash}, 'complaint')`;
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => press(stage.app, dataLink(6), { action: 'delete', sure: 'yes' })),
  );
  expect(answers.map(answer => answer.status)).toEqual(Array(6).fill(303));
  expect(await sql`select reason from suppressions where address_hash = ${hash}`).toEqual([{ reason: 'complaint' }]);
});
