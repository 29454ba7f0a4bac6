/** What may be written under an issue: cleaned, bounded, and judged for spam. Pure. */
import { bareAddress, isVisible } from './markdown.tsx';

/** Characters, as the database counts them. */
export const mostCharacters = 4000;
export const mostNameCharacters = 30;

/** More links than this wait for a moderator; more than that are refused. */
const links = { free: 2, possible: 6 } as const;

export type TextProblem = 'empty' | 'long' | 'links';

/** Line ends unified; no control, direction or invisible filler characters; no more than one empty line in a row. */
export function cleanText(text: string): string {
  return text
    .slice(0, mostCharacters * 4)
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** @returns why it cannot be taken, or whether a moderator is to look at it first */
export function judgeText(text: string, blocklist: readonly string[]): { problem: TextProblem } | { held: boolean } {
  if ([...text].length > mostCharacters) return { problem: 'long' };
  if (text === '' || !isVisible(text)) return { problem: 'empty' };
  const found = text.match(bareAddress)?.length ?? 0;
  // Addresses without a scheme are links to whoever reads them.
  const all = found + (text.match(/(?<![/@\w.])(?:www\.|t\.me\/|open\.kakao\.com)/giu)?.length ?? 0);
  if (all > links.possible) return { problem: 'links' };
  const folded = text.toLowerCase();
  return { held: all > links.free || blocklist.some(word => folded.includes(word.toLowerCase())) };
}

/**
 * The name under a comment: one line of letters and the like. No address, no link, and not the name that the publication itself signs with.
 * @returns undefined when it cannot be used
 */
export function cleanDisplayName(name: string, taken: readonly string[]): string | undefined {
  const line = name
    .slice(0, 400)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const isShort = line !== '' && [...line].length <= mostNameCharacters;
  const folded = (text: string) =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
  const isTaken = taken.some(one => folded(one) === folded(line));
  if (!isShort || isTaken || /[@<>]|:\/\/|www\./i.test(line) || folded(line) === '') return undefined;
  return line;
}

/** What stands in the field before they choose: their name's first letter, or no name at all. */
export function defaultName(name: string, fallback: string): string {
  return name.trim() === '' || name.includes('@') ? fallback : maskName(name);
}

/** `김철수` → `김**`, `Ada Lovelace` → `A***`: its owner knows it, nobody else does. */
function maskName(name: string): string {
  const [first = ''] = [...name.trim()];
  return `${first}${/\p{Script=Hangul}/u.test(first) ? '**' : '***'}`;
}
