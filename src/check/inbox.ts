/**
 * How a line of the inbox looks: what each client shows of sender, subject and preheader. Widths of letters are those of common system fonts,
 * rounded; clients and settings differ, so the last few letters are a guess.
 */

export interface InboxView {
  client: 'gmail' | 'naver' | 'apple';
  width: 'phone' | 'desktop';
  /** What fits; `rest` is what the client cuts off. */
  subject: { shown: string; rest: string };
  /** Undefined where the list shows none. */
  preheader: { shown: string; rest: string } | undefined;
}

interface Layout {
  client: InboxView['client'];
  width: InboxView['width'];
  /** CSS pixels of the line, and of its letters. */
  subjectPx: number;
  fontPx: number;
  /** `beside`: in what the subject leaves of its line. */
  preheader: { beside: true } | { lines: number; px: number; fontPx: number } | undefined;
}

/** Of a phone 390 px wide and a window of 1280. Naver's list on the web shows subjects only. */
const layouts: readonly Layout[] = [
  { client: 'gmail', width: 'phone', subjectPx: 270, fontPx: 14, preheader: { lines: 1, px: 270, fontPx: 14 } },
  { client: 'gmail', width: 'desktop', subjectPx: 780, fontPx: 14, preheader: { beside: true } },
  { client: 'naver', width: 'phone', subjectPx: 330, fontPx: 16, preheader: { lines: 1, px: 330, fontPx: 14 } },
  { client: 'naver', width: 'desktop', subjectPx: 700, fontPx: 13, preheader: undefined },
  { client: 'apple', width: 'phone', subjectPx: 335, fontPx: 15, preheader: { lines: 2, px: 335, fontPx: 15 } },
  { client: 'apple', width: 'desktop', subjectPx: 300, fontPx: 13, preheader: { lines: 2, px: 300, fontPx: 13 } },
];

/** In parts of the type size. */
function letterWidth(letter: string): number {
  const point = letter.codePointAt(0)!;
  if (point >= 0x1f000) return 1.2;
  if (point >= 0x1100) return 0.92;
  if (/[A-Z@%&MW]/.test(letter)) return 0.67;
  if (/[a-z0-9$#?_+=~<>]/.test(letter)) return 0.54;
  return 0.3;
}

function cut(text: string, px: number, fontPx: number): { shown: string; rest: string; px: number } {
  const letters = [...text];
  let used = 0;
  for (const [at, letter] of letters.entries()) {
    const next = used + letterWidth(letter) * fontPx;
    if (next > px) {
      // The three dots take room too.
      let end = at;
      let room = used;
      while (end > 0 && room + fontPx * 0.9 > px) room -= letterWidth(letters[--end]!) * fontPx;
      return { shown: letters.slice(0, end).join('').trimEnd(), rest: letters.slice(end).join(''), px };
    }
    used = next;
  }
  return { shown: text, rest: '', px: used };
}

export function inboxViews(subject: string, preheader: string): InboxView[] {
  return layouts.map(({ client, width, subjectPx, fontPx, preheader: place }) => {
    const line = cut(subject, subjectPx, fontPx);
    const left = Math.max(0, subjectPx - line.px - fontPx);
    const below =
      place &&
      ('beside' in place ? cut(preheader, left, fontPx) : cut(preheader, place.px * place.lines, place.fontPx));
    return {
      client,
      width,
      subject: { shown: line.shown, rest: line.rest },
      preheader: below && { shown: below.shown, rest: below.rest },
    };
  });
}
