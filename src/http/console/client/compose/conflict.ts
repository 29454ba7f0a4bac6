/** Two texts side by side: the editor decides which becomes the newest version, or puts them together. */
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { looks, typing } from './editor.ts';
import { element, fill } from './page.ts';
import type { Saved } from './saving.ts';
import type { ComposePage } from './types.ts';

/** The text to save; undefined: later. */
export function askWhich(page: ComposePage, saved: Saved, mine: string, why: string): Promise<string | undefined> {
  const { words } = page;
  const dialog = element<HTMLDialogElement>('w-decide');
  const add = <K extends keyof HTMLElementTagNameMap>(to: HTMLElement, tag: K, text = '', className = '') => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    to.append(made);
    return made;
  };
  dialog.replaceChildren();
  const heading = add(dialog, 'h2', why);
  heading.id = 'w-decide-title';
  const isNarrow = matchMedia('(max-width: 900px)').matches;
  add(dialog, 'p', isNarrow ? words.conflictHintNarrow! : words.conflictHint!, 'quiet small');
  const heads = add(dialog, 'div', '', 'w-decide-heads');
  if (!isNarrow) {
    add(heads, 'b', fill(words.theirs!, { n: saved.version }));
    add(heads, 'b', words.yours!);
  }
  const host = add(dialog, 'div', '', 'w-decide-texts');
  const merge = compare(page, saved.source, mine, host, isNarrow);
  const buttons = add(dialog, 'div', '', 'buttons');
  return new Promise(resolve => {
    const end = (text: string | undefined) => {
      merge.destroy();
      dialog.close();
      resolve(text);
    };
    const choose = (label: string, className: string, take: () => string | undefined) => {
      const button = add(buttons, 'button', label, className);
      button.type = 'button';
      button.addEventListener('click', () => end(take()));
    };
    choose(words.takeYours!, 'main', () => merge.mine.state.doc.toString());
    choose(words.takeTheirs!, '', () => saved.source);
    choose(words.later!, '', () => undefined);
    add(buttons, 'span', words.keptBoth!, 'quiet small');
    dialog.addEventListener('cancel', () => end(undefined), { once: true });
    dialog.showModal();
    merge.mine.focus();
  });
}

/** Side by side; on a narrow screen one text with both, each passage with its two buttons. */
function compare(
  page: ComposePage,
  theirs: string,
  mine: string,
  parent: HTMLElement,
  isNarrow: boolean,
): { mine: EditorView; destroy(): void } {
  const shared = [EditorView.lineWrapping, lineNumbers(), ...looks(page.nonce, page.language)];
  const own = [shared, ...typing(page.words.yours!)];
  const collapseUnchanged = { margin: 3, minSize: 6 };
  if (isNarrow) {
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: mine,
        extensions: [
          own,
          unifiedMergeView({
            original: theirs,
            collapseUnchanged,
            mergeControls: (type, act) => {
              const button = document.createElement('button');
              button.type = 'button';
              button.textContent = type === 'accept' ? page.words.keepPassage! : page.words.takePassage!;
              button.addEventListener('mousedown', act);
              return button;
            },
          }),
        ],
      }),
    });
    return { mine: view, destroy: () => view.destroy() };
  }
  const merge = new MergeView({
    a: { doc: theirs, extensions: [shared, EditorState.readOnly.of(true), EditorView.editable.of(false)] },
    b: { doc: mine, extensions: own },
    parent,
    revertControls: 'a-to-b',
    collapseUnchanged,
  });
  return { mine: merge.b, destroy: () => merge.destroy() };
}
