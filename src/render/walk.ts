/** Walks over an issue's trees. */
import type { Block, Inline, Issue, Section } from '../model/issue.ts';

/** The block bodies of a section, in document order. */
function bodiesOf(section: Section): Block[][] {
  switch (section.type) {
    case 'highlights':
      return [section.after];
    case 'glossary':
      return [section.intro, ...section.terms.map(term => term.definition)];
    case 'summary':
      return [section.lead, ...section.parts.map(part => part.body)];
    default:
      return [section.body];
  }
}

/** Every inline node of the issue, outer before inner. */
export function* inlinesOf(issue: Issue): Generator<Inline> {
  for (const section of issue.sections) {
    if (section.type === 'highlights')
      for (const item of [...section.items, section.more ?? []]) yield* inInlines(item);
    for (const body of bodiesOf(section)) yield* inBlocks(body);
  }
}

function* inInlines(nodes: readonly Inline[]): Generator<Inline> {
  for (const node of nodes) {
    yield node;
    if ('children' in node) yield* inInlines(node.children);
  }
}

function* inBlocks(blocks: readonly Block[]): Generator<Inline> {
  for (const block of blocks) {
    if (block.type === 'paragraph' || block.type === 'heading') yield* inInlines(block.children);
    else if (block.type === 'quote' || block.type === 'when') yield* inBlocks(block.children);
    else if (block.type === 'list') for (const item of block.items) yield* inBlocks(item);
    else if (block.type === 'table') for (const cell of [block.head, ...block.rows].flat()) yield* inInlines(cell);
  }
}

/** The words of inline nodes, as a label or a heading needs them. */
export function plainText(nodes: readonly Inline[]): string {
  return nodes
    .map(node => {
      if (node.type === 'text' || node.type === 'code') return node.value;
      if (node.type === 'break') return ' ';
      if (node.type === 'image') return node.alt;
      if (node.type === 'field') return node.fallback;
      return 'children' in node ? plainText(node.children) : '';
    })
    .join('');
}

/** Ids of the issue's places, and those that something leads to: jump links, the contents, a summary's share link. */
export function placesOf(issue: Issue): { present: Set<string>; wanted: Set<string> } {
  const present = new Set<string>();
  const wanted = new Set<string>();
  for (const section of issue.sections) {
    present.add(section.id);
    if (section.type === 'summary') wanted.add(section.id);
    if (section.type === 'glossary') for (const term of section.terms) present.add(term.id);
  }
  for (const node of inlinesOf(issue)) {
    if (node.type === 'anchor') present.add(node.id);
    if (node.type === 'jump') wanted.add(node.target);
  }
  return { present, wanted };
}
