/** A word under the text: what is going on, or why something was not done. Read out; closes by itself or by its button. */
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { type EditorView, type Panel, showPanel } from '@codemirror/view';
import { words } from './words.ts';

const set = StateEffect.define<string>();

const field = StateField.define<string>({
  create: () => '',
  update: (now, transaction) => transaction.effects.find(effect => effect.is(set))?.value ?? now,
  provide: from => showPanel.from(from, text => (text ? view => panel(view, text) : null)),
});

export const said: Extension = field;

function panel(view: EditorView, text: string): Panel {
  const dom = document.createElement('div');
  dom.className = 'cm-said';
  dom.setAttribute('role', 'status');
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = words().dismiss;
  close.addEventListener('click', () => {
    view.dispatch({ effects: set.of('') });
    view.focus();
  });
  dom.append(text, ' ', close);
  return { dom };
}

/** @param afterMs what is over sooner is not said at all @returns takes it back */
export function say(view: EditorView, text: string, afterMs: number): () => void {
  const show = () => view.dom.isConnected && view.dispatch({ effects: set.of(text) });
  const timer = afterMs > 0 ? setTimeout(show, afterMs) : undefined;
  if (afterMs === 0) show();
  return () => {
    clearTimeout(timer);
    if (view.dom.isConnected && view.state.field(field, false) === text) view.dispatch({ effects: set.of('') });
  };
}
