/** Which headings are titles of summaries. Evidence first, looks second: the same issue may come with `###`, with bold lines, or both. */
import type { Paragraph } from 'mdast';
import { lineOf, plainText } from './context.ts';
import { hostKind, type LinkContext, readWork, type Work } from './links.ts';
import { type BlockItem, boldRank, type HeadingItem, type Item } from './outline.ts';
import { splitLines } from './parse.ts';
import { numberedPaper, numberedTitle } from './vocabulary.ts';

/** Indexes into `items` of the headings that are titles. Lines that lost their bold but stand above a work line are made headings. */
export function findTitles(items: Item[], ctx: LinkContext): Set<number> {
  promoteBareTitles(items, ctx);
  const titles = new Set<number>();
  for (const [index, item] of items.entries()) {
    if (item.kind === 'heading' && hasEvidence(items, index, ctx)) titles.add(index);
  }
  addGroupChildren(items, titles);
  addByRank(items, titles, ctx);
  addByStructure(items, titles);
  for (const index of titles) {
    const title = items[index];
    if (title?.kind === 'heading') title.number ??= ownNumber(title.text);
  }
  return titles;
}

function ownNumber(text: string): number | undefined {
  const match = numberedTitle.exec(text);
  if (match) return Number(match[1] ?? match[2]);
  const keycap = /^(\d)\uFE0F?\u20E3/.exec(text);
  return keycap ? Number(keycap[1]) : undefined;
}

const never: ReadonlySet<HeadingItem['known']> = new Set(['links', 'reading']);
const sections: ReadonlySet<HeadingItem['known']> = new Set([
  'promo',
  'glossary',
  'closing',
  'highlights',
  'greeting',
  'papers',
]);

/** A work line below it, a link to a paper in it, or "논문 #3:" before it. */
function hasEvidence(items: Item[], index: number, ctx: LinkContext): boolean {
  const heading = items[index] as HeadingItem;
  if (never.has(heading.known)) return false;
  if (numberedPaper.test(heading.text) && heading.text.length > 6) return true;
  if (heading.node.children.some(child => child.type === 'link' && hostKind(child.url) === 'paper')) return true;
  const work = workBelow(items, index, ctx);
  if (!work) return false;
  const paper = work.links.some(link => link.kind === 'paper');
  if (sections.has(heading.known))
    return (
      paper && hostPaper(work) && heading.text.length > 8 && heading.known !== 'glossary' && heading.known !== 'papers'
    );
  return paper || work.label !== '' || work.links.some(link => link.kind !== 'other');
}

function hostPaper(work: Work): boolean {
  return work.links.some(link => hostKind(link.url) === 'paper');
}

/** The work line right below a title; a picture, authors or a short lead may stand between. */
function workBelow(items: Item[], index: number, ctx: LinkContext): Work | undefined {
  for (let at = index + 1; at <= index + 3; at++) {
    const item = items[at];
    if (item?.kind === 'heading' && at === index + 1 && isLinksHeading(item, items[index] as HeadingItem)) continue;
    if (item?.kind !== 'block') return undefined;
    const work = readWork(item.node, ctx, at === index + 1 || items[at - 1]?.kind === 'heading');
    if (work) return work;
    if (!isAside(item)) return undefined;
  }
  return undefined;
}

function isLinksHeading(item: HeadingItem, title: HeadingItem): boolean {
  return item.known === 'links' || (item.known === 'papers' && item.rank > title.rank);
}

/** A picture, or one line of at most a hundred characters (authors, date, a subtitle). */
function isAside(item: BlockItem): boolean {
  if (item.node.type !== 'paragraph') return false;
  if (item.node.children.every(child => child.type === 'image')) return true;
  return splitLines(item.node).length === 1 && plainText(item.node).length <= 100;
}

/** "AI 기반 …\n\n관련 연구: …": a short line above a work line is its title even without bold. */
function promoteBareTitles(items: Item[], ctx: LinkContext): void {
  for (let index = items.length - 2; index >= 0; index--) {
    const item = items[index]!;
    const next = items[index + 1]!;
    const before = items[index - 1];
    if (item.kind !== 'block' || item.node.type !== 'paragraph' || next.kind !== 'block') continue;
    if (before && before.kind !== 'rule' && !(before.kind === 'heading' && before.known === 'papers')) continue;
    const work = readWork(next.node, ctx, true);
    if (!work || (work.label === '' && !hostPaper(work))) continue;
    const text = plainText(item.node, ctx.fields);
    const lines = splitLines(item.node as Paragraph);
    if (lines.length !== 1 || text.length > 120 || /[.!]$|다$|요$/.test(text) || readWork(item.node, ctx, true))
      continue;
    const node: HeadingItem['node'] = {
      type: 'heading',
      depth: 6,
      children: item.node.children,
      position: item.node.position,
    };
    items[index] = {
      kind: 'heading',
      node,
      text,
      rank: boldRank,
      line: lineOf(node),
      known: undefined,
      partLike: false,
      number: undefined,
    };
  }
}

/** Under "## 논문 요약 / Papers", the headings one level down are titles. */
function addGroupChildren(items: Item[], titles: Set<number>): void {
  for (const [index, group] of items.entries()) {
    if (group.kind !== 'heading' || group.known !== 'papers' || titles.has(index) || group.rank >= boldRank) continue;
    const children: number[] = [];
    for (let at = index + 1; at < items.length; at++) {
      const item = items[at]!;
      if (item.kind === 'heading' && item.rank <= group.rank) break;
      if (item.kind === 'heading' && item.rank < boldRank) children.push(at);
    }
    const rank = Math.min(...children.map(at => items[at]!).map(item => (item as HeadingItem).rank));
    for (const at of children) {
      const item = items[at] as HeadingItem;
      if (item.rank === rank && !item.partLike && !never.has(item.known)) titles.add(at);
    }
  }
}

/** Once some real headings are known as titles, their equals with parts below are titles too: a paper whose work line is missing. */
function addByRank(items: Item[], titles: Set<number>, ctx: LinkContext): void {
  const ranks = [...titles].map(index => (items[index] as HeadingItem).rank).filter(rank => rank < boldRank);
  if (ranks.length === 0) return;
  const rank = mode(ranks);
  for (const [index, item] of items.entries()) {
    if (
      item.kind !== 'heading' ||
      item.rank !== rank ||
      titles.has(index) ||
      never.has(item.known) ||
      item.known === 'papers'
    )
      continue;
    if (sections.has(item.known) && item.known !== 'highlights') continue;
    if (item.known === 'highlights' || inGlossary(items, index)) continue;
    const body = bodyOf(items, index);
    const links = body.some(other => other.kind === 'block' && mentionsPaper(other));
    const parts = body.some(other => other.kind === 'heading');
    if (item.partLike && !parts) continue;
    if (parts || links || workBelow(items, index, ctx)) titles.add(index);
  }
}

function inGlossary(items: Item[], index: number): boolean {
  const own = (items[index] as HeadingItem).rank;
  for (let at = index - 1; at >= 0; at--) {
    const item = items[at]!;
    if (item.kind === 'heading' && item.rank < own) return item.known === 'glossary';
  }
  return false;
}

/** What stands below a heading until one of its rank or higher. */
function bodyOf(items: Item[], index: number): Item[] {
  const own = (items[index] as HeadingItem).rank;
  const body: Item[] = [];
  for (let at = index + 1; at < items.length; at++) {
    const item = items[at]!;
    if (item.kind === 'heading' && item.rank <= own) break;
    body.push(item);
  }
  return body;
}

function mentionsPaper(item: BlockItem): boolean {
  const links: string[] = [];
  const walk = (node: { type: string; url?: string; children?: unknown[] }) => {
    if (node.type === 'link' && node.url && hostKind(node.url) === 'paper') links.push(node.url);
    for (const child of node.children ?? []) walk(child as typeof node);
  };
  walk(item.node as never);
  return links.length === 1;
}

/**
 * Without evidence of its own, a heading with parts below it is a title: at the start of a chunk between separators, right above a part heading,
 * or, for real headings, above part headings of a lower level.
 */
function addByStructure(items: Item[], titles: Set<number>): void {
  const realTitles = [...titles].some(index => (items[index] as HeadingItem).rank < boldRank);
  const lonelyTop = items.filter(item => item.kind === 'heading' && item.rank === 1).length === 1;
  let open = false;
  for (const [index, item] of items.entries()) {
    if (item.kind === 'rule') open = false;
    if (item.kind !== 'heading') continue;
    if (titles.has(index)) {
      open = true;
      continue;
    }
    if (sections.has(item.known)) open = item.known === 'highlights' && open;
    if (item.known !== undefined || item.partLike) continue;
    let next = index + 1;
    while (items[next]?.kind === 'block') next++;
    const part = items[next];
    if (part?.kind !== 'heading' || !part.partLike || titles.has(next)) continue;
    const bold = item.rank === boldRank;
    if (bold ? realTitles || (open && next !== index + 1) : part.rank <= item.rank) continue;
    if (item.rank === 1 && lonelyTop && titles.size > 0) continue;
    titles.add(index);
    open = true;
  }
}

function mode(values: number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
}
