/** Pictures: dropped, pasted or chosen; a mark stands for each while it is on its way, then its Markdown, and a question for its description. */
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, type Panel, showPanel, WidgetType } from '@codemirror/view';
import { said, say } from './said.ts';
import { type Kept, upload } from './upload.ts';
import { words } from './words.ts';

const mostBytes = 10 * 1024 * 1024;
/** At once: a folder dropped by mistake is not sent. */
const most = 10;

interface Upload {
  id: number;
  name: string;
  percent: number;
  /** Why it failed. */
  problem?: string;
}

const begin = StateEffect.define<{ at: number; upload: Upload }>({
  map: ({ at, upload }, changes) => ({ at: changes.mapPos(at), upload }),
});
const update = StateEffect.define<Upload>();
const end = StateEffect.define<number>();

class Mark extends WidgetType {
  readonly upload: Upload;
  constructor(upload: Upload) {
    super();
    this.upload = upload;
  }
  override eq(other: Mark): boolean {
    return other.upload === this.upload;
  }
  override toDOM(view: EditorView): HTMLElement {
    const { id, name, percent, problem } = this.upload;
    const dom = document.createElement('span');
    dom.className = problem ? 'cm-upload failed' : 'cm-upload';
    dom.setAttribute('role', problem ? 'alert' : 'status');
    dom.append(problem ? `${name}: ${problem}` : words().uploading(name, percent));
    if (problem) {
      const close = document.createElement('button');
      close.type = 'button';
      close.textContent = words().dismiss;
      close.addEventListener('click', () => view.dispatch({ effects: end.of(id) }));
      dom.append(close);
    } else {
      const bar = document.createElement('progress');
      bar.max = 100;
      bar.value = percent;
      bar.setAttribute('aria-label', name);
      dom.append(bar);
    }
    return dom;
  }
}

const decorate = (upload: Upload) => Decoration.widget({ widget: new Mark(upload), side: 1 });

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let now = set.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(begin)) now = now.update({ add: [decorate(effect.value.upload).range(effect.value.at)] });
      if (effect.is(update) || effect.is(end)) {
        const id = effect.is(end) ? effect.value : (effect.value as Upload).id;
        const at = placeIn(now, id);
        now = now.update({
          filter: (_from, _to, value) => idOf(value) !== id,
          add: effect.is(update) && at !== undefined ? [decorate(effect.value).range(at)] : [],
        });
      }
    }
    return now;
  },
  provide: from => EditorView.decorations.from(from),
});

const idOf = (value: Decoration) => (value.spec.widget as Mark).upload.id;

function placeIn(set: DecorationSet, id: number): number | undefined {
  for (let at = set.iter(); at.value; at.next()) if (idOf(at.value) === id) return at.from;
  return undefined;
}

let nextId = 1;

async function add(view: EditorView, url: string, file: File, at: number): Promise<void> {
  const one: Upload = { id: nextId++, name: file.name || words().picture, percent: 0 };
  view.dispatch({ effects: begin.of({ at: Math.min(at, view.state.doc.length), upload: one }) });
  const change = (more: Partial<Upload>) =>
    view.dom.isConnected && view.dispatch({ effects: update.of({ ...one, ...more }) });
  if (file.size > mostBytes) {
    change({ problem: words().tooLarge });
    return;
  }
  const kept = await upload(url, file, percent => change({ percent }));
  if (!view.dom.isConnected) return;
  if ('problem' in kept) {
    change({ problem: kept.problem });
    return;
  }
  put(view, one.id, kept);
}

function put(view: EditorView, id: number, kept: Kept): void {
  const place = placeIn(view.state.field(marks), id);
  if (place === undefined) return;
  const line = view.state.doc.lineAt(place);
  const isAlone = line.text.trim() === '';
  const lead = isAlone || place === line.from ? '' : '\n\n';
  const insert = `${lead}![](${kept.url}){width=${kept.width} height=${kept.height}}${isAlone ? '' : '\n\n'}`;
  view.dispatch({
    changes: { from: place, insert },
    effects: [end.of(id), ask.of({ at: place + lead.length + 2, url: kept.url })],
    userEvent: 'input.paste',
  });
  if (kept.note) say(view, kept.note, 0);
}

/** Where the description of a picture is to stand. */
interface Question {
  at: number;
  url: string;
}
const ask = StateEffect.define<Question>({ map: ({ at, url }, changes) => ({ at: changes.mapPos(at), url }) });
const answered = StateEffect.define<null>();

/** The first is asked about, the others after it. */
const questions = StateField.define<readonly Question[]>({
  create: () => [],
  update(now, transaction) {
    let next = transaction.docChanged ? now.map(({ at, url }) => ({ at: transaction.changes.mapPos(at), url })) : now;
    for (const effect of transaction.effects) {
      if (effect.is(ask)) next = [...next, effect.value];
      if (effect.is(answered)) next = next.slice(1);
    }
    return next;
  },
});

const questionPanel = showPanel.compute([questions], state => {
  const first = state.field(questions)[0];
  return first ? view => altPanel(view, first.url) : null;
});

function altPanel(view: EditorView, url: string): Panel {
  const dom = document.createElement('form');
  dom.className = 'cm-alt';
  const label = document.createElement('label');
  const input = document.createElement('input');
  input.maxLength = 300;
  input.autocomplete = 'off';
  label.append(words().alt, input);
  const insert = document.createElement('button');
  insert.className = 'main';
  insert.textContent = words().insert;
  const without = document.createElement('button');
  without.type = 'button';
  without.textContent = words().without;
  const hint = document.createElement('p');
  hint.textContent = words().altHint;
  dom.append(label, insert, without, hint);
  const close = (alt: string) => {
    const at = view.state.field(questions)[0]?.at ?? 0;
    // The picture may be gone by now, or described by hand.
    const isThere = alt !== '' && view.state.sliceDoc(at - 2, at + 2 + url.length) === `![](${url}`;
    view.dispatch({
      ...(isThere ? { changes: { from: at, insert: alt } } : {}),
      effects: answered.of(null),
      userEvent: 'input',
    });
    view.focus();
  };
  dom.addEventListener('submit', event => {
    event.preventDefault();
    close(
      input.value
        .trim()
        .replace(/\s+/g, ' ')
        .replace(/[[\]\\]/g, '\\$&'),
    );
  });
  without.addEventListener('click', () => close(''));
  dom.addEventListener('keydown', event => {
    if (event.key === 'Escape') close('');
  });
  return { dom, mount: () => input.focus() };
}

function picturesOf(files: FileList | undefined | null): File[] {
  return [...(files ?? [])].filter(
    file => file.type.startsWith('image/') || /\.(?:png|jpe?g|webp|gif|svg)$/i.test(file.name),
  );
}

function addAll(view: EditorView, url: string, files: readonly File[], at: number): void {
  if (files.length > most) say(view, words().tooMany, 0);
  for (const file of files.slice(0, most)) void add(view, url, file, at);
}

/** Opens the choice of files, for a button or a key of the composer. @param url as of `imageUpload` */
function choosePicture(view: EditorView, options: { url: string }): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'image/png,image/jpeg,image/webp,image/gif';
  input.multiple = true;
  input.addEventListener('change', () =>
    addAll(view, options.url, picturesOf(input.files), view.state.selection.main.head),
  );
  input.click();
}

/** A button that opens the choice of files. */
export function pictureButton(view: EditorView, options: { url: string }): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = words().add;
  button.addEventListener('click', () => choosePicture(view, options));
  return button;
}

/** @param options.url of `receive('/images')` with `?manuscript=ID` */
export function imageUpload(options: { url: string }): Extension {
  const handlers = EditorView.domEventHandlers({
    drop(event, view) {
      const files = picturesOf(event.dataTransfer?.files);
      if (files.length === 0 || view.state.readOnly) return false;
      event.preventDefault();
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.selection.main.head;
      addAll(view, options.url, files, at);
      return true;
    },
    paste(event, view) {
      const files = picturesOf(event.clipboardData?.files);
      // Office programs put a picture of the text beside the text.
      const hasWords = /\S/.test(event.clipboardData?.getData('text/plain') ?? '');
      if (files.length === 0 || hasWords || view.state.readOnly) return false;
      event.preventDefault();
      addAll(view, options.url, files, view.state.selection.main.head);
      return true;
    },
  });
  return [marks, questions, questionPanel, said, handlers];
}
