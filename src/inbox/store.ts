/**
 * Mails as files of one folder, and an index of them in memory. A file is one line with the envelope, then the mail byte for byte as it came.
 * Only header sections are looked at on arrival, so thousands of mails cost little; a mail is parsed when somebody opens it.
 */
import { chmod, mkdir, open, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { headerLimitBytes, headerSection, headerValue, parseHeaders } from './headers.ts';

export interface Envelope {
  from: string;
  to: string[];
}

export interface MailEntry {
  id: string;
  at: Date;
  envelope: Envelope;
  /** Decoded headers. */
  from: string;
  to: string;
  subject: string;
  /** As it came, without the envelope's line. */
  bytes: number;
}

const mark = 'X-Local-Inbox: ';
const markSchema = z.object({ at: z.coerce.date(), from: z.string(), to: z.array(z.string()) });
const filesAtOnce = 16;

export class MailStore {
  readonly #folder: string;
  readonly #keep: number;
  /** Oldest first. */
  #entries: MailEntry[] = [];
  #lastStamp = 0;

  private constructor(folder: string, keep: number) {
    this.#folder = folder;
    this.#keep = keep;
  }

  /** Opens a folder, made when missing, with the mails of earlier runs. @param keep the newest so many stay, older ones are removed */
  static async open(folder: string, keep: number): Promise<MailStore> {
    // Mails hold addresses and links that act: nobody else on this machine reads them.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    const store = new MailStore(folder, keep);
    const names = (await readdir(folder)).filter(name => /^[\w-][\w.-]{0,100}\.eml$/.test(name)).sort();
    for (let i = 0; i < names.length; i += filesAtOnce) {
      const group = await Promise.all(
        names.slice(i, i + filesAtOnce).map(name => store.#read(name).catch(() => undefined)),
      );
      store.#entries.push(...group.filter(entry => entry !== undefined));
    }
    store.#entries.sort((a, b) => a.at.getTime() - b.at.getTime());
    store.#lastStamp = store.#entries.at(-1)?.at.getTime() ?? 0;
    await store.#trim();
    return store;
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Changes whenever the list does. */
  get version(): string {
    return `${this.#entries.length}-${this.#entries.at(-1)?.id ?? ''}`;
  }

  /** Stores a mail; when this returns, it survives a restart. */
  async add(envelope: Envelope, source: Buffer): Promise<void> {
    // Stamps only grow, so names sort as mails came, also within a millisecond or after the clock went back.
    this.#lastStamp = Math.max(Date.now(), this.#lastStamp + 1);
    const at = new Date(this.#lastStamp);
    const id = String(this.#lastStamp);
    const line = `${mark}${JSON.stringify({ at, from: envelope.from, to: envelope.to })}\r\n`;
    const path = join(this.#folder, `${id}.eml`);
    // Whole or not at all: a reader of the folder never meets half a mail.
    await writeFile(`${path}.part`, Buffer.concat([Buffer.from(line), source]), { mode: 0o600 });
    await rename(`${path}.part`, path);
    const entry = { id, at, envelope, ...summary(source), bytes: source.length };
    let place = this.#entries.length;
    while (place > 0 && this.#entries[place - 1]!.at > at) place--;
    this.#entries.splice(place, 0, entry);
    await this.#trim();
  }

  /** Mails whose addresses or subject contain the text, newest first. */
  search(query: string): MailEntry[] {
    const wanted = query.trim().toLowerCase();
    const all = this.#entries.toReversed();
    if (!wanted) return all;
    return all.filter(mail =>
      [mail.subject, mail.from, mail.to, mail.envelope.from, ...mail.envelope.to].some(text =>
        text.toLowerCase().includes(wanted),
      ),
    );
  }

  get(id: string): MailEntry | undefined {
    return this.#entries.find(entry => entry.id === id);
  }

  /** The mail before and after this one, by age. */
  neighbours(id: string): { newer: string | undefined; older: string | undefined } {
    const place = this.#entries.findIndex(entry => entry.id === id);
    return { newer: this.#entries[place + 1]?.id, older: this.#entries[place - 1]?.id };
  }

  /** The mail as it came, or undefined when it is not (or no longer) here. */
  async source(id: string): Promise<Buffer | undefined> {
    // Only names from the index reach the file system.
    if (!this.get(id)) return undefined;
    const file = await readFile(join(this.#folder, `${id}.eml`)).catch(() => undefined);
    return file && split(file).source;
  }

  /** Deletes all mails. */
  async clear(): Promise<void> {
    const gone = this.#entries;
    this.#entries = [];
    await this.#delete(gone);
  }

  async #trim(): Promise<void> {
    if (this.#entries.length <= this.#keep) return;
    await this.#delete(this.#entries.splice(0, this.#entries.length - this.#keep));
  }

  async #delete(entries: readonly MailEntry[]): Promise<void> {
    for (let i = 0; i < entries.length; i += filesAtOnce) {
      const group = entries.slice(i, i + filesAtOnce);
      await Promise.all(group.map(entry => unlink(join(this.#folder, `${entry.id}.eml`)).catch(() => {})));
    }
  }

  async #read(name: string): Promise<MailEntry> {
    const file = await open(join(this.#folder, name));
    try {
      const { size, mtime } = await file.stat();
      const start = Buffer.alloc(Math.min(size, headerLimitBytes + 4096));
      await file.read(start, 0, start.length, 0);
      const { envelope, source, at, markBytes } = split(start);
      return {
        id: name.slice(0, -'.eml'.length),
        at: at ?? mtime,
        envelope,
        ...summary(source),
        bytes: size - markBytes,
      };
    } finally {
      await file.close();
    }
  }
}

function summary(source: Buffer): { from: string; to: string; subject: string } {
  const headers = parseHeaders(headerSection(source));
  return {
    from: headerValue(headers, 'from'),
    to: headerValue(headers, 'to'),
    subject: headerValue(headers, 'subject'),
  };
}

/** A file without the envelope's line is a mail that somebody put into the folder. */
function split(file: Buffer): { envelope: Envelope; at?: Date; source: Buffer; markBytes: number } {
  const end = file.indexOf('\r\n');
  const line = end > 0 ? file.subarray(0, end).toString('utf8') : '';
  if (line.startsWith(mark)) {
    try {
      const { at, from, to } = markSchema.parse(JSON.parse(line.slice(mark.length)));
      return { envelope: { from, to }, at, source: file.subarray(end + 2), markBytes: end + 2 };
    } catch {
      // Damaged: shown whole.
    }
  }
  return { envelope: { from: '', to: [] }, source: file, markBytes: 0 };
}
