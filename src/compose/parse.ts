/** Markdown → a cleaned mdast: no raw HTML, no setext surprises, only the directives we know, emphasis as the editor meant it. */
import type { Heading, List, Paragraph, Parent, Root, RootContent } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkDirective from 'remark-directive';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { type Processor, unified } from 'unified';
import { visit } from 'unist-util-visit';
import { settleDirectives } from './directives.ts';
import { repairEmphasis } from './emphasis.ts';
import { cleanHtml } from './html.ts';
import { addPiece, type FieldUse, protect, restoreEscapes, restoreRaw } from './marks.ts';
import { type ProblemList, quoted } from './problems.ts';
import { defuse } from './source.ts';

/** Keeps `10:30`, `:smile:` and `a:b` text: of the directive syntax only `:::blocks` and `::leaves` are ours. */
function withoutTextDirectives(this: Processor): void {
  for (const extension of this.data().micromarkExtensions ?? []) {
    const flow = extension.flow as Record<number, unknown> | undefined;
    const text = extension.text as Record<number, unknown> | undefined;
    if (flow?.[58] && text?.[58]) delete text[58];
  }
}

const parser = unified()
  .use(remarkParse)
  // With single tildes, "3~7점 … 1~3점" would be struck out.
  .use(remarkGfm, { singleTilde: false })
  .use(remarkCjkFriendly)
  .use(remarkDirective)
  .use(withoutTextDirectives)
  .freeze();

export interface Parsed {
  root: Root;
  /** The merge fields that the marks in text nodes stand for. */
  fields: FieldUse[];
}

/** Parses `body`, whose lines are those of the file. Never throws: what the libraries choke on becomes plain paragraphs and an error. */
export function parseMarkdown(body: string, problems: ProblemList): Parsed {
  const pieces: FieldUse[] = [];
  const safe = defuse(body, problems, raw => addPiece(pieces, { raw, name: '', fallback: undefined }));
  const { text, fields } = protect(safe, pieces);
  try {
    const root = parser.parse(text);
    restoreLiterals(root, fields);
    undoSetext(root, text);
    settleDirectives(root, text, problems);
    cleanHtml(root, problems);
    repairEmphasis(root, problems);
    listPastedBullets(root);
    return { root, fields };
  } catch (error) {
    problems.add(
      'too-complex',
      0,
      `The Markdown could not be read (${quoted(String(error))}); it was kept as plain text.`,
    );
    return { root: plainRoot(text), fields };
  }
}

/** In code a mark is what the editor typed; in addresses and titles it is what the escape means. */
function restoreLiterals(root: Root, fields: readonly FieldUse[]): void {
  visit(root, node => {
    if (node.type === 'code' || node.type === 'inlineCode') node.value = restoreRaw(node.value, fields);
    if (node.type === 'code' && node.lang) node.lang = restoreRaw(node.lang, fields);
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      node.url = restoreEscapes(node.url);
      if (node.title) node.title = restoreRaw(node.title, fields);
    }
    if (node.type === 'image' || node.type === 'imageReference') node.alt = restoreRaw(node.alt ?? '', fields);
  });
}

/** Text directly above `---` is a heading to Markdown; to an editor who separates sections it is the end of a paragraph. */
function undoSetext(root: Root, source: string): void {
  root.children = root.children.flatMap((node): RootContent[] => {
    if (node.type !== 'heading' || !node.position) return [node];
    const { start, end } = node.position;
    if (start.line === end.line || !/\n[ \t]*-+[ \t]*$/.test(source.slice(start.offset, end.offset))) return [node];
    const text = textOf(node);
    const isHeading =
      end.line - start.line === 1 && [...text].length <= 60 && !/[.!。…]['"’”)]*$|다\.?$/.test(text.trim());
    if (isHeading && !(node as Heading).children.some(child => child.type === 'link')) return [node];
    const paragraph: Paragraph = { type: 'paragraph', children: (node as Heading).children, position: node.position };
    return [paragraph, { type: 'thematicBreak', position: { start: end, end } }];
  });
}

const bullet = /^[ \t]*(?:[•·▪◦‣●■◆▶►]|[✅✔☑]\uFE0F?)[ \t]*/u;

/** "• one\n• two", as pasted from a page, is a list. */
function listPastedBullets(root: Parent): void {
  for (const [index, node] of root.children.entries()) {
    if (node.type !== 'paragraph') continue;
    const lines = splitLines(node);
    if (lines.length < 2 || !lines.every(line => line[0]?.type === 'text' && bullet.test(line[0].value))) continue;
    const list: List = { type: 'list', ordered: false, spread: false, position: node.position, children: [] };
    for (const line of lines) {
      const [first, ...rest] = line;
      if (first?.type !== 'text') continue;
      const head = { ...first, value: first.value.replace(bullet, '') };
      const paragraph: Paragraph = {
        type: 'paragraph',
        children: [head, ...rest],
        position: first.position ?? node.position,
      };
      list.children.push({ type: 'listItem', spread: false, children: [paragraph], position: paragraph.position });
    }
    root.children[index] = list;
  }
}

/** A paragraph's children by source line; the line breaks themselves are left out. Texts keep a position, so lines can be told. */
export function splitLines(paragraph: Paragraph): Paragraph['children'][] {
  const lines: Paragraph['children'][] = [[]];
  for (const child of paragraph.children) {
    if (child.type === 'break') {
      lines.push([]);
    } else if (child.type === 'text' && child.value.includes('\n')) {
      for (const [offset, value] of child.value.split('\n').entries()) {
        if (offset > 0) lines.push([]);
        if (value !== '') lines.at(-1)!.push({ type: 'text', value, position: shifted(child.position, offset) });
      }
    } else {
      lines.at(-1)!.push(child);
    }
  }
  return lines.filter(line => line.length > 0);
}

function shifted(position: Paragraph['position'], lines: number): Paragraph['position'] {
  if (!position) return undefined;
  const point = { ...position.start, line: position.start.line + lines };
  return { start: point, end: point };
}

function plainRoot(text: string): Root {
  const children: RootContent[] = [];
  let line = 1;
  for (const chunk of text.split(/(\n[ \t]*\n)/)) {
    if (chunk.trim() !== '') {
      const point = { line, column: 1 };
      const position = { start: point, end: point };
      children.push({ type: 'paragraph', children: [{ type: 'text', value: chunk.trim(), position }], position });
    }
    line += chunk.split('\n').length - 1;
  }
  return { type: 'root', children };
}
