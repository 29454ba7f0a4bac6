/** The composer's changes of a text: sections moved, terms added, and the least that has to be sent of a change. */
import { expect, test } from 'vitest';
import { compose } from '../../../../src/compose/compose.ts';
import { changeBetween, reordered, termLine, withTerm } from '../../../../src/http/console/client/compose/text.ts';
import { publicationOf } from '../../../support/fixtures.ts';

const publication = publicationOf();
const placesOf = (text: string) => compose(text, { publication }).places;

const issue = `---
number: 3
---

안녕하세요!

- 하나
- 둘

## 용어집

**어텐션(Attention, ATT):** 가중치예요.

---

## 첫 논문

관련 연구: A ( [논문](https://example.org/a) )

글이에요.

---

## 둘째 논문

관련 연구: B ( [논문](https://example.org/b) )

\`\`\`
---
\`\`\`

---

좋아요를 누르고 공유해 주세요.
`;

test('places are where sections begin, in their order, whatever announces them', () => {
  expect(placesOf(issue).map(({ type, line }) => [type, line])).toEqual([
    ['greeting', 5],
    ['highlights', 7],
    ['glossary', 10],
    ['summary', 16],
    ['summary', 24],
    ['closing', 34],
  ]);
});

test('two summaries change places; separators, code and everything else stay', () => {
  const places = placesOf(issue);
  const starts = places.map(place => place.line);
  const moved = reordered(issue, starts, [0, 1, 2, 4, 3, 5]);
  expect(moved.split('\n').toSorted()).toEqual(issue.split('\n').toSorted());
  expect(placesOf(moved).map(({ title }) => title)).toEqual([0, 1, 2, 4, 3, 5].map(index => places[index]!.title));
  expect(moved.match(/^---$/gm)).toHaveLength(issue.match(/^---$/gm)!.length);
  expect(
    reordered(
      moved,
      placesOf(moved).map(place => place.line),
      [0, 1, 2, 4, 3, 5],
    ),
  ).toBe(issue);
});

test('the last section goes first: no two paragraphs run together', () => {
  const text = '## 하나\n\n글 하나\n\n## 둘\n\n글 둘';
  expect(reordered(text, [1, 5], [1, 0])).toBe('## 둘\n\n글 둘\n\n## 하나\n\n글 하나');
  expect(reordered('인사예요.\n## 하나\n글', [1, 2], [1, 0])).toBe('## 하나\n글\n\n인사예요.');
});

test('a heading underlined by dashes keeps its line', () => {
  const text = '하나\n---\n글\n\n둘\n---\n';
  expect(reordered(text, [1, 5], [1, 0])).toBe('둘\n---\n\n하나\n---\n글\n');
});

test('the change between two texts is the least, and makes the second of the first', () => {
  for (const [text, next] of [
    ['abc', 'abXc'],
    ['aaa', 'aa'],
    ['', '새 글'],
    ['지울 글', ''],
    ['ababab', 'abab'],
  ] as const) {
    const change = changeBetween(text, next)!;
    expect(text.slice(0, change.from) + change.insert + text.slice(change.to)).toBe(next);
    expect(change.to - change.from + change.insert.length).toBeLessThanOrEqual(Math.max(text.length, next.length));
  }
  expect(changeBetween('같은 글', '같은 글')).toBeUndefined();
});

const term = {
  term: '저랭크 적응',
  translation: 'Low-Rank\nAdaptation',
  abbreviation: 'LoRA',
  definition: '작은 행렬로\n배워요.',
};

test('a term goes to the end of the glossary as compose reads it', () => {
  expect(termLine(term)).toBe('**저랭크 적응(Low-Rank Adaptation, LoRA):** 작은 행렬로 배워요.');
  const { from, to, insert } = withTerm(issue, placesOf(issue), term, '용어집');
  const next = issue.slice(0, from) + insert + issue.slice(to);
  const glossary = compose(next, { publication }).issue.sections.find(section => section.type === 'glossary')!;
  expect(glossary.terms.map(({ term, translation, abbreviation }) => [term, translation, abbreviation])).toEqual([
    ['어텐션', 'Attention', 'ATT'],
    ['저랭크 적응', 'Low-Rank Adaptation', 'LoRA'],
  ]);
  expect(next).toContain('배워요.\n\n---\n\n## 첫 논문');
});

test('without a glossary there will be one, before the first summary; an empty text gets one too', () => {
  const text = issue.replace(/## 용어집[\s\S]*?---\n\n/, '');
  const { from, to, insert } = withTerm(text, placesOf(text), term, '용어집');
  const next = text.slice(0, from) + insert + text.slice(to);
  expect(compose(next, { publication }).issue.sections.map(section => section.type)).toEqual([
    'greeting',
    'highlights',
    'glossary',
    'summary',
    'summary',
    'closing',
  ]);
  expect(withTerm('', [], term, '용어집').insert).toMatch(/^## 용어집\n\n\*\*저랭크/);
});
