/** The editor of the text: Markdown, its look, its keys. */
import { completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  type KeyBinding,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { frontMatterBlock } from './front-matter-block.ts';
import type { Change } from './text.ts';

const highlight = HighlightStyle.define([
  { tag: tags.heading1, fontWeight: '700', fontSize: '1.25em' },
  { tag: tags.heading2, fontWeight: '700', fontSize: '1.15em' },
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: tags.link, color: 'var(--accent)' },
  { tag: tags.url, color: 'var(--quiet)' },
  { tag: tags.quote, color: 'var(--quiet)' },
  { tag: tags.monospace, fontFamily: 'var(--mono)', fontSize: '0.93em' },
  { tag: tags.meta, fontFamily: 'var(--mono)', fontSize: '0.9em', color: 'var(--quiet)' },
  { tag: [tags.comment, tags.processingInstruction, tags.contentSeparator], color: 'var(--quiet)' },
]);

/** What CodeMirror says by itself. */
const korean = {
  '$ unchanged lines': '바뀌지 않은 $줄',
  Find: '찾기',
  Replace: '바꿀 말',
  next: '다음',
  previous: '이전',
  all: '모두 선택',
  'match case': '대소문자 구분',
  'by word': '단어 단위',
  regexp: '정규식',
  replace: '바꾸기',
  'replace all': '모두 바꾸기',
  close: '닫기',
  'current match': '현재 찾은 곳',
  'on line': '줄',
  'replaced match on line $': '$번째 줄을 바꿨어요',
  'replaced $ matches': '$곳을 바꿨어요',
  'Go to line': '줄로 이동',
  go: '이동',
  Diagnostics: '살펴볼 곳',
  'No diagnostics': '살펴볼 곳이 없어요',
  Completions: '제안',
  'Revert this chunk': '이 부분 가져오기',
};

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--sheet)', color: 'var(--ink)', fontSize: '15px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--sans)', lineHeight: '1.75', overflow: 'auto' },
  '.cm-content': { padding: '14px 0 40vh', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 18px 0 8px', wordBreak: 'keep-all', overflowWrap: 'anywhere' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--quiet)', border: 'none', fontSize: '12px' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--tint) 55%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 22%, transparent)',
  },
  '.cm-panels': { backgroundColor: 'var(--tint)', color: 'var(--ink)', borderColor: 'var(--rule)' },
  '.cm-panel input, .cm-panel button': { minHeight: '30px', fontSize: '14px', backgroundImage: 'none' },
  '.cm-panel input:not([type=checkbox])': { width: 'auto', padding: '2px 8px' },
  '.cm-tooltip': {
    backgroundColor: 'var(--sheet)',
    color: 'var(--ink)',
    border: '1px solid var(--rule)',
    borderRadius: '6px',
    overflow: 'hidden',
    maxWidth: '34em',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxHeight: '22em', fontFamily: 'var(--sans)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '6px 10px', fontFamily: 'var(--sans)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-diagnostic': { padding: '8px 12px', fontFamily: 'var(--sans)', fontSize: '14px' },
  '.cm-changedLine': { backgroundColor: 'color-mix(in srgb, var(--good) 12%, transparent)' },
  '.cm-deletedChunk': { backgroundColor: 'color-mix(in srgb, var(--accent) 12%, transparent)' },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '""' },
  '.cm-collapsedLines': { color: 'var(--quiet)', background: 'var(--tint)', fontFamily: 'var(--sans)' },
});

/** How a text looks. @param nonce of the page's policy, for the style sheets that the editor writes */
export function looks(nonce: string, language: string): Extension[] {
  return [
    ...(language === 'ko' ? [EditorState.phrases.of(korean)] : []),
    EditorView.cspNonce.of(nonce),
    theme,
    syntaxHighlighting(highlight),
    markdown({ base: markdownLanguage, extensions: [frontMatterBlock] }),
  ];
}

const isItem = (state: EditorState) =>
  /^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(state.doc.lineAt(state.selection.main.head).text);

/** Tab leaves the text, as everywhere, but where it means something to a writer. */
const tabs: KeyBinding = {
  key: 'Tab',
  run: view => isItem(view.state) && indentMore(view),
  shift: view => isItem(view.state) && indentLess(view),
};

/** What makes a text one to type in. */
export function typing(label: string): Extension[] {
  return [
    history(),
    drawSelection(),
    EditorView.contentAttributes.of({
      'aria-label': label,
      tabindex: '0',
      spellcheck: 'true',
      autocapitalize: 'sentences',
    }),
    keymap.of([tabs, ...defaultKeymap, ...historyKeymap]),
  ];
}

/** Puts marks around the selection, or takes them away. */
function around(view: EditorView, before: string, after: string): boolean {
  const { from, to } = view.state.selection.main;
  const { doc } = view.state;
  const isMarked =
    doc.sliceString(from - before.length, from) === before && doc.sliceString(to, to + after.length) === after;
  view.dispatch(
    isMarked
      ? {
          changes: [
            { from: from - before.length, to: from },
            { from: to, to: to + after.length },
          ],
        }
      : {
          changes: [
            { from, insert: before },
            { from: to, insert: after },
          ],
          selection: { anchor: from + before.length, head: to + before.length },
        },
  );
  view.focus();
  return true;
}

export const bold = (view: EditorView) => around(view, '**', '**');

/** `[words](address)`, with the address selected to be written over. */
export function link(view: EditorView): boolean {
  const { from, to } = view.state.selection.main;
  const words = view.state.doc.sliceString(from, to);
  const at = from + words.length + 3;
  view.dispatch({
    changes: { from, to, insert: `[${words}](https://)` },
    selection: words ? { anchor: at, head: at + 8 } : { anchor: from + 1 },
  });
  view.focus();
  return true;
}

export function openEditor(given: {
  parent: HTMLElement;
  source: string;
  nonce: string;
  language: string;
  label: string;
  keys: readonly KeyBinding[];
  extensions: readonly Extension[];
  onChange(view: EditorView): void;
}): EditorView {
  return new EditorView({
    parent: given.parent,
    state: EditorState.create({
      doc: given.source,
      extensions: [
        keymap.of([
          ...given.keys,
          { key: 'Mod-b', run: bold },
          { key: 'Mod-k', run: link },
          ...completionKeymap,
          ...searchKeymap,
          ...lintKeymap,
        ]),
        lineNumbers(),
        lintGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        EditorView.lineWrapping,
        ...typing(given.label),
        ...looks(given.nonce, given.language),
        ...given.extensions,
        EditorView.updateListener.of(update => {
          if (update.docChanged) given.onChange(update.view);
        }),
      ],
    }),
  });
}

/** One undoable change of ours. */
export function apply(view: EditorView, change: Change | undefined, reveal = false): void {
  if (!change) return;
  const at = change.from + change.insert.length;
  view.dispatch({
    changes: change,
    userEvent: 'input.composer',
    ...(reveal ? { selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) } : {}),
  });
}

/** @param line from 1 */
export function goToLine(view: EditorView, line: number): void {
  const { from } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 40 }) });
  view.focus();
}
