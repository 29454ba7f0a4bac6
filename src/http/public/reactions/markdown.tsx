/**
 * A reader's Markdown → elements of a page: emphasis, code, links, lists, quotes. Raw HTML is text like any other, the sanitiser lets a short
 * list of elements through, and JSX escapes every word once more.
 */
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { jsx } from 'hono/jsx';
import type { Nodes, PhrasingContent, Root, Text } from 'mdast';
import rehypeSanitize, { type Options } from 'rehype-sanitize';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';
import { SKIP, visit } from 'unist-util-visit';

const elements = ['p', 'br', 'em', 'strong', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'];

const schema: Options = {
  tagNames: elements,
  attributes: { a: ['href'], ol: ['start'] },
  protocols: { href: ['http', 'https'] },
  ancestors: { li: ['ul', 'ol'] },
  strip: ['script', 'style'],
  clobber: [],
};

const parser = unified()
  .use(remarkParse)
  .use(remarkCjkFriendly)
  .use(() => plainParts)
  .use(remarkRehype)
  .use(rehypeSanitize, schema)
  .freeze();

/** More marks than any answer has: the parser's time grows with their square. */
const mostMarks = 300;

/** Marks nested deeper than this are nobody's answer: such a text is shown as it was typed. */
const mostNested = 8;

/** Bare addresses, without the punctuation of the sentence around them. */
export const bareAddress = /https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}]/giu;

/** Headings become strong paragraphs, pictures their words, HTML what was typed, rules nothing; bare addresses become links; a line break is one. */
function plainParts(root: Root): void {
  visit(root, (node: Nodes, index, parent) => {
    if (!parent || index === undefined) return undefined;
    const siblings = parent.children as Nodes[];
    const put = (...nodes: PhrasingContent[]) => {
      siblings.splice(index, 1, ...nodes);
      return [SKIP, index + nodes.length] as [typeof SKIP, number];
    };
    if (node.type === 'heading') {
      siblings[index] = { type: 'paragraph', children: [{ type: 'strong', children: node.children }] };
      return index;
    }
    if (node.type === 'html') {
      const words: Text = { type: 'text', value: node.value };
      const isInline = !['root', 'blockquote', 'listItem'].includes(parent.type);
      siblings[index] = isInline ? words : { type: 'paragraph', children: [words] };
      return index;
    }
    if (node.type === 'image') return put({ type: 'text', value: node.alt ?? '' });
    if (node.type === 'imageReference') return put({ type: 'text', value: node.alt ?? '' });
    if (node.type === 'link' || node.type === 'linkReference') {
      // A link's words are not searched for another.
      return /^https?:\/\//i.test(node.type === 'link' ? node.url : 'https://') ? SKIP : put(...node.children);
    }
    if (node.type === 'text') return put(...linked(node));
    return undefined;
  });
}

function linked({ value }: Text): PhrasingContent[] {
  const parts: PhrasingContent[] = [];
  let from = 0;
  const words = (text: string) => {
    for (const [at, line] of text.split('\n').entries()) {
      if (at > 0) parts.push({ type: 'break' });
      if (line) parts.push({ type: 'text', value: line });
    }
  };
  for (const { 0: url, index } of value.matchAll(bareAddress)) {
    words(value.slice(from, index));
    parts.push({ type: 'link', url, children: [{ type: 'text', value: url }] });
    from = index + url.length;
  }
  words(value.slice(from));
  return parts;
}

interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: { href?: unknown; start?: unknown };
  children?: Node[];
}

/** What was rendered lately: threads are read far more often than written. */
const rendered = new Map<string, string>();
const mostRendered = 500;

/** The comment's text as elements. Never throws: what cannot be read is shown as typed. */
export function Markdown({ text }: { text: string }) {
  const known = rendered.get(text);
  if (known !== undefined) return raw(known);
  const html = String(written(text));
  if (rendered.size >= mostRendered) rendered.delete(rendered.keys().next().value!);
  rendered.set(text, html);
  return raw(html);
}

function written(text: string) {
  try {
    // Known before anything walks the tree by recursion.
    const isDeep = new RegExp(`^(?:[ \\t]*(?:>|[-*+]|\\d+[.)])[ \\t]*){${mostNested + 1},}`, 'm').test(text);
    if (isDeep || (text.match(/[*_`[\\&]/g)?.length ?? 0) > mostMarks) return asTyped(text);
    const tree = parser.runSync(parser.parse(text)) as unknown as Node;
    return <>{(tree.children ?? []).map(node => elementOf(node, 0))}</>;
  } catch {
    return asTyped(text);
  }
}

function asTyped(text: string) {
  return <p class="typed">{text}</p>;
}

class TooDeep extends Error {}

function elementOf(node: Node, depth: number): Child {
  if (depth > mostNested * 2) throw new TooDeep();
  if (node.type === 'text') return node.value ?? '';
  const children = (node.children ?? []).map(child => elementOf(child, depth + 1));
  const { tagName = '' } = node;
  if (node.type !== 'element' || !elements.includes(tagName)) return <>{children}</>;
  if (tagName === 'br') return <br />;
  if (tagName === 'a') {
    const href = String(node.properties?.href ?? '');
    if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return <>{children}</>;
    return (
      <a href={href} rel="nofollow ugc noopener noreferrer">
        {children}
      </a>
    );
  }
  // Wide code scrolls, also by keyboard.
  return jsx(tagName, tagName === 'pre' ? { tabindex: 0 } : {}, ...(children as never[])) as unknown as Child;
}

/** Whether anything of a text shows: a rule alone, or the definition of a link, does not. */
export function isVisible(text: string): boolean {
  return (
    String(written(text))
      .replace(/<[^>]*>/g, '')
      .trim() !== ''
  );
}
