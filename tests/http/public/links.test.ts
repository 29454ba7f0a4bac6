/** Rules 4.1, 4.4, 4.5: what a reader's links answer, and what they never do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordEvents } from '../../../src/track/record.ts';
import { report } from '../../../src/track/report.ts';
import type { Purpose } from '../../../src/track/tokens.ts';
import { acceptAll, sendIssue } from '../../track/support.ts';
import { firstForm, forged, openStage, press, type Stage } from './support.ts';

const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
const bad = [
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  'https://a.example/\r\nSet-Cookie: a=b',
  'ftp://a.example',
  'https://',
  ' https://a.example',
];

let stage: Stage;
beforeAll(async () => {
  const good = [
    'https://arxiv.org/abs/2406.12345',
    'https://github.com/a/b?x=1&y=%20#z',
    'http://한국어.example/길?q=값',
    'https://c.example',
    'https://d.example',
  ];
  const links = [...good, ...bad].map((url, at) => ({ ref: at + 1, url, section: 's', label: 'x' }));
  stage = await openStage({ readers: 12, links });
});
afterAll(() => stage.services.close());

const purposes: Purpose[] = ['click', 'like', 'unsubscribe', 'preferences', 'web'];

test('GET and HEAD of every link change no like, no subscription, no name', async () => {
  const { sql } = stage.services;
  const snapshot = async () => [
    await sql`select * from likes`,
    await sql`select * from subscriptions order by 1, 2`,
    await sql`select id, name, updated_at from subscribers order by 1`,
    await sql`select * from events where kind <> 'click'`,
  ];
  const before = await snapshot();
  for (const method of ['GET', 'HEAD']) {
    for (const purpose of purposes) {
      for (const suffix of [
        '',
        '?lang=en',
        '?action=like',
        '?action=unsubscribe&List-Unsubscribe=One-Click',
        '?done=back',
      ]) {
        const answer = await stage.app.request(stage.link(purpose, 0, purpose === 'click' ? 1 : 0) + suffix, {
          method,
        });
        expect([200, 302]).toContain(answer.status);
        expect(answer.headers.get('set-cookie')).toBeNull();
        expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        if (method === 'HEAD') expect(await answer.text()).toBe('');
      }
    }
  }
  expect(await snapshot()).toEqual(before);
});

test('a click leads where the database says, and is noted', async () => {
  const places = [1, 2, 3].map(ref => stage.link('click', 1, ref));
  const answers = await Promise.all(places.map(path => stage.app.request(path, { headers: browser })));
  expect(answers.map(answer => [answer.status, answer.headers.get('location')])).toEqual([
    [302, 'https://arxiv.org/abs/2406.12345'],
    [302, 'https://github.com/a/b?x=1&y=%20#z'],
    [302, 'http://xn--3e0bk47br7k.example/%EA%B8%B8?q=%EA%B0%92'],
  ]);
  await stage.app.request(places[0]!, { method: 'HEAD', headers: browser });
  const rows = await stage.services.sql`
    select ref, machine from events where subscriber_id = ${stage.sent.subscriberIds[1]!} order by ref, machine nulls first`;
  expect([...rows]).toEqual([
    { ref: 1, machine: null },
    { ref: 1, machine: 'head' },
    { ref: 2, machine: null },
    { ref: 3, machine: null },
  ]);
});

test('forged, cut, wrong purpose, unknown or dangerous: one and the same 404, no Location', async () => {
  const good = stage.link('click', 2, 1);
  const wrong = [
    forged(good),
    good.replace('/r/', '/r/AAAAAA').slice(0, 46),
    good.slice(0, -1),
    `${good}A`,
    '/r/',
    '/r/x',
    '/r//evil.example',
    '/r/javascript:alert(1)',
    '/r/x%0d%0aLocation:%20https:%2f%2fevil.example',
    '/r/%00',
    '/r/%E0%A4%A',
    `${good}/nothing`,
    `${good}/unsubscribe`,
    stage.link('unsubscribe', 2).replace('/unsubscribe', ''),
    stage.link('like', 2).replace('/like', ''),
    stage.link('like', 2, 9),
    stage.link('click', 2, 99),
    ...bad.map((_, at) => stage.link('click', 2, 6 + at)),
  ];
  const bodies = new Set<string>();
  for (const path of wrong) {
    const answer = await stage.app.request(path, { headers: { 'accept-language': 'ko', ...browser } });
    expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 404, null]);
    bodies.add(await answer.text());
  }
  expect(bodies.size).toBe(1);
  const [row] = await stage.services
    .sql`select count(*) as n from events where subscriber_id = ${stage.sent.subscriberIds[2]!}`;
  expect(row!.n).toBe(0);
});

test('a like is one, however often pressed, and can be taken back', async () => {
  const { sql } = stage.services;
  const path = stage.link('like', 3, 1);
  const page = await (await stage.app.request(path)).text();
  expect(page).toContain('첫 논문');
  expect(firstForm(page)).toEqual({ action: 'like' });
  const answers = await Promise.all([1, 2, 3].map(() => press(stage.app, path, firstForm(page))));
  expect(answers.map(answer => answer.status)).toEqual([303, 303, 303]);
  const count = async () => (await sql`select count(*) as n from likes where issue_id = ${stage.sent.issueId}`)[0]!.n;
  expect(await count()).toBe(1);
  const liked = await (await stage.app.request(path)).text();
  expect(liked).toContain('좋아요를 남겼어요');
  expect(liked).toContain('1명이 좋아했어요');
  await press(stage.app, path, firstForm(liked));
  expect(await count()).toBe(0);
  await press(stage.app, stage.link('like', 3), { action: 'like' });
  await press(stage.app, stage.link('like', 4), { action: 'like' });
  expect((await report(sql, stage.sent.issueId)).likes).toBe(2);
});

test('machines that open everything are not people', async () => {
  const { sql, log } = stage.services;
  const issue = await sendIssue(stage.services, { readers: 2, slug: 'swept' });
  await acceptAll(sql, issue.issueId, issue.subscriberIds, 60_000);
  const [scanner, person] = issue.subscriberIds as [number, number];
  const open = (subscriberId: number, ref: number) =>
    stage.app.request(
      `/r/${stage.services.tokens.sign({ purpose: 'click', ref, issueId: issue.issueId, subscriberId })}`,
      { headers: browser },
    );
  for (const ref of [1, 2, 3, 4, 5, 6]) expect((await open(scanner, ref)).status).toBe(302);
  for (const ref of [1, 2]) await open(person, ref);
  await recordEvents({ sql, log }, issue.issueId);
  expect((await report(sql, issue.issueId)).clicks).toMatchObject({ all: 8, people: 2 });
});

test('clicks ring for one judgement job', async () => {
  const queue = stage.services.queues.all().find(each => each.name === 'record-events')!;
  await expect
    .poll(async () => (await queue.getDelayed()).map(job => job.data.id), { timeout: 5000 })
    .toContain(stage.sent.issueId);
});

test('the web copy is neutral and runs nothing of an editor’s, also of a test mail', async () => {
  const trial = await sendIssue(stage.services, { readers: 1, slug: 'trial-test', kind: 'test' });
  const token = stage.services.tokens.sign({
    purpose: 'web',
    ref: 0,
    issueId: trial.issueId,
    subscriberId: trial.subscriberIds[0]!,
  });
  const answer = await stage.app.request(`/r/${token}/web`);
  expect(await answer.text()).toContain('안녕하세요 독자님');
  expect(answer.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; /,
  );
  expect(answer.headers.get('x-robots-tag')).toBe('noindex, nofollow');
});

test('other methods are refused with the ones allowed', async () => {
  const put = await stage.app.request(stage.link('like', 5), { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  const post = await stage.app.request(stage.link('click', 5, 1), { method: 'POST' });
  expect([post.status, post.headers.get('allow'), post.headers.get('location')]).toEqual([405, 'GET, HEAD', null]);
});

test('a body larger than any form of ours is refused', async () => {
  const answer = await press(stage.app, stage.link('preferences', 6), { action: 'name', name: 'x'.repeat(100_000) });
  expect(answer.status).toBe(413);
});
