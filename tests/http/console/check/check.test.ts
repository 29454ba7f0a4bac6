/** The panel: on its page and for the composer, for whom, in which language, and what it never lets through. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertManuscript } from '../../../../src/db/manuscripts.ts';
import { putPublication } from '../../../../src/db/publications.ts';
import { checkText } from '../../../../src/http/console/check/check-text.ts';
import { problemWords } from '../../../../src/http/console/check/problem-words.ts';
import { reachLinks } from '../../../../src/http/console/check/reach.ts';
import { parseScore } from '../../../../src/http/console/check/spamassassin.ts';
import { createApp } from '../../../../src/http/server.ts';
import { publicationOf } from '../../../support/fixtures.ts';
import { englishIn } from '../../../support/korean.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, tokenOf } from '../staff.ts';
import { type Browser, origin } from '../support.ts';

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
let path: string;
let publicationId: number;
const publication = publicationOf({
  name: '<b>주간</b>',
  law: ['kr'],
  from: { name: '<i>편집</i>', address: 'news@weekly.invalid' },
});

const source = `---
subject: <script>alert(1)</script> 논문 두 편
preheader: 작은 모델이 왜 빠른지, 단계를 적으면 답이 왜 좋아지는지 함께 읽어요. 끝까지 읽어 주세요.
---

[여기](https://arxiv.org/abs/1) **닫히지 않은 <img src=x onerror=alert(1)>

## "><script>alert(2)</script>

글

## 특별 할인

[참가](https://shop.kr/a)
`;

beforeAll(async () => {
  services = await openServices({ DNS_SERVERS: '127.0.0.1:1' });
  app = await createApp(services);
  staff = await openStaff(services, app);
  publicationId = (await putPublication(services.sql, publication)).id;
  const by = (await services.sql<{ id: number }[]>`select id from staff limit 1`)[0]!.id;
  path = `/console/manuscripts/${await insertManuscript(services.sql, { publicationId, title: '<u>호</u>', source, by })}`;
});
afterAll(() => services.close());

interface Said {
  severity: 'error' | 'warning';
  code: string;
  line: number;
  message: string;
  help: string;
}
interface Heard {
  panel: string;
  blocking: number;
  code?: string;
  help?: string;
  report: { findings: Said[] };
}

async function ask(what: string, body: unknown, role: Role = 'editor', language = 'en') {
  const browser = staff[role];
  const answer = await browser.request(what, {
    method: 'POST',
    headers: {
      origin,
      'content-type': 'application/json',
      'accept-language': language,
      'x-form-token': await tokenOf(browser),
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Heard };
}

test('the page works without a script and shows the same findings as the call', async () => {
  const html = await staff.viewer.page(`${path}/check`);
  const { body } = await ask(`${path}/check.json`, {});
  const blocking = body.report.findings.filter(each => each.severity === 'error').map(each => each.code);
  expect(blocking.toSorted()).toEqual(['image-not-https', 'kr-ad-label']);
  expect(body.blocking).toBe(2);
  for (const { message } of body.report.findings)
    expect(html).toContain(message.slice(0, 20).replaceAll('"', '&quot;').replaceAll('<', '&lt;'));
  expect(html).toContain(`href="${path}?line=6"`);
  expect(html).toContain('Errors stop the send');
  expect((await staff.viewer.request('/console/manuscripts/999/check')).status).toBe(404);
});

test('the text in the editor goes before the saved one, and is not kept', async () => {
  const { body } = await ask(`${path}/check.json`, { source: '---\nsubject: (광고) 논문\n---\n\n글이에요.' });
  expect(body.report.findings.map(each => each.code)).toContain('kr-ad-needless');
  const [row] = await services.sql`select source from manuscripts`;
  expect(row!.source).toBe(source);
});

test('what is typed is shown as typed, never run', async () => {
  const { body } = await ask(`${path}/check.json`, {});
  for (const html of [body.panel, await staff.editor.page(`${path}/check`)]) {
    expect(html).not.toMatch(/<script>alert|<img src=x|<i>편집|<b>주간|<u>호/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; 논문 두 편');
  }
});

test('in Korean every finding is said in Korean', async () => {
  const { body } = await ask(`${path}/check.json`, {}, 'editor', 'ko');
  expect(body.panel).toContain('오류 2개');
  expect(body.panel).toContain('제목이 (광고)로 시작하지 않아요');
  for (const finding of body.report.findings) expect(problemWords(finding, 'ko').message).toMatch(/[가-힣]/);
  expect(body.panel).not.toMatch(/The link|The issue|Errors? stop/);
});

test('DNS is asked beside the panel: the first look does not wait, a later one knows', async () => {
  const fresh = { id: publicationId, publication: publicationOf({ from: { name: 'x', address: 'a@slow.invalid' } }) };
  expect((await checkText(services, fresh, '글')).domain).toEqual({
    state: 'asked',
    name: 'slow.invalid',
    findings: [],
  });
  await expect
    .poll(async () => (await checkText(services, fresh, '글')).domain.state, { timeout: 30_000 })
    .toBe('known');
  const { domain, spam } = await checkText(services, fresh, '글');
  expect(domain.findings.find(each => each.code === 'key-none')!.state).toBe('fail');
  expect(spam.rules.map(({ rule }) => rule)).toContain('unsigned');
}, 40_000);

test('what DNS says is kept once and shown in the language of each page', async () => {
  const look = async (language: string) => {
    const part = /class="check-records">([\s\S]*?)<\/ul>/;
    const { body } = await ask(`${path}/check.json`, {}, 'editor', language);
    return part.exec(body.panel)?.[1] ?? '';
  };
  await expect.poll(() => look('ko'), { timeout: 30_000 }).toContain('키가 없어 메일에 서명하지 못해요');
  expect(await look('en')).toContain('none: mail leaves unsigned');
  expect(englishIn((await look('ko')).replace(/<code>[\s\S]*?<\/code>|<[^>]+>/g, ' '))).toBeUndefined();
}, 40_000);

test('only those who write may ask; a text too large is refused', async () => {
  for (const what of ['check.json', 'links.json', 'spam.json']) {
    expect((await ask(`${path}/${what}`, {}, 'viewer')).status).toBe(403);
    expect((await ask('/console/manuscripts/999/check.json', {})).body.code).toBe('MANUSCRIPT_UNKNOWN');
  }
  expect((await ask(`${path}/check.json`, { source: 'x'.repeat(1_100_001) })).status).toBe(400);
  expect((await ask(`${path}/check.json`, { source: 'x'.repeat(8_500_000) })).status).toBe(413);
  expect((await ask(`${path}/check.json`, { source: '가나다 '.repeat(100_000) })).status).toBe(200);
});

test('pasted HTML becomes Markdown; too much is refused with what to do', async () => {
  const pasted = await ask('/console/manuscripts/paste', {
    html: '<b style="font-weight:normal"><h2>제목</h2><p>글</p></b>',
  });
  expect(pasted.body).toEqual({ markdown: '## 제목\n\n글' });
  const large = await ask('/console/manuscripts/paste', { html: '<p>'.repeat(400_000) }, 'editor', 'ko');
  expect(large.status).toBe(422);
  expect(large.body.help).toContain('Ctrl+Shift+V');
  expect((await ask('/console/manuscripts/paste', { html: '<p>x</p>' }, 'viewer')).status).toBe(403);
});

test('links are asked once, redirects followed, and nothing behind our walls is reached', async () => {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const to: Record<string, [number, string?]> = {
      '/good': [200],
      '/gone': [404],
      '/no-head': [request.method === 'HEAD' ? 405 : 200],
      '/moved': [302, '/good'],
      '/inward': [302, 'http://169.254.169.254/latest/meta-data/'],
      '/loop': [302, '/loop'],
      '/closed': [403],
    };
    const [status, location] = to[request.url ?? ''] ?? [500];
    response.writeHead(status, location ? { location } : {}).end('x');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const urls = ['good', 'gone', 'no-head', 'moved', 'inward', 'loop', 'closed'].map(name => `${base}/${name}`);
    const states = async (reach: 'loopback' | 'public') => (await reachLinks(urls, reach)).map(({ state }) => state);
    expect(await states('loopback')).toEqual([
      'reached',
      'broken',
      'reached',
      'reached',
      'private',
      'broken',
      'unsure',
    ]);
    const before = asked.length;
    expect(await states('loopback')).toEqual([
      'reached',
      'broken',
      'reached',
      'reached',
      'private',
      'broken',
      'unsure',
    ]);
    expect(asked.length).toBe(before);
    expect(asked.filter(line => line === 'GET /no-head')).toHaveLength(1);
    const inner = [
      `${base}/public`,
      'http://[::1]/x',
      'http://10.0.0.1/',
      'https://user:pw@kernel.org/',
      'ftp://a.kr/',
      'http://localhost:1/a',
    ];
    expect((await reachLinks(inner, 'public')).map(({ state }) => state)).toEqual(Array(6).fill('private'));
    expect(asked.some(line => line.includes('/public'))).toBe(false);
  } finally {
    server.close();
  }
});

test('SpamAssassin’s report is read; what is none is nothing', () => {
  const report = `X-Spam-Status: No, score=0.5 required=5.0 tests=SUBJ_ALL_CAPS\n\tautolearn=no\n\nContent analysis details:   (0.5 points, 5.0 required)\n\n pts rule name              description\n---- ---------------------- ------------\n-0.0 NO_RELAYS              not relayed\n 0.5 SUBJ_ALL_CAPS          Subject is all capitals\n\n`;
  expect(parseScore(report)).toEqual({
    score: 0.5,
    rules: [{ points: 0.5, name: 'SUBJ_ALL_CAPS', about: 'Subject is all capitals' }],
  });
  expect(parseScore('')).toBeUndefined();
});
