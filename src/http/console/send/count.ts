/**
 * How many readers an audience has. A large one is counted part by part beside the pages, which tell how far it has come, for as long as
 * somebody looks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AudienceCount, countAudience } from '../../../db/audiences.ts';
import type { Sql } from '../../../db/client.ts';
import { Memo } from '../../../memo.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import { oneFor } from '../../one-for.ts';

/** Subscriptions of one statement: about a tenth of a second. */
export const partSize = 20_000;
/** As much as an answer waits for a count to end, and for its first part, which of most audiences is all. */
const waitMs = 50;
const firstMs = 1000;
/** A count that nobody has looked at for so long stops: the rule was changed, or the page left. */
const lonelyMs = 5000;
const mostRunning = 8;
const keptMs = 5 * 60_000;
const mostKept = 200;

/** As far as it has come; `after` null: to the end. */
export interface Told extends AudienceCount {
  /** Since it was begun. */
  ms: number;
}

class Counting {
  count: AudienceCount = { looked: 0, matching: 0, after: 0 };
  lookedAt = performance.now();
  readonly #began = performance.now();
  readonly first: Promise<void>;
  readonly over: Promise<void>;
  #isStopped = false;

  constructor(part: (from: AudienceCount) => Promise<AudienceCount>) {
    const go = async () => {
      this.count = await part(this.count);
    };
    this.first = go();
    this.over = this.first.then(async () => {
      while (this.count.after !== null && !this.#isStopped && performance.now() - this.lookedAt < lonelyMs) await go();
    });
  }

  stop(): void {
    this.#isStopped = true;
  }

  get told(): Told {
    return { ...this.count, ms: performance.now() - this.#began };
  }
}

const countsOf = oneFor((_: Sql) => ({
  /** That came to their end, by publication and rule. */
  kept: new Memo<string, Told>(mostKept, keptMs),
  running: new Map<string, Counting>(),
}));

/** What is known at once of a publication's readers whom a rule holds (null: all); counting goes on meanwhile. */
export async function countOn(sql: Sql, publicationId: number, rule: SegmentRule | null): Promise<Told> {
  const key = `${publicationId} ${JSON.stringify(rule)}`;
  const { kept, running } = countsOf(sql);
  const known = kept.known(key);
  if (known) return known;
  const counting = running.get(key) ?? begin();
  counting.lookedAt = performance.now();
  await Promise.race([counting.first, sleep(firstMs, undefined, { ref: false })]);
  await Promise.race([counting.over, sleep(waitMs, undefined, { ref: false })]);
  return counting.told;

  function begin(): Counting {
    if (running.size >= mostRunning) running.values().next().value?.stop();
    const made = new Counting(from => countAudience(sql, publicationId, rule, from, partSize));
    running.set(key, made);
    made.over
      .then(() => {
        // A small audience is counted anew in a moment, and an import may just have made it.
        if (made.count.after === null && made.count.looked >= partSize) kept.keep(key, made.told);
      })
      // Told to whoever waits for it.
      .catch(() => {})
      .finally(() => running.delete(key));
    return made;
  }
}
