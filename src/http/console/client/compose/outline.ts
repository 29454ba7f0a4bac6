/** The sections beside the text: to go to, and to bring into another order by hand, by buttons or by keys. */
import type { EditorView } from '@codemirror/view';
import Sortable from 'sortablejs';
import type { Place } from '../../../../model/place.ts';
import { apply, goToLine } from './editor.ts';
import { cloneOf, element, fill, toast } from './page.ts';
import { changeBetween, reordered } from './text.ts';
import type { ComposePage } from './types.ts';

export class Outline {
  readonly #page: ComposePage;
  readonly #view: EditorView;
  readonly #list = element('w-outline');
  readonly #gone: (place: Place) => void;
  readonly #moved: () => void;
  #places: Place[] = [];
  /** The text that the places are of. */
  #text = '';
  #isDragged = false;

  /** @param told.gone somebody went to a section; `moved`: one was moved, and its new place should be learnt at once */
  constructor(page: ComposePage, view: EditorView, told: { gone(place: Place): void; moved(): void }) {
    this.#page = page;
    this.#view = view;
    this.#gone = told.gone;
    this.#moved = told.moved;
    new Sortable(this.#list, {
      handle: '.w-grip',
      animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120,
      onStart: () => {
        this.#isDragged = true;
      },
      onEnd: ({ oldIndex, newIndex }) => {
        this.#isDragged = false;
        if (oldIndex !== undefined && newIndex !== undefined && oldIndex !== newIndex) this.#move(oldIndex, newIndex);
      },
    });
    this.#list.addEventListener('keydown', event => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
      const at = this.#indexOf(event.target);
      if (at < 0) return;
      event.preventDefault();
      this.#move(at, at + (event.key === 'ArrowUp' ? -1 : 1));
    });
    this.#list.addEventListener('click', event => {
      const button = (event.target as Element).closest('button');
      const at = this.#indexOf(button);
      if (!button || at < 0) return;
      if (button.matches('.w-up')) this.#move(at, at - 1);
      else if (button.matches('.w-down')) this.#move(at, at + 1);
      else {
        goToLine(this.#view, this.#places[at]!.line);
        this.#gone(this.#places[at]!);
      }
    });
  }

  get places(): readonly Place[] {
    return this.#places;
  }

  show(places: Place[], text: string): void {
    if (this.#isDragged) return;
    this.#text = text;
    const isSame =
      places.length === this.#places.length &&
      places.every((place, at) => place.title === this.#places[at]!.title && place.type === this.#places[at]!.type);
    this.#places = places;
    if (isSame && this.#list.childElementCount === places.length) return;
    element('w-no-outline').hidden = places.length > 0;
    const { words } = this.#page;
    const focused = this.#indexOf(document.activeElement);
    this.#list.replaceChildren(
      ...places.map((place, at) => {
        const row = cloneOf('w-outline-row');
        const title = place.title || words.types[place.type];
        row.dataset.type = place.type;
        row.querySelector('small')!.textContent = words.types[place.type];
        row.querySelector('.w-go > span')!.textContent = place.title;
        const up = row.querySelector<HTMLButtonElement>('.w-up')!;
        const down = row.querySelector<HTMLButtonElement>('.w-down')!;
        up.ariaLabel = fill(words.moveUp!, { title });
        down.ariaLabel = fill(words.moveDown!, { title });
        up.disabled = at === 0;
        down.disabled = at === places.length - 1;
        return row;
      }),
    );
    if (focused >= 0) this.#focus(focused);
  }

  /** Marks the section that the cursor is in. @param line from 1 */
  at(line: number): void {
    const now = this.#places.findLastIndex(place => place.line <= line);
    for (const [index, row] of [...this.#list.children].entries()) row.classList.toggle('now', index === now);
  }

  #indexOf(target: EventTarget | null): number {
    const row = target instanceof Element ? target.closest('li') : null;
    return row ? [...this.#list.children].indexOf(row) : -1;
  }

  #focus(at: number): void {
    this.#list.children[at]?.querySelector<HTMLButtonElement>('.w-go')?.focus();
  }

  #move(from: number, to: number): void {
    const text = this.#view.state.doc.toString();
    // The places are of an older text: what was dragged is put back, and the preview that comes shows them anew.
    if (text !== this.#text || to < 0 || to >= this.#places.length) {
      this.#again();
      return;
    }
    const order = this.#places.map((_, index) => index);
    order.splice(to, 0, ...order.splice(from, 1));
    const starts = this.#places.map(place => place.line);
    apply(this.#view, changeBetween(text, reordered(text, starts, order)));
    const { words } = this.#page;
    const { title, type } = this.#places[from]!;
    const hasReferences = type === 'summary' && /(?:논문|paper) ?#\d/i.test(text);
    toast(fill(hasReferences ? words.movedRefs! : words.moved!, { title: title || words.types[type] }));
    // Shown at once; the lines are learnt from the next preview.
    const places = order.map(index => this.#places[index]!);
    this.#again(places);
    this.#focus(to);
    this.#moved();
  }

  #again(places = this.#places): void {
    this.#list.replaceChildren();
    this.#places = [];
    this.show([...places], '');
  }
}
