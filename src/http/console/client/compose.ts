/** The composer: the text, its e-mail beside it, and what helps to write. The parts are in compose/. */
import { autocompletion } from '@codemirror/autocomplete';
import { EditorView } from '@codemirror/view';
import { mountCheck } from './compose/check.ts';
import { askWhich } from './compose/conflict.ts';
import { apply, bold, goToLine, link, openEditor } from './compose/editor.ts';
import { openFrontMatter, openTerms } from './compose/forms.ts';
import { imageUpload, pictureButton } from './compose/images.ts';
import { Outline } from './compose/outline.ts';
import { element, fill, toast } from './compose/page.ts';
import { pasteMarkdown } from './compose/paste.ts';
import { Preview } from './compose/preview.ts';
import { showProblems } from './compose/problems.ts';
import { openReaders } from './compose/readers.ts';
import { type Saved, Saving } from './compose/saving.ts';
import { openSnippets, slash } from './compose/snippets.ts';
import { showState } from './compose/state.ts';
import { openTabs } from './compose/tabs.ts';
import { changeBetween } from './compose/text.ts';
import type { ComposePage, Previewed } from './compose/types.ts';
import { pageData } from './lib/server.ts';

const page = pageData<ComposePage>('compose-page');
const { words } = page;
const source = element<HTMLTextAreaElement>('source').value.replace(/\r\n?/g, '\n');
const text = () => view.state.doc.toString();
/** The console's own path. */
const root = page.url.replace(/\/manuscripts\/.*$/, '');
const pictures = `${root}/images?manuscript=${page.id}`;

const saving = new Saving({
  url: page.url,
  staff: page.staff,
  id: page.id,
  version: page.version,
  at: new Date(page.updatedAt),
  source,
  text,
  onState: state =>
    showState(page, state, { tryNow: () => void saving.now(), decide: () => contested && void decide(contested) }),
  onConflict: saved => void decide(saved),
});
let contested: Saved | undefined;

const view = openEditor({
  parent: element('editor'),
  source,
  nonce: page.nonce,
  language: page.language,
  label: element('editor').dataset.label ?? '',
  keys: [
    {
      key: 'Mod-s',
      run: () => {
        void saving.now();
        return true;
      },
    },
    {
      key: 'Ctrl-Shift-p',
      run: () => {
        preview.next();
        return true;
      },
    },
  ],
  extensions: [
    // Opened on purpose, by a key of its own: what is chosen at once is meant.
    autocompletion({ override: [slash(page)], icons: false, interactionDelay: 0 }),
    pasteMarkdown({ url: `${root}/manuscripts/paste` }),
    imageUpload({ url: pictures }),
    EditorView.updateListener.of(update => {
      if (update.selectionSet || update.docChanged)
        outline.at(update.state.doc.lineAt(update.state.selection.main.head).number);
    }),
  ],
  onChange: changed,
});
element('compose').classList.add('w-on');

const preview = new Preview(page, text, shown);
const outline = new Outline(page, view, {
  gone: place => {
    tabs.showText();
    preview.reveal(place.title);
  },
  moved: () => void preview.now(),
});
const showFrontMatter = openFrontMatter(page, view);
const showTerms = openTerms(page, view, outline);
const check = mountCheck(element('check'), { url: `${page.url}/check.json`, view });
check.update(source);
element('w-bold').parentElement?.append(pictureButton(view, { url: pictures }));
openSnippets(page, view);
openReaders(page, preview);
const tabs = openTabs();

/** Every change of the text comes by here, whoever made it. */
function changed(): void {
  saving.changed();
  preview.changed();
  check.update(text());
  showFrontMatter();
}

function shown(answer: Previewed): void {
  element('w-title').textContent = answer.title;
  outline.show(answer.places, text());
  outline.at(view.state.doc.lineAt(view.state.selection.main.head).number);
  showProblems(page, view, answer.problems, tabs.showText);
  showTerms(answer);
}

async function decide(saved: Saved, why?: string): Promise<void> {
  contested = saved;
  const time = new Date(saved.at).toLocaleString(page.language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: page.timeZone,
  });
  const mine = text();
  const chosen = await askWhich(page, saved, mine, why ?? fill(words.conflict!, { who: saved.by, time }));
  if (chosen === undefined) return;
  try {
    const other = await saving.decide(saved, chosen, mine);
    if (other) return await decide(other);
  } catch {
    toast(words.offline!);
    return;
  }
  contested = undefined;
  apply(view, changeBetween(text(), chosen));
  saving.changed();
}

// What is checked, compared or sent is the text as it stands here: a long one does not go with a page that is being left.
for (const to of document.querySelectorAll<HTMLAnchorElement>('.w-acts a'))
  to.addEventListener('click', event => {
    if (!saving.isDirty || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void saving.now().then(() => (saving.isDirty ? toast(words.unsaved!) : location.assign(to.href)));
  });

element('w-bold').addEventListener('click', () => bold(view));
element('w-link').addEventListener('click', () => link(view));
const shortcuts = element<HTMLDialogElement>('w-shortcuts');
element('w-keys').addEventListener('click', () => shortcuts.showModal());
document.addEventListener('keydown', event => {
  if (event.defaultPrevented) return;
  const isTyping = (event.target as Element).closest('input, textarea, select, .cm-editor, dialog[open]');
  if (event.key.toLowerCase() === 's' && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    void saving.now();
  } else if (event.key.toLowerCase() === 'p' && event.ctrlKey && event.shiftKey) {
    event.preventDefault();
    preview.next();
  } else if (event.key === '?' && !isTyping) {
    event.preventDefault();
    shortcuts.showModal();
  }
});

showFrontMatter();
saving.changed();
const kept = saving.found();
if (kept) {
  apply(view, changeBetween(text(), kept.source));
  if (kept.version === page.version) toast(words.kept!);
  else {
    saving.contest();
    const saved = { version: page.version, source, by: '', at: page.updatedAt };
    void decide(saved, words.conflictKept);
  }
}
void preview.now();
tabs.start();

// A finding of the page of checks leads here.
const line = Number(new URLSearchParams(location.search).get('line'));
if (Number.isInteger(line) && line > 0) goToLine(view, line);
