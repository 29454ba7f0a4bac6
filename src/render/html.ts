/** Blocks and inlines of an issue's bodies as e-mail HTML. Everything an editor wrote passes through escape.ts here. */
import type { Block, Inline } from '../model/issue.ts';
import { escapeAttribute, escapeLines, escapeText } from './escape.ts';
import { type Anchors, type Links, linkKind } from './links.ts';
import type { Slots } from './slots.ts';
import type { Styles } from './styles.ts';
import { plainText } from './walk.ts';

/** Pixels of an image that fills the column. */
const columnWidth = 512;

/** What the HTML of one section needs to know. */
export interface HtmlContext {
  slots: Slots;
  links: Links;
  anchors: Anchors;
  styles: Styles;
  /** Id of the section that is being written: links are counted under it. */
  section: string;
  /** Level of the heading written last. Headings never skip a level (rule 8.8). */
  outline: { level: number };
  /** A field's value when the editor gave no fallback. */
  fallbackOf: (field: string) => string;
}

export function htmlOfBlocks(blocks: readonly Block[], cx: HtmlContext): string {
  return blocks.map(block => htmlOfBlock(block, cx)).join('');
}

export function htmlOfInlines(nodes: readonly Inline[], cx: HtmlContext): string {
  return nodes.map(node => htmlOfInline(node, cx)).join('');
}

/** An element with a style, without the attribute when the style is empty. */
function element(tag: string, style: string, content: string, attributes = ''): string {
  return `<${tag}${attributes}${style ? ` style="${style}"` : ''}>${content}</${tag}>`;
}

function htmlOfBlock(block: Block, cx: HtmlContext): string {
  const { styles } = cx;
  switch (block.type) {
    case 'paragraph':
      return element('p', styles.p, htmlOfParagraph(block.children, cx));
    case 'heading': {
      const content = htmlOfInlines(block.children, cx);
      const level = Math.min(block.level, cx.outline.level + 1, 6);
      cx.outline.level = level;
      return element(`h${level}`, level === 3 ? styles.h3 : styles.h4, content);
    }
    case 'list': {
      const start = block.ordered && block.start !== 1 ? ` start="${Math.trunc(block.start)}"` : '';
      const items = block.items.map(item => element('li', styles.li, htmlOfItem(item, cx))).join('');
      return element(block.ordered ? 'ol' : 'ul', styles.list, items, start);
    }
    case 'quote':
      return element('blockquote', styles.quote, htmlOfBlocks(block.children, cx));
    case 'codeBlock':
      return element('pre', styles.pre, escapeLines(block.value));
    case 'table':
      return htmlOfTable(block, cx);
    case 'rule':
      return `<hr style="${styles.hr}">`;
    case 'when': {
      const { open, close } = cx.slots.when(block.condition);
      return open + htmlOfBlocks(block.children, cx) + close;
    }
  }
}

/** A list item of one paragraph needs no `<p>`. */
function htmlOfItem(item: readonly Block[], cx: HtmlContext): string {
  const [only, second] = item;
  return only?.type === 'paragraph' && !second ? htmlOfInlines(only.children, cx) : htmlOfBlocks(item, cx);
}

/** An image alone in its paragraph stands on a line of its own and, of unknown size, fills the column; one among words keeps its size. */
function htmlOfParagraph(children: readonly Inline[], cx: HtmlContext): string {
  const [only] = children;
  if (children.length === 1 && only?.type === 'image')
    return htmlOfImage(only.width ? only : { ...only, width: columnWidth }, cx, cx.styles.picture);
  return htmlOfInlines(children, cx);
}

function htmlOfTable(table: Extract<Block, { type: 'table' }>, cx: HtmlContext): string {
  const { styles } = cx;
  const whole = keepsWords(table) ? ';overflow-wrap:normal' : '';
  const cells = (tag: 'th' | 'td', style: string, row: readonly Inline[][]) =>
    row
      .map((cell, column) => {
        const align = ` align="${table.align[column] ?? 'left'}"`;
        return element(tag, style + whole, htmlOfInlines(cell, cx), tag === 'th' ? `${align} scope="col"` : align);
      })
      .join('');
  const head = table.head.length ? `<thead><tr>${cells('th', styles.th, table.head)}</tr></thead>` : '';
  const rows = table.rows.map(row => `<tr>${cells('td', styles.td, row)}</tr>`).join('');
  return element('table', styles.table, `${head}<tbody>${rows}</tbody>`);
}

/** Half-widths that fit side by side on the narrowest phone (320 px) at the table's type size, cell padding taken off. */
const narrowestRow = 30;

/** Whether every column can have its longest word in one piece; otherwise words may break, which is better than a table too wide. */
function keepsWords(table: Extract<Block, { type: 'table' }>): boolean {
  const rows = [table.head, ...table.rows];
  const columns = Math.max(0, ...rows.map(row => row.length));
  const longest = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.flatMap(row => plainText(row[column] ?? []).split(/\s+/)).map(halfWidths)),
  );
  return longest.reduce((sum, width) => sum + width, 0) <= narrowestRow;
}

function halfWidths(word: string): number {
  let width = 0;
  for (const character of word) width += character.codePointAt(0)! > 0x1100 ? 2 : 1;
  return width;
}

function htmlOfInline(node: Inline, cx: HtmlContext): string {
  switch (node.type) {
    case 'text':
      return escapeText(node.value);
    case 'strong':
      return `<strong>${htmlOfInlines(node.children, cx)}</strong>`;
    case 'em':
      return element('em', cx.styles.em, htmlOfInlines(node.children, cx));
    case 'del':
      return `<del>${htmlOfInlines(node.children, cx)}</del>`;
    case 'code':
      return element('code', cx.styles.code, escapeText(node.value));
    case 'break':
      return '<br>';
    case 'link':
      return htmlOfLink(node, cx);
    case 'jump': {
      const href = cx.anchors.href(node.target);
      const content = htmlOfInlines(node.children, cx);
      return href ? `<a href="${href}" style="${cx.styles.link}">${content}</a>` : content;
    }
    case 'anchor':
      return cx.anchors.place(node.id);
    case 'image':
      return htmlOfImage(node, cx);
    case 'field':
      return cx.slots.field(node.name, node.fallback || cx.fallbackOf(node.name));
  }
}

function htmlOfLink(node: Extract<Inline, { type: 'link' }>, cx: HtmlContext): string {
  const content = htmlOfInlines(node.children, cx);
  const href = cx.links.href(node.url, cx.section, plainText(node.children));
  if (!href) return content;
  const title = node.title ? ` title="${escapeAttribute(node.title)}"` : '';
  return `<a href="${href}"${title} style="${cx.styles.link}">${content || escapeText(node.url)}</a>`;
}

/** Images are never essential: without one its alt text stands (rule 8.10). */
function htmlOfImage(node: Extract<Inline, { type: 'image' }>, cx: HtmlContext, style = cx.styles.image): string {
  if (linkKind(node.url) !== 'web') return escapeText(node.alt);
  const scale = Math.min(1, columnWidth / (node.width || columnWidth));
  const width = node.width ? ` width="${Math.round(node.width * scale)}"` : '';
  const height = node.width && node.height ? ` height="${Math.round(node.height * scale)}"` : '';
  const title = node.title ? ` title="${escapeAttribute(node.title)}"` : '';
  return `<img src="${escapeAttribute(node.url)}" alt="${escapeAttribute(node.alt)}"${width}${height}${title} style="${style}">`;
}
