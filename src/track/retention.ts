/** What is kept for how long: the retention, batch by batch. Any process may stop it anywhere; the next goes on. */
import { issuesToCount } from '../db/clicks.ts';
import type { Sql } from '../db/client.ts';
import {
  type Batch,
  dropBatches,
  dropEnded,
  emptyEditions,
  foldActs,
  foldLedger,
  issuesWithOldActs,
  issuesWithOldLedgers,
  kindsOfActs,
  type Terms,
} from '../db/retention.ts';
import { keepCounts } from '../db/trials.ts';
import { countJudged } from './count.ts';

/** Rows of one statement: some tens of milliseconds. */
const batchRows = 5000;

/**
 * Does all that is due.
 * @param onBatch called after each statement that took rows; throws, or aborts `ending`, to stop
 * @returns rows taken away, or emptied
 */
export async function retain(
  sql: Sql,
  terms: Terms,
  onBatch: (rows: number) => Promise<void>,
  ending?: AbortSignal,
): Promise<number> {
  let total = 0;
  const count = async (rows: number) => {
    total += rows;
    if (rows > 0) await onBatch(rows);
  };
  const through = async (next: (after: number) => Promise<Batch>) => {
    for (let after: number | undefined = 0; after !== undefined && !ending?.aborted; ) {
      const batch: Batch = await next(after);
      await count(batch.rows);
      after = batch.last;
    }
  };
  for (const id of await issuesToCount(sql)) {
    if (ending?.aborted) return total;
    await countJudged(sql, id);
  }
  for (const id of await issuesWithOldActs(sql, terms)) {
    await countJudged(sql, id, 0);
    await keepCounts(sql, id);
    for (const kind of kindsOfActs) await through(after => foldActs(sql, id, kind, after, batchRows));
  }
  for (const id of await issuesWithOldLedgers(sql, terms)) {
    await keepCounts(sql, id);
    await through(after => foldLedger(sql, id, after, batchRows));
    await drain(() => dropBatches(sql, id, batchRows), count, ending);
  }
  // Editions are large; a hundred of them are a batch.
  await drain(() => emptyEditions(sql, terms, 100), count, ending);
  await drain(() => dropEnded(sql, batchRows), count, ending);
  return total;
}

async function drain(
  take: () => Promise<number>,
  count: (rows: number) => Promise<void>,
  ending: AbortSignal | undefined,
): Promise<void> {
  while (!ending?.aborted) {
    const rows = await take();
    await count(rows);
    if (rows === 0) return;
  }
}
