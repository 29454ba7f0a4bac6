import { describe, expect, it } from 'vitest';
import { webHtml } from '../../src/personalise/web.ts';
import { click, edition, imprint, like, link, name, share } from './samples.ts';

const when = (op: 'present' | 'absent' | 'equals', text: string) => ({
  kind: 'when' as const,
  condition: { field: 'city', op, value: '' },
  parts: [text],
});

describe('the public copy', () => {
  it('knows no reader', () => {
    const html = [
      name,
      ' ',
      click(1),
      ' ',
      like(1),
      ' ',
      share(1),
      ' ',
      link('unsubscribe'),
      ' ',
      link('preferences'),
      ' ',
      link('subscribe'),
      ' ',
      link('web'),
    ];
    const page = 'https://news.example.org/p/llm-watch';
    expect(webHtml(edition({ html }), imprint()).split(' ')).toEqual([
      '독자',
      'https://arxiv.org/abs/2406.12345?a=1&amp;b=2',
      `${page}/2024-06-29/like?summary=1`,
      `${page}/2024-06-29/share?summary=1`,
      page,
      page,
      page,
      `${page}/2024-06-29`,
    ]);
  });

  it('leads to the thread, and of the whole issue too to the pages that anyone may use', () => {
    const page = 'https://news.example.org/p/llm-watch/2024-06-29';
    expect(webHtml(edition({ html: [link('comment'), ' ', share(0), ' ', like(0)] }), imprint()).split(' ')).toEqual([
      `${page}/comments`,
      `${page}/share`,
      `${page}/like`,
    ]);
  });

  it('shows the blocks for those of whom nothing is known', () => {
    expect(
      webHtml(
        edition({
          html: [
            when('present', 'P'),
            when('absent', 'A'),
            when('equals', 'E'),
            { kind: 'field', name: 'x', fallback: '<&>' },
          ],
        }),
        imprint(),
      ),
    ).toBe('A&lt;&amp;&gt;');
  });
});
