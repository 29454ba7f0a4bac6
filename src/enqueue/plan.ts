/** Work of the plan-issue queue: the ledger, then a job per batch. */

import type { Sql } from '../db/client.ts';
import { closeIssue } from '../db/issues.ts';
import { batchesWithWork, planIssue } from '../db/plan.ts';
import type { Queues } from '../queue/queues.ts';
import { laneOfDomain } from './lanes.ts';

const batchSize = 200;
/** Jobs put into Redis at a time; the tick tops up, so Redis never holds more than this many of ours. */
export const jobsAhead = 500;

export async function planAndQueue(deps: { sql: Sql; queues: Queues }, issueId: number): Promise<void> {
  await planIssue(deps.sql, issueId, laneOfDomain, batchSize);
  // An audience of nobody, or of suppressed readers only, is closed at once.
  await closeIssue(deps.sql, issueId);
  await deps.queues.add('deliver-batch', await batchesWithWork(deps.sql, jobsAhead));
}
