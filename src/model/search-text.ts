/**
 * Text and questions as the search compares them. Korean is written together and takes particles, so its words are found by pairs
 * of syllables, whatever stands before or after; other scripts by words and their beginnings. Needs no dictionary, no extension and
 * no locale of the database. Rejected: pg_trgm (finds nothing of two syllables by its index, and no Hangul at all in a database of
 * locale C); words as Postgres parses them (a particle makes another word). Figures in docs/measurements.md.
 */

/** Scripts without blanks between words, or with what is no blank of meaning: Hangul, Chinese, Japanese. */
const syllabic = '\\p{Script=Hangul}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const runs = new RegExp(`[${syllabic}]+|[[\\p{L}\\p{N}\\p{M}]--[${syllabic}]]+`, 'gv');
const isSyllabic = new RegExp(`^[${syllabic}]`, 'v');
const betweenSyllables = new RegExp(`(?<=[${syllabic}])\\s+(?=[${syllabic}])`, 'gv');

/** A lexeme may have 2,046 bytes; a longer word is no word. */
const maxWord = 40;
/** Of one document: far more than an issue of the largest size has, and within a tsvector's megabyte. */
const maxTokens = 30_000;

/** In small letters; blanks between syllables gone (spacing of compounds differs from writer to writer), all else that is no letter one blank. */
export function squash(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(betweenSyllables, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
}

/** @param squashed see `squash` @returns each once */
export function tokensOf(squashed: string): string[] {
  const tokens = new Set<string>();
  for (const [run] of squashed.matchAll(runs)) {
    if (tokens.size >= maxTokens) break;
    if (isSyllabic.test(run)) for (const pair of pairsOf(run, true)) tokens.add(pair);
    else tokens.add([...run].slice(0, maxWord).join(''));
  }
  return [...tokens];
}

/** @param ended the last syllable counts by itself too, so that one syllable can be looked for */
function pairsOf(run: string, ended: boolean): string[] {
  const letters = [...run];
  const pairs = letters.slice(0, -1).map((letter, at) => letter + letters[at + 1]);
  return ended ? [...pairs, letters.at(-1)!] : pairs;
}

export interface SearchQuery {
  /** For `to_tsquery`-like casting to tsquery: every token must be there. */
  tokens: string;
  /** What must stand in the squashed text, particles taken off. */
  needles: string[];
  /** As they were asked for, squashed: a text that has them so comes first. */
  words: string[];
}

export const maxQuery = 100;
const maxWords = 8;

/** @returns undefined when there is nothing to look for in it */
export function searchQuery(text: string): SearchQuery | undefined {
  const asked = [...text].slice(0, maxQuery).join('').normalize('NFKC').toLowerCase();
  const tokens = new Set<string>();
  const needles: string[] = [];
  const words: string[] = [];
  for (const word of asked.split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean)) {
    if (words.length >= maxWords) break;
    const pieces = word.match(runs) ?? [];
    let isAsked = false;
    for (const [at, piece] of pieces.entries()) {
      if (!isSyllabic.test(piece)) {
        const start = [...piece].slice(0, maxWord).join('');
        tokens.add(`${quoted(start)}:*`);
        needles.push(start);
        isAsked = true;
        continue;
      }
      // "LLM이": what follows letters of another script is a particle more often than not.
      if (at > 0 && particles.test(piece)) continue;
      const stem = stemOf(piece);
      const pairs = pairsOf(stem, false);
      for (const pair of pairs) tokens.add(quoted(pair));
      if (pairs.length === 0) tokens.add(`${quoted(stem)}:*`);
      needles.push(stem);
      isAsked = true;
    }
    if (isAsked) words.push(word);
  }
  return needles.length > 0 ? { tokens: [...tokens].join(' & '), needles, words } : undefined;
}

/** As a lexeme in a tsquery's text; what it quotes has letters and digits only. */
const quoted = (token: string) => `'${token}'`;

/** Particles, and the endings that make verbs of nouns, longest first; at the end of a word. */
const endings = [
  '으로부터 에서부터 으로서의 에서의 에게서 이라는 이라고 으로써 으로서 으로는 으로도 에서는 에서도 에게는 까지도 이라도 하였습니다 했습니다 합니다 됩니다 입니다 이에요',
  '하려면 하면서 하도록 되도록 하는데 라는 라고 로써 로서 로는 로도 에는 에도 와의 과의 까지 부터 에게 에서 한테 으로 이나 이며 이고 이란 처럼 보다 마다 조차 마저 밖에 만큼 하는 하여 하고 하며 하기 하면 하지 해요 했던 되는 되어 되고 되며 된다 한다 예요 적인 들을 들이 들은 들의',
  '은 는 이 가 을 를 의 에 도 만 로 와 과 나 란 들 한 할 해 된 될',
]
  .join(' ')
  .split(' ');
const particles = new RegExp(`^(?:${endings.join('|')})$`, 'u');
const atEnd = new RegExp(`(?:${endings.join('|')})$`, 'u');

/** A word without its particle, as long as two syllables are left: whatever has the word has this too. */
function stemOf(word: string): string {
  const stem = word.replace(atEnd, '');
  return [...stem].length >= 2 ? stem : word;
}
