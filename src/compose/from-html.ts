/** A web page's HTML → Markdown as `compose` reads it: for issues that were written elsewhere. Words and links stay, what acts does not. */
import type { Element, Root as HastRoot } from 'hast';
import type { Root } from 'mdast';
import rehypeRaw from 'rehype-raw';
import rehypeRemark from 'rehype-remark';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkGfm from 'remark-gfm';
import remarkStringify from 'remark-stringify';
import { type Processor, unified } from 'unified';
import { visit } from 'unist-util-visit';
import { printMarks, withoutMarks } from './clipboard/marks.ts';
import { copiedPart, settleClipboard, tightLists } from './clipboard/settle.ts';

/** Characters and tags of one page; a long issue has 200,000 and 5,000. */
const maxLength = 1_000_000;
const maxTags = 20_000;
/** Open elements inside each other; parsers and printers call themselves that deep. */
const maxDepth = 200;

const schema = {
  ...defaultSchema,
  strip: ['script', 'style', 'template', 'head'],
  clobberPrefix: '',
  protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'], src: ['http', 'https'] },
};

declare module 'unified' {
  interface Data {
    site?: string | undefined;
  }
}

const processorFor = (kind: 'page' | 'clipboard') =>
  unified()
    .use(rehypeRaw)
    .use(kind === 'clipboard' ? [settleClipboard] : [])
    .use(settleElements)
    .use(settleAddresses)
    .use(rehypeSanitize, schema)
    .use(rehypeRemark)
    .use(kind === 'clipboard' ? [tightLists] : [])
    .use(settleText)
    .use(remarkGfm, { singleTilde: false })
    .use(remarkCjkFriendly)
    .use(remarkStringify, { bullet: '-', emphasis: '*', fences: true, resourceLink: true, rule: '-' })
    .freeze();

const processors = { page: processorFor('page'), clipboard: processorFor('clipboard') };

/** What Ghost writes into its exports in place of the site's own address. */
const ghostSite = /^__GHOST_URL__(?=\/|$)/;

/**
 * Pure; the same HTML gives the same Markdown. Frames, videos and audio become links to what they show; scripts, forms and styles go.
 * @param site address of the page's own site, for links and images that name none; without it only their words stay
 * @returns `problem` when it is too large or nested too deep to be taken whole
 */
export function markdownFromHtml(html: string, site?: string): { markdown: string } | { problem: string } {
  return convert(html, 'page', site);
}

/**
 * What an editor copied in Google Docs, Word, Notion, Substack, Gmail or from a page → Markdown; see clipboard/settle.ts for what each does.
 * Hangul comes out composed, whichever way the system keeps it.
 */
export function markdownFromClipboard(html: string): { markdown: string } | { problem: string } {
  const tidy = withoutMarks(copiedPart(html))
    .replace(/[\u200b\ufeff]/g, '')
    .replace(/\u00a0|&nbsp;/g, ' ');
  const read = convert(tidy, 'clipboard');
  return 'markdown' in read ? { markdown: printMarks(read.markdown).normalize('NFC') } : read;
}

function convert(
  html: string,
  kind: keyof typeof processors,
  site?: string,
): { markdown: string } | { problem: string } {
  const processor = processors[kind];
  if (html.length > maxLength) return { problem: `the text has more than ${maxLength} characters of HTML` };
  if (tooDeep(html)) return { problem: 'the HTML holds more tags, or more inside each other, than can be read' };
  try {
    const root: HastRoot = { type: 'root', children: [{ type: 'raw', value: html } as never] };
    const tree = processor()
      .data('site', site)
      .runSync(root as never) as unknown as Root;
    return {
      markdown: processor()
        .stringify(tree as never)
        .replaceAll(openBraces, '\\{{')
        .replaceAll(lineColon, '\\:')
        .trim(),
    };
  } catch {
    return { problem: 'the HTML cannot be read' };
  }
}

/** Counts tags as they stand; elements that are never closed count as open, which is how parsers see them. */
function tooDeep(html: string): boolean {
  let tags = 0;
  let depth = 0;
  for (const [tag] of html.matchAll(/<\/?[a-z][^\s/>]*/gi)) {
    if (++tags > maxTags) return true;
    if (!nests.test(tag)) continue;
    depth = Math.max(0, depth + (tag[1] === '/' ? -1 : 1));
    if (depth > maxDepth) return true;
  }
  return false;
}

/** Elements that hold others of their kind. Paragraphs and list items close each other; img and br hold nothing. */
const nests =
  /^<\/?(?:div|span|section|article|main|aside|header|footer|nav|figure|blockquote|ul|ol|table|tbody|tr|td|b|i|u|s|em|strong|a|font|center|small|big|sub|sup|code|details|form|button|label|svg|g|math|object)$/i;

/** What shows another page becomes a link to it: cleaned away, it would be lost without a word. A caption is a paragraph of its own. */
function settleElements() {
  return (tree: HastRoot) => {
    visit(tree, 'element', (node: Element, index, parent) => {
      if (node.tagName === 'figcaption') node.tagName = 'p';
      if (!/^(?:iframe|video|audio|embed)$/.test(node.tagName) || index === undefined || !parent) return;
      const source = node.children.find(child => child.type === 'element' && child.tagName === 'source') as
        | Element
        | undefined;
      const url = String(node.properties.src ?? node.properties.dataSrc ?? source?.properties.src ?? '').replace(
        /^\/\//,
        'https://',
      );
      if (!/^https?:\/\//i.test(url)) return;
      const link: Element = {
        type: 'element',
        tagName: 'a',
        properties: { href: url },
        children: [{ type: 'text', value: url }],
      };
      parent.children[index] = { type: 'element', tagName: 'p', properties: {}, children: [link] };
    });
  };
}

/** Makes addresses of the site's own pages whole. */
function settleAddresses(this: Processor) {
  const site = this.data().site;
  return (tree: HastRoot) => {
    visit(tree, 'element', (node: Element) => {
      for (const key of ['href', 'src']) {
        const value = node.properties[key];
        if (typeof value !== 'string') continue;
        const own = value.replace(ghostSite, '').replace(/^$/, '/');
        const isOwn = own !== value || /^\/(?!\/)/.test(value);
        if (isOwn) node.properties[key] = site && URL.canParse(own, site) ? new URL(own, site).href : '';
      }
    });
  };
}

/** Characters that no page has for good reason, in place of `{{`, and of a colon that begins a line of colons, until the text is printed. */
const openBraces = '\ue0f0';
const lineColon = '\ue0f1';

/** Braces and colons in old texts are no merge fields and no blocks of ours; a link that leads nowhere outside is only its words. */
function settleText() {
  return (tree: Root) => {
    visit(tree, 'text', node => {
      node.value = node.value
        .replace(/[\ue0f0\ue0f1]/g, '')
        .replace(/\{\{/g, openBraces)
        .replace(/^(\s*):(?=:)/gm, `$1${lineColon}`);
    });
    visit(tree, 'link', (node, index, parent) => {
      if (/^(?:https?:\/\/|mailto:)./i.test(node.url) || index === undefined || !parent) return;
      parent.children.splice(index, 1, ...node.children);
      return index;
    });
    visit(tree, 'image', (node, index, parent) => {
      if (/^https?:\/\//i.test(node.url) || index === undefined || !parent) return;
      parent.children.splice(index, 1, { type: 'text', value: node.alt ?? '' });
    });
  };
}
