import { describe, expect, test } from 'vitest';
import { groupTerms, termConflict } from '../../src/model/terms.ts';

const named = (term: string, translation = '', abbreviation = '') => ({ term, translation, abbreviation });
const gem = named('생성형 윤리 모델링', 'Generative Ethics Modeling', 'GEM');

describe('a term stands once', () => {
  test.each([
    ['spelled with other spacing and case', named('생성형윤리모델링', 'generative ethics modeling')],
    ['under another name with the same translation', named('생성 윤리 모형', 'Generative Ethics Modeling')],
    ['with its languages changed over', named('Generative ethics modeling', '생성형 윤리 모델링')],
  ])('%s', (_, other) => {
    const groups = groupTerms([gem, other]);
    expect(groups.map(group => [group.slug, group.occurrences])).toEqual([['생성형-윤리-모델링', [gem, other]]]);
  });

  test('by way of a third', () => {
    expect(groupTerms([named('가', 'one'), named('나', 'two'), named('가', 'two')])).toHaveLength(1);
  });

  test('an abbreviation alone makes nothing the same; names that give one address get numbers', () => {
    const groups = groupTerms([
      gem,
      named('거대 언어 모델', 'Great Enormous Model', 'GEM'),
      named('C'),
      named('C++'),
      named('!?'),
    ]);
    expect(groups.map(group => group.slug)).toEqual(['생성형-윤리-모델링', '거대-언어-모델', 'c', 'c-2']);
  });
});

describe('contradictions', () => {
  test.each([
    ['the same again', gem, undefined],
    ['a spelling', named('생성형 윤리 모델링', 'Generative Ethics Modelling', 'GEM'), undefined],
    ['no translation', named('생성형 윤리 모델링', '', 'GEM'), undefined],
    ['another translation', named('생성형 윤리 모델링', 'Moral Text Synthesis', 'GEM'), 'translation'],
    ['the abbreviation of another term', named('그래프 임베딩 방법', 'Graph Embedding Method', 'GEM'), 'abbreviation'],
    ['a shorter name of the same', named('윤리 모델링', 'Ethics Modeling', 'GEM'), undefined],
    ['another term', named('양자 머신 러닝', 'Quantum Machine Learning', 'QML'), undefined],
  ])('%s', (_, now, found) => expect(termConflict(now, gem)).toBe(found));
});
