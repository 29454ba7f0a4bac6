import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { issueText } from '../../src/model/issue-text.ts';
import { codes, composed, lostWords, sections, shape } from './helpers.ts';

const seedFile = fileURLToPath(new URL('../../../shared/seed/llm-watch-issue.ko.md', import.meta.url));
const sampleFile = fileURLToPath(new URL('../../templates/sample/issue.ko.md', import.meta.url));

describe('the sample issue', () => {
  it('composes without any problem', () => {
    const { issue, problems } = composed(readFileSync(sampleFile, 'utf8'), { name: '브로드시트 데모' });
    expect(problems).toEqual([]);
    expect(shape(issue)).toBe(
      'greeting highlights promo glossary summary:4/2 summary:4/2 summary:4/2 summary:4/1 closing',
    );
    expect(sections(issue, 'promo')[0]).toMatchObject({
      code: 'DEMO20',
      expires: '2027-12-31',
      url: 'https://example.com/workshop',
    });
    expect(JSON.stringify(issue)).toContain('"target":"paper-2","children":[{"type":"text","value":"논문 #2"}]');
  });
});

describe.skipIf(!existsSync(seedFile))('the seed issue', () => {
  const source = existsSync(seedFile) ? readFileSync(seedFile, 'utf8') : '';

  it('is recognised whole', () => {
    const { issue } = composed(source);
    const four = (links: number) => `summary:4/${links}`;
    expect(shape(issue)).toBe(
      `greeting highlights promo glossary ${[2, 2, 1, 1, 1, 2, 1, 2, 2].map(four).join(' ')} closing`,
    );
    const [highlights] = sections(issue, 'highlights');
    expect(highlights?.items).toHaveLength(5);
    expect(highlights?.more).toEqual([{ type: 'text', value: '이 외에도 더 많은 내용이 있습니다!' }]);
    expect(JSON.stringify(highlights?.after)).toMatch(
      /"target":"glossary".*핵심 용어집.*"target":"paper-1".*논문 섹션/,
    );
    const [promo] = sections(issue, 'promo');
    expect(promo?.heading).toBe('특별 할인');
    expect(issueText({ ...issue, sections: [promo!] })).toContain('이 코드를 사용하여 특별 할인을 받으세요!');
    const [glossary] = sections(issue, 'glossary');
    expect(glossary?.terms[0]).toMatchObject({
      id: 'term-1',
      term: '생성형 윤리 모델링',
      translation: 'Generative Ethics Modeling',
      abbreviation: 'GEM',
    });
    expect(
      glossary?.terms.every(term => term.term && term.translation && term.abbreviation && term.definition.length === 1),
    ).toBe(true);
    expect(sections(issue, 'summary')[0]).toMatchObject({
      id: 'paper-1',
      work: 'AdaptiLearn',
      workLabel: '관련 연구',
      links: [
        { label: '논문', url: 'https://arxiv.org/abs/2406.12345', kind: 'paper' },
        { label: '코드', url: 'https://github.com/AdaptiLearn/AdaptiLearn', kind: 'code' },
      ],
    });
    expect(sections(issue, 'closing')[0]).toMatchObject({
      actions: ['like', 'share', 'comment', 'subscribe'],
      labels: { subscribe: '구독하기' },
    });
    expect(JSON.stringify(sections(issue, 'summary')[4])).toContain(
      '{"type":"jump","target":"paper-4","children":[{"type":"text","value":"위 논문 #4"}]}',
    );
  });

  it('loses no word and no emphasis', () => {
    const { issue } = composed(source);
    expect(lostWords(source, issue)).toEqual([]);
    expect(JSON.stringify(issue)).not.toContain('**');
    expect(issue.lang).toBe('ko');
    expect([...issue.subject].length).toBeLessThanOrEqual(60);
    expect([...issue.preheader].length).toBeGreaterThanOrEqual(40);
    expect([...issue.preheader].length).toBeLessThanOrEqual(90);
  });

  it('reads a publication in English as Korean all the same', () => {
    expect(composed(source, { language: 'en' }).issue.lang).toBe('ko');
  });

  const parts = [
    '어떤 문제를 해결하는가?',
    '어떻게 문제를 해결하는가?',
    '주요 발견은 무엇인가?',
    '다음 단계는 무엇인가?',
    '왜 중요한가?',
  ];
  const noRules = (text: string) => text.replaceAll('\n---\n', '\n');
  const real = (text: string, section = '##', title = '###', part = '####', group = '') => {
    let result = text
      .replace('**핵심 용어집**', `${section} 핵심 용어집`)
      .replace('**특별 할인**', `${section} 특별 할인`);
    for (const name of parts) result = result.replaceAll(`**${name}**\n`, `${part} ${name}\n\n`);
    result = result.replace(/^\*\*([^*\n]+)\*\*$/gm, `${title} $1`);
    return group ? result.replace('---\n', `${group}\n\n`) : result;
  };
  let count = 0;
  const numbered = (text: string, prefix: (n: number, title: string) => string) => {
    count = 0;
    return text.replace(/^\*\*([^*\n]{5,})\*\*\n\n관련/gm, (_, title: string) => `${prefix(++count, title)}\n\n관련`);
  };
  const work = /관련 연구: (.+?) \( \[논문\]\((.*?)\)(?: \/ \[(.*?)\]\((.*?)\))? \)/g;
  const links = (text: string, write: (name: string, paper: string, label?: string, url?: string) => string) =>
    text.replace(work, (_, name: string, paper: string, label?: string, url?: string) =>
      write(name, paper, label, url),
    );

  const variants: Record<string, (text: string) => string> = {
    'real headings': text => real(text),
    'no separators': noRules,
    'no separators, real headings under a group': text =>
      noRules(real(text, '##', '###', '####', '## 논문 요약 / Papers')),
    'a heading over the issue': text =>
      `# LLM Watch 12호\n\n${noRules(real(text, '##', '###', '####', '## 논문 요약'))}`,
    'titles at the sections’ level': text => noRules(real(text, '##', '##', '###')),
    'all headings at one level': text => noRules(real(text, '##', '##', '##')),
    'real titles, bold parts': text => noRules(text.replace(/^\*\*([^*\n]{5,})\*\*\n\n관련/gm, '## $1\n\n관련')),
    'the glossary as a list': text => text.replace(/^\*\*([^*]+):\*\* /gm, '- **$1:** '),
    'the glossary as headings': text => noRules(real(text.replace(/^\*\*([^*\n]+):\*\* /gm, '### $1\n\n'))),
    'numbers in titles': text => noRules(numbered(text, (n, title) => `**논문 #${n}: ${title}**`)),
    'titles as a numbered list': text => noRules(numbered(text, (n, title) => `${n}. **${title}**`)),
    'emoji before headings': text =>
      noRules(real(text).replaceAll('### ', '### 🚀 ').replaceAll('## 핵심', '## 📚 핵심')),
    'labelled lines of links': text =>
      links(
        text,
        (name, paper, label, url) => `**Paper:** [${name}](${paper})${label ? `\n**${label}:** ${url}` : ''}`,
      ),
    'lists of links': text =>
      links(text, (_, paper, label, url) => `- [논문](${paper})${label ? `\n- [${label}](${url})` : ''}`),
    'bare addresses': text =>
      noRules(links(text, (_, paper, label, url) => `📄 논문: ${paper}${label ? ` | 💻 ${label}: ${url}` : ''}`)),
    'the name as the link': text =>
      noRules(links(text, (name, paper, label, url) => `[${name}](${paper})${label ? ` ([${label}](${url}))` : ''}`)),
    'links at the end': text => text.replace(/관련 연구: .+? \( (.*?) \)\n\n([\s\S]*?)(?=\n\n---)/g, '$2\n\n$1'),
    'parts on one line with their text': text => text.replace(/^(\*\*[^*\n]+\?\*\*)\n/gm, '$1 '),
    'parts in one block': text => noRules(text.replace(/\n\n(\*\*(?:어떻|주요|다음|왜))/g, '\n$1')),
    'no bold at all': text => text.replaceAll('**', ''),
    'other part headings': text =>
      noRules(parts.reduce((result, name, index) => result.replaceAll(name, `딴말 ${index}`), text)),
    'separators right below the text': text => text.replaceAll('\n\n---', '\n---'),
    'BOM and CRLF': text => `\uFEFF${text.replaceAll('\n', '\r\n')}`,
  };

  it.each(Object.entries(variants))('is recognised with %s', (name, change) => {
    const changed = change(source);
    const { issue } = composed(changed);
    const kept = issue.sections.filter(section => section.type !== 'prose' || section.body.length > 0);
    expect(kept.map(section => section.type).join(' ')).toBe(
      `greeting highlights promo glossary ${'summary '.repeat(9)}closing`,
    );
    expect(sections(issue, 'summary').map(section => section.parts.length)).toEqual(Array(9).fill(4));
    expect(sections(issue, 'summary').flatMap(section => section.links)).toHaveLength(14);
    expect(sections(issue, 'glossary')[0]?.terms.map(term => term.abbreviation)).toEqual([
      'GEM',
      'MSA',
      'SDG',
      'SAI',
      'QML',
    ]);
    expect(sections(issue, 'closing')[0]?.labels.subscribe).toBe('구독하기');
    // List numbers are the list's own, not words.
    const words = name === 'titles as a numbered list' ? changed.replace(/^\d\. /gm, '') : changed;
    expect(lostWords(words, issue)).toEqual([]);
    expect(JSON.stringify(issue)).not.toContain('**');
  });

  it.each(['bold', 'real'])('finds summaries whose work lines are missing (%s)', look => {
    const bare = source.replace(/관련 연구: .*\n\n/g, '');
    const { issue, problems } = composed(look === 'bold' ? bare : noRules(real(bare)));
    expect(sections(issue, 'summary').map(section => section.parts.length)).toEqual(Array(9).fill(4));
    expect(codes(problems).filter(code => code.startsWith('missing-work'))).toHaveLength(9);
  });
});
