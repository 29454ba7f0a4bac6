/** mdast blocks → `Block[]`. */
import type { Heading, List, Paragraph, PhrasingContent, RootContent, Table } from 'mdast';
import type { Block, Condition, Inline } from '../model/issue.ts';
import { mergeFields } from '../model/publication.ts';
import { type Context, lineOf, plainText, plainTitle } from './context.ts';
import { type Directive, isDirective, size } from './directives.ts';
import { toInlines } from './inline.ts';
import { mostLikedBlocks } from './most-liked.ts';
import { quoted } from './problems.ts';

/** `headingLevel`: the level of the headings that stand inside the section. */
export function toBlocks(nodes: readonly RootContent[], ctx: Context, headingLevel: 3 | 4 = 4): Block[] {
  return nodes.flatMap(node => toBlock(node, ctx, headingLevel));
}

function toBlock(node: RootContent, ctx: Context, level: 3 | 4): Block[] {
  if (isDirective(node)) {
    const directive = node as unknown as Directive;
    return directive.name === 'most-liked' ? mostLikedBlocks(directive, ctx) : whenBlock(directive, ctx, level);
  }
  switch (node.type) {
    case 'paragraph':
      return paragraph(node, ctx);
    case 'heading':
      return headingBlock(node, ctx, level);
    case 'list':
      return [listBlock(node, ctx, level)];
    case 'blockquote':
      return [{ type: 'quote', children: toBlocks(node.children, ctx, level) }];
    case 'code':
      return [{ type: 'codeBlock', lang: node.lang || undefined, value: node.value }];
    case 'table':
      return [tableBlock(node, ctx)];
    case 'thematicBreak':
      return [{ type: 'rule' }];
    case 'definition':
    case 'footnoteDefinition':
      // Their content is where they are referred to, and in the notes.
      return [];
    default: {
      const text = plainText(node, ctx.fields);
      return text === '' ? [] : [{ type: 'paragraph', children: [{ type: 'text', value: text }] }];
    }
  }
}

function paragraph(node: Paragraph, ctx: Context): Block[] {
  const children = toInlines(withImageSizes(node.children), ctx);
  return children.length > 0 ? [{ type: 'paragraph', children }] : [];
}

/** `![alt](url){width=560}`: the braces belong to the picture. */
function withImageSizes(nodes: PhrasingContent[]): PhrasingContent[] {
  return nodes.map((node, index) => {
    const previous = nodes[index - 1];
    if (node.type !== 'text' || previous?.type !== 'image') return node;
    const match = /^\{((?:\s*(?:width|height)\s*=\s*["']?\d{1,4}(?:px)?["']?)+)\s*\}/.exec(node.value);
    if (!match) return node;
    previous.data = {
      ...previous.data,
      ...Object.fromEntries(
        [...match[1]!.matchAll(/(width|height)\s*=\s*["']?(\d+)/g)].map(([, key, value]) => [key, size(value)]),
      ),
    };
    return { ...node, value: node.value.slice(match[0].length) };
  });
}

function headingBlock(node: Heading, ctx: Context, level: 3 | 4): Block[] {
  plainTitle(node, ctx);
  const children = toInlines(node.children, ctx);
  return children.length > 0 ? [{ type: 'heading', level, children }] : [];
}

function listBlock(node: List, ctx: Context, level: 3 | 4): Block {
  const items = node.children.map(item => {
    const blocks = toBlocks(item.children as RootContent[], ctx, level);
    return item.checked === null || item.checked === undefined ? blocks : checkbox(item.checked, blocks);
  });
  return { type: 'list', ordered: node.ordered === true, start: node.start ?? 1, items };
}

function checkbox(checked: boolean, blocks: Block[]): Block[] {
  const mark: Inline = { type: 'text', value: checked ? '☑ ' : '☐ ' };
  const [first, ...rest] = blocks;
  if (first?.type !== 'paragraph') return [{ type: 'paragraph', children: [mark] }, ...blocks];
  return [{ type: 'paragraph', children: [mark, ...first.children] }, ...rest];
}

function tableBlock(node: Table, ctx: Context): Block {
  const [head, ...rows] = node.children.map(row => row.children.map(cell => toInlines(cell.children, ctx)));
  const width = head?.length ?? 0;
  const align = Array.from({ length: width }, (_, index) => node.align?.[index] ?? null);
  return { type: 'table', align, head: head ?? [], rows };
}

/** `:::when{…}`. A condition that cannot be used is an error, and its content is kept for everyone. */
function whenBlock(node: Directive, ctx: Context, level: 3 | 4): Block[] {
  const label = (node.children as unknown as { data?: { directiveLabel?: boolean } }[]).some(
    child => child.data?.directiveLabel,
  );
  const children = toBlocks(node.children as RootContent[], ctx, level);
  const condition = conditionOf(node.attributes ?? {});
  const line = lineOf(node);
  if (!condition || label) {
    ctx.problems.add('bad-condition', line, 'The block :::when has no condition that can be used.');
    return children;
  }
  if (!mergeFields(ctx.publication).includes(condition.field)) {
    const known = mergeFields(ctx.publication).join(', ');
    ctx.problems.add(
      'unknown-field',
      line,
      `${quoted(condition.field)} is not a field of this publication. Known fields: ${known}.`,
    );
    return children;
  }
  return [{ type: 'when', condition, children }];
}

function conditionOf(attributes: NonNullable<Directive['attributes']>): Condition | undefined {
  const { has, lacks, field, is, ...others } = attributes;
  if (Object.keys(others).length > 0) return undefined;
  const given = [has, lacks, field].filter(value => value);
  if (given.length !== 1) return undefined;
  if (has && is === undefined) return { field: has, op: 'present' };
  if (lacks && is === undefined) return { field: lacks, op: 'absent' };
  return field && typeof is === 'string' ? { field, op: 'equals', value: is } : undefined;
}
