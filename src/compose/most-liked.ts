/** `::most-liked{count=3}` → a list of the most liked summaries of the issue before, as they stand when the issue is written. */
import type { Block } from '../model/issue.ts';
import { type LikedSummary, mostLikedEntries } from '../model/most-liked.ts';
import { type Context, lineOf } from './context.ts';
import type { Directive } from './directives.ts';
import { ownWords } from './vocabulary.ts';

const usualCount = 3;

export function mostLikedBlocks(directive: Directive, ctx: Context): Block[] {
  const { problems, mostLiked } = ctx;
  const line = lineOf(directive);
  const count = countOf(directive);
  if (count === undefined) problems.add('bad-count', line, 'The block ::most-liked has no count that can be used.');
  const shown = count ?? usualCount;
  if (!mostLiked) {
    problems.add('most-liked-example', line, 'The list of most liked summaries is an example here.');
    return [listOf(examples(shown, ctx))];
  }
  const summaries = mostLiked.summaries.slice(0, shown);
  if (summaries.length > 0) return [listOf(summaries)];
  problems.add('most-liked-empty', line, 'The issue before has no liked summaries; the list was left out.');
  return [];
}

/** Undefined for what is no count; the usual one when none is given. */
function countOf({ attributes, children }: Directive): number | undefined {
  const { count, ...others } = attributes ?? {};
  if (Object.keys(others).length > 0 || children.length > 0) return undefined;
  if (count === undefined) return usualCount;
  const number = /^\d{1,2}$/.test(count ?? '') ? Number(count) : 0;
  return number >= 1 && number <= mostLikedEntries ? number : undefined;
}

function listOf(summaries: readonly LikedSummary[]): Block {
  return {
    type: 'list',
    ordered: true,
    start: 1,
    items: summaries.map(({ title, url, likes }) => [
      {
        type: 'paragraph',
        children: [
          { type: 'link', url, children: [{ type: 'text', value: title }] },
          // The variation selector keeps the heart from turning into a coloured emoji.
          { type: 'text', value: ` ♥\ufe0e\u00a0${likes.toLocaleString('en')}` },
        ],
      },
    ]),
  };
}

function examples(count: number, { lang }: Context): LikedSummary[] {
  return Array.from({ length: count }, (_, at) => ({
    title: ownWords[lang].likedExample(at + 1),
    url: `https://example.com/${at + 1}`,
    likes: 10 * (count - at),
  }));
}
