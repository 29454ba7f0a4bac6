/** `comments`: what readers wrote, and a moderator's decision. */
import { decideComments, listComments, type ModeratedComment } from '../db/comments.ts';
import { BroadsheetError } from '../errors.ts';
import { requirePublication } from './lists.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

export interface CommentListOptions {
  publication?: string;
  state?: string;
  before?: string;
}

const states = ['pending', 'published', 'hidden'] as const;
/** Comments of one list. */
const shown = 50;

export async function listCommentsCommand(options: CommentListOptions, output: Output): Promise<number> {
  const state = states.find(one => one === (options.state ?? 'pending'));
  if (!state)
    throw new BroadsheetError('USAGE', `${options.state} is not a state`, { help: `Use one of ${states.join(', ')}.` });
  const before = options.before === undefined ? undefined : idOf(options.before);
  return withWiring('comments', async ({ sql }) => {
    const publication = options.publication ? await requirePublication({ sql }, options.publication) : undefined;
    const comments = await listComments(sql, { publicationId: publication?.id, state, before, limit: shown });
    const last = comments.at(-1);
    output.result({ state, comments }, [
      ...comments.flatMap(linesOf),
      comments.length === 0
        ? `No ${state} comments.`
        : `${comments.length} ${state}. Decide: broadsheet comments publish ID, comments hide ID`,
      ...(last && comments.length === shown ? [`  Older ones: --before ${last.id}`] : []),
    ]);
    return 0;
  });
}

/** Texts of strangers on a terminal: what could steer it is not printed. */
function linesOf({ id, publication, issue, summary, author, body, createdAt }: ModeratedComment): string[] {
  const plain = (text: string) => text.replace(/[^\P{Cc}\n]/gu, '');
  const place = `${publication}/${issue}${summary > 0 ? ` summary ${summary}` : ''}`;
  return [
    `#${id}  ${place}  ${createdAt.toISOString()}  ${plain(author)}`,
    ...plain(body)
      .split('\n')
      .map(line => `    ${line}`),
  ];
}

/** @returns exit code: 1 when some were not there to be changed */
export async function decideCommentsCommand(
  ids: readonly string[],
  state: 'published' | 'hidden',
  output: Output,
): Promise<number> {
  const wanted = [...new Set(ids.map(idOf))];
  return withWiring('comments', async ({ sql, log }) => {
    const changed = await decideComments(sql, wanted, state);
    for (const comment of changed) log.info({ comment, state }, 'comment decided');
    const unchanged = wanted.filter(id => !changed.includes(id));
    output.result({ state, changed, unchanged }, [
      `${changed.length} ${state}.`,
      ...(unchanged.length > 0
        ? [`  Not changed, since they are so already, deleted or unknown: ${unchanged.join(', ')}`]
        : []),
    ]);
    return unchanged.length > 0 ? 1 : 0;
  });
}

/** @throws BroadsheetError USAGE */
function idOf(text: string): number {
  const digits = text.replace(/^#/, '');
  if (!/^\d{1,15}$/.test(digits))
    throw new BroadsheetError('USAGE', `${text} is no number of a comment`, {
      help: 'broadsheet comments list shows them.',
    });
  return Number(digits);
}
