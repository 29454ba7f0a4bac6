/** Failure codes in running text; successes are only believed where a field gives them. */

/** RFC 3463 §2, never part of an IP address or a longer number. */
const enhanced = String.raw`(?<![\d.])([45]\.[0-7]\.\d{1,3})(?![\d]|\.\d)`;
/** RFC 5321 §4.2 and the enhanced code after it, as `550 5.1.1`, `550-'5.2.2`, `550 #5.1.0`, `421-4.7.0`. */
const pair = new RegExp(String.raw`(?<![\d.])([45][0-7]\d)[\s-]{1,3}['"#(]{0,2}${enhanced}`);
const marked = new RegExp(String.raw`[#([]\s?${enhanced}`);
const plain = new RegExp(enhanced);
const reply =
  /(?:^|[\n:>[("',-]\s{0,4}|(?:said|code|with|reason|error)\s{1,3}|\.\.\.\s{1,3})([45][0-7]\d)(?=[\s\-:,.;\]<]|$)/i;

export interface Codes {
  /** Enhanced code, empty when there is none. */
  status: string;
  replyCode: string;
}

export function codesIn(text: string): Codes {
  const both = pair.exec(text);
  if (both) return { replyCode: both[1]!, status: both[2]! };
  return {
    status: (marked.exec(text) ?? plain.exec(text))?.[1] ?? '',
    replyCode: reply.exec(text)?.[1] ?? '',
  };
}

/**
 * One code from the report's own field and from what the server said: the server's words win where the field only repeats the class, and
 * where both differ, since the field is often a guess of the sender's side.
 */
export function settleStatus(field: string, said: Codes, isPassing: boolean): string {
  const own = /^[245]\.\d{1,3}\.\d{1,3}/.exec(field.trim())?.[0] ?? '';
  if (said.status && (said.replyCode || own === '' || /^[245]\.0\.0/.test(own))) return said.status;
  if (own) return own;
  if (said.replyCode) return `${said.replyCode[0]}.0.0`;
  return isPassing ? '4.0.0' : '5.0.0';
}
