/** Widths of a TrueType font's glyphs (OpenType 1.9: head, hhea, hmtx, cmap format 4 and 12): what a line of text measures before it is drawn. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const files = {
  regular: '@expo-google-fonts/nanum-gothic/400Regular/NanumGothic_400Regular.ttf',
  bold: '@expo-google-fonts/nanum-gothic/700Bold/NanumGothic_700Bold.ttf',
};

export type Weight = keyof typeof files;

/** Where the font's files lie. */
export function fontFiles(): string[] {
  return Object.values(files).map(pathOf);
}

const pathOf = (file: string) => fileURLToPath(import.meta.resolve(file));

export interface Font {
  /** Whether the font can show the character. */
  has(character: string): boolean;
  /** In ems. */
  width(text: string): number;
}

const loaded = new Map<Weight, Font>();

export function loadFont(weight: Weight): Font {
  const known = loaded.get(weight);
  if (known) return known;
  const font = readFont(readFileSync(pathOf(files[weight])));
  loaded.set(weight, font);
  return font;
}

function readFont(data: Buffer): Font {
  const tables = new Map<string, number>();
  for (let at = 12; at < 12 + data.readUInt16BE(4) * 16; at += 16)
    tables.set(data.toString('latin1', at, at + 4), data.readUInt32BE(at + 8));
  const unitsPerEm = data.readUInt16BE(tables.get('head')! + 18);
  const metrics = data.readUInt16BE(tables.get('hhea')! + 34);
  const hmtx = tables.get('hmtx')!;
  const glyphOf = readCharacterMap(data, tables.get('cmap')!);
  const advance = (glyph: number) => data.readUInt16BE(hmtx + 4 * Math.min(glyph, metrics - 1)) / unitsPerEm;
  const widths = new Map<string, number>();
  const widthOf = (character: string) => {
    const known = widths.get(character);
    if (known !== undefined) return known;
    const width = advance(glyphOf(character.codePointAt(0)!));
    if (widths.size < 20_000) widths.set(character, width);
    return width;
  };
  return {
    has: character => glyphOf(character.codePointAt(0)!) !== 0,
    width: text => [...text].reduce((sum, character) => sum + widthOf(character), 0),
  };
}

/** Code point → glyph, 0 when there is none. */
function readCharacterMap(data: Buffer, cmap: number): (code: number) => number {
  const subtables = Array.from(
    { length: data.readUInt16BE(cmap + 2) },
    (_, n) => cmap + data.readUInt32BE(cmap + 8 + 8 * n),
  );
  const full = subtables.find(at => data.readUInt16BE(at) === 12);
  if (full !== undefined) return code => inGroups(data, full, code);
  const basic = subtables.find(at => data.readUInt16BE(at) === 4);
  return basic === undefined ? () => 0 : code => (code > 0xffff ? 0 : inSegments(data, basic, code));
}

function inGroups(data: Buffer, at: number, code: number): number {
  let low = 0;
  let high = data.readUInt32BE(at + 12) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const group = at + 16 + 12 * middle;
    if (code < data.readUInt32BE(group)) high = middle - 1;
    else if (code > data.readUInt32BE(group + 4)) low = middle + 1;
    else return data.readUInt32BE(group + 8) + code - data.readUInt32BE(group);
  }
  return 0;
}

function inSegments(data: Buffer, at: number, code: number): number {
  const doubled = data.readUInt16BE(at + 6);
  for (let n = 0; n < doubled; n += 2) {
    if (code > data.readUInt16BE(at + 14 + n)) continue;
    const starts = at + 16 + doubled;
    const start = data.readUInt16BE(starts + n);
    if (code < start) return 0;
    const delta = data.readUInt16BE(starts + doubled + n);
    const range = starts + 2 * doubled + n;
    const offset = data.readUInt16BE(range);
    if (offset === 0) return (code + delta) & 0xffff;
    const glyph = data.readUInt16BE(range + offset + 2 * (code - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
