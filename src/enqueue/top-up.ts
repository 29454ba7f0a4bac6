/** Keeps jobs ahead of the work: after each batch the next of its lane must be there, or the lane stands still until the tick. */
import type { Sql } from '../db/client.ts';
import type { OpenBatch } from '../db/plan.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Queues } from '../queue/queues.ts';
import { queueBatches } from './plan.ts';

/** Batches that were done may have work again, by a deferral that ended or a row put back; so often is all looked at. */
const wholeLookMs = 10_000;

/**
 * @returns asks for a look. Looks follow each other and never overlap; what is asked during one is answered by the next.
 */
export function topUp(deps: { sql: Sql; queues: Queues; log: Logger }): () => void {
  let floors: OpenBatch[] = [];
  let wholeAt = Number.NEGATIVE_INFINITY;
  let isLooking = false;
  let isAsked = false;
  const look = async () => {
    const isWhole = performance.now() - wholeAt > wholeLookMs;
    if (isWhole) wholeAt = performance.now();
    floors = firstOfLanes(await queueBatches(deps, isWhole ? [] : floors));
  };
  return function ask() {
    isAsked = true;
    if (isLooking) return;
    isLooking = true;
    isAsked = false;
    look()
      .catch(error => deps.log.warn({ error: messageOf(error) }, 'no look for more work; the tick will'))
      .finally(() => {
        isLooking = false;
        if (isAsked) ask();
      });
  };
}

/** The lowest id of each issue's lane. */
function firstOfLanes(batches: OpenBatch[]): OpenBatch[] {
  const first = new Map<string, OpenBatch>();
  for (const batch of batches) {
    const key = `${batch.issueId} ${batch.lane}`;
    const known = first.get(key);
    if (!known || batch.id < known.id) first.set(key, batch);
  }
  return [...first.values()];
}
