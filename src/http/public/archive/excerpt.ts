/** The place in a text where what was looked for stands, in pieces: hits and what is around them. */

export interface Piece {
  text: string;
  hit: boolean;
}

const usual = 200;
/** A text is looked through this far; what is deeper is shown from its beginning. */
const searched = 100_000;

/** @param needles in small letters, without blanks; blanks in the text are passed over, as the search does */
export function excerptOf(text: string, needles: readonly string[], characters = usual): Piece[] {
  const line = text.slice(0, searched).normalize('NFC').replace(/\s+/g, ' ').trim();
  const pattern = patternOf(needles);
  const first = pattern ? line.search(pattern) : -1;
  const start =
    line.length <= characters || first < characters / 2 ? 0 : wordStart(line, first - Math.floor(characters / 4));
  const end = Math.min(line.length, start + characters);
  const cut = line.slice(start, end === line.length ? end : wordEnd(line, end));
  const pieces: Piece[] = [];
  if (start > 0) pieces.push({ text: '… ', hit: false });
  let from = 0;
  if (pattern) {
    for (const match of cut.matchAll(new RegExp(pattern.source, 'giu'))) {
      if (match.index > from) pieces.push({ text: cut.slice(from, match.index), hit: false });
      pieces.push({ text: match[0], hit: true });
      from = match.index + match[0].length;
    }
  }
  pieces.push({ text: cut.slice(from), hit: false });
  if (start + cut.length < line.length) pieces.push({ text: ' …', hit: false });
  return pieces.filter(piece => piece.text !== '');
}

/** Any needle, with a blank allowed between syllables. */
function patternOf(needles: readonly string[]): RegExp | undefined {
  const sources = [...needles]
    .sort((a, b) => b.length - a.length)
    .map(needle => {
      const letters = [...needle].map(letter => letter.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
      return /[\p{Script=Hangul}\p{Script=Han}]/u.test(needle)
        ? letters.join(' ?')
        : `(?<![\\p{L}\\p{N}])${letters.join('')}`;
    });
  return sources.length > 0 ? new RegExp(sources.join('|'), 'iu') : undefined;
}

function wordStart(line: string, at: number): number {
  const blank = line.indexOf(' ', Math.max(0, at));
  return blank < 0 || blank > at + 30 ? Math.max(0, at) : blank + 1;
}

function wordEnd(line: string, at: number): number {
  const blank = line.indexOf(' ', at);
  return blank < 0 || blank > at + 30 ? at : blank;
}
