/**
 * Reads the HTML that a template wrote over marks (marks.ts): whole tags of the kinds in tags.ts, each closed where it was opened, and each
 * value where a value may stand. Stricter than a browser: what a browser would have to guess is refused.
 */
import type { TemplateName } from '../../model/template-names.ts';
import { type Flaw, TemplateInvalid } from './flaw.ts';
import { allowed, empty, frames, inline, isAddress, isAttribute, lines, parents, refusedStyle } from './tags.ts';

/** Values by where they stand, `conditions|place|path`, and how often. */
export type Held = Map<string, number>;

interface Open {
  tag: string;
  line: number | undefined;
  /** Of a link: whether there is something to read in it. */
  hasWords: boolean;
}

/** Values that are blocks of the issue, which no line of text can hold. */
const blockValues = /(?:^|\.)(?:body|lead|intro|after|definition)$/;

const pieces =
  // Mark of a line; mark of a value; tag; text; what is none of them.
  /\ufdd2(\d+)\ufdd3|\ufdd0([^\ufdd1]*)\ufdd1|<(\/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>|([^<\ufdd2\ufdd0]+)|([\s\S])/g;

/**
 * @param html as the template wrote it over marks
 * @throws TemplateInvalid
 */
export function readMarkup(name: TemplateName, html: string): Held {
  const reader = new Reader(name);
  for (const match of html.matchAll(pieces)) {
    const [whole, line, value, end, tag, rest, text] = match;
    if (line !== undefined) reader.line = Number(line);
    else if (value !== undefined) reader.value(value);
    else if (tag !== undefined && end) reader.close(tag.toLowerCase(), rest!);
    else if (tag !== undefined) reader.open(tag.toLowerCase(), rest!);
    else if (text !== undefined) reader.text(text);
    else if (html.startsWith('<!--', match.index)) reader.refuse('comment', '');
    else reader.refuse('markup', html.slice(match.index, match.index + 20).split(/[\ufdd0-\ufdd3\n]/)[0] || whole);
  }
  return reader.done();
}

class Reader {
  readonly #name: TemplateName;
  readonly #held: Held = new Map();
  readonly #stack: Open[] = [];
  readonly #conditions: { path: string; depth: number }[] = [];
  line: number | undefined;

  constructor(name: TemplateName) {
    this.#name = name;
  }

  refuse(flaw: Flaw, what: string, line = this.line): never {
    throw new TemplateInvalid(this.#name, flaw, what, line);
  }

  open(tag: string, rest: string): void {
    if (!allowed.has(tag)) this.refuse('tag', tag);
    this.#place(tag);
    const given = this.#attributes(rest.replace(/\/$/, ''));
    if (tag === 'img') {
      if (!given.has('alt')) this.refuse('alt', '');
      if (given.get('alt')) this.#read();
    }
    if (rest.endsWith('/') && !empty.has(tag)) this.refuse('unclosed', tag);
    // A place to jump to has no words.
    if (!empty.has(tag)) this.#stack.push({ tag, line: this.line, hasWords: tag !== 'a' || !given.has('href') });
  }

  close(tag: string, rest: string): void {
    const last = this.#stack.at(-1);
    if (last?.tag !== tag || rest.trim() !== '') this.refuse('unclosed', last?.tag ?? tag, last?.line ?? this.line);
    if (!last!.hasWords) this.refuse('link', '', last!.line);
    const condition = this.#conditions.at(-1);
    if (condition && condition.depth >= this.#stack.length) this.refuse('condition', condition.path);
    this.#stack.pop();
  }

  text(text: string): void {
    if (text.includes(']]>')) this.refuse('markup', ']]>');
    if (text.trim() === '') return;
    if (this.#isFrame()) this.refuse('place', text.trim().slice(0, 40));
    // An arrow or a dot alone says nothing.
    if (/[\p{L}\p{N}]/u.test(text.replace(/&[#\w]*;/g, ''))) this.#read();
  }

  value(path: string): void {
    const [, condition, side] = /^(.*)\.(open|close)$/.exec(path) ?? [];
    if (condition !== undefined && side === 'open') {
      this.#hold('text', path);
      this.#conditions.push({ path: condition, depth: this.#stack.length });
      return;
    }
    if (condition !== undefined) {
      const last = this.#conditions.pop();
      if (last?.path !== condition || last.depth !== this.#stack.length) this.refuse('condition', condition);
      this.#hold('text', path);
      return;
    }
    if (this.#isFrame()) this.refuse('place', path);
    if (blockValues.test(path) && this.#stack.some(({ tag }) => lines.has(tag) || inline.has(tag)))
      this.refuse('place', path);
    this.#read();
    this.#hold('text', path);
  }

  done(): Held {
    const left = this.#stack.at(-1);
    if (left) this.refuse('unclosed', left.tag, left.line);
    const condition = this.#conditions.at(-1);
    if (condition) this.refuse('condition', condition.path);
    return this.#held;
  }

  /** Rows at the top, taps in a cell of somebody else's. */
  #isRow(): boolean {
    return this.#name !== 'frame/taps';
  }

  /** Whether the innermost tag holds only rows, cells or items. */
  #isFrame(): boolean {
    const last = this.#stack.at(-1);
    return last ? frames.has(last.tag) : this.#isRow();
  }

  #place(tag: string): void {
    const parent = this.#stack.at(-1)?.tag ?? (this.#isRow() ? 'tbody' : 'td');
    const wanted = parents[tag];
    const isPlaced = wanted ? wanted.includes(parent) : !frames.has(parent);
    const isBlock = !inline.has(tag) && wanted === undefined;
    const inLine =
      isBlock && this.#inCell().some(open => lines.has(open.tag) || (inline.has(open.tag) && open.tag !== 'a'));
    const inLink = tag === 'a' && this.#inCell().some(open => open.tag === 'a');
    if (!isPlaced || inLine || inLink) this.refuse('place', `<${tag}>`);
  }

  /** What is open in the innermost cell or item. */
  #inCell(): Open[] {
    return this.#stack.slice(this.#stack.findLastIndex(({ tag }) => ['td', 'th', 'li', 'dd'].includes(tag)) + 1);
  }

  /** There is something to read, or to hear, in the links that are open. */
  #read(): void {
    for (const open of this.#stack) open.hasWords = true;
  }

  #attributes(text: string): Map<string, string> {
    const found = new Map<string, string>();
    const next =
      /\s*(?:\ufdd0([^\ufdd1]*)\ufdd1|([^\s"'<>/=\ufdd0-\ufdd3]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=`\ufdd0-\ufdd3]+)))?)/y;
    while (next.lastIndex < text.trimEnd().length) {
      const [, mark, given = '', double, single, bare] = next.exec(text) ?? [];
      if (mark !== undefined) this.#hold('tag', mark);
      else if (given === '') this.refuse('markup', text.trim());
      else {
        const name = given.toLowerCase();
        if (found.has(name) || !isAttribute(name)) this.refuse('attribute', name);
        // Values are escaped for double quotes.
        if (single?.includes('\ufdd0')) this.refuse('markup', `${name}='`);
        found.set(name, this.#attribute(name, double ?? single ?? bare ?? ''));
      }
    }
    return found;
  }

  #attribute(name: string, value: string): string {
    if (value.includes(']]>')) this.refuse('markup', ']]>');
    const marks = [...value.matchAll(/\ufdd0([^\ufdd1]*)\ufdd1/g)].map(mark => mark[1]!);
    if (marks.some(path => /\.(?:open|close)$/.test(path))) this.refuse('condition', marks[0]!);
    if (name === 'href' || name === 'src') {
      const isWhole = marks.length === 1 && value === `\ufdd0${marks[0]}\ufdd1`;
      if (!isWhole && (marks.length > 0 || !isAddress(name, value))) this.refuse('address', name);
    }
    const refused = name === 'style' && refusedStyle(value);
    if (refused) this.refuse('style', refused);
    for (const path of marks) this.#hold(name, path);
    return value;
  }

  #hold(place: string, path: string): void {
    const key = `${this.#conditions.map(each => each.path).join(' ')}|${place}|${path}`;
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1);
  }
}
