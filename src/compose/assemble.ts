/** Drafts → the Issue's sections: ids first, so that jumps can be checked, then the words. */
import type { Heading, RootContent } from 'mdast';
import type { Block, Inline, Section } from '../model/issue.ts';
import { blockText } from '../model/issue-text.ts';
import { toBlocks } from './blocks.ts';
import { closingParts } from './closing.ts';
import { type Context, plainText, plainTitle } from './context.ts';
import { type Draft, type DraftOf, nodesOf } from './drafts.ts';
import type { FrontMatter } from './frontmatter.ts';
import { glossaryTerms, splitTerm } from './glossary.ts';
import { toInlines } from './inline.ts';
import { parseMarkdown } from './parse.ts';
import { quoted } from './problems.ts';
import { codeIn, isInvite, urlIn } from './promo.ts';
import { summarySection } from './summary.ts';
import { jumpWords } from './vocabulary.ts';

export interface Numbered {
  draft: Draft;
  id: string;
  /** 1-based among summaries; 0 for other sections. */
  number: number;
}

/** Ids are stable and short: `greeting`, `paper-1`, `prose-2`. */
export function numberDrafts(drafts: readonly Draft[]): Numbered[] {
  const counts = new Map<string, number>();
  return drafts.map(draft => {
    const count = (counts.get(draft.type) ?? 0) + 1;
    counts.set(draft.type, count);
    if (draft.type === 'summary') return { draft, id: `paper-${count}`, number: count };
    const id = draft.type === 'prose' || count > 1 ? `${draft.type}-${count}` : draft.type;
    return { draft, id, number: 0 };
  });
}

/** What `#…` links may say: ids, and headings as GitHub would write them. */
export function jumpTargets(numbered: readonly Numbered[], terms: number): Map<string, string> {
  const targets = new Map<string, string>();
  for (const { id } of numbered) targets.set(id, id);
  for (let index = 1; index <= terms; index++) targets.set(`term-${index}`, `term-${index}`);
  const papers = numbered.find(entry => entry.draft.type === 'summary');
  if (papers) for (const name of ['papers', 'paper', '논문']) targets.set(name, papers.id);
  for (const { draft, id } of numbered) {
    const name = slug(draft.heading?.text ?? '');
    if (name !== '' && !targets.has(name)) targets.set(name, id);
  }
  return targets;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');
}

/** Converts every draft. `promo` of the front matter completes the first promo, or becomes one. */
export function assemble(
  numbered: readonly Numbered[],
  promo: FrontMatter['promo'],
  promoLine: number,
  ctx: Context,
): Section[] {
  const opening = numbered.findIndex(entry => entry.draft.type === 'summary' || entry.draft.type === 'glossary');
  const has = (type: Draft['type']) => numbered.find(entry => entry.draft.type === type)?.id;
  const invites = [
    { patterns: jumpWords.glossary, target: has('glossary') },
    { patterns: jumpWords.papers, target: has('summary') },
  ].filter(invite => invite.target !== undefined) as Context['invites'];
  let unusedPromo = promo;
  let terms = 0;
  const sections = numbered.map((entry, index): Section => {
    const inviting =
      index < opening ? (nodes: readonly RootContent[]) => openingBlocks(nodes, invites, ctx) : undefined;
    const section = sectionOf(entry, ctx, { inviting, promo: unusedPromo, promoLine, terms });
    if (section.type === 'promo') unusedPromo = undefined;
    if (section.type === 'glossary') terms += section.terms.length;
    return section;
  });
  if (unusedPromo) addPromo(sections, unusedPromo, promoLine, ctx);
  return sections;
}

interface Surroundings {
  inviting: Inviting;
  /** The front matter's promo, until a promo took it. */
  promo: FrontMatter['promo'];
  promoLine: number;
  /** How many glossary terms precede. */
  terms: number;
}

function sectionOf({ draft, id, number }: Numbered, ctx: Context, around: Surroundings): Section {
  switch (draft.type) {
    case 'greeting':
      return {
        type: 'greeting',
        id,
        body: blocks([...headingOf(draft), ...nodesOf(draft.body)], ctx, around.inviting),
      };
    case 'highlights':
      return highlightsSection(draft, id, ctx, around.inviting);
    case 'promo':
      return promoSection(draft, id, around.promo, around.promoLine, ctx);
    case 'glossary':
      return glossarySection(draft, id, around.terms, ctx);
    case 'summary':
      return summarySection(draft, id, number, ctx);
    case 'prose':
      return proseSection(draft, id, ctx, around.inviting);
    case 'closing': {
      const { nodes, actions, labels } = closingParts([...headingOf(draft), ...nodesOf(draft.body)]);
      return { type: 'closing', id, body: toBlocks(nodes, ctx, 3), actions, labels };
    }
  }
}

type Inviting = ((nodes: readonly RootContent[]) => Block[]) | undefined;

function blocks(nodes: readonly RootContent[], ctx: Context, inviting: Inviting): Block[] {
  return inviting ? inviting(nodes) : toBlocks(nodes, ctx, 3);
}

/** In the opening a paragraph that invites to jump gets its jumps, each target once. */
function openingBlocks(nodes: readonly RootContent[], invites: Context['invites'], ctx: Context): Block[] {
  return nodes.flatMap(node => {
    const own = node.type === 'paragraph' && isInvite(plainText(node)) ? [...invites] : [];
    return toBlocks([node], { ...ctx, invites: own }, 3);
  });
}

/** Sections without a title of their own keep their heading in the body. */
function headingOf(draft: Draft): Heading[] {
  return draft.heading ? [draft.heading.node] : [];
}

function titleOf(draft: Draft, ctx: Context): string {
  return draft.heading ? plainTitle(draft.heading.node, ctx) : '';
}

function proseSection(draft: DraftOf<'prose'>, id: string, ctx: Context, inviting: Inviting): Section {
  const title = titleOf(draft, ctx);
  const body = blocks(nodesOf(draft.body), ctx, inviting);
  if (title !== '' && body.length === 0 && draft.heading?.known !== 'papers') {
    ctx.problems.add('empty-section', draft.line, `The section ${quoted(title)} has no text.`);
  }
  return { type: 'prose', id, title, body };
}

function highlightsSection(draft: DraftOf<'highlights'>, id: string, ctx: Context, inviting: Inviting): Section {
  const title = titleOf(draft, ctx);
  const items = (draft.list?.children ?? []).map(item => itemInlines(toBlocks(item.children as RootContent[], ctx, 4)));
  const more = draft.more && inviteInlines(draft, ctx);
  if (items.length === 0)
    ctx.problems.add('empty-section', draft.line, `The section ${quoted(title)} has no list of highlights.`);
  return {
    type: 'highlights',
    id,
    title,
    items,
    ...(more && { more }),
    after: blocks(nodesOf(draft.after), ctx, inviting),
  };
}

function inviteInlines(draft: DraftOf<'highlights'>, ctx: Context): Inline[] {
  return toInlines(draft.more ?? [], ctx);
}

/** A highlight is one line; what an editor nests below it follows after line breaks. */
function itemInlines(content: readonly Block[]): Inline[] {
  return content.flatMap((block, index): Inline[] => {
    const gap: Inline[] = index > 0 ? [{ type: 'break' }] : [];
    if (block.type === 'paragraph' || block.type === 'heading') return [...gap, ...block.children];
    if (block.type !== 'list') return [...gap, { type: 'text', value: blockText([block]) }];
    return block.items.flatMap((item): Inline[] => [
      { type: 'break' },
      { type: 'text', value: '– ' },
      ...itemInlines(item),
    ]);
  });
}

function glossarySection(draft: DraftOf<'glossary'>, id: string, before: number, ctx: Context) {
  const { intro, terms } = glossaryTerms(draft.body, ctx.fields);
  const seen = new Set<string>();
  const entries = terms.map(({ name, definition, line }, index) => {
    if (name.includes('{{')) ctx.problems.add('field-in-title', line, 'A glossary term holds a merge field.');
    const names = splitTerm(name);
    const key = names.term.toLowerCase().replace(/\s+/g, '');
    if (seen.has(key)) ctx.problems.add('duplicate-term', line, `The term ${quoted(names.term)} is explained twice.`);
    seen.add(key);
    if (definition.length === 0)
      ctx.problems.add('empty-term', line, `The term ${quoted(names.term)} has no definition.`);
    return { id: `term-${before + index + 1}`, ...names, definition: toBlocks(definition, ctx) };
  });
  if (entries.length === 0) ctx.problems.add('empty-section', draft.line, 'No terms were recognised in the glossary.');
  return { type: 'glossary' as const, id, title: titleOf(draft, ctx), intro: toBlocks(intro, ctx, 3), terms: entries };
}

function promoSection(
  draft: DraftOf<'promo'>,
  id: string,
  given: FrontMatter['promo'],
  line: number,
  ctx: Context,
): Section {
  const nodes = nodesOf(draft.body);
  const heading = titleOf(draft, ctx);
  const other = given?.heading !== undefined && heading !== '' && given.heading !== heading;
  const body = toBlocks([...(other ? headingOf(draft) : []), ...nodes], ctx, 4);
  const extra = given?.body ? markdownBlocks(given.body, line, ctx) : [];
  if (!squash(blockText(body)).includes(squash(blockText(extra)))) body.push(...extra);
  const url = given?.url ?? urlIn(nodes);
  const pool = given?.pool;
  // With a pool every reader has a code of their own; one in the text is an example.
  const code = pool === undefined ? (given?.code ?? codeIn(nodes)) : undefined;
  if (url === undefined && code === undefined && pool === undefined) {
    ctx.problems.add(
      'promo-without-code',
      draft.line,
      'The promo has neither a code nor an address, so readers cannot use it.',
    );
  }
  if (body.length === 0) ctx.problems.add('empty-section', draft.line, 'The promo has no text.');
  return {
    type: 'promo',
    id,
    heading: given?.heading ?? heading,
    body,
    ...(url && { url }),
    ...(given?.action && { action: given.action }),
    ...(code && { code }),
    ...(pool && { pool }),
    ...(given?.expires && { expires: given.expires }),
  };
}

const squash = (text: string) => text.replace(/\s+/g, '');

/** The front matter's promo without a promo in the text stands after the highlights, or after the greeting. */
function addPromo(sections: Section[], given: NonNullable<FrontMatter['promo']>, line: number, ctx: Context): void {
  const draft: DraftOf<'promo'> = { type: 'promo', line, heading: undefined, body: [] };
  const at = sections.findLastIndex(section => section.type === 'greeting' || section.type === 'highlights');
  sections.splice(at + 1, 0, promoSection(draft, 'promo', given, line, ctx));
}

function markdownBlocks(markdown: string, line: number, ctx: Context): Block[] {
  const { root, fields } = parseMarkdown('\n'.repeat(Math.max(0, line - 1)) + markdown, ctx.problems);
  return toBlocks(root.children, { ...ctx, fields }, 4);
}
