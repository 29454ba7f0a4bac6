/** Two texts side by side: the editor decides which becomes the newest version, or puts them together. */
import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { looks, typing } from './editor.ts';
import { type ComposePage, element, fill } from './page.ts';
import type { Saved } from './saving.ts';

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
  add(dialog, 'p', words.conflictHint!, 'quiet small');
  const heads = add(dialog, 'div', '', 'w-decide-heads');
  add(heads, 'b', fill(words.theirs!, { n: saved.version }));
  add(heads, 'b', words.yours!);
  const host = add(dialog, 'div', '', 'w-decide-texts');
  const shared = [EditorView.lineWrapping, lineNumbers(), ...looks(page.nonce, page.language)];
  const merge = new MergeView({
    a: { doc: saved.source, extensions: [shared, EditorState.readOnly.of(true), EditorView.editable.of(false)] },
    b: { doc: mine, extensions: [shared, ...typing(words.yours!)] },
    parent: host,
    revertControls: 'a-to-b',
    collapseUnchanged: { margin: 3, minSize: 6 },
  });
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
    choose(words.takeYours!, 'main', () => merge.b.state.doc.toString());
    choose(words.takeTheirs!, '', () => saved.source);
    choose(words.later!, '', () => undefined);
    add(buttons, 'span', words.keptBoth!, 'quiet small');
    dialog.addEventListener('cancel', () => end(undefined), { once: true });
    dialog.showModal();
  });
}
