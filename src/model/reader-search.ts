/**
 * What a reader is looked for by. Of the part before the @ and of a name any three letters in a row find them, two where the letters are
 * Hangul or another script beyond ASCII; `reader_grams` in Postgres cuts the rows the same way, so that an index answers.
 */

export type Needle =
  /** A whole address: one row at most. */
  | { kind: 'address'; emailKey: string }
  /** `ann@gm`: the whole part before the @, and how the domain begins. */
  | { kind: 'start'; local: string; domain: string; grams: string[] }
  /** `@naver`, `naver.com`: how the domain begins, or all of it. */
  | { kind: 'domain'; domain: string }
  /** Somewhere in the part before the @ or in the name. */
  | { kind: 'part'; text: string; grams: string[] };

export const maxSearch = 254;

/** @returns undefined when the text is empty, `short` when it is too short for an index */
export function needleOf(typed: string): Needle | 'short' | undefined {
  const text = smallLetters(
    [...typed]
      .slice(0, maxSearch)
      .join('')
      .normalize('NFC')
      .replace(/[\s\p{Cc}]+/gu, ''),
  );
  if (text === '') return undefined;
  const at = text.lastIndexOf('@');
  if (at === 0) return text.length > 1 ? { kind: 'domain', domain: text.slice(1) } : 'short';
  if (at > 0) {
    const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
    if (/^[^@\s]+\.[a-z0-9-]{2,}$/.test(domain)) return { kind: 'address', emailKey: text.toLowerCase() };
    const grams = gramsOf(local);
    return { kind: 'start', local, domain, grams: grams.length > 0 ? grams : [local] };
  }
  const grams = gramsOf(text);
  if (grams.length > 0) return { kind: 'part', text, grams };
  // The first letter of a name, as a family name of one syllable.
  return [...text].length === 1 && isBeyondAscii(text) ? { kind: 'part', text, grams: [`^${text}`] } : 'short';
}

/** Whether the text may also be a domain. */
export function asDomain(needle: Needle): string | undefined {
  if (needle.kind !== 'part') return undefined;
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(needle.text) ? needle.text : undefined;
}

/** Every attribute has one piece in the index, cut at 100 letters. */
export function attributeGram(field: string, value: string): string {
  return [...`${field}=${value}`].slice(0, 100).join('');
}

function gramsOf(text: string): string[] {
  const letters = [...text];
  const grams = letters.map((letter, at) => letters.slice(at, at + (isBeyondAscii(letter) ? 2 : 3)).join(''));
  return [...new Set(grams.filter((gram, at) => [...gram].length === (isBeyondAscii(letters[at]!) ? 2 : 3)))];
}

const isBeyondAscii = (letter: string) => letter.codePointAt(0)! > 127;

/** Of ASCII only, as in Postgres: what a database's locale does with others differs. */
const smallLetters = (text: string) => text.replace(/[A-Z]+/g, letters => letters.toLowerCase());
