import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendIssue } from '../../track/support.ts';
import { openStage, type Stage } from './support.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    readers: 1,
    slug: '제12호',
    title: '첫 호 <b>',
    issue: { number: '12', date: '2025-11-03', preheader: '{{name|독자}}님, 이번 주 소식' },
  });
  await sendIssue(stage.services, { readers: 1, slug: 'draft', state: 'draft', title: '초안' });
  await sendIssue(stage.services, { readers: 1, slug: 'trial', kind: 'test', title: '시험' });
  await sendIssue(stage.services, { readers: 1, slug: 'held', state: 'held', title: '보류' });
  await sendIssue(stage.services, { readers: 1, slug: 'second', state: 'sent', title: '둘째 호' });
});
afterAll(() => stage.services.close());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await stage.app.request(path, { headers });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
};

test('the archive lists what was sent, newest first, and nothing else', async () => {
  const { status, html, headers } = await get('/p/watch');
  expect(status).toBe(200);
  expect([...html.matchAll(/<h3 class="title"[^>]*><a href="([^"]*)">(.*?)<\/a>/g)].map(m => [m[1], m[2]])).toEqual([
    ['/p/watch/second', '둘째 호'],
    ['/p/watch/%EC%A0%9C12%ED%98%B8', '첫 호 &lt;b&gt;'],
  ]);
  expect(html).toContain('제12호');
  expect(html).toContain('2025년 11월 3일');
  expect(html).toContain('독자님, 이번 주 소식');
  expect(html).toContain('action="/p/watch/subscribe"');
  expect(headers.get('x-robots-tag')).toBeNull();
});

test('an issue is served neutral under a strict policy; unpublished ones are not', async () => {
  const issue = await get('/p/watch/%EC%A0%9C12%ED%98%B8');
  expect(issue.status).toBe(200);
  expect(issue.html).toContain('안녕하세요 독자님');
  expect(issue.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src 'self' https: data:; base-uri 'none'/,
  );
  for (const path of [
    '/p/watch/draft',
    '/p/watch/trial',
    '/p/watch/held',
    '/p/watch/none',
    '/p/none',
    '/p/none/second',
    '/nothing',
  ]) {
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  }
});

test('older pages by key', async () => {
  for (let i = 0; i < 32; i++)
    await sendIssue(stage.services, { readers: 1, slug: `many-${i}`, state: 'sent', title: `호 ${i}` });
  const first = await get('/p/watch');
  const next = /href="\?(before=\d+)"/.exec(first.html)![1];
  const second = await get(`/p/watch?${next}&lang=en`);
  expect(first.html.match(/<h3/g)).toHaveLength(30);
  expect(second.html.match(/<h3/g)).toHaveLength(4);
  expect(second.html).toContain(`href="?${next}&amp;lang=ko"`);
  expect((await get('/p/watch?before=x')).status).toBe(200);
});

test('home lists publications in the browser’s language', async () => {
  const ko = await get('/', { 'accept-language': 'fr, ko;q=0.9' });
  expect(ko.html).toMatch(/<html lang="ko">/);
  expect(ko.html).toContain('href="/p/watch"');
  expect((await get('/', { 'accept-language': 'de' })).html).toMatch(/<html lang="en">/);
  expect((await get('/?lang=ko')).html).toMatch(/<html lang="ko">/);
});

test('no page asks for anything beyond itself or sets a cookie', async () => {
  for (const path of ['/', '/p/watch', '/nothing']) {
    const { html, headers } = await get(path);
    expect(headers.get('set-cookie')).toBeNull();
    expect(html).not.toMatch(/<(script|img|iframe)|src=|@import|url\(/);
    const hash = /style-src '(sha256-[^']+)'/.exec(headers.get('content-security-policy')!)![1];
    expect(hash).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/);
  }
});
