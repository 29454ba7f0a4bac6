/** Forms beside the text: they change the text itself, so that nothing is kept in two places. */
import type { EditorView } from '@codemirror/view';
import { editFrontMatter, type FrontMatterPath, readFrontMatter } from '../../../../model/front-matter.ts';
import { apply } from './editor.ts';
import type { Outline } from './outline.ts';
import { element, fill } from './page.ts';
import { changeBetween, withTerm } from './text.ts';
import type { ComposePage, Previewed } from './types.ts';

const pauseMs = 300;

/** @returns shows the front matter of the text in the forms, but for the field that is being typed in */
export function openFrontMatter(page: ComposePage, view: EditorView): () => void {
  const fields = [
    ...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
      '#panel-details .w-fields [name], #panel-promo .w-fields [name]',
    ),
  ];
  const show = () => {
    const { values, broken } = readFrontMatter(view.state.doc.toString());
    for (const note of document.querySelectorAll<HTMLElement>('.w-broken')) note.hidden = !broken;
    for (const field of fields) {
      field.disabled = broken;
      if (field === document.activeElement) continue;
      field.value = values[field.name as FrontMatterPath] ?? '';
    }
    for (const count of document.querySelectorAll<HTMLElement>('[data-count]')) {
      const length = [...(values[count.dataset.count as FrontMatterPath] ?? '')].length;
      count.textContent = length > 0 ? fill(page.words.chars!, { n: length }) : page.words.ofText!;
    }
  };
  let timer = 0;
  for (const field of fields) {
    const put = () => {
      window.clearTimeout(timer);
      const text = view.state.doc.toString();
      const next = editFrontMatter(text, { [field.name]: field.value });
      if (next !== undefined) apply(view, changeBetween(text, next));
    };
    field.addEventListener('input', () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(put, pauseMs);
    });
    field.addEventListener('change', put);
    field.form?.addEventListener('submit', event => event.preventDefault());
  }
  return show;
}

/** The glossary's form. @returns shows the terms of the issue */
export function openTerms(page: ComposePage, view: EditorView, outline: Outline): (answer: Previewed) => void {
  const form = element<HTMLFormElement>('w-term');
  const said = element('w-term-said');
  const { words } = page;
  form.addEventListener('submit', event => {
    event.preventDefault();
    const data = new FormData(form);
    const of = (name: string) => String(data.get(name) ?? '');
    const given = {
      term: of('term'),
      translation: of('translation'),
      abbreviation: of('abbreviation'),
      definition: of('definition'),
    };
    if (!given.term.trim() || !given.definition.trim()) {
      said.textContent = words.termNeeded!;
      return;
    }
    const heading = page.publicationLanguage === 'ko' ? '용어집' : 'Key terms';
    apply(view, withTerm(view.state.doc.toString(), outline.places, given, heading), true);
    said.textContent = fill(words.termAdded!, { term: given.term.trim() });
    form.reset();
    element('term-term').focus();
  });
  return ({ terms }) => {
    const list = element('w-terms');
    const rows = terms.map(({ term, translation, abbreviation }) => {
      const item = document.createElement('li');
      const name = document.createElement('b');
      name.textContent = term;
      const more = document.createElement('small');
      more.textContent = [translation, abbreviation].filter(Boolean).join(', ');
      item.append(name, ' ', more);
      return item;
    });
    list.replaceChildren(...rows);
    if (rows.length === 0) list.textContent = words.noTerms!;
  };
}
