/** Answers to comments → letters to those they answer, gathered: whatever comes within an hour of the first is one letter. */
import type { Sql } from '../db/client.ts';
import { type AnswersDue, answersDue, markTold } from '../db/comments.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Purpose } from '../model/purposes.ts';
import type { Queues } from '../queue/queues.ts';
import { postLetter } from './letters.ts';

interface Deps {
  sql: Sql;
  queues: Queues;
  log: Logger;
  config: { publicUrl: string };
  tokens: { sign(content: { purpose: Purpose; ref: number; issueId: number; subscriberId: number }): string };
}

const gatherMs = 60 * 60_000;
/** People told with one tick. */
const perTick = 100;
/** Characters of an answer, and of a title, in a letter. */
const most = { text: 300, title: 120 } as const;

/**
 * With each tick. A process that dies between the letter and the note of it writes the same letter again, which is none. Never throws.
 * @param waitMs for tests
 */
export async function tellOfAnswers(deps: Deps, waitMs = gatherMs): Promise<void> {
  const { sql, log } = deps;
  try {
    for (const due of await answersDue(sql, waitMs, perTick)) {
      if (due.isWanted) await postLetter(deps, letterOf(deps, due));
      await markTold(sql, due);
    }
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'answers to comments were not told of; the next tick tries again');
  }
}

function letterOf({ config, tokens }: Deps, due: AnswersDue) {
  const { publicationId, issueId, subscriberId, newest } = due;
  const page = (purpose: 'comment' | 'quiet', of: number) =>
    `${config.publicUrl}/r/${tokens.sign({ purpose, ref: 0, issueId: of, subscriberId })}/${purpose}`;
  return {
    key: `comment-reply ${publicationId} ${subscriberId} ${newest}`,
    kind: 'comment-reply' as const,
    publicationId,
    subscriberId,
    data: {
      title: shortened(due.title, most.title),
      author: due.author,
      count: String(due.answers),
      text: shortened(due.body, most.text),
      link: `${page('comment', issueId)}#c${due.shown}`,
      stop: page('quiet', publicationId),
    },
  };
}

/** One line. */
function shortened(text: string, characters: number): string {
  const all = [...text.replace(/\s+/g, ' ').trim()];
  return all.length > characters ? `${all.slice(0, characters - 1).join('')}…` : all.join('');
}
