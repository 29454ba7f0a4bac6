/** Pasting formatted text: the server turns it into our Markdown. With Shift it is pasted plain, as everywhere. */
import { EditorSelection, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { call, Refused } from '../lib/server.ts';
import { keepPlace, places } from './places.ts';
import { said, say } from './said.ts';
import { words } from './words.ts';

/** HTML that says no more than its plain text: of code editors, and of ourselves. */
function isPlain(html: string): boolean {
  return (
    !/<(?:a|b|strong|i|em|u|s|del|h[1-6]|ul|ol|li|table|img|blockquote|pre|code|figure|p|div)\b/i.test(html) ||
    /vscode|data-vscode|cm-line/i.test(html)
  );
}

/** @param options.url of `call('/manuscripts/paste')` */
export function pasteMarkdown(options: { url: string }): Extension {
  // `paste` events do not say which keys were down.
  let isShift = false;
  const handlers = EditorView.domEventHandlers({
    keydown(event) {
      isShift = event.shiftKey;
    },
    keyup(event) {
      isShift = event.shiftKey;
    },
    blur() {
      isShift = false;
    },
    paste(event, view) {
      const html = event.clipboardData?.getData('text/html') ?? '';
      const plain = event.clipboardData?.getData('text/plain') ?? '';
      if (isShift || view.state.readOnly || html === '' || isPlain(html)) return false;
      event.preventDefault();
      void insert(view, options.url, html, plain);
      return true;
    },
  });
  return [places, said, handlers];
}

/** One step of the history, whether formatted or not. What is typed meanwhile moves the place along. */
async function insert(view: EditorView, url: string, html: string, plain: string): Promise<void> {
  const { from, to } = view.state.selection.main;
  const place = keepPlace(view, from, to);
  const done = say(view, words().pasting, 400);
  let text = plain;
  try {
    text = (await call<{ markdown: string }>(url, { html }, AbortSignal.timeout(20_000))).markdown || plain;
    done();
  } catch (error) {
    const why = error instanceof Refused ? `${error.message} ${String(error.body.help ?? '')}` : words().unreachable;
    done();
    say(view, `${words().pasteFailed} ${why}`, 0);
  }
  const range = place();
  if (!range) return;
  const ready = apart(renumberNotes(text, view.state.doc.toString()), view, range);
  view.dispatch({
    changes: { from: range.from, to: range.to, insert: ready },
    selection: EditorSelection.cursor(range.from + ready.length),
    userEvent: 'input.paste',
    scrollIntoView: true,
  });
  view.focus();
}

/** Several blocks, or one that begins a line by its mark, stand apart from the words around them. */
function apart(text: string, view: EditorView, { from, to }: { from: number; to: number }): string {
  const isBlock = /\n/.test(text) || /^(?:#{1,6} |[-*] |\d+\. |> |```|\|)/.test(text);
  if (!isBlock) return text;
  const { doc } = view.state;
  const [before, after] = [doc.sliceString(Math.max(0, from - 2), from), doc.sliceString(to, to + 2)];
  const lead = from === 0 || before === '\n\n' ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const tail = to === doc.length ? '\n' : after === '\n\n' ? '' : after.startsWith('\n') ? '\n' : '\n\n';
  return lead + text + tail;
}

/** Notes of the pasted text get numbers that the text does not use yet. */
function renumberNotes(text: string, doc: string): string {
  const used = [...doc.matchAll(/^\[\^(\d{1,4})\]:/gm)].map(match => Number(match[1]));
  if (used.length === 0) return text;
  const shift = Math.max(...used);
  return text.replace(/\[\^(\d{1,4})\]/g, (_all, number: string) => `[^${Number(number) + shift}]`);
}
