/** Finds terms in a text: names by their first two characters, each explained once a section. */
import type { TermInText } from './tips.tsx';

/** What can be found: one explanation under several names. */
export interface Findable {
  slug: string;
  names: readonly string[];
  /** How the text shows it; the finder adds the words as they stand and an id. */
  shown: Omit<TermInText, 'words' | 'id'>;
}

interface Needle {
  letters: string[];
  /** Short names of capitals count only as they are written. */
  exact: boolean;
  of: Findable;
}

const syllable = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const wordLetter = /[\p{L}\p{N}]/u;

/** Shared by all pages of a publication. */
export class TermIndex {
  readonly #byStart = new Map<string, Needle[]>();

  constructor(terms: readonly Findable[]) {
    for (const of of terms) {
      for (const name of new Set(of.names)) {
        const letters = [...name.normalize('NFC').replace(/\s+/g, '')];
        if (letters.length < 2) continue;
        const key = startOf(letters, 0);
        const exact = letters.length <= 5 && !syllable.test(name);
        this.#byStart.set(key, [...(this.#byStart.get(key) ?? []), { letters, exact, of }]);
      }
    }
    // Of two names that begin alike the longer is meant.
    for (const needles of this.#byStart.values()) needles.sort((a, b) => b.letters.length - a.letters.length);
  }

  /** The name that begins at `at`, with its end; blanks inside a name are as the writer likes. */
  at(letters: readonly string[], at: number): { of: Findable; end: number } | undefined {
    const first = letters[at]!;
    const previous = letters[at - 1];
    // A name begins where a word does, or where the script changes: "LLM모델".
    if (previous && wordLetter.test(previous) && (!syllable.test(first) || syllable.test(previous))) return undefined;
    for (const needle of this.#byStart.get(startOf(letters, at)) ?? []) {
      const end = matchEnd(letters, at, needle);
      if (end !== undefined) return { of: needle.of, end };
    }
    return undefined;
  }
}

/** The first two letters, small, blanks skipped. */
function startOf(letters: readonly string[], at: number): string {
  let next = at + 1;
  while (letters[next] === ' ') next++;
  return `${letters[at]}${letters[next] ?? ''}`.toLowerCase();
}

function matchEnd(text: readonly string[], at: number, { letters, exact }: Needle): number | undefined {
  let end = at;
  for (const [nth, letter] of letters.entries()) {
    while (nth > 0 && text[end] === ' ') end++;
    const here = text[end];
    if (here !== letter && (exact || here?.toLowerCase() !== letter.toLowerCase())) return undefined;
    end++;
  }
  const last = letters.at(-1)!;
  const next = text[end];
  // "RAG" is not in "RAGE"; a plural's s is not another word.
  const goesOn = next !== undefined && wordLetter.test(next) && !syllable.test(next) && !syllable.test(last);
  return goesOn && !(next === 's' && !wordLetter.test(text[end + 1] ?? ' ')) ? undefined : end;
}

/** On one page. */
export class TermFinder {
  readonly #index: TermIndex;
  readonly #explained = new Set<string>();
  readonly #used = new Map<string, Findable>();
  #count = 0;

  constructor(index: TermIndex) {
    this.#index = index;
  }

  /** From here on each term is explained again. */
  nextSection(): void {
    this.#explained.clear();
  }

  /** Terms found so far, in order. */
  get used(): Findable[] {
    return [...this.#used.values()];
  }

  /** The text in pieces, terms that were not explained in this section yet apart. */
  split(value: string): (string | TermInText)[] {
    const letters = [...value.normalize('NFC')];
    const parts: (string | TermInText)[] = [];
    let from = 0;
    for (let at = 0; at < letters.length; at++) {
      if (!wordLetter.test(letters[at]!)) continue;
      const found = this.#index.at(letters, at);
      if (!found) continue;
      this.#used.set(found.of.slug, found.of);
      if (!this.#explained.has(found.of.slug)) {
        this.#explained.add(found.of.slug);
        if (at > from) parts.push(letters.slice(from, at).join(''));
        parts.push({ ...found.of.shown, words: letters.slice(at, found.end).join(''), id: `tip-${++this.#count}` });
        from = found.end;
      }
      at = found.end - 1;
    }
    if (from < letters.length) parts.push(letters.slice(from).join(''));
    return parts;
  }
}
