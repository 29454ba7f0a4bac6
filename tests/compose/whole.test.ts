import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { problemCatalogue } from '../../src/compose/problems.ts';
import { composed, lostWords } from './helpers.ts';

/** A small deterministic generator: the same documents on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('nothing is dropped', () => {
  let word = 0;
  const w = () => `낱${++word}x`;
  const sentence = () => `${w()} ${w()} **${w()}(${w()})**이며 ${w()}.`;
  const makers: (() => string)[] = [
    sentence,
    () => `${sentence()}\n${sentence()}`,
    () => `# ${w()} ${w()}`,
    () => `## ${w()} ${w()}`,
    () => `### ${w()}`,
    () => `#### ${w()}`,
    () => `**${w()} ${w()}**`,
    () => `**${w()}**\n${sentence()}`,
    () => `**${w()}(${w()}, ABC):** ${sentence()}`,
    () => `- ${w()}\n- ${sentence()}\n  - ${w()}`,
    () => `1. **${w()}**\n2. ${w()}`,
    () => `> ${sentence()}\n>\n> ${w()}`,
    () => `| ${w()} | ${w()} |\n| --- | --- |\n| ${w()} | ${w()} |`,
    () => '---',
    () => `\`\`\`\n${w()}\n\`\`\``,
    () => `관련 연구: ${w()} ( [논문](https://arxiv.org/abs/${w()}) / [코드](https://github.com/a/${w()}) )`,
    () => `Paper: [${w()} ${w()}](https://arxiv.org/abs/${w()})`,
    () => `- [논문](https://arxiv.org/abs/${w()})\n- [${w()}](https://a.example/${w()})`,
    () => `<div>${w()} <b>${w()}</b></div>`,
    () => `${w()} <span>${w()}</span> ${w()}`,
    () => `:::when{has=name}\n${sentence()}\n:::`,
    () => `:::${'note'}\n${w()}\n:::`,
    () => '**핵심 용어집**',
    () => '## 논문 요약 / Papers',
    () => '**특별 할인**',
    () => '## 이번 주 하이라이트',
    () => '## 마치며',
    () => '**어떤 문제를 해결하는가?**',
    () => '이 외에도 더 많은 내용이 있습니다!',
    () => `아래 용어집을 확인하거나 논문 섹션으로 이동하세요 ${w()}.`,
    () => `할인 코드 ${w()} 무료 초대 ${w()}.`,
    () => `좋아요를 누르고 공유해 주세요 ${w()}.\n구독하기`,
    () => '구독하기',
    () => '[구독하기](https://a.example/sub)',
    () => `${w()}: ${w()}`,
    () => `[${w()}](javascript:x) ![${w()}](http://a.example/x.png)`,
    () => `논문 #${1 + (word % 12)} ${w()}`,
  ];

  it.each(Array.from({ length: 150 }, (_, index) => index + 1))('in constructed document %i', seed => {
    const next = random(seed);
    const pieces = Array.from({ length: 5 + Math.floor(next() * 40) }, () =>
      makers[Math.floor(next() * makers.length)]!(),
    );
    const source = pieces.join('\n\n');
    const { issue } = composed(source);
    const words = source
      .replace(/\]\((?:javascript|http):[^)]*\)/g, '] ')
      .replace(/<\/?\w+>/g, ' ')
      .replace(/:::when\{has=name\}/g, ' ')
      .replace(/^\d\. /gm, '');
    expect(lostWords(words, issue)).toEqual([]);
  });
});

describe('hostile input', () => {
  const hostile: Record<string, string> = {
    'nested brackets': `${'['.repeat(10_000)}x${']('.repeat(10_000)}`,
    'nested quotes': `${'>'.repeat(10_000)}x`,
    'nested lists': `${'- '.repeat(10_000)}x`,
    'indented lists': Array.from({ length: 600 }, (_, index) => `${' '.repeat(2 * index)}- a`).join('\n'),
    'emphasis marks': '*a_ '.repeat(20_000),
    'heavy paragraphs': `${'*a_ '.repeat(39)}\n\n`.repeat(2000),
    'backticks of all lengths': Array.from({ length: 1000 }, (_, index) => '`'.repeat(index)).join('a'),
    'open tags': '<b>x'.repeat(50_000),
    containers: ':::when{has=name}\n'.repeat(5000),
    'one huge line': '가나다라 '.repeat(80_000),
    'many headings': '# a\n\n'.repeat(50_000),
    'many lines': 'a\n'.repeat(200_000),
    'many references': '논문 #1 '.repeat(50_000),
    braces: '{{'.repeat(200_000),
    parentheses: `**용어집**\n\n${'('.repeat(200_000)}`,
    'a YAML bomb': `---\na: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : 'a'},*${i ? `b${i - 1}` : 'a'}]`).join('\n')}\n---\nx`,
    'deep YAML': `---\n${'{a: '.repeat(3000)}\n---\n`,
  };
  it.each(Object.entries(hostile))(
    '%s: bounded, and never throws',
    (_, source) => {
      const start = performance.now();
      composed(source);
      // Generous: machines that test several files at once are slow. Unbounded input takes minutes.
      expect(performance.now() - start).toBeLessThan(20_000);
    },
    60_000,
  );
  it('loses NULs, lone surrogates and forged marks, not words', () => {
    const { issue, problems } = composed('가\0나 \ud800 다 \uFDD05\uFDD1 라 \uFDD57\uFDD6');
    expect(JSON.stringify(issue)).not.toMatch(/\\u0000|\\ud800|[\uFDD0-\uFDEF]/);
    expect(lostWords('가나 다 라', issue)).toEqual([]);
    expect(problems.some(problem => problem.code === 'control-character' && problem.line === 1)).toBe(true);
  });
  it('refuses 5 MB with a clear error', () => {
    const { problems } = composed('가나다 라마바\n\n'.repeat(250_000));
    expect(problems.find(problem => problem.code === 'source-too-large')).toMatchObject({ severity: 'error', line: 0 });
  });
  it('calls an empty file empty', () => {
    for (const source of ['', '\uFEFF', '---\n---\n', '\n\n']) {
      expect(composed(source).problems.some(problem => problem.code === 'no-content')).toBe(true);
    }
  });
});

describe('docs/issue-format.md', () => {
  const docs = readFileSync(fileURLToPath(new URL('../../docs/issue-format.md', import.meta.url)), 'utf8');
  it.each(Object.keys(problemCatalogue))('explains %s', code => {
    expect(docs).toContain(`\`${code}\``);
  });
  it('has an example that composes without a problem', () => {
    const example = /````markdown\n([\s\S]*?)````/.exec(docs)?.[1] ?? '';
    const { issue, problems } = composed(example);
    expect(problems).toEqual([]);
    expect(issue.sections.map(section => section.type)).toEqual([
      'greeting',
      'highlights',
      'promo',
      'glossary',
      'summary',
      'summary',
      'prose',
      'prose',
      'closing',
    ]);
  });
});
