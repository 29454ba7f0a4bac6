/**
 * Marks: single characters that stand for merge fields and backslash escapes while the Markdown parser runs.
 *
 * The parser would split `{{name|독자}}` at the bar in a table, end emphasis inside a fallback, and forget which `**` had a backslash.
 * Marks are Unicode noncharacters, which `normalise` removes from what editors send, so they cannot be forged.
 */
const fieldOpen = '\uFDD0';
const fieldClose = '\uFDD1';
const escapes: Record<string, string> = { '\\{{': '\uFDD2', '\\*': '\uFDD3', '\\_': '\uFDD4' };
const meanings = new Map(Object.entries(escapes).map(([raw, mark]) => [mark, raw]));

/** All noncharacters of the block, ours included. */
export const noncharacters = /[\uFDD0-\uFDEF\uFFFE\uFFFF]/g;
/** A mark for a piece that must pass through the HTML cleaner untouched. */
export const pieceMark = (index: number) => `\uFDD5${index}\uFDD6`;
export const piecePattern = /\uFDD5(\d+)\uFDD6/g;

export const fieldPattern = /(?<!\{)\{\{[ \t]*([\p{L}_][\p{L}\p{N}_-]{0,39})[ \t]*(?:\|([^{}\n]{0,200}))?\}\}(?!\})/gu;
export const fieldMarkPattern = /\uFDD0(\d+)\uFDD1/g;

export interface FieldUse {
  raw: string;
  /** Empty for a piece of plain text that was kept from the parser. */
  name: string;
  fallback: string | undefined;
}

/** The text with marks in place of fields and escapes, and the fields by their number. */
export function protect(text: string, fields: FieldUse[] = []): { text: string; fields: FieldUse[] } {
  const pattern = new RegExp(`\\\\\\\\|\\\\\\{\\{|\\\\\\*|\\\\_|${fieldPattern.source}`, 'gu');
  const marked = text.replace(pattern, (raw: string, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return escapes[raw] ?? raw;
    // A bar inside a table has to be written as "\|" elsewhere; here both are understood.
    return addPiece(fields, { raw, name, fallback: fallback?.replace(/\\$/, '').trim() });
  });
  return { text: marked, fields };
}

/** Adds a piece and returns the mark that stands for it. */
export function addPiece(fields: FieldUse[], piece: FieldUse): string {
  return `${fieldOpen}${fields.push(piece) - 1}${fieldClose}`;
}

/** Marks back to what the editor wrote, backslashes included: for code. */
export function restoreRaw(value: string, fields: readonly FieldUse[]): string {
  return restoreFields(value, fields).replace(/[\uFDD2-\uFDD4]/g, mark => meanings.get(mark) ?? '');
}

/** Escape marks back to what the editor meant, without backslashes: for text. Field marks stay. */
export function restoreEscapes(value: string): string {
  return value.replace(/[\uFDD2-\uFDD4]/g, mark => meanings.get(mark)?.slice(1) ?? '');
}

/** Field marks back to `{{…}}`. */
export function restoreFields(value: string, fields: readonly FieldUse[]): string {
  return value.replace(fieldMarkPattern, (_, index: string) => fields[Number(index)]?.raw ?? '');
}

export function hasField(value: string): boolean {
  return value.includes(fieldOpen);
}
