import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ArchiveStage, linksOf, openArchive, sampleSource } from './support.ts';

let stage: ArchiveStage;
const later = `---
title: 둘째 호
number: 2
---

{{name|독자}}님, 반가워요.

:::when{has=name}
이름이 있는 분께만.
:::

:::when{lacks=name}
이름을 모르는 분께만.
:::

**용어집**

**자기 어텐션(Self-Attention, SA):** 두 번째 풀이예요.

**그래픽 처리 장치(Graphics Processing Unit, GPU):** 행렬을 셈하는 장치예요.

---

**어떤 논문**

관련 연구: Work ( [논문](https://example.org/x) )

**문제**
자기 어텐션과 LoRA를 GPU에서 돌려요. 고대역폭 메모리가 좁아요.

---

**다른 논문**

관련 연구: Other ( [논문](https://example.org/y) )

**문제**
위 논문 #1을 이어요. 자기 어텐션이 다시 나와요.
`;

beforeAll(async () => {
  stage = await openArchive();
  await stage.publish(sampleSource, 'issue-1', '2026-03-04T00:00:00Z');
  await stage.publish(later, 'issue-2', '2026-03-11T00:00:00Z');
});
afterAll(() => stage.services.close());

test('an issue: one h1, headings in order, every anchor, neutral text, plain destinations', async () => {
  const { status, text, headers } = await stage.get('/p/weekly/issue-2');
  expect(status).toBe(200);
  expect(headers.get('x-robots-tag')).toBeNull();
  expect(text.match(/<h1/g)).toHaveLength(1);
  const levels = [...text.matchAll(/<h([1-6])/g)].map(match => Number(match[1]));
  for (const [at, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[at - 1] ?? 0) + 1);
  for (const id of ['greeting', 'glossary', 'term-1', 'term-2', 'paper-1', 'paper-2'])
    expect(text.match(new RegExp(`id="${id}"`, 'g')), id).toHaveLength(1);
  expect(text).toContain('독자님, 반가워요.');
  expect(text).toContain('이름을 모르는 분께만.');
  expect(text).not.toContain('이름이 있는 분께만.');
  expect(text).toContain('<a class="chip" href="https://example.org/x" rel="noopener">논문</a>');
  expect(text).not.toContain('/r/');
  expect(Buffer.byteLength(text)).toBeLessThan(150_000);
});

test('a term explains itself once a section: in this issue’s words, or in those of the newest earlier one', async () => {
  const { text } = await stage.get('/p/weekly/issue-2');
  const tips = [
    ...text.matchAll(
      /popovertarget="(tip-\d+)"[^>]*>([^<]*)<\/button><span popover="auto" id="\1"[^>]*>(.*?)<\/span><\/span>/gs,
    ),
  ];
  expect(tips.map(tip => tip[2])).toEqual(['자기 어텐션', 'LoRA', 'GPU', '고대역폭 메모리', '자기 어텐션']);
  expect(tips[0]![3]).toContain('두 번째 풀이예요.');
  expect(tips[0]![3]).not.toContain('지난 호의 풀이');
  expect(tips[1]![3]).toContain('지난 호의 풀이예요.');
  expect(tips[1]![3]).toContain('href="/p/weekly/glossary/%EC%A0%80%EB%9E%AD%ED%81%AC-%EC%A0%81%EC%9D%91"');
  // What a later issue explains is not known to an earlier one.
  const first = (await stage.get('/p/weekly/issue-1')).text;
  expect(first).not.toContain('두 번째 풀이예요.');
  expect(first).not.toContain('행렬을 셈하는 장치');
});

test('what a shared link shows, and who may have it said once', async () => {
  const { text } = await stage.get('/p/weekly/issue-1?lang=en');
  const url = 'https://news.example.org/p/weekly/issue-1';
  expect(text).toContain(`<link rel="canonical" href="${url}"/>`);
  expect(text).toContain('<meta property="og:title" content="트랜스포머를 더 빠르고 더 가볍게 쓰는 법"/>');
  expect(text).toContain(`<meta property="og:image" content="${url}/card.png"/>`);
  expect(text).toContain('type="application/atom+xml"');
  const data = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text)![1]!);
  expect(data).toMatchObject({ '@type': 'Article', datePublished: '2026-03-04T00:00:00.000Z', mainEntityOfPage: url });
});

test('a summary’s own page: its context, its neighbours, the terms it uses', async () => {
  const { status, text } = await stage.get('/p/weekly/issue-1/3');
  expect(status).toBe(200);
  expect(text).toContain('<h1>계산은 그대로, 오가는 길만 짧게: FlashAttention</h1>');
  expect(text).toContain('<link rel="canonical" href="https://news.example.org/p/weekly/issue-1/3"/>');
  expect(text).toContain('href="/p/weekly/issue-1/2" rel="prev"');
  expect(text).toContain('href="/p/weekly/issue-1/4" rel="next"');
  expect(text).toMatch(/이 글에 나온 용어.*고대역폭 메모리/s);
  for (const path of ['/p/weekly/issue-1/99', '/p/weekly/issue-1/0'])
    expect([path, (await stage.get(path)).headers.get('location')]).toEqual([path, '/p/weekly/issue-1']);
  expect((await stage.get('/p/weekly/issue-1/x')).status).toBe(404);
  expect((await stage.get('/p/weekly/none/1')).status).toBe(404);
});

test('every link of the archive answers, and every fragment has its place', async () => {
  const seen = new Map<string, string>();
  const waiting = ['/', '/sitemap.xml', '/robots.txt'];
  const missing: string[] = [];
  while (waiting.length > 0) {
    const path = waiting.pop()!;
    if (seen.has(path)) continue;
    const answer = await stage.get(path);
    const isPage = answer.headers.get('content-type')?.includes('html') ?? false;
    seen.set(path, isPage ? answer.text : '');
    if (answer.status !== 200) missing.push(`${path} → ${answer.status}`);
    const own = path.replace(/\?.*$/, '');
    const found =
      path === '/sitemap.xml'
        ? [...answer.text.matchAll(/<loc>https:\/\/news\.example\.org([^<]*)</g)].map(m => ({
            path: m[1]!,
            fragment: '',
          }))
        : isPage
          ? linksOf(answer.text)
          : [];
    for (const link of found) {
      const next = link.path.startsWith('?') ? own + link.path : link.path || path;
      if (!seen.has(next) && !/^\/(r|console)\//.test(next)) waiting.push(next);
    }
  }
  for (const [path, html] of seen)
    for (const { path: to, fragment } of linksOf(html)) {
      const target = seen.get(to || path);
      if (fragment && target && !target.includes(`id="${fragment}"`)) missing.push(`${path} → ${to}#${fragment}`);
    }
  expect(missing).toEqual([]);
  expect(seen.size).toBeGreaterThan(40);
}, 60_000);

test('who has a page already is told so in a few bytes', async () => {
  for (const path of [
    '/p/weekly/issue-1',
    '/p/weekly/issue-1/1',
    '/p/weekly/feed.xml',
    '/p/weekly/feed.json',
    '/sitemap.xml',
    '/p/weekly/glossary',
    '/p/weekly/issue-1/card.png',
  ]) {
    const first = await stage.get(path);
    const etag = first.headers.get('etag')!;
    expect([path, first.headers.get('cache-control')]).toEqual([path, expect.stringMatching(/^public, max-age=\d+$/)]);
    const again = await stage.get(path, { 'if-none-match': `W/${etag}` });
    expect([path, again.status, again.text]).toEqual([path, 304, '']);
    expect((await stage.get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  }
  const since = (await stage.get('/p/weekly/feed.xml')).headers.get('last-modified')!;
  expect((await stage.get('/p/weekly/feed.xml', { 'if-modified-since': since })).status).toBe(304);
  expect((await stage.get('/p/weekly/feed.xml', { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status).toBe(
    200,
  );
});

test('feeds say the same as the archive', async () => {
  const atom = (await stage.get('/p/weekly/feed.xml')).text;
  expect([...atom.matchAll(/<id>([^<]*)<\/id>/g)].map(match => match[1])).toEqual([
    'https://news.example.org/p/weekly',
    'https://news.example.org/p/weekly/issue-2',
    'https://news.example.org/p/weekly/issue-1',
  ]);
  const { version, items, authors, language } = JSON.parse((await stage.get('/p/weekly/feed.json')).text);
  expect([version, language, authors[0].name]).toEqual(['https://jsonfeed.org/version/1.1', 'ko', '주간 시험']);
  expect(items.map((item: { title: string }) => item.title)).toEqual([
    '둘째 호',
    '트랜스포머를 더 빠르고 더 가볍게 쓰는 법',
  ]);
  expect(items[0].content_html).toContain('<a href="https://news.example.org/p/weekly/issue-2/1">어떤 논문</a>');
  expect(items[0].date_published).toBe('2026-03-11T00:00:00.000Z');
});

test('the glossary has each term once, with every explanation, the newest first', async () => {
  const { text } = await stage.get('/p/weekly/glossary');
  expect([...text.matchAll(/<h2 id="[^"]*">([^<]*)</g)].map(match => match[1])).toEqual(['ㄱ', 'ㅅ', 'ㅈ']);
  expect(text.match(/>자기 어텐션<\/a>/g)).toHaveLength(1);
  const term = await stage.get(`/p/weekly/glossary/${encodeURIComponent('자기-어텐션')}`);
  expect(term.text.indexOf('두 번째 풀이예요.')).toBeLessThan(term.text.indexOf('한 문장 안의 모든 토큰이'));
  expect(term.text).toContain('href="/p/weekly/issue-1#term-1"');
  const byName = await stage.get('/p/weekly/glossary/GPU');
  expect([byName.status, byName.headers.get('location')]).toEqual([
    302,
    `/p/weekly/glossary/${encodeURIComponent('그래픽-처리-장치')}`,
  ]);
  expect((await stage.get('/p/weekly/glossary/none')).status).toBe(404);
  expect((await stage.get('/p/weekly/glossary?q=lora')).text).toContain('저랭크 적응');
  expect((await stage.get('/p/weekly/glossary?q=%F0%9F%8D%8E')).status).toBe(200);
});

test('search finds what is said with other particles and spacing, and leads to the summary', async () => {
  const search = async (q: string, more = '') =>
    (await stage.get(`/p/weekly/search?q=${encodeURIComponent(q)}${more}`)).text;
  const titles = (html: string) =>
    [...html.matchAll(/<h3 class="title"[^>]*><a href="([^"]*)"/g)].map(match => match[1]);
  expect(titles(await search('순환신경망을'))).toContain('/p/weekly/issue-1/1');
  expect(titles(await search('GPU에서'))[0]).toBe('/p/weekly/issue-2/1');
  expect(titles(await search('flashattention'))[0]).toBe('/p/weekly/issue-1/3');
  expect(await search('행렬을')).toContain('<mark>행렬</mark>');
  expect(await search('없는낱말이에요')).toContain('맞는 글이 없어요');
  for (const q of [
    "'; drop table issues",
    '\\',
    '%',
    '<script>alert(1)</script>',
    'a'.repeat(5000),
    '\u0000',
    "x' | 'y",
    '🍎',
  ])
    expect((await stage.get(`/p/weekly/search?q=${encodeURIComponent(q)}`)).status, q.slice(0, 20)).toBeLessThan(500);
  expect(await search('<script>alert(1)</script>')).not.toContain('<script>alert');
  expect((await stage.get('/p/weekly/search?q=a&after=x')).status).toBe(200);
});

test('results come in pages by key, each once', async () => {
  const body = (n: number) =>
    `---\ntitle: 긴 호\n---\n\n안녕.\n\n${Array.from({ length: 25 }, (_, i) => `**쪽매김 제목 ${n}-${i}**\n\n관련 연구: W ( [논문](https://example.org/${i}) )\n\n**문제**\n쪽매김을 시험해요.\n\n---\n`).join('\n')}`;
  await stage.publish(body(1), 'long', '2026-01-01T00:00:00Z');
  const seen: string[] = [];
  let path: string | undefined = `/p/weekly/search?q=${encodeURIComponent('쪽매김')}`;
  for (let page = 0; path && page < 10; page++) {
    const html: string = (await stage.get(path)).text;
    seen.push(...[...html.matchAll(/<h3 class="title"[^>]*><a href="([^"]*)"/g)].map(match => match[1]!));
    const next = /href="(\?[^"]*after=[^"]*)"/.exec(html)?.[1];
    path = next && `/p/weekly/search${next.replaceAll('&amp;', '&')}`;
  }
  expect(seen).toHaveLength(25);
  expect(new Set(seen).size).toBe(25);
});

test('a cancelled issue has no page and no picture, and the search does not give it', async () => {
  const { sql } = stage.services;
  await stage.publish(
    '---\ntitle: 지울 호\n---\n\n지울말이에요.\n\n**용어집**\n\n**지울 용어(Gone, GN):** 지울 풀이.\n',
    'gone',
    '2026-02-01T00:00:00Z',
  );
  expect((await stage.get(`/p/weekly/search?q=${encodeURIComponent('지울말')}`)).text).toContain('/p/weekly/gone');
  await sql`update issues set state = 'cancelled' where slug = 'gone'`;
  expect((await stage.get('/p/weekly/gone')).status).toBe(404);
  expect((await stage.get('/p/weekly/gone/card.png')).status).toBe(404);
  expect((await stage.get(`/p/weekly/search?q=${encodeURIComponent('지울말')}`)).text).not.toContain('/p/weekly/gone');
});

test('robots are told where to go and where not', async () => {
  const { text } = await stage.get('/robots.txt');
  expect(text).toContain('Disallow: /r/');
  expect(text).toContain('Sitemap: https://news.example.org/sitemap.xml');
});

test('addresses of our own pages are no issue’s', async () => {
  await stage.publish('---\ntitle: 검색 이야기\n---\n\n글.\n', 'search', '2026-02-02T00:00:00Z');
  expect((await stage.get('/p/weekly/search-2')).status).toBe(200);
});
