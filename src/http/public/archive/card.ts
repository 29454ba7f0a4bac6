/** The picture of a shared link, 1200 × 630: a front page with name, date, title. Text is measured, wrapped and cut before it is drawn. */
import { themeOf } from '../../../render/theme.ts';
import { type Font, loadFont } from './font.ts';

export interface Card {
  publication: string;
  /** `#rrggbb`. */
  accent: string;
  /** "제12호 · 2026년 3월 4일"; may be ''. */
  line: string;
  title: string;
  /** A summary's number; undefined for others. */
  number?: number;
  /** What stands under the title: the work's name, the publication's description. */
  below: string;
}

const width = 1200;
const height = 630;
const margin = 88;
const room = width - 2 * margin;
/** Largest first: the first size at which the title fits its lines is taken; at the last it is cut. */
const sizes = [
  { size: 76, lines: 2 },
  { size: 66, lines: 3 },
  { size: 56, lines: 4 },
  { size: 46, lines: 5 },
];

/** @returns SVG; every text of an editor is escaped, and nothing in it can be loaded from anywhere */
export function cardSvg(card: Card): string {
  const { ground, ink, quiet, line, accent } = themeOf(card.accent).day;
  const [regular, bold] = [loadFont('regular'), loadFont('bold')];
  const title = fitted(shown(card.title, bold) || shown(card.publication, bold), bold);
  const nth = card.number === undefined ? '' : String(card.number);
  const dateline = cut(shown(card.line, regular), regular, 26, room * 0.5);
  const name = cut(shown(card.publication, bold), bold, 34, room - regular.width(dateline) * 26 - 40);
  const below = cut(shown(card.below, regular), regular, 30, room);
  const lead = Math.round(title.size * 1.36);
  const nthRoom = nth ? 76 : 0;
  const block = nthRoom + title.lines.length * lead;
  // Optically centred between masthead and foot.
  const top = 152 + Math.max(0, (388 - block) / 2) + nthRoom;
  const text = (x: number, y: number, size: number, fill: string, words: string, more = '') =>
    `<text x="${x}" y="${Math.round(y)}" font-size="${size}" fill="${fill}"${more}>${escapeXml(words)}</text>`;
  const isBold = ' font-weight="700"';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="NanumGothic">`,
    `<rect width="${width}" height="${height}" fill="${ground}"/><rect width="${width}" height="14" fill="${accent}"/>`,
    text(margin, 102, 34, ink, name, isBold),
    text(width - margin, 100, 26, quiet, dateline, ' text-anchor="end"'),
    `<rect x="${margin}" y="130" width="${room}" height="2" fill="${line}"/>`,
    nth && text(margin, top - 14, 56, accent, nth, isBold),
    ...title.lines.map((words, at) =>
      text(margin, top + at * lead + title.size * 0.98, title.size, ink, words, isBold),
    ),
    below && text(margin, height - 58, 30, quiet, below),
    '</svg>',
  ].join('');
}

/** What the font can draw, in one line; emoji and their joiners go without a trace. */
function shown(text: string, font: Font): string {
  const letters = [...text.normalize('NFC').slice(0, 1000)].map(letter => (/\s/u.test(letter) ? ' ' : letter));
  return letters
    .filter(letter => font.has(letter) && !/\p{Cc}/u.test(letter))
    .join('')
    .replace(/ +/g, ' ')
    .trim();
}

function fitted(text: string, font: Font): { size: number; lines: string[] } {
  for (const { size, lines } of sizes) {
    const wrapped = wrap(text, font, room / size);
    if (wrapped.length <= lines) return { size, lines: wrapped };
  }
  const { size, lines } = sizes.at(-1)!;
  const wrapped = wrap(text, font, room / size);
  const last = cut(wrapped.slice(lines - 1).join(' '), font, size, room);
  return { size, lines: [...wrapped.slice(0, lines - 1), last] };
}

/** Lines of at most `most` ems: broken between words, inside a word only when it alone is longer. */
function wrap(text: string, font: Font, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (font.width(longer) <= most) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = '';
    for (const letter of word) {
      if (font.width(line + letter) > most) {
        lines.push(line);
        line = '';
      }
      line += letter;
    }
  }
  return line ? [...lines, line] : lines;
}

/** The beginning that fits, marked when it is not all. */
function cut(text: string, font: Font, size: number, pixels: number): string {
  const most = pixels / size;
  if (font.width(text) <= most) return text;
  const letters = [...text];
  while (letters.length > 0 && font.width(`${letters.join('').trimEnd()}…`) > most) letters.pop();
  return letters.length > 0 ? `${letters.join('').trimEnd()}…` : '';
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
