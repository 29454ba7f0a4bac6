/** An issue as a reader of whom nothing is known gets it: fallbacks for merge fields, and the blocks for those without them. */
import type { Block, Inline, Issue, Section } from '../../../model/issue.ts';
import type { Publication } from '../../../model/publication.ts';
import { tidy } from '../../../render/escape.ts';
import { splitFields } from '../../../render/fields.ts';

type Fields = Publication['fields'];

/** Also cleaned of what no page can show (render/escape). */
export function neutralIssue(issue: Issue, { fields }: Publication): Issue {
  const { sections, ...rest } = tidy(issue);
  return { ...rest, sections: sections.map(section => neutralSection(section, fields)) };
}

/** One-line texts: subject, preheader. */
export function neutralText(text: string, publication: Publication): string {
  return splitFields(text, publication)
    .map(part => (typeof part === 'string' ? part : part.fallback))
    .join('');
}

function neutralSection(section: Section, fields: Fields): Section {
  const blocks = (body: readonly Block[]) => body.flatMap(block => neutralBlock(block, fields));
  const inlines = (nodes: readonly Inline[]) => nodes.map(node => neutralInline(node, fields));
  switch (section.type) {
    case 'highlights':
      return {
        ...section,
        items: section.items.map(inlines),
        ...(section.more ? { more: inlines(section.more) } : {}),
        after: blocks(section.after),
      };
    case 'glossary':
      return {
        ...section,
        intro: blocks(section.intro),
        terms: section.terms.map(term => ({ ...term, definition: blocks(term.definition) })),
      };
    case 'summary':
      return {
        ...section,
        lead: blocks(section.lead),
        parts: section.parts.map(part => ({ ...part, body: blocks(part.body) })),
      };
    default:
      return { ...section, body: blocks(section.body) };
  }
}

function neutralBlock(block: Block, fields: Fields): Block[] {
  const blocks = (body: readonly Block[]) => body.flatMap(one => neutralBlock(one, fields));
  const inlines = (nodes: readonly Inline[]) => nodes.map(node => neutralInline(node, fields));
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return [{ ...block, children: inlines(block.children) }];
    case 'list':
      return [{ ...block, items: block.items.map(blocks) }];
    case 'quote':
      return [{ ...block, children: blocks(block.children) }];
    case 'table':
      return [{ ...block, head: block.head.map(inlines), rows: block.rows.map(row => row.map(inlines)) }];
    case 'when':
      return block.condition.op === 'absent' ? blocks(block.children) : [];
    default:
      return [block];
  }
}

function neutralInline(node: Inline, fields: Fields): Inline {
  if (node.type === 'field') return { type: 'text', value: node.fallback || fields[node.name] || '' };
  if ('children' in node) return { ...node, children: node.children.map(child => neutralInline(child, fields)) };
  return node;
}
