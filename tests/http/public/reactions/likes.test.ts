/** Likes from the web: one per browser, counted apart, taken back once; nothing by GET, nothing of a person in the database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mostLiked } from '../../../../src/db/web-likes.ts';
import { issuePaths } from '../../../../src/http/public/reactions/place.ts';
import { reactionsOf } from '../../../../src/http/public/reactions/slot.tsx';
import { openSite } from '../../../../src/http/public/reader.ts';
import { report } from '../../../../src/track/report.ts';
import { sendIssue } from '../../../track/support.ts';
import { firstForm, openStage, press, type Stage } from '../support.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ readers: 6 });
});
afterAll(() => stage.services.close());

const page = '/p/watch/first/like';
let browsers = 0;

/** A browser of its own, with a jar for the one cookie. */
function browser(ip = `198.51.100.${++browsers}`) {
  let cookie = '';
  const headers = () => ({ 'x-forwarded-for': ip, 'user-agent': `test ${ip}`, ...(cookie ? { cookie } : {}) });
  const keep = (answer: Response) => {
    const set = answer.headers.get('set-cookie');
    if (set) cookie = /Max-Age=0/i.test(set) ? '' : set.split(';')[0]!;
    return answer;
  };
  return {
    get: async (path = page) => (await stage.app.request(path, { headers: headers() })).text(),
    press: async (fields: Record<string, string>, more: Record<string, string> = {}) =>
      keep(await press(stage.app, page, fields, { ...headers(), ...more })),
    cookie: () => cookie,
    take: (other: string) => {
      cookie = other;
    },
  };
}

async function count(summary = 0): Promise<number> {
  const [row] = await stage.services.sql<{ n: number }[]>`
    select coalesce(sum(n), 0)::bigint as n from web_likes where issue_id = ${stage.sent.issueId} and summary = ${summary}`;
  return row!.n;
}

test('a like is one per browser, seen on its page, and can be taken back', async () => {
  const one = browser();
  const html = await one.get();
  expect(firstForm(html)).toEqual({ action: 'like', summary: '0' });
  const answer = await one.press(firstForm(html));
  expect([answer.status, answer.headers.get('location')]).toEqual([303, 'like']);
  expect(answer.headers.get('set-cookie')).toMatch(
    /^liked=[^;]+; .*Path=\/p\/watch\/first\/like; HttpOnly; Secure; SameSite=Lax$/,
  );
  await one.press({ action: 'like' });
  expect(await count()).toBe(1);
  expect(await one.get()).toContain('좋아요를 남겼어요');
  // Nothing in it that a person could be known by, and nothing that another issue would take.
  expect(one.cookie()).not.toContain('198.51');
  await one.press({ action: 'unlike' });
  expect(await count()).toBe(0);
  expect(await one.get()).toContain('이번 호가 좋으셨나요?');
});

test('two presses at once are one like, and the cookie that arrives can take it back', async () => {
  const one = browser();
  const both = await Promise.all([one.press({ action: 'like' }), one.press({ action: 'like' })]);
  expect(both.map(answer => answer.status)).toEqual([303, 303]);
  expect(await count()).toBe(1);
  await one.press({ action: 'unlike' });
  expect(await count()).toBe(0);
});

test('an old cookie takes nobody else’s like away', async () => {
  const [first, second] = [browser(), browser()];
  await first.press({ action: 'like', summary: '1' });
  const kept = first.cookie();
  await second.press({ action: 'like', summary: '1' });
  for (let again = 0; again < 3; again++) {
    first.take(kept);
    await first.press({ action: 'unlike', summary: '1' });
  }
  expect(await count(1)).toBe(1);
});

test('a forged or foreign cookie is none', async () => {
  const one = browser();
  for (const cookie of [
    'liked=0_abc_2026-01-01_9999999999999.AAAAAAAAAAAAAAAAAAAAAA',
    'liked=.',
    `liked=${'x'.repeat(9000)}`,
  ]) {
    one.take(cookie);
    expect(await one.get()).toContain('이번 호가 좋으셨나요?');
    const before = await count();
    await one.press({ action: 'unlike' });
    expect(await count()).toBe(before);
  }
});

test('a network presses so often and no more; others go on', async () => {
  const before = await count(2);
  const statuses: number[] = [];
  // Different browsers behind one address.
  for (let at = 0; at < 45; at++)
    statuses.push(
      (await browser('203.0.113.9').press({ action: 'like', summary: '2' }, { 'user-agent': `b${at}` })).status,
    );
  expect(statuses.filter(status => status === 303)).toHaveLength(40);
  expect(statuses.slice(40)).toEqual([429, 429, 429, 429, 429]);
  expect(await count(2)).toBe(before + 40);
  expect((await browser().press({ action: 'like', summary: '2' })).status).toBe(303);
});

test('counters forget within a day, and know no address', async () => {
  const { queues, config } = stage.services;
  const keys = await queues.redis.keys(`${config.queuePrefix}:web-like*`);
  expect(keys.length).toBeGreaterThan(5);
  for (const key of keys) {
    expect(key).not.toMatch(/\d+\.\d+\.\d+/);
    const left = await queues.redis.pttl(key);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(24 * 60 * 60_000);
  }
});

test('GET and HEAD of all public pages change nothing and set no cookie; a form of another site counts nothing', async () => {
  const { sql } = stage.services;
  const snapshot = async () => [
    await sql`select * from web_likes order by 1, 2, 3`,
    await sql`select * from comments`,
    await sql`select * from subscriptions order by 1, 2`,
  ];
  const before = await snapshot();
  for (const path of [
    'like',
    'like?summary=1&action=like',
    'comments',
    'comments?summary=2&after=1',
    'share',
    'share?summary=1&ref=abcdefghjk',
  ])
    for (const method of ['GET', 'HEAD']) {
      const answer = await stage.app.request(`/p/watch/first/${path}`, { method });
      expect([path, answer.status, answer.headers.get('set-cookie')]).toEqual([path, 200, null]);
    }
  const foreign = await browser().press({ action: 'like' }, { 'sec-fetch-site': 'cross-site' });
  expect([foreign.status, foreign.headers.get('set-cookie')]).toEqual([303, null]);
  expect(await snapshot()).toEqual(before);
});

test('what does not exist is not found', async () => {
  for (const path of [
    'like?summary=9',
    'like?summary=x',
    'comments?summary=-1',
    'share?summary=99999',
    'share?summary=1e1',
  ])
    expect([path, (await stage.app.request(`/p/watch/first/${path}`)).status]).toEqual([path, 404]);
  for (const path of ['/p/watch/none/like', '/p/none/first/like', '/p/watch/none/share', '/p/watch/none/comments'])
    expect([path, (await stage.app.request(path)).status]).toEqual([path, 404]);
  expect((await browser().press({ action: 'like', summary: '9' })).status).toBe(404);
});

test('readers’ likes and the web’s are one number for readers, two in the report', async () => {
  const { sql } = stage.services;
  const issue = await sendIssue(stage.services, { readers: 3, slug: 'counted' });
  const path = '/p/watch/counted/like';
  for (const ip of ['192.0.2.1', '192.0.2.2'])
    await press(stage.app, path, { action: 'like', summary: '1' }, { 'x-forwarded-for': ip });
  const token = stage.services.tokens.sign({
    purpose: 'like',
    ref: 1,
    issueId: issue.issueId,
    subscriberId: issue.subscriberIds[0]!,
  });
  await press(stage.app, `/r/${token}/like`, { action: 'like' });
  expect(await (await stage.app.request(`${path}?summary=1`)).text()).toContain('3명이 좋아했어요');
  expect(await (await stage.app.request(`/r/${token}/like`)).text()).toContain('3명이 좋아했어요');
  const counted = await report(sql, issue.issueId);
  expect(counted.summaryLikes[0]).toMatchObject({ likes: 1, webLikes: 2 });
  expect(await mostLiked(sql, 'watch', 5)).toEqual([{ issue: 'counted', number: 1, title: '첫 논문', likes: 3 }]);
  // Of a correction the issue before counts, not itself.
  expect((await mostLiked(sql, 'watch', 5, issue.issueId)).map(one => one.issue)).toEqual(
    expect.arrayContaining(['first']),
  );
  expect(await mostLiked(sql, 'watch', 5, stage.sent.issueId)).toEqual([]);
});

test('the row under an issue or a summary: a form that likes, and a link to the thread; the same for everyone', async () => {
  const site = openSite(stage.services);
  const { publication, issueId } = stage.sent;
  const issue = await sendIssue(stage.services, { readers: 1, slug: 'a row' });
  await press(
    stage.app,
    '/p/watch/a%20row/like',
    { action: 'like', summary: '2' },
    { 'x-forwarded-for': '192.0.2.77' },
  );
  const row = await reactionsOf(site, issue.issueId, {
    publication,
    lang: 'ko',
    paths: issuePaths('', publication, 'a row'),
  });
  const html = String(row(2));
  expect(html).toContain('<form method="post" action="/p/watch/a%20row/like">');
  expect(firstForm(html)).toEqual({ action: 'like', summary: '2' });
  // What is seen is what is heard (WCAG 2.2, 2.5.3).
  expect(html).toContain('<span class="n">좋아요 1개</span>');
  expect(html).not.toContain('aria-label');
  expect(html).toContain('href="/p/watch/a%20row/comments?summary=2"');
  expect(String(row(1))).toContain('<span class="n">좋아요</span>');
  const without = await reactionsOf(site, issueId, {
    publication: { ...publication, comments: 'off' },
    lang: 'en',
    paths: issuePaths('', publication, 'first', 'en'),
  });
  expect(String(without(0))).not.toContain('comments');
});
