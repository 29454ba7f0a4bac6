/** Changes of a text as plain functions: no page, no editor. Offsets are UTF-16, lines count from 1. */
import type { Place } from '../../../../model/place.ts';

export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** The one change that makes `next` of `text`; undefined when they are the same. */
export function changeBetween(text: string, next: string): Change | undefined {
  if (text === next) return undefined;
  const most = Math.min(text.length, next.length);
  let from = 0;
  while (from < most && text[from] === next[from]) from++;
  let tail = 0;
  while (tail < most - from && text[text.length - 1 - tail] === next[next.length - 1 - tail]) tail++;
  return { from, to: text.length - tail, insert: next.slice(from, next.length - tail) };
}

const isBlank = (line: string) => line.trim() === '';
/** A rule below text would be a heading's underline: only one below a blank line separates. */
const isRule = (line: string) => /^ {0,3}(?:-[ \t]*){3,}$|^ {0,3}(?:\*[ \t]*){3,}$|^ {0,3}(?:_[ \t]*){3,}$/.test(line);

/** A section's lines: those of its own, then the blank ones and separators up to the next. */
function cut(lines: readonly string[]): { own: readonly string[]; after: readonly string[] } {
  let end = lines.length;
  while (end > 1 && (isBlank(lines[end - 1]!) || (isRule(lines[end - 1]!) && isBlank(lines[end - 2]!)))) end--;
  return { own: lines.slice(0, end), after: lines.slice(end) };
}

/**
 * The text with its sections in another order. What stands between them, separators too, stays where it is.
 * @param starts lines at which they begin, rising
 * @param order which of them comes first, second …
 */
export function reordered(text: string, starts: readonly number[], order: readonly number[]): string {
  const lines = text.split('\n');
  const sections = starts.map((start, index) =>
    cut(lines.slice(start - 1, (starts[index + 1] ?? lines.length + 1) - 1)),
  );
  const head = lines.slice(0, (starts[0] ?? 1) - 1);
  const body = order.flatMap((which, place) => {
    const { after } = sections[place]!;
    const isLast = place === order.length - 1;
    // Two that stood in one paragraph, and the last, which had no line below it.
    return [...sections[which]!.own, ...(isLast || after.some(isBlank) ? after : ['', ...after])];
  });
  return [...head, ...body].join('\n');
}

export interface NewTerm {
  term: string;
  translation: string;
  abbreviation: string;
  definition: string;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** As docs/issue-format.md writes a term. */
export function termLine({ term, translation, abbreviation, definition }: NewTerm): string {
  const names = [translation, abbreviation].map(oneLine).filter(Boolean).join(', ');
  return `**${oneLine(term)}${names && `(${names})`}:** ${oneLine(definition)}`;
}

/** Where a term goes: at the end of the glossary, or into a new one before the first summary, or at the end. */
export function withTerm(text: string, places: readonly Place[], term: NewTerm, heading: string): Change {
  const lines = text.split('\n');
  const offset = (line: number) => lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const at = places.findIndex(place => place.type === 'glossary');
  if (at >= 0) {
    const start = places[at]!.line;
    const { own } = cut(lines.slice(start - 1, (places[at + 1]?.line ?? lines.length + 1) - 1));
    const end = offset(start) + own.join('\n').length;
    return { from: end, to: end, insert: `\n\n${termLine(term)}` };
  }
  const section = `## ${heading}\n\n${termLine(term)}\n`;
  const next = places.find(place => place.type === 'summary' || place.type === 'closing');
  if (next) return { from: offset(next.line), to: offset(next.line), insert: `${section}\n` };
  const gap = text === '' ? '' : text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return { from: text.length, to: text.length, insert: gap + section };
}
