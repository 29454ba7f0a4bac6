/** Reports from where they lie: a message, an mbox (RFC 4155), a Maildir, a folder of any of these. Memory stays at one report. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BroadsheetError, messageOf } from '../../errors.ts';

/** Bytes of one report that are kept; what failed is said before the returned message, so the rest is not missed. */
export const maxReportBytes = 1024 * 1024;

export interface RawReport {
  /** Path within what was given; of an mbox with several messages, `name#1`, `name#2` … */
  name: string;
  raw: Buffer;
  /** As it lies there. */
  bytes: number;
  problem?: string;
}

/** @throws BroadsheetError FILE_UNREADABLE when there is nothing at `path`; a file inside a folder becomes an entry with a problem instead */
export async function* readReports(path: string): AsyncGenerator<RawReport> {
  const info = await stat(path).catch(error => {
    throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), { file: path });
  });
  if (!info.isDirectory()) {
    yield* readFileReports(path, basename(path));
    return;
  }
  for await (const name of filesIn(path, '')) {
    try {
      yield* readFileReports(join(path, name), name);
    } catch (error) {
      yield { name, raw: Buffer.alloc(0), bytes: 0, problem: messageOf(error) };
    }
  }
}

/** Regular files by name. Not what is hidden, not links (they may lead out or in circles), not what a Maildir has not finished yet. */
async function* filesIn(root: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const isMaildir = ['cur', 'new', 'tmp'].every(name =>
    entries.some(entry => entry.isDirectory() && entry.name === name),
  );
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    // Maildir++ keeps folders as `.Name`; other hidden things are not mail.
    if (entry.name.startsWith('.') && !(isMaildir && entry.isDirectory())) continue;
    if (entry.isDirectory()) {
      if (!(isMaildir && entry.name === 'tmp')) yield* filesIn(root, name);
    } else if (entry.isFile() && !/\.json$/i.test(entry.name)) yield name;
  }
}

async function* readFileReports(path: string, name: string): AsyncGenerator<RawReport> {
  let number = 0;
  let waiting: Collector | undefined;
  for await (const message of splitMbox(createReadStream(path, { highWaterMark: 256 * 1024 }), /\.eml$/i.test(name))) {
    if (waiting) yield waiting.report(`${name}#${++number}`);
    waiting = message;
  }
  if (waiting) yield waiting.report(number > 0 ? `${name}#${++number}` : name);
}

/** Keeps the beginning of a message and counts the rest. */
class Collector {
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const room = maxReportBytes - this.#keptBytes;
    if (room <= 0 || chunk.length === 0) return;
    // A copy: a slice would keep the whole chunk in memory.
    const kept = Buffer.from(chunk.subarray(0, room));
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
  }

  report(name: string): RawReport {
    return { name, raw: Buffer.concat(this.#kept), bytes: this.#bytes };
  }
}

const separator = Buffer.from('\nFrom ');
/** Bytes in which a `From ` line and the first field after it are recognised. */
const lookAhead = 1024;

/** Only a line with a date, before a header field: in one message's own text `From ` begins lines, too. */
function isSeparator(text: string): boolean {
  return /^\nFrom [^\n]{0,400}\d{4}[^\n]{0,40}\n>?[!-9;-~]{1,80}:/.test(text.replaceAll('\r', ''));
}

/** @param isOne the file holds one message, whatever its lines look like */
async function* splitMbox(chunks: AsyncIterable<Buffer>, isOne: boolean): AsyncGenerator<Collector> {
  let current = new Collector();
  let held: Buffer = Buffer.alloc(0);
  let isMbox: boolean | undefined = isOne ? false : undefined;
  const split = function* (data: Buffer, isEnd: boolean): Generator<Collector> {
    let start = 0;
    let at = isMbox ? data.indexOf(separator) : -1;
    while (at >= 0 && (isEnd || at + lookAhead <= data.length)) {
      if (isSeparator(data.toString('latin1', at, at + lookAhead))) {
        current.add(data.subarray(start, at + 1));
        yield current;
        current = new Collector();
        start = at + 1;
      }
      at = data.indexOf(separator, at + 1);
    }
    const end = isEnd ? data.length : at >= 0 ? at : Math.max(start, data.length - separator.length);
    current.add(data.subarray(start, end));
    held = Buffer.from(data.subarray(end));
  };
  for await (const chunk of chunks) {
    const data = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    isMbox ??= data.subarray(0, 5).toString('latin1') === 'From ';
    yield* split(data, false);
  }
  yield* split(held, true);
  yield current;
}
