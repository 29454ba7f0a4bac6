/** Outline → drafts of sections, in document order. Every item of the outline ends up in exactly one draft. */
import type { List, Paragraph } from 'mdast';
import { extractClosing } from './closing.ts';
import { plainText } from './context.ts';
import { bodyOf, type Draft } from './drafts.ts';
import { boldRank, type HeadingItem, type Item } from './outline.ts';
import { isPromoText, takePromo } from './promo.ts';
import { morePattern } from './vocabulary.ts';

export interface Sections {
  drafts: Draft[];
  /** The heading over the whole issue, when the source has one. */
  title: HeadingItem | undefined;
}

export function sectionsOf(items: readonly Item[], titles: ReadonlySet<number>): Sections {
  const title = documentTitle(items, titles);
  const builder = new Builder(items, titles);
  for (const [index, item] of items.entries()) {
    if (item === title) continue;
    if (item.kind === 'heading') builder.heading(item, index);
    else if (item.kind === 'rule') builder.rule(item, index);
    else builder.block(item, index);
  }
  const drafts = extractClosing(takePromo(builder.drafts));
  return { drafts, title };
}

/** The first heading, when it stands above everything else and announces nothing by itself. */
function documentTitle(items: readonly Item[], titles: ReadonlySet<number>): HeadingItem | undefined {
  const index = items.findIndex(item => item.kind !== 'rule');
  const first = items[index];
  if (first?.kind !== 'heading' || titles.has(index) || first.partLike) return undefined;
  if (first.known !== undefined && !(first.rank === 1 && items[index + 1]?.kind === 'heading')) return undefined;
  const headings = items.filter(item => item.kind === 'heading' && item !== first);
  if (first.rank < boldRank) return headings.every(item => (item as HeadingItem).rank > first.rank) ? first : undefined;
  return items[index + 1]?.kind === 'block' && headings.length > 0 ? first : undefined;
}

class Builder {
  readonly drafts: Draft[] = [];
  readonly #items: readonly Item[];
  readonly #titles: ReadonlySet<number>;
  readonly #lastTitle: number;
  readonly #seen = new Set<Draft['type']>();
  /** A separator just seen; it becomes content or goes, as what follows decides. */
  #rule: Item | undefined;

  constructor(items: readonly Item[], titles: ReadonlySet<number>) {
    this.#items = items;
    this.#titles = titles;
    this.#lastTitle = Math.max(-1, ...titles);
  }

  #push(draft: Draft): void {
    this.#seen.add(draft.type);
    this.drafts.push(draft);
  }

  get #current(): Draft | undefined {
    return this.drafts.at(-1);
  }

  rule(item: Item, index: number): void {
    const current = this.#current;
    // Separators between the parts of one summary, or inside running prose, are content.
    if (current?.type === 'summary' && this.#summaryGoesOn(index)) current.body.push(item);
    else this.#rule = item;
  }

  heading(item: HeadingItem, index: number): void {
    const separated = this.#rule !== undefined;
    this.#rule = undefined;
    if (this.#titles.has(index)) {
      this.#push({ type: 'summary', line: item.line, heading: item, body: [] });
      return;
    }
    const current = this.#current;
    if (current?.type === 'summary' && !separated && this.#belongsToSummary(item, current.heading, index)) {
      current.body.push(item);
      return;
    }
    if (current?.type === 'summary' && separated && item.partLike) {
      current.body.push(item);
      return;
    }
    if (current?.type === 'glossary' && !this.#endsGlossary(item, current.heading)) {
      current.body.push(item);
      return;
    }
    this.#open(item, index);
  }

  block(item: Extract<Item, { kind: 'block' }>, _index: number): void {
    const separated = this.#rule;
    this.#rule = undefined;
    const current = this.#current;
    if (!current) {
      this.#opening(item);
    } else if (current.type === 'greeting' && !separated && this.#startsHighlights(item)) {
      this.#highlights(item.node as List, undefined, item.line);
    } else if (current.type === 'highlights' && current.list === undefined) {
      this.#fillHighlights(current, item);
    } else if (current.type === 'highlights' && current.after.length === 0 && !current.more && isMore(item)) {
      current.more = (item.node as Paragraph).children;
    } else if (separated && !(current.type === 'prose' && current.heading)) {
      this.#push({ type: 'prose', line: item.line, heading: undefined, body: [item] });
    } else {
      if (separated) bodyOf(current).push(separated);
      bodyOf(current).push(item);
    }
  }

  /** The very first block: a greeting, unless the issue starts with its list. */
  #opening(item: Extract<Item, { kind: 'block' }>): void {
    if (this.#startsHighlights(item)) this.#highlights(item.node as List, undefined, item.line);
    else this.#push({ type: 'greeting', line: item.line, heading: undefined, body: [item] });
  }

  #startsHighlights(item: Extract<Item, { kind: 'block' }>): boolean {
    return item.node.type === 'list' && item.node.children.length >= 2 && !this.#seen.has('highlights');
  }

  #highlights(list: List, heading: HeadingItem | undefined, line: number): void {
    const draft: Draft = { type: 'highlights', line, heading, list: undefined, more: undefined, after: [] };
    this.#push(draft);
    setList(draft, list);
  }

  /** Text between the heading and its list joins what greets; highlights have no place for it. */
  #fillHighlights(current: Extract<Draft, { type: 'highlights' }>, item: Extract<Item, { kind: 'block' }>): void {
    if (item.node.type === 'list') {
      setList(current, item.node);
      return;
    }
    const before = this.drafts.at(-2);
    if (before?.type === 'greeting') before.body.push(item);
    else if (before === undefined)
      this.drafts.splice(-1, 0, { type: 'greeting', line: item.line, heading: undefined, body: [item] });
    else current.after.push(item);
  }

  #open(item: HeadingItem, index: number): void {
    const base = { line: item.line, heading: item };
    const has = (type: Draft['type']) => this.#seen.has(type);
    const started = has('summary') || has('glossary');
    if (item.known === 'glossary') this.#push({ ...base, type: 'glossary', body: [] });
    else if (item.known === 'promo') this.#push({ ...base, type: 'promo', body: [] });
    else if (item.known === 'highlights' && !has('highlights') && !started) {
      this.#push({ ...base, type: 'highlights', list: undefined, more: undefined, after: [] });
    } else if (item.known === 'greeting' && !has('greeting') && !started)
      this.#push({ ...base, type: 'greeting', body: [] });
    else if (item.known === 'closing' && !this.#titleAfter(index)) this.#push({ ...base, type: 'closing', body: [] });
    else this.#proseHeading(item);
  }

  /** A lower heading inside a titled prose section stays in it. */
  #proseHeading(item: HeadingItem): void {
    const current = this.#current;
    const over = current?.heading?.rank;
    const inside =
      (current?.type === 'prose' || current?.type === 'promo' || current?.type === 'closing') &&
      over !== undefined &&
      item.rank > over;
    if (inside && current.heading?.known !== 'papers') bodyOf(current).push(item);
    else this.#push({ type: 'prose', line: item.line, heading: item, body: [] });
  }

  #titleAfter(index: number): boolean {
    return this.#lastTitle > index;
  }

  /** Whether a heading inside a summary is one of its parts. */
  #belongsToSummary(item: HeadingItem, title: HeadingItem, index: number): boolean {
    if (item.rank < boldRank) {
      if (item.rank > title.rank) return true;
      // Titles as bold lines above real part headings: the words decide.
      return item.partLike && (title.rank === boldRank || this.#sameRankParts(title, index));
    }
    if (item.partLike || item.known === 'links') return true;
    if (item.known === 'glossary' || item.known === 'promo') return false;
    if (item.known === 'closing') return this.#titleAfter(index);
    return true;
  }

  /** "## Title" with "## Problem" below it: parts at the title's own level. */
  #sameRankParts(title: HeadingItem, index: number): boolean {
    return (this.#items[index] as HeadingItem).rank === title.rank;
  }

  /** After a separator inside a summary comes another of its parts, not a new chunk. */
  #summaryGoesOn(index: number): boolean {
    for (let at = index + 1; at < this.#items.length; at++) {
      const item = this.#items[at]!;
      if (item.kind === 'rule') return false;
      if (item.kind === 'heading') return item.partLike && !this.#titles.has(at);
    }
    return false;
  }

  #endsGlossary(item: HeadingItem, heading: HeadingItem | undefined): boolean {
    if (heading && heading.rank < boldRank && item.rank > heading.rank && item.rank < boldRank) return false;
    if (item.known !== undefined && item.known !== 'part') return true;
    if (item.rank < boldRank) return true;
    // A bold-only line in a glossary is a term with its definition below.
    return false;
  }
}

function isMore(item: Extract<Item, { kind: 'block' }>): boolean {
  if (item.node.type !== 'paragraph') return false;
  const text = plainText(item.node);
  return text.length <= 80 && morePattern.test(text) && !isPromoText(text);
}

/** The last item that says "and more" is the closing line of the list. */
function setList(draft: Extract<Draft, { type: 'highlights' }>, list: List): void {
  const last = list.children.at(-1);
  const only = last?.children.length === 1 ? last.children[0] : undefined;
  if (
    list.children.length > 1 &&
    only?.type === 'paragraph' &&
    plainText(only).length <= 80 &&
    morePattern.test(plainText(only))
  ) {
    draft.more = only.children;
    draft.list = { ...list, children: list.children.slice(0, -1) };
  } else {
    draft.list = list;
  }
}
