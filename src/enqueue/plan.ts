/** Work of the plan-issue queue: the ledger, then jobs for its batches. */

import type { Config } from '../config.ts';
import type { Sql } from '../db/client.ts';
import { closeIssue, findIssue } from '../db/issues.ts';
import { batchesWithWork, type Floors, type OpenBatch, planIssue } from '../db/plan.ts';
import { getPublication } from '../db/publications.ts';
import { countWorkers } from '../db/workers.ts';
import type { Logger } from '../log.ts';
import { domainsOf, type Lanes } from '../model/lanes.ts';
import type { Queues } from '../queue/queues.ts';
import { morningsOf } from './local-time.ts';
import { lookUpDomains } from './mailbox-domains.ts';

const batchSize = 200;

/**
 * Jobs of one lane in Redis for each delivering process: two that it works on and one that waits for its turn. So however slow a lane, its
 * jobs leave room for the others', and Redis never holds more than some hundreds of ours, however many readers.
 */
export const jobsPerLane = 3;

export async function planAndQueue(
  deps: { sql: Sql; queues: Queues; lanes: Lanes; log: Logger; config: Pick<Config, 'mxLookup'> },
  issueId: number,
): Promise<void> {
  const { sql, lanes } = deps;
  const issue = await findIssue(sql, String(issueId));
  if (issue?.state !== 'sending') return;
  await lookUpDomains(deps, issue.publicationId);
  const { localMinutes: minutes, localDay: day } = issue;
  const mornings =
    minutes !== null && day !== null
      ? await morningsOf(sql, { minutes, day }, (await getPublication(sql, issue.publicationId)).timeZone)
      : undefined;
  const plan = await planIssue(sql, issueId, domainsOf(lanes), batchSize, mornings);
  if (plan) deps.log.info({ issue: issueId, ...plan }, 'issue planned');
  // An audience of nobody, or of suppressed readers only, is closed at once.
  await closeIssue(sql, issueId);
  await queueBatches(deps);
}

/**
 * Tops up the jobs of batches that have rows to claim. Those that are queued already stay as they are.
 * @param floors see `batchesWithWork`
 * @returns what it found open
 */
export async function queueBatches(
  { sql, queues }: { sql: Sql; queues: Queues },
  floors: Floors = [],
): Promise<OpenBatch[]> {
  const processes = Math.max(1, await countWorkers(sql, 'deliver-batch'));
  const batches = await batchesWithWork(sql, jobsPerLane * processes, floors);
  await queues.add(
    'deliver-batch',
    batches.map(({ id, lane }) => ({ id, label: lane })),
  );
  return batches;
}
