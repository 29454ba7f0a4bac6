/** Names in the order of a dictionary, under their first letters: ㄱ ㄴ ㄷ … for Hangul, A to Z, all else under '#'. */
import type { Language } from '../words.ts';

/** First consonants of Hangul syllables in Unicode's order; double ones stand with their single. */
const consonants = [...'ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ'];

function initialOf(name: string): string {
  const first = name.normalize('NFC').match(/[\p{L}\p{N}]/u)?.[0] ?? '';
  const code = first.charCodeAt(0);
  if (code >= 0xac00 && code <= 0xd7a3) return consonants[Math.floor((code - 0xac00) / 588)]!;
  const letter = first.normalize('NFKD').charAt(0).toUpperCase();
  return /^[A-Z]$/.test(letter) ? letter : '#';
}

export interface Initial<T> {
  letter: string;
  /** Of its heading. */
  id: string;
  items: T[];
}

/** Hangul first for Korean publications, Latin first for others; '#' last. */
export function byInitial<T>(items: readonly T[], nameOf: (item: T) => string, language: Language): Initial<T>[] {
  const { compare } = new Intl.Collator(language);
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const letter = initialOf(nameOf(item));
    groups.set(letter, [...(groups.get(letter) ?? []), item]);
  }
  const rank = (letter: string) => (letter === '#' ? 2 : /[A-Z]/.test(letter) === (language === 'en') ? 0 : 1);
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b, 'ko'))
    .map(([letter, group]) => ({
      letter,
      id: `page-${letter === '#' ? 'other' : letter}`,
      items: group.sort((a, b) => compare(nameOf(a), nameOf(b))),
    }));
}
