/** The product's sample issue, with every kind of section in a few lines: what a change of a publication looks like, before it is stored. */
import type { Block, Issue, Section } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';

/** How the sample differs: each way shows values that the others leave out. */
export type SampleKind =
  /** A shared code and a button; a closing. */
  | 'usual'
  /** A code for each reader, no closing: the taps stand by themselves. */
  | 'own codes'
  /** A code without a button. */
  | 'plain code';

const promos: Record<SampleKind, string> = {
  usual: '  url: https://example.org/offer\n  code: WEEKLY20\n  expires: 2099-12-31',
  'own codes': '  url: https://example.org/offer\n  pool: sample',
  'plain code': '  code: WEEKLY20',
};

const bodies: Record<'ko' | 'en', string> = {
  ko: `---
title: 색과 글자가 이렇게 보여요
subject: 색과 글자가 이렇게 보여요
number: 12
preheader: 이 간행물의 메일이 이렇게 보여요. 제목과 색, 여러분의 말로 된 버튼을 함께 살펴보세요.
promo:
$PROMO
---
안녕하세요. 한 주의 소식을 **간추려** 보내 드려요. [링크](https://example.org/)는 이런 색이에요.

## 이번 주 하이라이트

- 긴 글을 짧게 읽는 법
- 그림을 말로 옮기는 법
- 이 외에도 읽을거리가 더 있어요

아래 용어집을 확인하거나 바로 논문 섹션으로 이동해 보세요.

## 특별 할인

독자께는 워크숍 참가비를 할인해 드려요.

## 용어집

**요약(Summary, SUM):** 긴 글의 뜻을 짧게 옮긴 글이에요.

**주의(Attention):** 무엇을 먼저 볼지 정하는 방법이에요.

## 긴 글을 짧게 읽는 법

관련 연구: 긴 글을 짧게 ( [논문](https://example.org/paper) / [코드](https://example.org/code) )

무엇이 새로운지 먼저 말해요.

**무엇이 새로운가**

본문은 이 크기와 이 간격으로 이어져요. [주의](#term-2)를 함께 보세요.

## 그림을 말로 옮기는 법

관련 연구: 그림을 말로 ( [논문](https://example.org/picture) )

**왜 중요한가**

논문 #1의 방법과 함께 쓸 수 있어요.

## 함께 읽을거리

짧은 **요약**도 이렇게 이어져요. 이번 호: [인사말](#greeting), [하이라이트](#highlights), [할인](#promo), [용어집](#glossary), [요약](#term-1), [첫 논문](#paper-1), [둘째 논문](#paper-2), [읽을거리](#prose-1), [맺음말](#closing).
`,
  en: `---
title: This is how colour and type look
subject: This is how colour and type look
number: 12
preheader: This is how mail of this publication looks, in title, colour and the words on buttons.
promo:
$PROMO
---
Hello. We send you the week **in brief**. A [link](https://example.org/) has this colour.

## In this issue

- How to read long texts in a short time
- How to put pictures into words
- And more to read

See the glossary below, or go to the papers.

## Special offer

Readers pay less for our workshop.

## Key terms

**Summary (SUM):** The meaning of a long text in a short one.

**Attention (ATT):** A way to decide what to look at first.

## How to read long texts in a short time

Paper: Long texts, briefly ( [paper](https://example.org/paper) / [code](https://example.org/code) )

What is new comes first.

**What is new**

The text goes on in this size and with this space. See [attention](#term-2).

## How to put pictures into words

Paper: Pictures in words ( [paper](https://example.org/picture) )

**Why it matters**

It goes well with paper #1.

## More to read

A short summary goes on like this. In this issue: [greeting](#greeting), [highlights](#highlights), [offer](#promo), [glossary](#glossary), [summary](#term-1), [first paper](#paper-1), [second paper](#paper-2), [more](#prose-1), [closing](#closing).
`,
};

const closings: Record<'ko' | 'en', string> = {
  ko: '\n## 마치며\n\n읽어 주셔서 고마워요.\n',
  en: '\n## Closing\n\nThank you for reading.\n',
};

/** Its Markdown. Each section is jumped to, so that each has its anchor: a preview can begin there. */
export function sampleSource(language: Publication['language'], kind: SampleKind = 'usual'): string {
  const body = bodies[language].replace('$PROMO', () => promos[kind]);
  return kind === 'own codes' ? body : body + closings[language];
}

/** An issue whose sections have nothing but what they must have: what stands in the other branches of a template. */
export function bareIssue(language: Publication['language']): Issue {
  const body: Block[] = [{ type: 'paragraph', children: [{ type: 'text', value: 'Text.' }] }];
  const term = { id: 'term-1', term: 'Term', translation: '', abbreviation: '', definition: body };
  const summary = {
    type: 'summary' as const,
    work: '',
    workLabel: '',
    links: [],
    lead: [],
    parts: [{ heading: '', body }],
  };
  const sections: Section[] = [
    { type: 'greeting', id: 'greeting', body },
    { type: 'highlights', id: 'highlights', title: '', items: [], after: [] },
    { type: 'promo', id: 'promo', heading: '', body },
    { type: 'glossary', id: 'glossary', title: '', intro: [], terms: [term] },
    { type: 'glossary', id: 'glossary-2', title: '', intro: body, terms: [] },
    // A title with a number of its own takes the place of ours.
    { ...summary, id: 'paper-1', number: 1, title: '1. Title' },
    { ...summary, id: 'paper-2', number: 2, title: '2. Title', parts: [] },
    { type: 'prose', id: 'prose-1', title: '', body },
    { type: 'promo', id: 'promo-2', heading: '', body, url: 'https://example.org/' },
    { type: 'closing', id: 'closing', body: [], actions: ['subscribe'], labels: {} },
  ];
  return { title: 'Title', subject: 'Title', preheader: '', lang: language, sections };
}
