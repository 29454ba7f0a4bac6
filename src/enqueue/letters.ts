/** From an occasion to a letter on its way. */

import type { Sql } from '../db/client.ts';
import { abandonLetters, dueLetters, insertLetter, type NewLetter } from '../db/letters.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Queues } from '../queue/queues.ts';

interface Deps {
  sql: Sql;
  queues: Queues;
  log: Logger;
}

/** Letters handed to Redis with one tick. */
const perTick = 500;

/**
 * Writes a letter down and asks for it to be sent. A Redis that is away costs a tick; saying it again, with the same key, does nothing.
 * @returns false: this occasion has had its letter
 */
export async function postLetter({ sql, queues, log }: Deps, letter: NewLetter): Promise<boolean> {
  const id = await insertLetter(sql, letter);
  if (id === undefined) return false;
  await askForLetter({ queues, log }, id);
  return true;
}

/** Asks for a letter that is written down already to be sent. */
export async function askForLetter({ queues, log }: Pick<Deps, 'queues' | 'log'>, id: number): Promise<void> {
  await queues
    .add('deliver-letter', [id])
    .catch(error => log.warn({ letter: id, error: messageOf(error) }, 'no job for a letter; the tick makes one'));
}

/** With each tick: what is due is asked for again, what a lost process had in hand is `unknown`. */
export async function queueLetters({ sql, queues, log }: Deps): Promise<void> {
  const lost = await abandonLetters(sql);
  if (lost > 0) log.error({ letters: lost }, 'a worker fell silent; its letters in flight are unknown now');
  await queues.clearFailed('deliver-letter');
  await queues.add('deliver-letter', await dueLetters(sql, perTick));
}
