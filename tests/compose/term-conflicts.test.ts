import { expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import { samplePublication } from '../../src/model/publication.ts';

const source = `---
title: 제목
---

안녕하세요. GEM과 SA를 다뤄요.

**용어집**

**그래프 임베딩 방법(Graph Embedding Method, GEM):** 그래프를 벡터로 바꿔요.

**자기 어텐션(Self-Attention, SA):** 서로를 바라봐요.
`;
const known = [
  { term: '생성형 윤리 모델링', translation: 'Generative Ethics Modeling', abbreviation: 'GEM', issue: 'issue 11' },
  { term: '자기 어텐션', translation: 'Intra-sentence Focus', abbreviation: '', issue: 'issue 9' },
];
const conflicts = (knownTerms?: typeof known) =>
  compose(source, { publication: samplePublication('ko'), knownTerms }).problems.filter(one => /^term-/.test(one.code));

test('each with its line, what was said before, and where', () => {
  expect(conflicts(known).map(({ code, line, severity, message }) => [code, line, severity, message])).toEqual([
    [
      'term-abbreviation-taken',
      9,
      'warning',
      '“GEM” stands for “그래프 임베딩 방법” here; issue 11 explained it as “생성형 윤리 모델링”.',
    ],
    [
      'term-translated-otherwise',
      11,
      'warning',
      '“자기 어텐션” is translated as “Self-Attention” here; issue 9 had “Intra-sentence Focus”.',
    ],
  ]);
});

test('nothing is known, nothing is told', () => expect(conflicts()).toEqual([]));
