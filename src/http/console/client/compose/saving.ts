/**
 * Saving as one types: a second after the last key, and when the page is left. What is not on the server yet lies in the browser's own
 * storage, so that neither a lost connection nor the end of a session costs a word. The server takes a text only for the version that it
 * was begun from; another one is a conflict, which the editor decides.
 */
import { call, formToken, Refused } from '../lib/server.ts';
import { changeBetween } from './text.ts';

export type SaveState =
  | { is: 'saved'; at: Date }
  | { is: 'unsaved' | 'saving' | 'offline' | 'loggedOut' }
  | { is: 'refused'; why: string }
  | { is: 'conflict' };

/** What somebody else saved meanwhile. */
export interface Saved {
  version: number;
  source: string;
  by: string;
  at: string;
}

interface Options {
  url: string;
  staff: number;
  id: number;
  version: number;
  at: Date;
  /** As the server has it. */
  source: string;
  text(): string;
  onState(state: SaveState): void;
  onConflict(saved: Saved): void;
}

interface Kept {
  version: number;
  source: string;
  at: number;
}

const pauseMs = 1000;
const keepMs = 250;
const retryMs = [2000, 5000, 10_000, 20_000];
/** Browsers send 64 KiB of a page that is being left, headers included. */
const mostLeaving = 60_000;

export class Saving {
  readonly #options: Options;
  readonly #key: string;
  readonly #prefix: string;
  #version: number;
  /** The text of `#version`. */
  #base: string;
  #at: Date;
  #state: SaveState['is'] = 'saved';
  #timer = 0;
  #keepTimer = 0;
  #running: Promise<void> | undefined;
  #tries = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#version = options.version;
    this.#base = options.source;
    this.#at = options.at;
    this.#prefix = `broadsheet:${options.staff}:${options.id}:`;
    this.#key = this.#prefix + Math.random().toString(36).slice(2);
    window.addEventListener('online', () => this.#again());
    window.addEventListener('focus', () => this.#again());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && this.#state === 'unsaved') void this.now();
      else this.#again();
    });
    window.addEventListener('pagehide', () => this.#leave());
    window.addEventListener('pageshow', event => {
      if (event.persisted) location.reload();
    });
  }

  get isDirty(): boolean {
    return this.#options.text() !== this.#base;
  }

  /** The text was changed, by whomever. */
  changed(): void {
    window.clearTimeout(this.#keepTimer);
    this.#keepTimer = window.setTimeout(() => this.#keep(), keepMs);
    if (this.#state === 'conflict') return;
    if (!this.isDirty && !this.#running) {
      this.#settled();
      return;
    }
    if (this.#state === 'saved' || this.#state === 'refused') this.#say({ is: 'unsaved' });
    this.#after(this.#state === 'offline' || this.#state === 'loggedOut' ? this.#pause() : pauseMs);
  }

  /** Saves at once; one at a time, the newest text last. */
  async now(): Promise<void> {
    window.clearTimeout(this.#timer);
    if (this.#state === 'conflict') return;
    if (this.#running) {
      await this.#running;
      if (this.isDirty && this.#state === 'unsaved') await this.now();
      return;
    }
    if (!this.isDirty) return this.#settled();
    this.#running = this.#save().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** The newest text of this manuscript that an earlier page could not save; told once. Older ones are told when that one is settled. */
  found(): Kept | undefined {
    const kept: (Kept & { key: string })[] = [];
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(this.#prefix)) continue;
      try {
        const entry = JSON.parse(localStorage.getItem(key) ?? '') as Kept;
        if (typeof entry.source === 'string' && entry.source !== this.#base) kept.push({ ...entry, key });
        else localStorage.removeItem(key);
      } catch {
        localStorage.removeItem(key);
      }
    }
    const newest = kept.sort((a, b) => b.at - a.at)[0];
    if (newest) localStorage.removeItem(newest.key);
    return newest;
  }

  /** The text stands against one that is saved: nothing is saved until somebody decided. */
  contest(): void {
    window.clearTimeout(this.#timer);
    this.#say({ is: 'conflict' });
    this.#keep();
  }

  /** Makes `source` the newest version after `saved`, which stays in the history. Rejects as `call` does. */
  async decide(saved: Saved, source: string, mine: string): Promise<Saved | undefined> {
    let version = saved.version;
    // Also the text that is given up stays in the history.
    for (const text of source === mine || mine === saved.source ? [source] : [mine, source]) {
      const answer = await this.#put({ version, source: text, keep: true });
      if ('conflict' in answer) return answer.conflict;
      version = answer.version;
    }
    this.#version = version;
    this.#base = source;
    this.#at = new Date();
    this.#state = 'saved';
    return undefined;
  }

  #say(state: SaveState): void {
    this.#state = state.is;
    this.#options.onState(state);
  }

  #settled(): void {
    this.#tries = 0;
    window.clearTimeout(this.#keepTimer);
    try {
      localStorage.removeItem(this.#key);
    } catch {}
    this.#say({ is: 'saved', at: this.#at });
  }

  #after(ms: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.now(), ms);
  }

  #pause(): number {
    return retryMs[Math.min(this.#tries, retryMs.length - 1)]!;
  }

  #again(): void {
    if (this.#state === 'offline' || this.#state === 'loggedOut') void this.now();
  }

  async #save(): Promise<void> {
    const source = this.#options.text();
    if (this.#state !== 'offline' && this.#state !== 'loggedOut') this.#say({ is: 'saving' });
    try {
      const answer = await this.#put({ version: this.#version, source });
      if ('conflict' in answer) {
        this.#keep();
        this.#say({ is: 'conflict' });
        this.#options.onConflict(answer.conflict);
        return;
      }
      this.#version = answer.version;
      this.#base = source;
      this.#at = new Date(answer.at);
      if (!this.isDirty) return this.#settled();
      this.#say({ is: 'unsaved' });
      this.#after(pauseMs);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#keep();
    const status = error instanceof Refused ? error.status : 0;
    if (status > 0 && status < 500 && status !== 401 && status !== 403) {
      this.#say({ is: 'refused', why: (error as Refused).message });
      return;
    }
    this.#say({ is: status === 401 || status === 403 ? 'loggedOut' : 'offline' });
    this.#after(this.#pause());
    this.#tries++;
  }

  /** One save; a token of a session that ended meanwhile is renewed once. */
  async #put(body: {
    version: number;
    source: string;
    keep?: boolean;
  }): Promise<{ version: number; at: string } | { conflict: Saved }> {
    const path = `${this.#options.url}/save`;
    try {
      return await call<{ version: number; at: string }>(path, body).catch(async error => {
        if (!(error instanceof Refused) || (error.status !== 401 && error.status !== 403)) throw error;
        if (!(await this.#renewToken())) throw error;
        return call<{ version: number; at: string }>(path, body);
      });
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && error.body.conflict)
        return { conflict: error.body as unknown as Saved };
      throw error;
    }
  }

  /** Somebody logged in again, in another window: this page takes the token of their session. */
  async #renewToken(): Promise<boolean> {
    const answer = await fetch(this.#options.url, { redirect: 'manual' });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector<HTMLMetaElement>('meta[name="form-token"]')?.content;
    const mine = document.querySelector<HTMLMetaElement>('meta[name="form-token"]');
    if (!fresh || !mine || fresh === formToken()) return false;
    mine.content = fresh;
    return true;
  }

  #keep(): void {
    window.clearTimeout(this.#keepTimer);
    if (!this.isDirty) return;
    const kept: Kept = { version: this.#version, source: this.#options.text(), at: Date.now() };
    try {
      localStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {}
  }

  /** Only what changed is sent: a whole issue is more than browsers send of a page that goes. */
  #leave(): void {
    this.#keep();
    const source = this.#options.text();
    const change = changeBetween(this.#base, source);
    if (!change || this.#state === 'conflict') return;
    const body = JSON.stringify({ version: this.#version, ...change, length: this.#base.length });
    if (body.length * 3 > mostLeaving && new Blob([body]).size > mostLeaving) return;
    void fetch(`${this.#options.url}/save`, {
      method: 'POST',
      keepalive: true,
      headers: { 'content-type': 'application/json', 'x-form-token': formToken() },
      body,
    }).catch(() => {});
  }
}
