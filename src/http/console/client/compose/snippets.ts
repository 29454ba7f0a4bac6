/** Beginnings of sections and small blocks, from the menu or by `/` at the beginning of a line. */
import { type Completion, type CompletionContext, type CompletionResult, snippet } from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import { element } from './page.ts';
import type { ComposePage } from './types.ts';

const texts: Record<'ko' | 'en', Record<string, string>> = {
  ko: {
    greeting: '{{name|독자}}님, 안녕하세요! #{이번 주 소식을 전해 드려요.}\n',
    highlights: '## 이번 주 하이라이트\n\n- #{핵심 한 줄}\n- #{핵심 한 줄}\n- 이 외에도 #{더 있는 것}\n',
    promo:
      '## 특별 할인\n\n#{무엇을 얼마나 할인하는지} 신청할 때 코드 `#{CODE}`를 넣어 주세요.\n[#{신청하기}](https://#{example.com})\n',
    glossary: '## 용어집\n\n**#{용어}(#{번역}, #{약어}):** #{풀이}\n',
    summary:
      '## #{제목}\n\n관련 연구: #{이름} ( [논문](https://#{arxiv.org/abs/}) )\n\n**어떤 문제를 해결하는가?**\n#{글}\n\n**주요 발견은 무엇인가?**\n#{글}\n',
    prose: '## #{제목}\n\n#{글}\n',
    closing:
      '## 마치며\n\n이번 호가 마음에 드셨다면 좋아요를 누르고 동료와 공유해 주세요. 의견은 댓글로 남겨 주세요.\n',
    field: '{{name|독자}}',
    when: ':::when{has=name}\n#{이름이 있는 독자에게만 보이는 글}\n:::\n',
    mostLiked: '## 지난 호에서 사랑받은 요약\n\n::most-liked{count=3}\n',
    picture: '![#{그림 설명}](https://#{example.com/picture.png})\n',
  },
  en: {
    greeting: 'Hello {{name|reader}}, #{here is this week’s issue.}\n',
    highlights: '## In this issue\n\n- #{A main point}\n- #{A main point}\n- And more: #{what else}\n',
    promo: '## Special offer\n\n#{What is offered.} Use the code `#{CODE}`.\n[#{Register}](https://#{example.com})\n',
    glossary: '## Key terms\n\n**#{Term} (#{Translation}, #{ABC}):** #{definition}\n',
    summary:
      '## #{Title}\n\nPaper: [#{Name}](https://#{arxiv.org/abs/})\n\n**What is the problem?**\n#{Text}\n\n**What did they find?**\n#{Text}\n',
    prose: '## #{Title}\n\n#{Text}\n',
    closing:
      '## Closing\n\nIf you enjoyed this issue, leave a like and share it with a colleague. Tell us what you think in a comment.\n',
    field: '{{name|reader}}',
    when: ':::when{has=name}\n#{Text for readers with a name}\n:::\n',
    mostLiked: '## Most liked in the last issue\n\n::most-liked{count=3}\n',
    picture: '![#{Description}](https://#{example.com/picture.png})\n',
  },
};

const names = Object.keys(texts.en);
/** These stand within a line; the others begin one. */
const inline = new Set(['field', 'picture']);

function labelOf({ words }: ComposePage, name: string): string {
  return (words.types as Record<string, string>)[name] ?? words[name] ?? name;
}

function put(page: ComposePage, view: EditorView, name: string, from: number, to: number): void {
  const { doc } = view.state;
  const before = doc.sliceString(Math.max(0, from - 2), from);
  const isLine = !inline.has(name);
  // A section stands apart from what is around it.
  const gap = !isLine || from === 0 || before === '\n\n' ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const after = isLine && to < doc.length && doc.sliceString(to, to + 1) !== '\n' ? '\n' : '';
  const made = snippet(gap + texts[page.publicationLanguage][name] + after);
  made(view, { label: name }, from, to);
  view.focus();
}

/** `/` at the beginning of a line offers what can be inserted. */
export function slash(page: ComposePage): (context: CompletionContext) => CompletionResult | null {
  return context => {
    const line = context.state.doc.lineAt(context.pos);
    const typed = context.state.sliceDoc(line.from, context.pos);
    if (!/^\/[\p{L}\p{N}]*$/u.test(typed)) return null;
    const options = names.map(
      (name, at): Completion => ({
        boost: names.length - at,
        label: `/${labelOf(page, name)}`,
        apply: (view, _, from, to) => put(page, view, name, from, to),
      }),
    );
    return { from: line.from, options, validFor: /^\/[\p{L}\p{N}]*$/u };
  };
}

export function openSnippets(page: ComposePage, view: EditorView): void {
  const menu = element<HTMLDetailsElement>('w-insert');
  const list = element('w-snippets');
  for (const name of names) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'w-quiet';
    button.textContent = labelOf(page, name);
    button.addEventListener('click', () => {
      menu.open = false;
      const { head, from, to } = view.state.selection.main;
      // A section goes below the line one is in.
      const at = inline.has(name) ? undefined : view.state.doc.lineAt(head);
      const isEmpty = at && at.text.trim() === '';
      put(page, view, name, at ? (isEmpty ? at.from : at.to) : from, at ? at.to : to);
    });
    list.append(button);
  }
  const hint = document.createElement('p');
  hint.className = 'quiet small';
  hint.textContent = page.words.insertHint!;
  list.append(hint);
  document.addEventListener('click', event => {
    if (menu.open && !menu.contains(event.target as Node)) menu.open = false;
  });
  menu.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    menu.open = false;
    menu.querySelector('summary')?.focus();
  });
}
