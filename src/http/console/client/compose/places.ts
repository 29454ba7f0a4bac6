/** Places of a text that move along while others type: for what comes back from the server a moment later. */
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

interface Place {
  from: number;
  to: number;
}

const put = StateEffect.define<{ key: object; place: Place | undefined }>();

const field = StateField.define<Map<object, Place>>({
  create: () => new Map(),
  update(places, transaction) {
    const effects = transaction.effects.filter(effect => effect.is(put));
    if (!transaction.docChanged && effects.length === 0) return places;
    const { changes } = transaction;
    const moved = new Map(
      [...places].map(([key, { from, to }]) => [key, { from: changes.mapPos(from, -1), to: changes.mapPos(to, 1) }]),
    );
    for (const { value } of effects) {
      if (value.place) moved.set(value.key, value.place);
      else moved.delete(value.key);
    }
    return moved;
  },
});

/** What an editor needs for places to be kept. */
export const places: Extension = field;

/** @returns the place as it is now, and how to forget it; undefined when the editor is gone */
export function keepPlace(view: EditorView, from: number, to: number): () => Place | undefined {
  const key = {};
  view.dispatch({ effects: put.of({ key, place: { from, to } }) });
  return () => {
    if (!view.dom.isConnected) return undefined;
    const place = view.state.field(field, false)?.get(key);
    view.dispatch({ effects: put.of({ key, place: undefined }) });
    return place;
  };
}
