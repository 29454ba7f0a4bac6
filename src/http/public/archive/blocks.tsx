/** Blocks and inlines of an issue's bodies as a web page. JSX escapes every word; addresses pass through linkKind. */
import type { Child } from 'hono/jsx';
import type { Block, Inline } from '../../../model/issue.ts';
import { linkKind } from '../../../render/links.ts';
import type { TermFinder } from './term-finder.ts';
import { Term } from './tips.tsx';

/** What is written on one page. */
export interface WebContext {
  /** Level of the heading written last: headings never skip a level (rule 8.8). */
  outline: { level: number };
  anchors: WebAnchors;
  /** Finds terms that have an explanation; undefined where none is wanted. */
  terms: TermFinder | undefined;
}

/** Ids of the page: each stands once, and none of an issue's takes the place of ours. */
export class WebAnchors {
  readonly #present: ReadonlySet<string>;
  readonly #placed = new Set<string>();
  readonly #elsewhere: ((id: string) => string) | undefined;

  /** @param present ids that the issue has; @param elsewhere where a place is that this page does not have */
  constructor(present: ReadonlySet<string>, elsewhere?: (id: string) => string) {
    this.#present = present;
    this.#elsewhere = elsewhere;
  }

  place(id: string): string | undefined {
    if (this.#placed.has(id) || /^(?:page|tip)-/.test(id)) return undefined;
    this.#placed.add(id);
    return id;
  }

  href(id: string): string | undefined {
    if (!this.#present.has(id)) return undefined;
    return this.#elsewhere ? this.#elsewhere(id) : `#${encodeURIComponent(id)}`;
  }
}

export function Blocks({ of, cx }: { of: readonly Block[]; cx: WebContext }) {
  return <>{of.map(block => blockOf(block, cx))}</>;
}

export function Inlines({ of, cx }: { of: readonly Inline[]; cx: WebContext }) {
  return <>{of.map(node => inlineOf(node, cx))}</>;
}

function blockOf(block: Block, cx: WebContext): Child {
  switch (block.type) {
    case 'paragraph':
      return (
        <p>
          <Inlines of={block.children} cx={cx} />
        </p>
      );
    case 'heading': {
      const level = Math.min(block.level, cx.outline.level + 1, 6);
      cx.outline.level = level;
      const content = <Inlines of={block.children} cx={{ ...cx, terms: undefined }} />;
      return level === 2 ? <h2>{content}</h2> : level === 3 ? <h3>{content}</h3> : <h4>{content}</h4>;
    }
    case 'list': {
      const items = block.items.map(item => (
        <li>
          <Item of={item} cx={cx} />
        </li>
      ));
      if (!block.ordered) return <ul>{items}</ul>;
      return <ol start={block.start === 1 ? undefined : Math.trunc(block.start)}>{items}</ol>;
    }
    case 'quote':
      return (
        <blockquote>
          <Blocks of={block.children} cx={cx} />
        </blockquote>
      );
    case 'codeBlock':
      // Wide code scrolls, also by keyboard.
      return (
        <pre tabindex={0}>
          <code>{block.value}</code>
        </pre>
      );
    case 'table':
      return <Table of={block} cx={cx} />;
    case 'rule':
      return <hr />;
    case 'when':
      return <Blocks of={block.children} cx={cx} />;
  }
}

/** A list item of one paragraph needs no `<p>`. */
function Item({ of, cx }: { of: readonly Block[]; cx: WebContext }) {
  const [only, second] = of;
  return only?.type === 'paragraph' && !second ? <Inlines of={only.children} cx={cx} /> : <Blocks of={of} cx={cx} />;
}

function Table({ of, cx }: { of: Extract<Block, { type: 'table' }>; cx: WebContext }) {
  const align = (column: number) => of.align[column] ?? undefined;
  return (
    // Focusable: a wide table scrolls, also by keyboard.
    <div class="wide-table" tabindex={0}>
      <table>
        {of.head.length > 0 && (
          <thead>
            <tr>
              {of.head.map((cell, column) => (
                <th scope="col" class={align(column)}>
                  <Inlines of={cell} cx={cx} />
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {of.rows.map(row => (
            <tr>
              {row.map((cell, column) => (
                <td class={align(column)}>
                  <Inlines of={cell} cx={cx} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlineOf(node: Inline, cx: WebContext): Child {
  switch (node.type) {
    case 'text':
      return cx.terms
        ? cx.terms.split(node.value).map(part => (typeof part === 'string' ? part : <Term {...part} />))
        : node.value;
    case 'strong':
      return (
        <strong>
          <Inlines of={node.children} cx={cx} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inlines of={node.children} cx={cx} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inlines of={node.children} cx={cx} />
        </del>
      );
    case 'code':
      return <code>{node.value}</code>;
    case 'break':
      return <br />;
    case 'link':
      return <Outward node={node} cx={cx} />;
    case 'jump': {
      const href = cx.anchors.href(node.target);
      const content = <Inlines of={node.children} cx={{ ...cx, terms: undefined }} />;
      return href ? <a href={href}>{content}</a> : content;
    }
    case 'anchor': {
      const id = cx.anchors.place(node.id);
      return id ? <span id={id} /> : '';
    }
    case 'image':
      return <Picture node={node} />;
    case 'field':
      return node.fallback;
  }
}

/** Straight to its destination; a link in a link is none. */
function Outward({ node, cx }: { node: Extract<Inline, { type: 'link' }>; cx: WebContext }) {
  const content = <Inlines of={node.children} cx={{ ...cx, terms: undefined }} />;
  if (!linkKind(node.url)) return content;
  return (
    <a href={node.url} title={node.title} rel="noopener">
      {node.children.length > 0 ? content : node.url}
    </a>
  );
}

/** Of unknown size: room is kept as a wide picture has it, so that nothing jumps when it comes. */
function Picture({ node }: { node: Extract<Inline, { type: 'image' }> }) {
  if (linkKind(node.url) !== 'web') return <>{node.alt}</>;
  const { width, height } = node;
  const isSized = Boolean(width && height);
  return (
    <img
      src={node.url}
      alt={node.alt}
      title={node.title}
      width={width && Math.round(width)}
      height={isSized ? Math.round(height!) : undefined}
      class={isSized ? undefined : 'unsized'}
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
    />
  );
}
