/** The e-mail on the right: asked for after a pause in typing, one at a time, and put into the frame without losing its place. */
import { call, Refused } from '../lib/server.ts';
import { element, fill } from './page.ts';
import type { ComposePage, Previewed } from './types.ts';

/** From the last key; with the server's part it stays under 300 ms (bench/preview.ts). */
const pauseMs = 140;
const desktopWidth = 700;
const phoneWidth = 390;
const gmailBytes = 102_000;
const storageKey = 'broadsheet:preview';

interface Modes {
  width: 'desktop' | 'phone';
  scheme: 'light' | 'dark';
  kind: 'mail' | 'text';
}

export class Preview {
  readonly #page: ComposePage;
  readonly #text: () => string;
  readonly #shown: (answer: Previewed) => void;
  readonly #frame = element<HTMLIFrameElement>('mail');
  readonly #stage = element('w-stage');
  readonly #host = element('preview');
  #modes: Modes;
  #as: 'neutral' | 'example' | number = 'neutral';
  #timer = 0;
  #isAsking = false;
  #isStale = false;
  #html = '';

  constructor(page: ComposePage, text: () => string, shown: (answer: Previewed) => void) {
    this.#page = page;
    this.#text = text;
    this.#shown = shown;
    const wide = this.#host.clientWidth > desktopWidth;
    this.#modes = { width: wide ? 'desktop' : 'phone', scheme: 'light', kind: 'mail', ...stored() };
    for (const button of this.#host.querySelectorAll<HTMLButtonElement>('[data-group]'))
      button.addEventListener('click', () => this.#choose({ [button.dataset.group!]: button.dataset.value }));
    this.#frame.addEventListener('load', () => this.#write());
    new ResizeObserver(() => this.#fit()).observe(this.#stage);
    this.#paint();
  }

  /** The text was changed. */
  changed(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.now(), pauseMs);
  }

  /** @param as whose copy; a number is a reader's id */
  lookAs(as: 'neutral' | 'example' | number): void {
    this.#as = as;
    void this.now();
  }

  /** The next way of looking at it. */
  next(): void {
    const { width, scheme, kind } = this.#modes;
    const ways: Modes[] = [
      { width: 'desktop', scheme: 'light', kind: 'mail' },
      { width: 'desktop', scheme: 'dark', kind: 'mail' },
      { width: 'phone', scheme: 'light', kind: 'mail' },
      { width: 'phone', scheme: 'dark', kind: 'mail' },
      { width, scheme, kind: 'text' },
    ];
    const at = ways.findIndex(way => way.kind === kind && way.width === width && way.scheme === scheme);
    this.#choose(kind === 'text' ? ways[0]! : ways[(at + 1) % ways.length]!);
  }

  async now(): Promise<void> {
    window.clearTimeout(this.#timer);
    if (this.#isAsking) {
      this.#isStale = true;
      return;
    }
    this.#isAsking = true;
    this.#isStale = false;
    const { url, words } = this.#page;
    try {
      const body = { source: this.#text(), as: this.#as, scheme: this.#modes.scheme };
      const answer = await call<Previewed>(`${url}/preview`, body);
      this.#html = answer.html;
      this.#write();
      this.#say(answer);
      this.#shown(answer);
    } catch (error) {
      // Without a connection the last one stays; saving says what is wrong.
      if (error instanceof Refused && error.status !== 401 && error.status !== 403)
        element('w-bytes').textContent = fill(words.previewFailed!, { why: error.message });
    } finally {
      this.#isAsking = false;
    }
    if (this.#isStale) await this.now();
  }

  /** Brings a section's heading into sight. */
  reveal(title: string): void {
    const wanted = title.replace(/\s+/g, '');
    const headings = this.#frame.contentDocument?.querySelectorAll('h1, h2, h3') ?? [];
    const found = [...headings].find(heading => heading.textContent?.replace(/\s+/g, '').includes(wanted));
    found?.scrollIntoView({ block: 'start' });
  }

  /** Into the document that the frame has, so that its place stays and nothing flickers. Nothing in it runs: the frame's policy forbids it. */
  #write(): void {
    const inner = this.#frame.contentDocument;
    // Until its own page is there the frame has an empty one under our policy, which forbids a mail's styles; `load` comes back here.
    if (!inner?.documentElement || inner.URL === 'about:blank' || this.#html === '') return;
    const { scrollTop } = inner.documentElement;
    inner.documentElement.innerHTML = this.#html;
    inner.documentElement.scrollTop = scrollTop;
    this.#host.dataset.shown = String(Number(this.#host.dataset.shown ?? 0) + 1);
  }

  #say(answer: Previewed): void {
    const { words, language } = this.#page;
    element('w-plain').textContent = answer.text;
    element('w-subject').textContent = answer.subject;
    element('w-preheader').textContent = answer.preheader;
    element('w-bytes').textContent = fill(words.bytesOf!, { n: answer.bytes.toLocaleString(language) });
    const bar = document.getElementById('w-bar')!;
    bar.querySelector('.filled')!.setAttribute('width', String(Math.min(100, (answer.bytes / gmailBytes) * 100)));
    bar.classList.toggle('near', answer.bytes >= 90_000);
    bar.classList.toggle('over', answer.bytes >= gmailBytes);
  }

  #choose(change: Partial<Modes>): void {
    const before = this.#modes;
    this.#modes = { ...before, ...change };
    try {
      localStorage.setItem(storageKey, JSON.stringify(this.#modes));
    } catch {}
    this.#paint();
    if (this.#modes.scheme !== before.scheme) void this.now();
  }

  #paint(): void {
    this.#host.dataset.kind = this.#modes.kind;
    this.#host.dataset.scheme = this.#modes.scheme;
    for (const button of this.#host.querySelectorAll<HTMLButtonElement>('[data-group]')) {
      const { group, value } = button.dataset;
      button.setAttribute('aria-pressed', String(this.#modes[group as keyof Modes] === value));
    }
    this.#fit();
  }

  /** A window of the chosen width, made smaller where the column is narrower. */
  #fit(): void {
    const { clientWidth, clientHeight } = this.#stage;
    if (clientWidth === 0) return;
    const width = this.#modes.width === 'phone' ? Math.min(phoneWidth, clientWidth) : desktopWidth;
    const scale = Math.min(1, clientWidth / width);
    const { style } = this.#frame;
    style.width = `${width}px`;
    style.height = `${Math.floor(clientHeight / scale)}px`;
    style.transform = scale < 1 ? `scale(${scale})` : 'none';
    style.left = `${Math.max(0, (clientWidth - width * scale) / 2)}px`;
  }
}

function stored(): Partial<Modes> {
  try {
    const { width, scheme, kind } = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Modes>;
    return {
      ...(width === 'desktop' || width === 'phone' ? { width } : {}),
      ...(scheme === 'light' || scheme === 'dark' ? { scheme } : {}),
      ...(kind === 'mail' || kind === 'text' ? { kind } : {}),
    };
  } catch {
    return {};
  }
}
