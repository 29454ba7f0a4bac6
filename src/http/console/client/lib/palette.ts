/** Ctrl or Cmd and K: go anywhere by typing. `g` and a letter goes to a place, `?` tells all keys. */

interface Entry {
  kind: string;
  title: string;
  to: string;
}

interface Words {
  placeholder: string;
  none: string;
  keys: string;
  place: string;
}

const most = 12;

export function startPalette(): void {
  const words = JSON.parse(document.body.dataset.palette ?? 'null') as Words | null;
  if (!words) return;
  const places = [...document.querySelectorAll<HTMLAnchorElement>('nav.places a')];
  let prefix = 0;
  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      open(words, places);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === 'g') {
      prefix = event.timeStamp;
    } else if (event.timeStamp - prefix < 1500) {
      prefix = 0;
      places.find(place => place.dataset.key === event.key)?.click();
    } else if (event.key === '?') {
      open(words, places);
    }
  });
}

/** Whoever types text means letters; CodeMirror's content is editable. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

let shown: HTMLDialogElement | undefined;

async function open(words: Words, places: HTMLAnchorElement[]): Promise<void> {
  if (shown?.open) return;
  const dialog = document.createElement('dialog');
  dialog.className = 'palette';
  const input = element('input', {
    type: 'text',
    placeholder: words.placeholder,
    role: 'combobox',
    autocomplete: 'off',
  });
  input.setAttribute('aria-label', words.placeholder);
  input.setAttribute('aria-expanded', 'true');
  input.setAttribute('aria-controls', 'palette-list');
  const list = element('ul', { id: 'palette-list', role: 'listbox' });
  list.setAttribute('aria-label', words.placeholder);
  const hint = element('p', { className: 'quiet small', textContent: words.keys });
  dialog.append(input, list, hint);
  document.body.append(dialog);
  shown = dialog;
  let entries: Entry[] = places.map(place => ({ kind: words.place, title: place.textContent ?? '', to: place.href }));
  let found: Entry[] = [];
  let at = 0;
  const draw = () => {
    found = matching(entries, input.value).slice(0, most);
    at = Math.min(at, Math.max(0, found.length - 1));
    list.replaceChildren(
      ...(found.length > 0
        ? found.map((entry, i) => lineOf(entry, i, i === at))
        : [element('li', { className: 'quiet', textContent: words.none })]),
    );
    input.setAttribute('aria-activedescendant', found.length > 0 ? `palette-${at}` : '');
    list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  };
  input.addEventListener('input', () => {
    at = 0;
    draw();
  });
  input.addEventListener('keydown', event => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      at = (at + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % Math.max(1, found.length);
      draw();
    } else if (event.key === 'Enter') {
      const entry = found[at];
      if (entry) location.assign(entry.to);
    }
  });
  list.addEventListener('click', event => {
    const line = (event.target as HTMLElement).closest('li');
    const entry = line && found[Number(line.dataset.at)];
    if (entry) location.assign(entry.to);
  });
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  dialog.showModal();
  draw();
  const base =
    document.querySelector<HTMLLinkElement>('link[rel=stylesheet]')?.getAttribute('href')?.split('/console/')[0] ?? '';
  const more = await fetch(`${base}/console/palette.json`).then(
    answer => (answer.ok ? (answer.json() as Promise<{ entries: Entry[] }>) : { entries: [] }),
    () => ({ entries: [] }),
  );
  entries = [...entries, ...more.entries];
  draw();
}

/** Every word typed must be in the title or the kind; titles that begin with them go first. */
function matching(entries: Entry[], typed: string): Entry[] {
  const parts = typed.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  const text = (entry: Entry) => `${entry.title} ${entry.kind}`.normalize('NFC').toLowerCase();
  const rank = (entry: Entry) => (parts[0] && entry.title.toLowerCase().startsWith(parts[0]) ? 0 : 1);
  return entries.filter(entry => parts.every(part => text(entry).includes(part))).sort((a, b) => rank(a) - rank(b));
}

function lineOf(entry: Entry, i: number, isChosen: boolean): HTMLLIElement {
  const line = element('li', { id: `palette-${i}`, role: 'option' });
  line.dataset.at = String(i);
  line.setAttribute('aria-selected', String(isChosen));
  line.append(
    element('span', { textContent: entry.title }),
    element('small', { className: 'quiet', textContent: entry.kind }),
  );
  return line;
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  with_: Partial<HTMLElementTagNameMap[K]> & { role?: string },
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(name), with_);
}
