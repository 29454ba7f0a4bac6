/**
 * One part of an issue under a publication's own template. Each time such a template writes, both it and the built-in one are run over marks
 * in place of the values (a few hundred bytes), and what the built-in one holds the own one must hold too, in the same kind of place: every
 * link and tap, anchor, label, title and body. So it is true of the issue that leaves, whatever the checks at storing have seen.
 */
import type { TemplateName } from '../../model/template-names.ts';
import { TemplateInvalid } from './flaw.ts';
import { marked } from './marks.ts';
import { type Held, readMarkup } from './markup.ts';
import type { Vocabulary } from './source.ts';

/** A compiled partial, as Handlebars calls it. */
export type Partial = (context: unknown, options?: Handlebars.RuntimeOptions) => string;

export interface OwnPart {
  name: TemplateName;
  own: Partial;
  /** The same with the line of each tag marked. */
  traced: Partial;
  builtIn: Partial;
  known: Vocabulary;
  /** The built-in ones, which those over marks use. */
  partials: Record<string, Partial>;
}

/** Ornament, or the shape of the built-in markup: a template of its own need not have it. */
const ornament = /(?:^|\.)(?:icon|indent|style|size)$/;

/** Stand once, or not at all: a place to jump to, and what shows a part to some readers only. */
const single = /(?:^|\.)(?:anchor|open|close)$/;

/** UTF-16 units of one part's HTML. A mail of 100,000 bytes is too large to send; this is where MJML is not troubled with it. */
const longest = 2_000_000;

/** @returns the part as its own template writes it @throws TemplateInvalid */
export function writePart(part: OwnPart, context: unknown, options: Handlebars.RuntimeOptions = {}): string {
  const { name, own, traced, builtIn, known } = part;
  const over = marked(pick(context, known));
  const write = (partial: Partial, given: unknown, more: object = {}) => {
    try {
      return partial(given, { ...options, ...more });
    } catch (error) {
      if (error instanceof TemplateInvalid) throw error;
      const { message, lineNumber } = error as Error & { lineNumber?: number };
      throw new TemplateInvalid(name, 'render', message.replace(/ - \d+:\d+$/, ''), lineNumber);
    }
  };
  const plain = { partials: part.partials };
  compare(part, readMarkup(name, write(builtIn, over, plain)), readMarkup(name, write(traced, over, plain)));
  const html = write(own, context);
  if (html.length > longest) throw new TemplateInvalid(name, 'long');
  return html;
}

/** Attributes that any text of the part may stand in. */
const spoken = new Set(['alt', 'title', 'aria-label']);

function compare({ name, known }: OwnPart, wanted: Held, found: Held): void {
  for (const [key, count] of wanted) {
    const { place, path } = partsOf(key);
    if (ornament.test(path)) continue;
    const has = found.get(key) ?? 0;
    if (has === 0) throw new TemplateInvalid(name, 'missing', place === 'text' ? path : `${path} (${place})`);
    if (single.test(path) && has > count) throw new TemplateInvalid(name, 'twice', path);
  }
  // A value is made for its place: what is safe as text is no address and no style, and HTML ends an attribute.
  const places = new Set([...wanted.keys()].map(key => placeOf(key)));
  for (const key of found.keys()) {
    const { place, path } = partsOf(key);
    if (single.test(path) && !wanted.has(key)) throw new TemplateInvalid(name, 'twice', path);
    if (place === 'text' || places.has(placeOf(key)) || (spoken.has(place) && !isHtml(path, known))) continue;
    throw new TemplateInvalid(name, 'value', `${path} (${place})`);
  }
}

/** Of `conditions|place|path`. */
function partsOf(key: string): { place: string; path: string } {
  const [, place = '', path = ''] = key.split('|');
  return { place, path };
}

/** Whatever item of a list it is, and whoever sees it. */
function placeOf(key: string): string {
  const { place, path } = partsOf(key);
  return `${place}|${path.replace(/\d+/g, '*')}`;
}

function isHtml(path: string, { raw }: Vocabulary): boolean {
  return [...raw].some(value => path === value || path.endsWith(`.${value}`) || (value === 'this' && /\d$/.test(path)));
}

/** The values that the part may use, and what holds them. */
function pick(context: unknown, known: Vocabulary): Record<string, unknown> {
  const names = new Set(Object.values(known).flatMap(values => [...values].map((path: string) => path.split('.')[0])));
  return Object.fromEntries(Object.entries(context as object).filter(([key]) => names.has(key)));
}
