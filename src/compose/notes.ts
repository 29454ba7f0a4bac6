/** Footnotes: gathered in one section before the closing, numbered by first reference, each leading back. */
import type { FootnoteDefinition, Root, RootContent } from 'mdast';
import { visit } from 'unist-util-visit';
import type { Block, Inline, Section } from '../model/issue.ts';
import { toBlocks } from './blocks.ts';
import { type Context, lineOf } from './context.ts';
import { quoted } from './problems.ts';
import { ownWords } from './vocabulary.ts';

/** The notes section, or undefined when the issue has no footnotes. Call after everything else was converted. */
export function notesSection(root: Root, ctx: Context): Section | undefined {
  const definitions = new Map<string, FootnoteDefinition>();
  visit(root, 'footnoteDefinition', node => {
    if (!definitions.has(node.identifier)) definitions.set(node.identifier, node);
  });
  if (definitions.size === 0) return undefined;
  const items: Block[][] = [];
  const done = new Set<string>();
  // A note may refer to another note: converting it appends to ctx.notes, and the loop goes on.
  for (const [identifier, note] of ctx.notes) {
    const definition = definitions.get(identifier);
    if (!definition) continue;
    done.add(identifier);
    items.push(noteBlocks(definition, note.number, true, ctx));
  }
  for (const [identifier, definition] of definitions) {
    if (done.has(identifier)) continue;
    ctx.problems.add(
      'unused-footnote',
      lineOf(definition),
      `Nothing refers to the footnote ${quoted(`[^${identifier}]`)}.`,
    );
    ctx.notes.set(identifier, { number: ctx.notes.size + 1, uses: 0 });
    items.push(noteBlocks(definition, ctx.notes.size, false, ctx));
  }
  return {
    type: 'prose',
    id: 'notes',
    title: ownWords[ctx.lang].notes,
    body: [{ type: 'list', ordered: true, start: 1, items }],
  };
}

function noteBlocks(definition: FootnoteDefinition, number: number, referred: boolean, ctx: Context): Block[] {
  const blocks = toBlocks(definition.children as RootContent[], ctx);
  const anchor: Inline = { type: 'anchor', id: `note-${number}` };
  const back: Inline[] = referred
    ? [
        { type: 'text', value: ' ' },
        { type: 'jump', target: `note-${number}-back`, children: [{ type: 'text', value: '↩' }] },
      ]
    : [];
  if (blocks[0]?.type !== 'paragraph') blocks.unshift({ type: 'paragraph', children: [] });
  const first = blocks[0] as Extract<Block, { type: 'paragraph' }>;
  first.children.unshift(anchor);
  const last = blocks.at(-1)!;
  if (last.type === 'paragraph') last.children.push(...back);
  else if (back.length > 0) blocks.push({ type: 'paragraph', children: back });
  return blocks;
}
