/**
 * What Google Docs, Word, Notion, Substack, Gmail and pages put on a clipboard → plain HTML that says what it means: weight by `<strong>`,
 * lists by lists, one paragraph per paragraph.
 */
import type { Element, ElementContent, Root } from 'hast';
import type { Root as MdastRoot } from 'mdast';
import { visit } from 'unist-util-visit';
import { boxMarks, markNotes } from './marks.ts';
import { classesOf, element, isBlank, isBlock, isElement, rewrite, styleOf, text, textOf } from './tree.ts';
import { wordHeading, wordLists } from './word.ts';

/** The part that was copied: Word puts its whole document around it. */
export function copiedPart(html: string): string {
  const start = html.indexOf('<!--StartFragment-->');
  const end = html.lastIndexOf('<!--EndFragment-->');
  if (start >= 0 && end > start) return html.slice(start + '<!--StartFragment-->'.length, end);
  const body = html.indexOf('<body');
  const open = body < 0 ? -1 : html.indexOf('>', body);
  return html.slice(open + 1);
}

export function settleClipboard() {
  return (root: Root) => {
    rewrite(root, children => children.filter(child => !isHidden(child)));
    rewrite(root, wordLists);
    rewrite(root, children => {
      for (const child of children) if (isElement(child)) settleElement(child);
      return children;
    });
    markNotes(root);
    rewrite(root, styled);
    rewrite(root, tidyEdges);
    rewrite(root, (children, parent) => settleLists(splitParagraphs(children, parent), parent));
  };
}

/** Also Substack's box that takes an address: it would take it for somebody else. */
function isHidden(node: ElementContent): boolean {
  if (node.type === 'comment') return true;
  if (!isElement(node)) return false;
  if (/^(?:xml|title|meta|link|colgroup|v:.*|o:smarttagtype|wbr)$/.test(node.tagName)) return true;
  if (classesOf(node).some(name => /^subscri(?:ption|be)-widget/.test(name))) return true;
  const style = styleOf(node);
  return style.get('display') === 'none' || style.get('mso-hide') === 'all';
}

function settleElement(node: Element): void {
  wordHeading(node);
  const classes = classesOf(node);
  if (node.tagName === 'a') node.properties.href = realAddress(String(node.properties.href ?? ''));
  // Substack's own buttons act on Substack: their words stay, and become our buttons where they stand alone.
  if (node.tagName === 'a' && classes.includes('button') && actsElsewhere(String(node.properties.href)))
    delete node.properties.href;
  // Boxes of a to-do list: Notion draws its own.
  if (node.tagName === 'li') {
    const box = node.children.find(child => isElement(child) && isBox(child));
    if (isElement(box)) {
      const isChecked = classesOf(box).includes('checkbox-on') || box.properties.checked === true;
      const rest = node.children.filter(child => child !== box);
      node.children = [text(`${isChecked ? boxMarks.checked : boxMarks.open} `), ...rest];
    }
  }
}

const isBox = (node: Element) => classesOf(node).includes('checkbox') || node.properties.type === 'checkbox';

const actsElsewhere = (url: string) =>
  /^%%|\/subscribe\b|[?&]action=(?:share|subscribe)|\/(?:comments|leaderboard)\b|^$/i.test(url);

/** Without what stands before it to count clicks, where the address itself says where it leads. */
function realAddress(url: string): string {
  if (!URL.canParse(url)) return url;
  const { hostname, pathname, searchParams } = new URL(url);
  const behind = /^(?:www\.)?google\.[a-z.]{2,6}$/.test(hostname) && pathname === '/url' ? ['q', 'url'] : undefined;
  const safe = hostname.endsWith('.safelinks.protection.outlook.com') ? ['url'] : undefined;
  for (const name of behind ?? safe ?? []) {
    const real = searchParams.get(name);
    if (real && /^https?:\/\//i.test(real)) return real;
  }
  return url;
}

const monospace = /courier|consolas|menlo|monaco|mono\b|monospace/;

/** Weight, slant and strokes that a style says become elements, and elements that their style takes back become nothing. */
function styled(children: ElementContent[], parent: Root | Element): ElementContent[] {
  const isHeading = isElement(parent) && /^h[1-6]$/.test(parent.tagName);
  return children.flatMap((child): ElementContent[] => {
    if (!isElement(child)) return [child];
    const style = styleOf(child);
    const weight = style.get('font-weight') ?? '';
    const slant = style.get('font-style') ?? '';
    if (/^(?:b|strong)$/.test(child.tagName) && (/^(?:normal|[1-5]00)$/.test(weight) || isHeading))
      return child.children;
    if (/^(?:i|em)$/.test(child.tagName) && slant === 'normal') return child.children;
    if (/^(?:u|font|mark|.*:.*)$/.test(child.tagName)) return child.children;
    if (child.tagName !== 'span') return [child];
    if (child.children.some(isBlock) || isBlank(child)) return child.children;
    let inner = child.children;
    if (monospace.test(style.get('font-family') ?? '') && !isHeading) inner = [element('code', [text(textOf(child))])];
    if (/line-through/.test(`${style.get('text-decoration') ?? ''}${style.get('text-decoration-line') ?? ''}`))
      inner = [element('del', inner)];
    if (/^(?:italic|oblique)/.test(slant)) inner = [element('em', inner)];
    if (/^(?:bold|bolder|[6-9]00)$/.test(weight) && !isHeading) inner = [element('strong', inner)];
    return inner;
  });
}

const marks = /^(?:b|strong|i|em|del|s|strike|a)$/;
const kindOf = (tag: string) => ({ b: 'strong', i: 'em', s: 'del', strike: 'del' })[tag] ?? tag;

/** Blanks at the edge of a mark stand outside it, neighbours of one kind are one, and marks around nothing go. */
function tidyEdges(children: ElementContent[]): ElementContent[] {
  const result: ElementContent[] = [];
  for (const child of children) {
    if (!isElement(child) || !marks.test(child.tagName)) {
      result.push(child);
      continue;
    }
    if (child.children.some(isBlock) || isBlank(child)) {
      result.push(...child.children);
      continue;
    }
    const [before, after] = [takeBlank(child, 'first'), takeBlank(child, 'last')];
    if (before) result.push(text(before));
    const last = result.at(-1);
    const isSame = isElement(last) && kindOf(last.tagName) === kindOf(child.tagName);
    if (isSame && kindOf(child.tagName) !== 'a') last.children.push(...child.children);
    else result.push(child);
    if (after) result.push(text(after));
  }
  return result;
}

function takeBlank(node: Element, side: 'first' | 'last'): string {
  const end = side === 'first' ? node.children[0] : node.children.at(-1);
  if (end?.type !== 'text') return '';
  const trimmed = side === 'first' ? end.value.trimStart() : end.value.trimEnd();
  if (trimmed === end.value) return '';
  end.value = trimmed;
  return ' ';
}

const isBreak = (node: ElementContent) => isElement(node) && node.tagName === 'br';

/** Two line breaks are the end of a paragraph; breaks and boxes around nothing are only distance. */
function splitParagraphs(children: ElementContent[], parent: Root | Element): ElementContent[] {
  if (isElement(parent) && /^(?:pre|code|td|th|a|strong|em|span|h[1-6])$/.test(parent.tagName)) return children;
  const kept = children.filter(
    child => !(isElement(child) && /^(?:p|div|span|h[1-6])$/.test(child.tagName) && isBlank(child)),
  );
  if (kept.some(isBlock)) return kept.filter(child => !isBreak(child)).flatMap(splitOne);
  return kept;
}

function splitOne(node: ElementContent): ElementContent[] {
  if (!isElement(node) || !/^(?:p|div)$/.test(node.tagName) || node.children.some(isBlock)) return [node];
  const paragraphs: ElementContent[][] = [[]];
  for (const [at, child] of node.children.entries()) {
    const previous = node.children[at - 1];
    if (!isBreak(child)) paragraphs.at(-1)!.push(child);
    else if (previous && isBreak(previous)) paragraphs.push([]);
    else if (node.children[at + 1] && !isBreak(node.children[at + 1]!)) paragraphs.at(-1)!.push(child);
  }
  return paragraphs.filter(inner => inner.length > 0).map(inner => element('p', inner));
}

/** A list inside a list belongs to the item before it (Google Docs); an item of one paragraph needs none. */
function settleLists(children: ElementContent[], parent: Root | Element): ElementContent[] {
  if (!isElement(parent)) return children;
  if (parent.tagName === 'ul' || parent.tagName === 'ol') {
    const items: ElementContent[] = [];
    for (const child of children) {
      const last = items.at(-1);
      const isList = isElement(child) && /^(?:ul|ol)$/.test(child.tagName);
      if (isList && isElement(last)) last.children.push(child);
      else if (isElement(child)) items.push(isList ? element('li', [child]) : child);
    }
    return items;
  }
  if (parent.tagName !== 'li') return children;
  return children.flatMap(child =>
    isElement(child) &&
    child.tagName === 'p' &&
    children.filter(other => isElement(other) && other.tagName === 'p').length === 1
      ? child.children
      : [child],
  );
}

/** Lines of a list stand together where each item is one paragraph and the lists below it. */
export function tightLists() {
  return (root: MdastRoot) => {
    visit(root, 'listItem', item => {
      if (item.children.every(child => child.type === 'list' || child === item.children[0])) item.spread = false;
    });
    visit(root, 'list', list => {
      list.spread = list.children.some(item => item.spread);
    });
  };
}
