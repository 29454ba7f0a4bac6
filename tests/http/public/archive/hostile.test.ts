/** What an editor's text must not be able to do: through every field that one can fill. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Archivist } from '../../../../src/archive/archive.ts';
import { putPublication } from '../../../../src/db/publications.ts';
import { cardSvg } from '../../../../src/http/public/archive/card.ts';
import { loadFont } from '../../../../src/http/public/archive/font.ts';
import { Sitemaps } from '../../../../src/http/public/archive/sitemap.ts';
import { openSite } from '../../../../src/http/public/reader.ts';
import { type Block, type Inline, type Issue, issueSchema } from '../../../../src/model/issue.ts';
import { publicationOf } from '../../../support/fixtures.ts';
import { type ArchiveStage, openArchive } from './support.ts';

const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>]]></script>{{name}}<!--`;
const text: Inline = { type: 'text', value: evil };
const link = (url: string): Inline => ({ type: 'link', url, title: evil, children: [text] });
const body: Block[] = [
  {
    type: 'paragraph',
    children: [
      text,
      { type: 'code', value: evil },
      link('javascript:alert(1)'),
      link('data:text/html,<script>alert(1)</script>'),
      link(`https://example.org/"onclick="alert(1)`),
      { type: 'image', url: `https://example.org/" onerror="alert(1)`, alt: evil, title: evil },
      { type: 'image', url: 'javascript:alert(1)', alt: evil },
      { type: 'jump', target: evil, children: [text] },
      { type: 'anchor', id: evil },
      { type: 'field', name: 'name', fallback: evil },
    ],
  },
  { type: 'heading', level: 3, children: [text] },
  { type: 'list', ordered: true, start: 1, items: [[{ type: 'paragraph', children: [text] }]] },
  { type: 'quote', children: [{ type: 'paragraph', children: [text] }] },
  { type: 'codeBlock', lang: evil, value: evil },
  { type: 'table', align: [null], head: [[text]], rows: [[[text]]] },
];
const issue: Issue = issueSchema.parse({
  title: evil,
  subject: evil,
  preheader: evil,
  lang: 'ko',
  number: evil,
  date: evil,
  sections: [
    { type: 'greeting', id: evil, body },
    { type: 'highlights', id: 'highlights', title: evil, items: [[text]], more: [text], after: body },
    {
      type: 'promo',
      id: 'promo',
      heading: evil,
      body,
      url: 'javascript:alert(1)',
      action: evil,
      code: evil,
      expires: evil,
    },
    {
      type: 'glossary',
      id: 'glossary',
      title: evil,
      intro: body,
      terms: [
        { id: `${evil}t`, term: evil, translation: evil, abbreviation: evil, definition: body },
        { id: 'page-main', term: 'alert', translation: '', abbreviation: '', definition: body },
      ],
    },
    {
      type: 'summary',
      id: 'paper-1',
      number: 1,
      title: evil,
      work: evil,
      workLabel: evil,
      links: [
        { label: evil, url: 'javascript:alert(1)', kind: 'paper' },
        { label: evil, url: `https://example.org/">${evil}`, kind: 'paper' },
      ],
      lead: body,
      parts: [{ heading: evil, body }],
    },
    { type: 'prose', id: 'page-main', title: evil, body },
    { type: 'closing', id: 'closing', body, actions: [], labels: { like: evil } },
  ],
});

let stage: ArchiveStage;
beforeAll(async () => {
  stage = await openArchive();
  const publication = {
    name: evil,
    description: evil,
    from: { name: evil, address: 'news@example.org' },
    postalAddress: evil,
  };
  await stage.publish(issue, `이"><b>`, '2026-03-04T00:00:00Z', publication);
});
afterAll(() => stage.services.close());

const slug = encodeURIComponent(`이"><b>`);

/** Elements and attributes that no page of ours has but by an editor's doing. */
function planted(html: string): string[] {
  const scripts = [...html.matchAll(/<script[^>]*>/gi)]
    .map(match => match[0])
    .filter(tag => tag !== '<script>' && tag !== '<script type="application/ld+json">');
  const ours = (html.match(/<script>/g) ?? []).length;
  const tags = html.replace(/<style>.*?<\/style>|<script[^>]*>.*?<\/script>/gs, '').match(/<[a-z][^>]*>/gi) ?? [];
  const bad = tags.filter(
    tag => /\son\w+\s*=/i.test(tag.replace(/"[^"]*"/g, '""')) || /(?:href|src)="(?:javascript|data:text)/i.test(tag),
  );
  return [...scripts, ...(ours > 1 ? ['<script>'] : []), ...bad, ...(html.match(/<img src=x/gi) ?? [])];
}

test.each([
  '/',
  '/p/weekly',
  `/p/weekly/${slug}`,
  `/p/weekly/${slug}/1`,
  '/p/weekly/search?q=alert',
  `/p/weekly/search?q=${encodeURIComponent(evil)}`,
  '/p/weekly/glossary',
  `/p/weekly/glossary?q=${encodeURIComponent(evil)}`,
  '/p/weekly/glossary/alert',
])('%s shows it as words', async path => {
  const { status, text: html } = await stage.get(path);
  expect(status).toBe(200);
  expect(planted(html)).toEqual([]);
  expect(html).toContain('&lt;script&gt;');
  // Ours stands once, whatever ids an editor writes.
  expect(html.match(/id="page-main"/g)?.length ?? 1).toBe(1);
  for (const data of html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs))
    expect(JSON.parse(data[1]!)['@type']).toBe('Article');
});

test('feeds stay well-formed, and their HTML carries no script', async () => {
  const atom = (await stage.get('/p/weekly/feed.xml')).text;
  const [, content] = /<content type="html"><!\[CDATA\[(.*?)\]\]><\/content>/s.exec(atom)!;
  expect(planted(content!)).toEqual([]);
  // Outside character data nothing of it stands.
  expect(atom.replace(/<!\[CDATA\[.*?\]\]>/gs, '')).not.toMatch(/<script|<img/);
  const json = JSON.parse((await stage.get('/p/weekly/feed.json')).text);
  expect(planted(json.items[0].content_html)).toEqual([]);
  expect((await stage.get('/sitemap.xml')).text).not.toContain('"><b>');
});

describe('share pictures', () => {
  const card = { publication: '이름', accent: '#8a2f1d', line: '제1호', title: '제목', below: '아래' };
  const isPng = (bytes: Buffer) =>
    bytes.readUInt32BE(0) === 0x89504e47 && [bytes.readUInt32BE(16), bytes.readUInt32BE(20)].join() === '1200,630';

  test('of hostile texts are pictures like any other', async () => {
    for (const path of ['/p/weekly/card.png', `/p/weekly/${slug}/card.png`, `/p/weekly/${slug}/1/card.png`]) {
      const answer = await stage.app.request(path);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, 'image/png']);
      expect(isPng(Buffer.from(await answer.arrayBuffer()))).toBe(true);
    }
    expect((await stage.app.request(`/p/weekly/${slug}/7/card.png`)).status).toBe(404);
    const svg = cardSvg({ ...card, title: evil, publication: evil, line: evil, below: evil });
    expect(svg).not.toMatch(/<(?!\/?(?:svg|rect|text)\b)/);
    expect(svg).not.toContain('href');
  });

  test.each([
    ['long Hangul', '가나다라마바사아자차카타파하'.repeat(30)],
    ['long words', '아주 긴 제목을 끝없이 이어 적은 '.repeat(30)],
    ['long Latin', 'Incomprehensibilities of W'.repeat(40)],
    ['emoji and joiners', '👩‍👩‍👧‍👦 제목 🇰🇷 ⚡️'],
    ['another script', 'العربية'],
    ['nothing', ''],
    ['controls', 'a\u0000\u202eb\ud800c'],
  ])('%s: no line is wider than its place', (_, title) => {
    const svg = cardSvg({ ...card, title, below: title, publication: title || '이름' });
    const lines = [
      ...svg.matchAll(
        /<text x="(\d+)" y="(\d+)" font-size="(\d+)"[^>]*?(font-weight="700")?( text-anchor="end")?>([^<]*)<\/text>/g,
      ),
    ];
    expect(lines.length).toBeGreaterThan(0);
    for (const [, x, y, size, isBold, isEnd, words] of lines) {
      const plain = words!.replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
      const width = loadFont(isBold ? 'bold' : 'regular').width(plain) * Number(size);
      expect(isEnd ? Number(x) : Number(x) + width, plain).toBeLessThanOrEqual(1200 - 88 + 1);
      expect(Number(y)).toBeLessThanOrEqual(600);
    }
  });

  test('more than can be drawn soon are told to come again', async () => {
    const one = async (n: number) => {
      const publication = publicationOf({ slug: `many-${n}`, name: `이름 ${n}` });
      await putPublication(stage.services.sql, publication);
      return n;
    };
    const all = await Promise.all(Array.from({ length: 40 }, (_, n) => one(n)));
    const answers = await Promise.all(all.map(n => stage.app.request(`/p/many-${n}/card.png`)));
    const refused = answers.filter(answer => answer.status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(answer => Number(answer.headers.get('retry-after')) > 0)).toBe(true);
    expect(answers.filter(answer => answer.status === 200).length).toBeGreaterThanOrEqual(12);
    // The same picture for many at once is drawn once.
    const same = await Promise.all(Array.from({ length: 40 }, () => stage.app.request('/p/many-0/card.png')));
    expect(new Set(same.map(answer => answer.status))).toEqual(new Set([200]));
  });
});

test('a sitemap of many pages is a list of parts', async () => {
  const sitemaps = new Sitemaps(openSite(stage.services), 1);
  const { Hono } = await import('hono');
  const app = new Hono().get('/sitemap.xml', c => sitemaps.first(c)).get('/sitemap/:part', c => sitemaps.part(c));
  const index = await (await app.request('/sitemap.xml')).text();
  expect([...index.matchAll(/<loc>([^<]*)</g)].map(match => match[1])).toEqual(
    [1, 2].map(n => `https://news.example.org/sitemap/${n}.xml`),
  );
  expect(await (await app.request('/sitemap/2.xml')).text()).toContain(`/${slug}/1</loc>`);
  expect((await app.request('/sitemap/3.xml')).status).toBe(404);
  expect((await app.request('/sitemap/999999.xml')).status).toBe(404);
});

test('an issue that cannot be read keeps no other out of the archive', async () => {
  const { sql } = stage.services;
  await stage.publish('---\ntitle: 뒤의 호\n---\n\n뒤의 글.\n', 'after', '2026-04-01T00:00:00Z');
  await sql`update revisions set issue = '{"sections": 3}' where issue_id = (select min(id) from issues)`;
  await sql`update issues set archived_revision_id = null`;
  const archivist = new Archivist(
    { ...stage.services, log: { error() {}, warn() {} } as never },
    '00000000-0000-4000-8000-000000000001',
  );
  expect(await archivist.work()).toBe(1);
  expect(await archivist.work()).toBe(0);
  const left = await sql<{ slug: string }[]>`select slug from issues where archived_revision_id is null`;
  expect(left.map(row => row.slug)).toEqual([`이"><b>`]);
});
