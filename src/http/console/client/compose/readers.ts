/** "As this reader": nobody in particular, somebody made up, or one who is searched for. */
import { call } from '../lib/server.ts';
import { element } from './page.ts';
import type { Preview } from './preview.ts';
import type { ComposePage } from './types.ts';

interface Found {
  id: number;
  email: string;
  name: string;
}

const pauseMs = 200;

export function openReaders(page: ComposePage, preview: Preview): void {
  const select = element<HTMLSelectElement>('w-as');
  const box = element('w-find');
  const input = element<HTMLInputElement>('w-words');
  const list = element('w-readers');
  const choose = (reader: Found) => {
    const value = String(reader.id);
    if (![...select.options].some(option => option.value === value))
      select.add(new Option(reader.name || reader.email, value), select.options.length - 1);
    select.value = value;
    box.hidden = true;
    preview.lookAs(reader.id);
    select.focus();
  };
  let asked = 0;
  const search = async () => {
    const mine = ++asked;
    const { readers } = await call<{ readers: Found[] }>(`${page.url}/readers`, { words: input.value });
    if (mine !== asked) return;
    list.replaceChildren(
      ...readers.map(reader => {
        const item = document.createElement('li');
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'w-quiet';
        button.textContent = reader.name ? `${reader.name} · ${reader.email}` : reader.email;
        button.addEventListener('click', () => choose(reader));
        item.append(button);
        return item;
      }),
    );
    if (readers.length === 0) list.textContent = page.words.noReader!;
  };
  let timer = 0;
  const soon = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void search().catch(() => {}), pauseMs);
  };
  input.addEventListener('input', soon);
  select.addEventListener('change', () => {
    const { value } = select;
    box.hidden = value !== 'other';
    if (value === 'other') {
      input.focus();
      soon();
    } else preview.lookAs(value === 'neutral' || value === 'example' ? value : Number(value));
  });
}
