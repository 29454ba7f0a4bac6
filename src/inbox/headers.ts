/** The header section of a mail, as far as a person wants to read it: unfolded and decoded, whatever is wrong with it. */

export interface Header {
  name: string;
  /** As it came, folded. */
  raw: string;
  /** One line, encoded words decoded, without control characters. */
  value: string;
}

/** What is looked at of a header section; hostile mails have longer ones. */
export const headerLimitBytes = 64 * 1024;
const maxHeaders = 500;
const maxValueLength = 10_000;

/** The header section: what precedes the first empty line, at most `headerLimitBytes`. */
export function headerSection(source: Buffer): string {
  const head = source.subarray(0, headerLimitBytes).toString('utf8');
  const end = /\r?\n\r?\n/.exec(head);
  return end ? head.slice(0, end.index) : head;
}

/** Lines that are no header are left out. */
export function parseHeaders(section: string): Header[] {
  const headers: Header[] = [];
  for (const raw of section.split(/\r?\n(?![ \t])/)) {
    const match = /^([!-9;-~]{1,200}):([\s\S]*)$/.exec(raw);
    if (!match) continue;
    const value = match[2]!.slice(0, maxValueLength).replace(/\r?\n/g, '').trim();
    headers.push({ name: match[1]!, raw, value: decodeWords(value) });
    if (headers.length === maxHeaders) break;
  }
  return headers;
}

/** The first header of this name, decoded; empty when there is none. */
export function headerValue(headers: readonly Header[], name: string): string {
  return headers.find(header => header.name.toLowerCase() === name)?.value ?? '';
}

const word = String.raw`=\?[^?\s]{1,60}\?[bq]\?[^?\r\n]{0,2000}\?=`;
const run = new RegExp(`${word}(?:\\s+${word})*`, 'gi');
const parts = /=\?([^?*\s]{1,60})(?:\*[^?]*)?\?([bq])\?([^?\r\n]*)\?=/gi;

/** Decodes encoded words (RFC 2047), also a character that is split over two of them. */
function decodeWords(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove
  return text.replace(run, decodeRun).replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '');
}

function decodeRun(words: string): string {
  const pieces: { charset: string; bytes: Buffer }[] = [];
  for (const [, charset, encoding, body] of words.matchAll(parts)) {
    const bytes = encoding!.toLowerCase() === 'b' ? Buffer.from(body!, 'base64') : fromQ(body!);
    const last = pieces.at(-1);
    if (last && last.charset === charset!.toLowerCase()) last.bytes = Buffer.concat([last.bytes, bytes]);
    else pieces.push({ charset: charset!.toLowerCase(), bytes });
  }
  try {
    return pieces.map(piece => new TextDecoder(piece.charset).decode(piece.bytes)).join('');
  } catch {
    // A character set that nobody knows: shown as it came.
    return words;
  }
}

function fromQ(body: string): Buffer {
  const plain = body
    .replace(/_/g, ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
