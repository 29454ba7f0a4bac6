import { describe, expect, test } from 'vitest';
import { type Edition, editionSchema } from '../../src/model/edition.ts';
import { render } from '../../src/render/render.ts';
import { usualBytes } from '../../src/render/slots.ts';
import {
  closing,
  fill,
  greeting,
  htmlOf,
  issue,
  link,
  linksOf,
  paragraph,
  promo,
  prose,
  publication,
  strong,
  summary,
  text,
  textOf,
  wordsOf,
} from './builders.ts';

const ko = publication();
const full = issue([
  greeting(paragraph('안녕하세요.')),
  summary(1),
  summary(2),
  promo(),
  prose('소식', paragraph('글')),
  closing(),
]);

describe('document', () => {
  test('declares language, charset and title, and imports nothing', async () => {
    const html = htmlOf(await render(full, { publication: ko }));
    expect(html).toMatch(/^<!doctype html><html lang="ko" dir="ltr"/);
    expect(html).toContain('<title>이번 주 논문</title>');
    expect(html).toContain('charset=UTF-8');
    expect(html).toContain('name="color-scheme" content="light dark"');
    expect(html).not.toMatch(/googleapis|@import|<link|Ubuntu|und"|undefined|\[object/);
    expect(html.endsWith('</body></html>')).toBe(true);
    expect(html.match(/<!--\[if/g)!.length).toBe(html.match(/<!\[endif\]/g)!.length);
  });

  test('every layout table is presentational; images have alt', async () => {
    const html = htmlOf(
      await render(full, {
        publication: publication({ brand: { logo: { url: 'https://example.org/l.png', width: 120, height: 40 } } }),
      }),
    );
    for (const table of html.match(/<table[^>]*>/g)!) expect(table).toContain('role="presentation"');
    expect(html).toContain('<img src="https://example.org/l.png" alt="LLM Watch 한국어판" width="120" height="40"');
  });

  test('is the same bytes each time', async () => {
    expect(await render(full, { publication: ko })).toEqual(await render(full, { publication: ko }));
  });

  test('fits the model', async () => {
    const edition = await render(full, { publication: ko });
    expect(editionSchema.parse(JSON.parse(JSON.stringify(edition)))).toEqual(edition);
  });

  test('marks the frame when it speaks another language than the issue', async () => {
    const html = htmlOf(await render({ ...full, lang: 'en' }, { publication: ko }));
    expect(html).toMatch(/<html lang="en"/);
    expect(html.match(/<td[^>]* lang="ko"/g)).toHaveLength(2);
  });
});

describe('headings', () => {
  const levels = (html: string) => [...html.matchAll(/<h(\d)/g)].map(match => Number(match[1]));
  const inOrder = (found: number[]) => found.every((level, index) => level <= (found[index - 1] ?? 0) + 1);

  test('one h1, none skipped', async () => {
    const found = levels(htmlOf(await render(full, { publication: ko })));
    expect(found.filter(level => level === 1)).toHaveLength(1);
    expect(inOrder(found)).toBe(true);
  });

  test('headings in bodies go on from where they stand', async () => {
    const heading = (level: 3 | 4) => ({ type: 'heading' as const, level, children: [text('제목')] });
    const html = htmlOf(
      await render(
        issue([greeting(heading(4), heading(3)), prose('', heading(4)), summary(1, { lead: [heading(4)] })]),
        { publication: ko },
      ),
    );
    expect(inOrder(levels(html))).toBe(true);
  });
});

describe('jump links', () => {
  test('each summary is reached from the contents, each target stands once and before what it names', async () => {
    const html = htmlOf(await render(full, { publication: ko }));
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(match => match[1]!);
    expect(targets).toEqual(['paper-1', 'paper-2']);
    for (const target of targets) {
      expect(html.split(`<a id="${target}" name="${target}"></a>`)).toHaveLength(2);
      expect(html.indexOf(`name="${target}"`)).toBeLessThan(html.indexOf(`논문 제목 ${target.at(-1)}</h2>`));
    }
  });

  test('a jump to nowhere stays text; anchors in bodies work; doubled ids stand once', async () => {
    const jump = (target: string) => ({ type: 'jump' as const, target, children: [text(`to ${target}`)] });
    const edition = await render(
      issue([
        greeting(paragraph(jump('nowhere'), jump('note 1'), jump('a'))),
        prose('a', paragraph({ type: 'anchor', id: 'note 1' }, { type: 'anchor', id: 'a' })),
        prose('b', paragraph({ type: 'anchor', id: 'a' })),
      ]),
      { publication: ko },
    );
    const html = htmlOf(edition);
    expect(html).not.toContain('href="#nowhere"');
    expect(wordsOf(html)).toContain('to nowhere');
    expect(html).toContain('href="#note_201"');
    expect(html.match(/id="note_201"/g)).toHaveLength(1);
    expect(html.match(/id="a"/g)).toHaveLength(1);
    expect(linksOf(edition.html).filter(target => target.to === 'click')).toEqual([]);
  });

  test('the contents keep the summaries’ own numbers', async () => {
    const html = htmlOf(await render(issue([summary(4), summary(5), summary(9)]), { publication: ko }));
    expect(html.match(/<li value="\d+"/g)).toEqual(['<li value="4"', '<li value="9"']);
  });

  test('one summary needs no contents', async () => {
    expect(wordsOf(htmlOf(await render(issue([summary(1)]), { publication: ko })))).not.toContain('차례');
  });
});

describe('slots', () => {
  const field = { type: 'field' as const, name: 'name', fallback: '독자' };

  test('fields stand in bodies, subject and preheader; unknown braces stay text', async () => {
    const source = issue([greeting(paragraph(field, '님, ', { type: 'field', name: 'team', fallback: '' }))], {
      subject: '{{name|독자}}님께 {{ team }} {{nope|x}}',
      preheader: '{{name|독자}}님을 위한 소식',
    });
    const edition = await render(source, { publication: ko });
    expect(edition.subject).toEqual([
      { kind: 'field', name: 'name', fallback: '독자' },
      '님께 ',
      { kind: 'field', name: 'team', fallback: '여러분' },
      ' {{nope|x}}',
    ]);
    const fields = (parts: Edition['html']) =>
      parts.filter(part => typeof part !== 'string' && part.kind === 'field').length;
    expect(fields(edition.html)).toBe(3);
    expect(fields(edition.text)).toBe(2);
    expect(textOf(edition)).toContain('독자님, 여러분');
  });

  test('conditional blocks nest, in HTML and text', async () => {
    const vip = { field: 'team', op: 'equals', value: 'vip' } as const;
    const source = issue([
      greeting(paragraph('모두'), {
        type: 'when',
        condition: { field: 'name', op: 'present' },
        children: [paragraph(field, '님'), { type: 'when', condition: vip, children: [paragraph('귀빈')] }],
      }),
    ]);
    const edition = await render(source, { publication: ko });
    for (const parts of [edition.html, edition.text]) {
      const outer = parts.find(
        part => typeof part !== 'string' && part.kind === 'when' && part.condition.field === 'name',
      );
      expect(outer).toMatchObject({ kind: 'when', condition: { field: 'name', op: 'present' } });
      const inner = (outer as { parts: Edition['html'] }).parts.find(
        part => typeof part !== 'string' && part.kind === 'when',
      );
      expect(inner).toMatchObject({ condition: vip });
      expect(fill(parts, true)).toMatch(/독자님[\s\S]*귀빈/);
      expect(fill(parts, false)).not.toMatch(/님[^께]*귀빈/);
    }
    expect(fill(edition.text, false)).toContain('모두\n\n---');
  });

  test('reader links: web, unsubscribe, preferences, likes, shares, subscribe', async () => {
    const edition = await render(full, { publication: publication({ tracking: { clicks: false } }) });
    const targets = linksOf(edition.html);
    for (const to of ['web', 'unsubscribe', 'preferences', 'subscribe'] as const)
      expect(targets).toContainEqual({ to });
    for (const n of [0, 1, 2]) {
      expect(targets.filter(target => target.to === 'like' && target.summary === n)).toHaveLength(1);
      expect(targets.filter(target => target.to === 'share' && target.summary === n)).toHaveLength(1);
    }
    const inText = linksOf(edition.text);
    for (const to of ['web', 'unsubscribe', 'preferences', 'subscribe'] as const) expect(inText).toContainEqual({ to });
    expect(edition.summaries).toEqual([
      { number: 1, id: 'paper-1', title: '논문 제목 1' },
      { number: 2, id: 'paper-2', title: '논문 제목 2' },
    ]);
  });

  test('unsubscribe and sender stand at the top too', async () => {
    const html = htmlOf(await render(full, { publication: ko }));
    const top = html.slice(0, html.indexOf('<h1'));
    expect(top).toContain('수신거부');
    expect(wordsOf(`<head></head>${top}`)).toContain('편집부 (주)');
  });
});

describe('click tracking', () => {
  const twice = [
    promo({ url: 'https://conf.example.org/?a=1&b=2', code: 'AB12' }),
    summary(1, {
      lead: [
        paragraph(
          link('https://arxiv.org/abs/1', '원문'),
          link('mailto:a@example.org', '메일'),
          link('javascript:alert(1)', '나쁜 링크'),
        ),
      ],
    }),
    summary(2, { links: [{ label: '논문', url: 'https://arxiv.org/abs/1', kind: 'paper' }] }),
  ];

  test('the same URL in the same section is one ref; code box and button share theirs', async () => {
    const edition = await render(issue(twice), { publication: ko });
    expect(edition.links).toEqual([
      { ref: 1, url: 'https://conf.example.org/?a=1&b=2', section: 'promo', label: '자세히 보기' },
      { ref: 2, url: 'https://arxiv.org/abs/1', section: 'paper-1', label: '논문' },
      { ref: 3, url: 'https://arxiv.org/abs/1', section: 'paper-2', label: '논문' },
    ]);
    const refs = linksOf(edition.html).flatMap(target => (target.to === 'click' ? [target.ref] : []));
    expect(refs).toEqual([1, 1, 2, 2, 3]);
    const html = htmlOf(edition);
    expect(html).not.toContain('arxiv.org');
    expect(html).toContain('href="mailto:a@example.org"');
    expect(html).not.toContain('javascript:');
    expect(wordsOf(html)).toContain('나쁜 링크');
    expect(textOf(edition)).toContain('→ 원문: https://arxiv.org/abs/1');
  });

  test('without tracking links are plain and escaped', async () => {
    const edition = await render(issue(twice), { publication: publication({ tracking: { clicks: false } }) });
    expect(edition.links).toEqual([]);
    expect(htmlOf(edition)).toContain('href="https://conf.example.org/?a=1&amp;b=2"');
  });

  test('where there are no comments, one is an answer by mail', async () => {
    const html = htmlOf(
      await render(issue([closing()], { title: '제목 & "인용"' }), {
        publication: publication({ replyTo: "o'neil+x@example.org", comments: 'off' }),
      }),
    );
    const href = /href="(mailto:[^"]*subject[^"]*)"/.exec(html)![1]!;
    expect(href).toMatch(/^mailto:o%27neil%2Bx@example\.org\?subject=Re%3A%20/);
    expect(decodeURIComponent(href.split('subject=')[1]!)).toBe('Re: 제목 & "인용"');
  });
});

describe('frame', () => {
  test('date and number in the publication’s words and zone', async () => {
    const at = async (given: object, sendDate?: string) =>
      textOf(await render(issue([], given), { publication: ko, ...(sendDate ? { sendDate } : {}) })).split('\n')[0];
    expect(await at({ number: '12', date: '2026-03-04' })).toBe(
      'LLM Watch 한국어판 · LLM Watch, 편집부 (주) · 제12호 · 2026년 3월 4일 (수)',
    );
    expect(await at({}, '2026-03-04T20:00:00Z')).toContain('2026년 3월 5일 (목)');
    expect(await at({})).toBe('LLM Watch 한국어판 · LLM Watch, 편집부 (주)');
  });

  test('Korean law: the promo is marked, the footer tells how to refuse in two languages', async () => {
    const kr = await render(issue([promo({ code: 'AB-12', expires: '2026-03-31' })]), {
      publication: publication({ law: ['kr'] }),
    });
    for (const words of [wordsOf(htmlOf(kr)), textOf(kr)]) {
      expect(words).toMatch(/광고/);
      expect(words).toContain('If you no longer want to receive these e-mails, click Unsubscribe here.');
      expect(words).toContain('2026년 3월 31일까지 쓸 수 있어요');
      for (const part of [
        'LLM Watch, 편집부 (주)',
        '서울특별시 중구 세종대로 110',
        '02-000-0000',
        'news@example.org',
        '수신거부',
        'AB-12',
      ])
        expect(words).toContain(part);
    }
    expect(wordsOf(htmlOf(await render(issue([promo()]), { publication: ko })))).not.toContain('광고');
  });

  test('an issue without a closing still offers the four taps', async () => {
    const targets = linksOf((await render(issue([]), { publication: ko })).html).map(target => target.to);
    expect(targets).toEqual(expect.arrayContaining(['like', 'share', 'comment', 'subscribe']));
  });
});

describe('byte budget', () => {
  test('a row per section after the frame, and their sum is the whole', async () => {
    const source = issue([greeting(paragraph('가'.repeat(1000), strong('굵게'))), ...full.sections.slice(1)]);
    const edition = await render(source, { publication: ko });
    expect(edition.sections.map(row => row.type)).toEqual(['frame', ...source.sections.map(section => section.type)]);
    expect(edition.sections[2]).toMatchObject({ title: '논문 제목 1' });
    expect(edition.sections.reduce((sum, row) => sum + row.bytes, 0)).toBe(usualBytes(edition.html));
    expect(edition.sections[1]!.bytes).toBeGreaterThan(3000);
    expect(edition.sections.every(row => row.bytes > 0)).toBe(true);
  });
});

describe('words in tables', () => {
  const tableOf = (word: string) => ({
    type: 'table' as const,
    align: [null, null],
    head: [[text('논문')], [text('아낀 것')]],
    rows: [[[text(word)], [text('메모리 이동')]]],
  });
  test.each([
    ['FlashAttention', true],
    ['a-name-that-is-far-too-long-for-a-phone', false],
  ])('%s stays in one piece where it fits: %s', async (word, isWhole) => {
    const edition = await render(issue([prose('', tableOf(word))]), { publication: publication() });
    const cell = new RegExp(`<td[^>]*>${word}`).exec(htmlOf(edition))![0];
    expect(cell.includes('overflow-wrap:normal')).toBe(isWhole);
  });
});

test('a title that brings its own number gets no second one', async () => {
  const titles = ['1. Routing made simple', '논문 #2: 작은 모델', 'Three ways'];
  const edition = await render(issue(titles.map((title, i) => summary(i + 1, { title }))), {
    publication: publication(),
  });
  const plain = textOf(edition);
  expect(plain).toContain('\n1. Routing made simple\n');
  expect(plain).toContain('\n논문 #2: 작은 모델\n');
  expect(plain).toContain('\n3. Three ways\n');
  const numbers = [...htmlOf(edition).matchAll(/<p class="a"[^>]*>(\d+)<\/p>/g)].map(m => m[1]);
  expect(numbers).toEqual(['3']);
  expect(htmlOf(edition).match(/list-style:none/g)).toHaveLength(2);
});

test('ways to leave and to change stand in the mail', async () => {
  const html = wordsOf(htmlOf(await render(full, { publication: ko })));
  for (const word of ['수신거부', '웹에서 보기', '구독 설정', '신청하신 분께', ko.postalAddress])
    expect(html).toContain(word);
});
