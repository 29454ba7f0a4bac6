/** One summary's items → work, links, lead and parts. */
import type { RootContent } from 'mdast';
import type { SectionOf } from '../model/issue.ts';
import { toBlocks } from './blocks.ts';
import { type Context, plainText, plainTitle } from './context.ts';
import type { DraftOf } from './drafts.ts';
import { checkedUrl } from './inline.ts';
import { hostKind, labelKind, readWork, type Work } from './links.ts';
import { boldRank, type HeadingItem, type Item } from './outline.ts';
import { ownWords } from './vocabulary.ts';

interface PartDraft {
  heading: HeadingItem;
  body: Item[];
}

/** The section, with problems for what a summary should have and lacks. */
export function summarySection(
  draft: DraftOf<'summary'>,
  id: string,
  number: number,
  ctx: Context,
): SectionOf<'summary'> {
  const { lead, parts } = split(draft);
  const works: Work[] = titleWork(draft.heading, ctx);
  const leadNodes = takeWorks(lead, works, ctx, true);
  const kept = parts.filter(part => !takeLinksPart(part, works, ctx));
  for (const part of kept) part.body = takeTrailing(part.body, works, ctx);
  const work = mergeWorks(works);
  const section: SectionOf<'summary'> = {
    type: 'summary',
    id,
    number,
    title: plainTitle(draft.heading.node, ctx),
    work: work.name,
    workLabel: work.label,
    links: work.links.map(({ label, url, kind }) => ({ label, url, kind })),
    lead: toBlocks(leadNodes, ctx),
    parts: kept.map(part => ({
      heading: plainTitle(part.heading.node, ctx),
      body: toBlocks(
        part.body.map(item => item.node),
        ctx,
      ),
    })),
  };
  for (const [index, part] of section.parts.entries()) {
    const at = kept[index]!.heading.line;
    if (part.body.length === 0) ctx.problems.add('empty-part', at, `The part “${part.heading}” has no text.`);
  }
  if (section.parts.length === 0 && section.lead.length === 0)
    ctx.problems.add('empty-section', draft.line, `The summary “${section.title}” has no text.`);
  if (section.work === '')
    ctx.problems.add('missing-work', draft.line, `The summary “${section.title}” does not name its paper or project.`);
  if (!section.links.some(link => link.kind === 'paper')) {
    ctx.problems.add('missing-paper-link', draft.line, `The summary “${section.title}” has no link to its paper.`);
  }
  return section;
}

/** The first heading inside sets the parts' rank; lower ones stay in the text. */
function split(draft: DraftOf<'summary'>): { lead: Item[]; parts: PartDraft[] } {
  const lead: Item[] = [];
  const parts: PartDraft[] = [];
  let rank = 0;
  for (const item of draft.body) {
    const body = parts.at(-1)?.body ?? lead;
    if (item.kind !== 'heading') body.push(item);
    else if (parts.length === 0 || item.rank <= rank || (item.partLike && item.rank < boldRank)) {
      rank = parts.length === 0 ? item.rank : Math.min(rank, item.rank);
      parts.push({ heading: item, body: [] });
    } else body.push(item);
  }
  return { lead, parts };
}

/** "### [Title](https://arxiv.org/…)": the title is the link. */
function titleWork(heading: HeadingItem, ctx: Context): Work[] {
  const links: Work['links'] = [];
  const walk = (nodes: HeadingItem['node']['children']) => {
    for (const node of nodes) {
      if (node.type === 'link') {
        const url = checkedUrl(node.url, heading.line, ctx);
        const kind = labelKind(plainText(node)) ?? hostKind(node.url) ?? 'other';
        if (url) links.push({ label: ownWords[ctx.lang][kind], url, kind, line: heading.line });
      } else if ('children' in node) walk(node.children);
    }
  };
  walk(heading.node.children);
  return links.length > 0 ? [{ label: '', name: '', links }] : [];
}

/** Takes work lines out of the blocks below a title: the first two places leniently, later only lines of nothing but links. */
function takeWorks(items: Item[], works: Work[], ctx: Context, lenient: boolean): RootContent[] {
  const kept: RootContent[] = [];
  for (const [index, item] of items.entries()) {
    const named = works.some(work => work.name !== '' || work.label !== '');
    const work =
      item.kind === 'block' ? readWork(item.node, ctx, lenient && index < 3 && (!named || index === 0)) : undefined;
    if (work) works.push(work);
    else kept.push(item.node);
  }
  return kept;
}

/** A part "링크" or "Paper & code" that holds only links is the work line under another look. */
function takeLinksPart(part: PartDraft, works: Work[], ctx: Context): boolean {
  if ((part.heading.known !== 'links' && part.heading.known !== 'papers') || part.body.length === 0) return false;
  const found = part.body.map(item => (item.kind === 'block' ? readWork(item.node, ctx, true) : undefined));
  if (found.some(work => work === undefined)) return false;
  const [first, ...rest] = found as Work[];
  works.push(
    { ...first!, label: [part.heading.text.replace(/\s*[:：]$/, ''), first!.label].filter(Boolean).join(': ') },
    ...rest,
  );
  return true;
}

/** Links at the end of a part: "[논문](…) | [코드](…)". */
function takeTrailing(items: Item[], works: Work[], ctx: Context): Item[] {
  const kept = [...items];
  for (let last = kept.at(-1); last?.kind === 'block'; last = kept.at(-1)) {
    const work = readWork(last.node, ctx, false);
    if (!work) break;
    works.push(work);
    kept.pop();
  }
  return kept;
}

function mergeWorks(works: readonly Work[]): Work {
  const seen = new Set<string>();
  const links = works
    .flatMap(work => work.links)
    .filter(link => {
      const key = `${link.url}\0${link.label}`;
      return seen.has(key) ? false : seen.add(key);
    });
  const unique = (values: string[]) => [...new Set(values.filter(Boolean))].join(' · ');
  return { label: unique(works.map(work => work.label)), name: unique(works.map(work => work.name)), links };
}
