/** One SMTP reply taken apart (RFC 5321 §4.2, RFC 3463). Pure; whatever a server sends comes out as a reply or as undefined. */
import { maxText, oneLine, withoutLinks } from './reasons.ts';

export interface Reply {
  /** Three digits. Of a multi-line reply the first line's: RFC 5321 §4.2.1 has them all the same. */
  code: string;
  /** Enhanced code as the server wrote it, `5.1.1`; empty when there is none. */
  status: string;
  /** The words: one line, without links and without the codes that lines begin with. */
  said: string;
}

const replyCode = /^\s*([1-5]\d\d)(?!\d)/;
const lineCode = /^\s*[1-5]\d\d(?:[ -]|$)/gm;
const enhanced = String.raw`([245]\.[0-7]\.\d{1,3})(?!\d|\.\d)`;
/** Where RFC 2034 puts it. */
const leading = new RegExp(String.raw`^\s*${enhanced}`, 'm');
/** Or further on, `(#5.1.1)`, `- 5.7.1 [BL23]`; never a part of an IP address. */
const further = new RegExp(String.raw`(?<![\d.])${enhanced}`);
const leadingOfEach = new RegExp(String.raw`^\s*${enhanced} ?`, 'gm');

/** @param text the whole reply, lines separated by LF or CRLF */
export function replyOf(text: string): Reply | undefined {
  const start = text.slice(0, maxText);
  const code = replyCode.exec(start)?.[1];
  if (!code) return undefined;
  const words = withoutLinks(start.replace(lineCode, '').replace(replyCode, ''));
  const status = (leading.exec(words) ?? further.exec(words))?.[1] ?? '';
  return { code, status, said: oneLine(words.replace(leadingOfEach, '')).trim() };
}
