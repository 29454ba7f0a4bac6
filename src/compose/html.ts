/** Raw HTML in the Markdown: through a real HTML parser and an allow list, back to Markdown. Its text stays, what acts does not. */
import type { Element, Nodes as HastNodes, Root as HastRoot } from 'hast';
import type { Definition, Nodes, Parent, PhrasingContent, Root, RootContent } from 'mdast';
import rehypeRaw from 'rehype-raw';
import rehypeRemark from 'rehype-remark';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { size } from './directives.ts';
import { pieceMark, piecePattern, restoreEscapes } from './marks.ts';
import { type ProblemList, quoted } from './problems.ts';

/** Elements whose content is not text for readers. */
const stripped = ['script', 'style', 'template'];

const schema = {
  ...defaultSchema,
  strip: stripped,
  clobberPrefix: '',
  protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'], src: ['http', 'https'] },
  attributes: {
    ...defaultSchema.attributes,
    img: [...(defaultSchema.attributes?.img ?? []), 'width', 'height', 'alt', 'title', 'src'],
  },
};

/** HTML elements that are removed with a warning; their text stays unless `stripped`. */
const removed = new Set(
  'script style template iframe frame frameset object embed applet form button select option textarea svg math link meta base noscript video audio source track canvas portal'.split(
    ' ',
  ),
);
/** The rest of HTML: layout that e-mail has no use for. Tags beyond these, such as `<String>` or `<mj-include>`, are text. */
const layout = new Set(
  'a abbr acronym address area article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer h1 h2 h3 h4 h5 h6 head header hgroup hr html i img input ins kbd label legend li main map mark menu nav ol p picture pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time title tr tt u ul var wbr center'.split(
    ' ',
  ),
);

/** Per block, and blocks per issue. */
const maxTags = 400;
const maxHtmlBlocks = 1000;
const placeholder = 'https://address.invalid/';

const processor = unified().use(remarkRehype, { allowDangerousHtml: true }).use(rehypeRaw).freeze();
const cleaner = unified()
  .use(rehypeSanitize, schema)
  .use(rehypeRemark, {
    handlers: {
      img(_state, node: Element) {
        const { src, alt, title, width, height } = node.properties;
        const data = { width: size(width), height: size(height) };
        return {
          type: 'image',
          url: String(src ?? ''),
          alt: String(alt ?? ''),
          title: title ? String(title) : null,
          data,
        } as never;
      },
    },
  })
  .freeze();

/** Replaces every top-level block that holds raw HTML by clean Markdown. */
export function cleanHtml(root: Root, problems: ProblemList): void {
  const definitions: Definition[] = [];
  visit(root, 'definition', node => {
    definitions.push(node);
  });
  cleanChildren(root, { definitions, problems, blocks: 0 });
}

interface Run {
  definitions: Definition[];
  problems: ProblemList;
  blocks: number;
}

function cleanChildren(parent: Parent, run: Run): void {
  const result: RootContent[] = [];
  const children = parent.children as RootContent[];
  for (let index = 0; index < children.length; index++) {
    const node = children[index]!;
    const kind: string = node.type;
    if (kind === 'containerDirective' || kind === 'footnoteDefinition') {
      cleanChildren(node as unknown as Parent, run);
      result.push(node);
    } else if (holdsHtml(node)) {
      const count = blockLength(children, index);
      result.push(...clean(children.slice(index, index + count), run));
      index += count - 1;
    } else {
      result.push(node);
    }
  }
  parent.children = result;
}

function holdsHtml(node: Nodes): boolean {
  if (node.type === 'html') return true;
  return 'children' in node && node.children.some(child => holdsHtml(child as Nodes));
}

/** How many blocks an HTML element spans when blank lines inside it made Markdown cut it: `<table>` … `</table>`. */
function blockLength(nodes: RootContent[], start: number): number {
  const first = nodes[start]!;
  const name =
    first.type === 'html' ? /^<(table|ul|ol|dl|details|blockquote|pre)\b/i.exec(first.value)?.[1] : undefined;
  if (!name) return 1;
  let depth = 0;
  for (let index = start; index < nodes.length && index < start + 100; index++) {
    const node = nodes[index]!;
    if (node.type !== 'html') continue;
    depth += node.value.match(new RegExp(`<${name}\\b`, 'gi'))?.length ?? 0;
    depth -= node.value.match(new RegExp(`</${name}\\s*>`, 'gi'))?.length ?? 0;
    if (depth <= 0) return index - start + 1;
  }
  return 1;
}

function clean(nodes: RootContent[], run: Run): RootContent[] {
  const { definitions, problems } = run;
  const position = nodes[0]!.position;
  const line = position?.start.line ?? 0;
  const kept: PhrasingContent[] = [];
  const urls: string[] = [];
  const input: Root = {
    type: 'root',
    children: [...nodes, ...definitions.filter(d => !nodes.includes(d)).map(d => ({ ...d }))],
  };
  for (const node of input.children) prepare(node, kept, urls);
  const raw =
    tagCount(input) > maxTags || ++run.blocks > maxHtmlBlocks
      ? undefined
      : (processor.runSync(input) as unknown as HastRoot);
  if (!raw) {
    problems.add('too-complex', line, 'The HTML here holds more tags than can be read.');
    return nodes.map(asPlainText);
  }
  reportRemovals(raw, line, problems);
  const output = cleaner.runSync(raw as never) as unknown as Root;
  putBack(output, kept);
  visit(output, node => {
    if ((node.type === 'link' || node.type === 'image') && node.url.startsWith(placeholder))
      node.url = urls[Number(node.url.slice(placeholder.length))] ?? '';
    node.position ??= position;
    if (!node.position?.start.line) node.position = position;
  });
  return output.children;
}

/** Unknown tags become text; what the HTML parser would not survive, such as footnote references, becomes a mark. */
function prepare(node: Nodes, kept: PhrasingContent[], urls: string[]): void {
  if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
    // Markdown's own addresses are checked later, with better messages than the HTML cleaner's.
    if (!node.url.startsWith(placeholder)) node.url = `${placeholder}${urls.push(node.url) - 1}`;
  }
  if (node.type === 'html') {
    node.value = literalTags(restoreEscapesRaw(node.value));
    return;
  }
  if (!('children' in node)) return;
  for (const [index, child] of node.children.entries()) {
    if (child.type === 'footnoteReference') {
      kept.push(child);
      (node as Parent).children[index] = { type: 'text', value: pieceMark(kept.length - 1) };
    } else {
      prepare(child as Nodes, kept, urls);
    }
  }
}

function restoreEscapesRaw(value: string): string {
  return value.replace(/[\uFDD2-\uFDD4]/g, mark => `\\${restoreEscapes(mark)}`);
}

function literalTags(value: string): string {
  return value.replace(/<(\/?)([A-Za-z][^\s/>]*)/g, (tag, slash: string, name: string) => {
    const known = removed.has(name.toLowerCase()) || layout.has(name.toLowerCase());
    return known ? tag : `&lt;${slash}${name}`;
  });
}

function tagCount(node: Nodes): number {
  if (node.type === 'html') return node.value.split('<').length;
  return 'children' in node ? node.children.reduce((sum, child) => sum + tagCount(child as Nodes), 0) : 0;
}

function asPlainText(node: RootContent): RootContent {
  if (node.type === 'html')
    return {
      type: 'paragraph',
      children: [{ type: 'text', value: node.value, position: node.position }],
      position: node.position,
    };
  if ('children' in node)
    (node as Parent).children = node.children.map(child => asPlainInline(child as RootContent)) as RootContent[];
  return node;
}

function asPlainInline(node: RootContent): RootContent {
  if (node.type === 'html') return { type: 'text', value: node.value, position: node.position };
  if ('children' in node)
    (node as Parent).children = node.children.map(child => asPlainInline(child as RootContent)) as RootContent[];
  return node;
}

function reportRemovals(tree: HastNodes, line: number, problems: ProblemList): void {
  visit(tree as HastRoot, 'element', (element: Element) => {
    const tag = element.tagName;
    const at = element.position?.start.line ?? line;
    if (removed.has(tag)) problems.add('unsafe-html', at, `The HTML element <${tag}> was removed.`);
    for (const [name, value] of Object.entries(element.properties)) {
      if (/^on/i.test(name) || name === 'style')
        problems.add('unsafe-html', at, `The attribute ${name.toLowerCase()} of <${tag}> was removed.`);
      if (
        /^(?:href|src|action|formAction|xLinkHref|background)$/.test(name) &&
        !/^(?:https?:|mailto:|#|\uFDD0)/i.test(String(value))
      ) {
        problems.add('unsafe-html', at, `The address ${quoted(String(value), 40)} of <${tag}> was removed.`);
      }
    }
  });
}

function putBack(parent: Parent, kept: PhrasingContent[]): void {
  parent.children = parent.children.flatMap((child): RootContent[] => {
    if (child.type !== 'text') {
      if ('children' in child) putBack(child as Parent, kept);
      // A link whose address the cleaner took away is only its words; that was reported.
      return child.type === 'link' && child.url === '' ? child.children : [child as RootContent];
    }
    return child.value.split(piecePattern).flatMap((value, index): RootContent[] => {
      if (index % 2 === 1) return kept[Number(value)] ? [kept[Number(value)]!] : [];
      return value === '' ? [] : [{ ...child, value }];
    });
  });
}
