import { describe, expect, test } from 'vitest';
import type { Block, Inline, Issue } from '../../src/model/issue.ts';
import { render } from '../../src/render/render.ts';
import { usualBytes } from '../../src/render/slots.ts';
import {
  closing,
  greeting,
  htmlOf,
  issue,
  paragraph,
  promo,
  prose,
  publication,
  squash,
  summary,
  text,
  textOf,
  wordsOf,
} from './builders.ts';

const hostile = [
  '<script>alert(1)</script>',
  '</mj-text></mj-raw></mj-column>',
  '<mj-include path="/etc/passwd"/>',
  '<![endif]--><!--[if mso]>',
  ']]><b>x</b>',
  '{{x}} {{{y}}} {{> frame/footer}} {{#each this}}',
  '{{name}} \\{{name}}',
  "$& $1 $` $' $$",
  '%% %s %00 [[x]] <%= x %>',
  '" \' ` = & &amp; &lt; &#65;',
  'مرحبا \u202eevil\u202c שלום',
  '👩‍👩‍👧‍👦 🇰🇷 ❤️',
  'bs0123456789abcdef0123456789abcdefs0z',
  '" onmouseover="alert(1)',
  '--> */ } body{display:none}',
];

/** The same hostile words everywhere an issue has words. */
function soaked(words: string): Issue {
  const inline: Inline[] = [
    text(words),
    { type: 'strong', children: [text(words)] },
    { type: 'code', value: words },
    { type: 'image', url: 'https://example.org/i.png', alt: words, title: words },
  ];
  const blocks: Block[] = [
    { type: 'paragraph', children: inline },
    { type: 'heading', level: 3, children: inline },
    { type: 'list', ordered: true, start: 3, items: [[paragraph(words)], [paragraph(words), paragraph(words)]] },
    { type: 'quote', children: [paragraph(words)] },
    { type: 'codeBlock', value: `${words}\n  ${words}` },
    { type: 'table', align: ['left', null], head: [[text(words)], []], rows: [[inline, inline]] },
    { type: 'rule' },
    { type: 'when', condition: { field: words, op: 'equals', value: words }, children: [paragraph(words)] },
    paragraph(
      { type: 'link', url: 'https://example.org/?q="><script>', title: words, children: [text(words)] },
      { type: 'field', name: words, fallback: words },
    ),
  ];
  return issue(
    [
      greeting(...blocks),
      { type: 'highlights', id: words, title: words, items: [inline, inline], more: inline, after: blocks },
      promo({
        id: words,
        heading: words,
        body: blocks,
        url: 'https://example.org/',
        action: words,
        code: words,
        expires: words,
      }),
      {
        type: 'glossary',
        id: 'g',
        title: words,
        intro: blocks,
        terms: [{ id: words, term: words, translation: words, abbreviation: words, definition: blocks }],
      },
      summary(1, {
        id: `${words}1`,
        title: words,
        work: words,
        workLabel: words,
        links: [{ label: words, url: 'https://example.org/', kind: 'other' }],
        lead: blocks,
        parts: [{ heading: words, body: blocks }],
      }),
      summary(2, { id: `${words}2`, title: words }),
      prose(words, ...blocks),
      closing({ body: blocks, labels: { like: words, subscribe: words } }),
    ],
    { title: words, subject: words, preheader: words, number: words, date: words },
  );
}

/** Elements that our own templates never write. */
const foreign = /<(script|mj-|iframe|b[ >]|include)|\son\w+=/i;

describe('hostile words', () => {
  test.each(hostile)('%s is shown as text', async words => {
    const edition = await render(soaked(words), {
      publication: publication({ name: 'A&B <i>', description: words.replace(/\p{Cc}/gu, '') }),
    });
    const html = htmlOf(edition);
    const tags = html.match(/<[^!][^>]*>/g)!.join('');
    expect(foreign.exec(tags.replace(/"[^"]*"/g, '""'))?.[0]).toBeUndefined();
    expect(squash(wordsOf(html)).split(squash(words)).length).toBeGreaterThan(30);
    expect(squash(textOf(edition)).split(squash(words)).length).toBeGreaterThan(25);
    expect(edition.sections.reduce((sum, row) => sum + row.bytes, 0)).toBe(usualBytes(edition.html));
    // Conditional comments still pair, and nothing of ours was swallowed.
    expect(html.match(/<!--\[if/g)!.length).toBe(html.match(/<!\[endif\]-->/g)!.length);
    expect(html.endsWith('</body></html>')).toBe(true);
  });

  test('controls, lone surrogates and newlines do no harm; words stay apart', async () => {
    const edition = await render(
      issue([greeting(paragraph('가\n나\u0000\u0008다\ud800라\u2028마'))], {
        title: '한\n줄',
        subject: 'a\r\nBcc: x@example.org',
      }),
      { publication: publication() },
    );
    expect(wordsOf(htmlOf(edition))).toContain('가 나다\ufffd라 마');
    expect(edition.subject).toEqual(['a Bcc: x@example.org']);
    expect(htmlOf(edition)).toContain('<title>한 줄</title>');
  });

  test('code keeps its lines and its indentation', async () => {
    const edition = await render(issue([prose('', { type: 'codeBlock', value: 'if a < b:\n\n    return "x  y"' })]), {
      publication: publication(),
    });
    expect(htmlOf(edition)).toMatch(/<pre[^>]*>if a &lt; b:<br><br> {4}return "x {2}y"<\/pre>/);
    expect(textOf(edition)).toContain('    if a < b:\n\n        return "x  y"');
  });

  test('random pieces glued together never break the document', async () => {
    const pieces = [
      ...hostile,
      '<',
      '>',
      '&',
      '"',
      '{{',
      '}}',
      '\n',
      ' ',
      '가',
      'mj-raw',
      '<!--',
      '-->',
      '</td>',
      '&#',
      '\ufeff',
      '\u200b',
    ];
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    for (let round = 0; round < 40; round++) {
      const words = Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]).join('');
      const edition = await render(
        issue([greeting(paragraph(`시작${words}끝`)), summary(1, { title: words }), closing()]),
        { publication: publication() },
      );
      const html = htmlOf(edition);
      expect(squash(wordsOf(html))).toContain(squash(`시작${words}끝`));
      expect(html.match(/<td/g)!.length).toBe(html.match(/<\/td>/g)!.length);
      expect(squash(textOf(edition))).toContain(squash(`시작${words}끝`));
    }
  });
});

describe('any shape', () => {
  test.each([0, 1, 300])('%i summaries', async count => {
    const edition = await render(issue(Array.from({ length: count }, (_, i) => summary(i + 1))), {
      publication: publication(),
    });
    expect(edition.summaries).toHaveLength(count);
    expect(htmlOf(edition).match(/id="paper-/g)?.length ?? 0).toBe(count);
  });

  test('empty everything', async () => {
    const edition = await render(
      issue(
        [
          greeting(),
          { type: 'highlights', id: 'h', title: '', items: [], after: [] },
          promo({ heading: '', body: [] }),
          { type: 'glossary', id: 'g', title: '', intro: [], terms: [] },
          summary(1, { title: '', work: '', workLabel: '', links: [], parts: [{ heading: '', body: [] }] }),
          prose(''),
          closing({ body: [], actions: [] }),
        ],
        { title: '', subject: '', preheader: '' },
      ),
      { publication: publication() },
    );
    expect(htmlOf(edition)).not.toMatch(/undefined|null|NaN/);
    expect(textOf(edition)).not.toMatch(/undefined|null|\n{4}/);
  });
});
