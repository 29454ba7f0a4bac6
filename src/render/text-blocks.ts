/** Blocks and inlines as plain text. A link's URL stands under its paragraph, so that no sentence is cut by one. */
import type { Block, Inline } from '../model/issue.ts';
import { linkKind } from './links.ts';
import type { Slots } from './slots.ts';
import { plainText } from './walk.ts';

export interface TextContext {
  slots: Slots;
  fallbackOf: (field: string) => string;
}

/** Joins what is not empty with an empty line between. */
export function joinBlocks(blocks: readonly (string | undefined | false)[]): string {
  return blocks.filter(Boolean).join('\n\n');
}

/** Blocks with an empty line between. A conditional brings its own distance, so that no hole is left where it does not show. */
export function textOfBlocks(blocks: readonly Block[], cx: TextContext): string {
  let text = '';
  /** Nothing that every reader sees stands before. */
  let leading = true;
  for (const block of blocks) {
    const next = textOfBlock(block, cx);
    if (!next) continue;
    if (block.type === 'when') {
      const { open, close } = cx.slots.when(block.condition);
      text += open + (leading ? `${next}\n\n` : `\n\n${next}`) + close;
    } else {
      text += leading ? next : `\n\n${next}`;
      leading = false;
    }
  }
  return text;
}

function textOfBlock(block: Block, cx: TextContext): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return textWithLinks(block.children, cx, block.type === 'heading' ? '■ ' : '');
    case 'list':
      return block.items
        .map((item, at) => {
          const bullet = block.ordered ? `${block.start + at}. ` : '- ';
          return indent(textOfBlocks(item, cx), bullet, ' '.repeat(bullet.length));
        })
        .join('\n');
    case 'quote':
      return indent(textOfBlocks(block.children, cx), '> ', '> ');
    case 'codeBlock':
      return indent(block.value, '    ', '    ');
    case 'table':
      return [block.head, ...block.rows].map(row => row.map(cell => textOfInlines(cell, cx)).join(' | ')).join('\n');
    case 'rule':
      return '* * *';
    case 'when':
      return textOfBlocks(block.children, cx);
  }
}

function indent(text: string, first: string, rest: string): string {
  return text
    .split('\n')
    .map((line, at) => (at === 0 ? first : line || rest.trim() ? rest : '') + line)
    .join('\n');
}

/** One paragraph, then a line per link in it. */
export function textWithLinks(nodes: readonly Inline[], cx: TextContext, before = ''): string {
  const references = linksIn(nodes).filter(({ label, url }) => label !== url && label !== url.replace(/^mailto:/i, ''));
  const pad = ' '.repeat(before.length);
  const lines = references.map(({ label, url }) => `${pad}→ ${label ? `${label}: ` : ''}${url}`);
  return [before + textOfInlines(nodes, cx).trim().replaceAll('\n', `\n${pad}`), ...lines]
    .filter(line => line.trim())
    .join('\n');
}

function linksIn(nodes: readonly Inline[]): { label: string; url: string }[] {
  return nodes.flatMap(node => {
    if (node.type === 'link')
      return linkKind(node.url) ? [{ label: plainText(node.children).trim(), url: node.url }] : [];
    return 'children' in node ? linksIn(node.children) : [];
  });
}

function textOfInlines(nodes: readonly Inline[], cx: TextContext): string {
  return nodes
    .map(node => {
      if (node.type === 'text' || node.type === 'code') return node.value;
      if (node.type === 'break') return '\n';
      if (node.type === 'image') return node.alt && `[${node.alt}]`;
      if (node.type === 'field') return cx.slots.field(node.name, node.fallback || cx.fallbackOf(node.name));
      return 'children' in node ? textOfInlines(node.children, cx) : '';
    })
    .join('');
}
