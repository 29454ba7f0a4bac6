/** What a new issue begins with. */
import { editFrontMatter } from '../../../model/front-matter.ts';

const guides: Record<'ko' | 'en', string> = {
  ko: `{{name|독자}}님, 안녕하세요! 이번 주 소식을 전해 드려요.

<!-- 줄 사이의 이런 설명은 메일에 나가지 않아요. 지우거나 덮어쓰세요. -->

## 이번 주 하이라이트

- <!-- 한 줄에 하나씩, 이번 호의 핵심을 적어요. -->

## 용어집

<!-- **용어(번역, 약어):** 풀이. 오른쪽 용어 패널로도 추가할 수 있어요. -->

## 논문 요약

### <!-- 첫 번째 논문의 제목 -->

관련 연구: <!-- 이름 ( [논문](https://…) / [코드](https://…) ) -->

**어떤 문제를 해결하는가?**

**주요 발견은 무엇인가?**

## 마치며

이번 호가 마음에 드셨다면 좋아요를 누르고 동료와 공유해 주세요. 의견은 댓글로 남겨 주세요.
`,
  en: `Hello {{name|reader}}, here is this week’s issue.

<!-- Notes like this one never go out. Delete them or write over them. -->

## In this issue

- <!-- One line for each main point. -->

## Key terms

<!-- **Term (Translation, ABC):** its definition. The Terms panel adds them too. -->

## Paper summaries

### <!-- Title of the first paper -->

Paper: <!-- Name ( [paper](https://…) / [code](https://…) ) -->

**What is the problem?**

**What did they find?**

## Closing

If you enjoyed this issue, leave a like and share it with a colleague. Tell us what you think in a comment.
`,
};

/** Front matter with the number that comes next, and for `guide` a section of each kind with a note on what goes there. */
export function startText(kind: 'guide' | 'empty', language: 'ko' | 'en', number: number): string {
  return `---\nsubject: ""\npreheader: ""\nnumber: ${number}\n---\n\n${kind === 'guide' ? guides[language] : ''}`;
}

/** An earlier issue's text under its new number, without what was the earlier one's own. */
export function textAgain(source: string, number: number): string {
  return editFrontMatter(source, { number: String(number), date: '', slug: '' }) ?? source;
}
