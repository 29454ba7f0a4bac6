/**
 * A MIME reader (RFC 2045, 2046) for what servers send back. Own code because `mailparser` is asynchronous, hides the parts that matter here
 * (`message/delivery-status`) and reads whatever nesting it is given; this one is bounded by construction and never throws.
 */
import { decodeBody, decodeWords, htmlToText } from './decode.ts';

/** How deep multiparts are followed, and how many leaves are kept: real reports have three levels and five leaves. */
const maxDepth = 8;
const maxLeaves = 40;
/** UTF-16 units of a leaf that are read: what went wrong is said at the beginning. */
const maxLeafText = 64_000;
const maxHeader = 64_000;
const maxField = 4_000;

export interface Leaf {
  /** Small letters, `text/plain` when none is given. */
  type: string;
  /** Decoded, line ends as \n. Of `message/rfc822` and `text/rfc822-headers`: as it came. */
  text: string;
}

export interface Message {
  header: Header;
  leaves: Leaf[];
}

/** Header fields; names in small letters, values unfolded. */
export class Header {
  readonly fields: [name: string, value: string][] = [];

  all(...names: string[]): string[] {
    return this.fields.filter(([name]) => names.includes(name)).map(([, value]) => value);
  }

  first(name: string): string {
    return this.all(name)[0] ?? '';
  }
}

/** @param raw one message, with or without an mbox `From ` line */
export function readMessage(raw: Buffer): Message {
  const text = raw.toString('latin1').replace(/\r\n?/g, '\n');
  // A blank first line would end the header before it began.
  const message = text.replace(/^(?:\s*\n)?(?:From [^\n]*\n)?/, '');
  const { header, body } = splitHeader(message);
  const leaves: Leaf[] = [];
  collect(header, body, 0, leaves);
  return { header, leaves };
}

/** The header in front of a message, and what follows the first empty line. */
export function splitHeader(text: string): { header: Header; body: string } {
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n');
  const head = text.slice(0, Math.min(end < 0 ? text.length : end, maxHeader));
  return { header: readFields(head), body: end < 0 ? '' : text.slice(end === 0 ? 1 : end + 2) };
}

/** RFC 5322 §2.2, with folding undone. Lines that are no field are passed over. */
export function readFields(text: string): Header {
  const header = new Header();
  for (const line of text.split('\n')) {
    const last = header.fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last && last[1].length < maxField) last[1] = `${last[1]} ${line.trim()}`.trim().slice(0, maxField);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1 || colon > 80 || /\s/.test(line.slice(0, colon).trimEnd())) continue;
    const value = line.slice(colon + 1, colon + 1 + maxField).trim();
    header.fields.push([line.slice(0, colon).trimEnd().toLowerCase(), value]);
  }
  for (const field of header.fields) field[1] = decodeWords(field[1]);
  return header;
}

function collect(header: Header, body: string, depth: number, leaves: Leaf[]): void {
  if (leaves.length >= maxLeaves) return;
  const contentType = header.first('content-type');
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(contentType)?.[0].toLowerCase() ?? 'text/plain';
  const boundary = parameter(contentType, 'boundary');
  const parts = type.startsWith('multipart/') && boundary && depth < maxDepth ? splitParts(body, boundary) : [];
  if (parts.length > 0) {
    for (const part of parts) {
      const inner = splitHeader(part);
      // RFC 2046 §5.1.5: what a digest holds are messages.
      collect(inner.header, inner.body, depth + 1, leaves);
    }
    return;
  }
  const isMessage = type === 'message/rfc822' || type === 'message/global' || type.endsWith('rfc822-headers');
  const encoding = header.first('content-transfer-encoding').toLowerCase();
  // Some more input than output: base64 and quoted-printable shrink when decoded.
  const encoded = body.slice(0, maxLeafText * 3);
  const decoded = decodeBody(encoded, encoding, isMessage ? 'latin1' : parameter(contentType, 'charset'));
  const text = decoded.slice(0, maxLeafText).replace(/\r\n?/g, '\n');
  leaves.push({ type, text: type === 'text/html' ? htmlToText(text) : text });
}

/** RFC 2045 §5.1. */
function parameter(contentType: string, name: string): string {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{1,200})"|([^\\s;"]{1,200}))`, 'i').exec(contentType);
  return found?.[1] ?? found?.[2] ?? '';
}

/** RFC 2046 §5.1.1: the bodies between the delimiter lines; a missing last one is forgiven. */
function splitParts(body: string, boundary: string): string[] {
  const delimiter = `\n--${boundary}`;
  const text = `\n${body}`;
  const parts: string[] = [];
  let start = -1;
  let at = text.indexOf(delimiter);
  while (at >= 0 && parts.length < maxLeaves) {
    const eol = text.indexOf('\n', at + 1);
    const rest = text.slice(at + delimiter.length, eol < 0 ? undefined : eol).trimEnd();
    if (rest === '' || rest === '--') {
      if (start >= 0) parts.push(text.slice(start, at));
      start = rest === '' && eol >= 0 ? eol + 1 : -1;
      if (rest === '--') break;
    }
    at = text.indexOf(delimiter, eol < 0 ? text.length : eol);
  }
  if (start >= 0) parts.push(text.slice(start));
  return parts;
}
