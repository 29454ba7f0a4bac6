/** What only a browser can tell: nothing is wider than a small phone, and axe finds nothing, by day and by night. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Issue } from '../../src/model/issue.ts';
import { render } from '../../src/render/render.ts';
import { axeSource, hasBrowser, launchBrowser } from '../support/browser.ts';
import { closing, greeting, htmlOf, issue, paragraph, promo, prose, publication, summary, text } from './builders.ts';

const long = `https://a-very-long-domain-name.example.org/${'path/'.repeat(30)}${'x'.repeat(200)}`;

const everything: Issue = issue(
  [
    greeting(paragraph('안녕하세요. ', { type: 'field', name: 'name', fallback: '독자' }, '님.')),
    {
      type: 'highlights',
      id: 'h',
      title: '주요 내용',
      items: [[text('하나')], [text(long)]],
      more: [text('더 있어요')],
      after: [],
    },
    promo({ url: 'https://example.org/', code: 'WELCOME-TO-THE-CONFERENCE-2026', expires: '2026-05-01' }),
    {
      type: 'glossary',
      id: 'g',
      title: '용어집',
      intro: [],
      terms: [
        {
          id: 't',
          term: '지속 가능한 AI',
          translation: 'Sustainable AI',
          abbreviation: 'SAI',
          definition: [paragraph('뜻이에요.')],
        },
      ],
    },
    summary(1, {
      title: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
      work: long,
      lead: [
        paragraph(
          { type: 'code', value: long },
          { type: 'link', url: long, children: [text(long)] },
          { type: 'image', url: 'https://example.org/i.png', alt: '그림', width: 1200, height: 600 },
        ),
        {
          type: 'table',
          align: [],
          head: ['하나', '둘', '셋', '넷', '다섯'].map(name => [text(name)]),
          rows: [[[text(long)], [text('b')], [text('c')], [text('d')], [text('e')]]],
        },
        { type: 'codeBlock', value: `${long}\n    ${long}` },
        {
          type: 'list',
          ordered: false,
          start: 1,
          items: [
            [
              paragraph('밖'),
              {
                type: 'list',
                ordered: true,
                start: 9,
                items: [[paragraph('안')], [{ type: 'quote', children: [paragraph('인용')] }]],
              },
            ],
          ],
        },
      ],
    }),
    summary(2),
    prose(
      '편집부에서',
      { type: 'heading', level: 3, children: [text('소제목')] },
      paragraph('글'),
      { type: 'rule' },
      paragraph('끝'),
    ),
    closing({ labels: { subscribe: '지금 바로 구독하기' } }),
  ],
  { number: '12', date: '2026-03-04', preheader: '미리 보는 글' },
);

describe.runIf(hasBrowser)('in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const accents = ['#0b5c55', '#ffd400'];
  test.each(accents.flatMap(accent => (['light', 'dark'] as const).map(scheme => [accent, scheme] as const)))(
    'accent %s, %s',
    async (accent, scheme) => {
      const edition = await render(everything, {
        publication: publication({ brand: { accent }, law: ['kr'], description: '매주 논문을 읽어요.' }),
      });
      const page = await browser.newPage({ viewport: { width: 320, height: 800 }, colorScheme: scheme });
      try {
        // The image is never fetched: its box is kept by its attributes.
        await page.route('**/*', route => route.abort());
        await page.setContent(htmlOf(edition));
        const widest = await page.$eval('html', html => html.scrollWidth);
        expect(widest).toBe(320);
        await page.addScriptTag({ content: axeSource });
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
        });
        expect(found).toEqual([]);
        const taps = await page.$$eval('td > a', links => links.map(link => link.getBoundingClientRect().height));
        expect(Math.min(...taps.slice(-4))).toBeGreaterThanOrEqual(44);
      } finally {
        await page.close();
      }
    },
  );
});
