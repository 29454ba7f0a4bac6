import { describe, expect, test } from 'vitest';
import { searchQuery, squash, tokensOf } from '../../src/model/search-text.ts';

/** Whether a text would be found. */
function finds(text: string, query: string): boolean {
  const squashed = squash(text);
  const tokens = tokensOf(squashed);
  const asked = searchQuery(query);
  if (!asked) return false;
  const has = (token: string) =>
    token.endsWith(':*') ? tokens.some(one => one.startsWith(token.slice(1, -3))) : tokens.includes(token.slice(1, -1));
  return asked.tokens.split(' & ').every(has) && asked.needles.every(needle => squashed.includes(needle));
}

describe('Korean', () => {
  test.each([
    ['모델을 학습해요', '모델', true],
    ['모델이 학습해요', '모델을', true],
    ['모델에서부터', '모델의', true],
    ['개인 맞춤형 교육', '개인맞춤형', true],
    ['개인맞춤형 교육', '개인 맞춤형', true],
    ['교통 관리를 예측했습니다', '예측하는', true],
    ['뇌', '뇌', true],
    ['대뇌피질', '뇌', true],
    ['학습률', '학습', true],
    ['학교에서 습관', '학습', false],
    ['예술', '기술', false],
  ])('%s ← %s: %s', (text, query, found) => expect(finds(text, query)).toBe(found));

  test('a sentence’s end joins nothing', () => expect(finds('좋은 모델. 링크가 있어요', '모델링')).toBe(false));
});

test.each([
  ['the Transformer architecture', 'transform', true],
  ['the Transformer architecture', 'former', false],
  ['LLM이 좋아요', 'llm은', true],
  ['GPT-4 모델', 'gpt 4', true],
  ['ＧＰＴ', 'gpt', true],
  ['Self-Attention', 'attention self', true],
])('other scripts: %s ← %s: %s', (text, query, found) => expect(finds(text, query)).toBe(found));

test.each(['', '   ', '!!! ---', "'", '\u0000', ':*', '& | !'])('nothing to look for in %j', query =>
  expect(searchQuery(query)).toBeUndefined(),
);

test('what is asked is bounded and cannot leave its quotes', () => {
  const long = searchQuery(`${'가나다라마바사 '.repeat(50)}${"x' & 'y".repeat(50)}`)!;
  expect(long.words.length).toBeLessThanOrEqual(8);
  expect(searchQuery("a' | 'b")!.tokens).toBe("'a':* & 'b':*");
});
