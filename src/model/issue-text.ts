/** An Issue as plain words: for counting, searching and checking that nothing was dropped. Not the text part of the e-mail. */
import type { Block, Inline, Issue, Section } from './issue.ts';

export function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map(inline => {
      if (inline.type === 'text' || inline.type === 'code') return inline.value;
      if (inline.type === 'break') return '\n';
      if (inline.type === 'anchor') return '';
      if (inline.type === 'image') return [inline.alt, inline.title].filter(Boolean).join(' ');
      if (inline.type === 'field') return inline.fallback;
      return inlineText(inline.children);
    })
    .join('');
}

export function blockText(blocks: readonly Block[]): string {
  return blocks.map(oneBlockText).filter(Boolean).join('\n');
}

function oneBlockText(block: Block): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.children);
    case 'list':
      return block.items.map(blockText).join('\n');
    case 'quote':
    case 'when':
      return blockText(block.children);
    case 'codeBlock':
      return block.value;
    case 'table':
      return [block.head, ...block.rows].map(row => row.map(inlineText).join(' ')).join('\n');
    case 'rule':
      return '';
  }
}

export function sectionText(section: Section): string {
  switch (section.type) {
    case 'greeting':
      return blockText(section.body);
    case 'highlights':
      return [
        section.title,
        ...section.items.map(inlineText),
        inlineText(section.more ?? []),
        blockText(section.after),
      ].join('\n');
    case 'promo':
      return [section.heading, blockText(section.body), section.code, section.action, section.url]
        .filter(Boolean)
        .join('\n');
    case 'glossary': {
      const terms = section.terms.map(t => `${t.term} ${t.translation} ${t.abbreviation}\n${blockText(t.definition)}`);
      return [section.title, blockText(section.intro), ...terms].join('\n');
    }
    case 'summary': {
      const links = section.links.map(link => `${link.label} ${link.url}`);
      const parts = section.parts.map(part => `${part.heading}\n${blockText(part.body)}`);
      return [section.title, section.workLabel, section.work, ...links, blockText(section.lead), ...parts].join('\n');
    }
    case 'prose':
      return [section.title, blockText(section.body)].join('\n');
    case 'closing':
      return [blockText(section.body), ...Object.values(section.labels)].join('\n');
  }
}

/** Everything a reader of the issue sees, one line per block. */
export function issueText(issue: Issue): string {
  return [issue.title, ...issue.sections.map(sectionText)].join('\n');
}
