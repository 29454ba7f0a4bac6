/**
 * The tick: makes Redis agree with Postgres. Everything here can run at any moment, beside anything and twice: each step is guarded by the
 * state it leaves, and one tick at a time holds the advisory lock. Emptying Redis costs one tick.
 */
import type { Sql } from '../db/client.ts';
import { closeIssue, openIssues, startDueIssues, unplannedIssues } from '../db/issues.ts';
import { batchesWithWork } from '../db/plan.ts';
import { getPublication } from '../db/publications.ts';
import { abandonClaims, releaseDeferred } from '../db/recipients.ts';
import { forgetOldWorkers } from '../db/workers.ts';
import type { Logger } from '../log.ts';
import type { Queues } from '../queue/queues.ts';
import { jobsAhead } from './plan.ts';

/** A worker that gave no sign of life for this long is taken for dead; heartbeats come every two seconds. */
export const silentMs = 15_000;

export async function reconcile(deps: { sql: Sql; queues: Queues; log: Logger }): Promise<void> {
  const { sql, queues, log } = deps;
  await sql.begin(async lock => {
    const [leader] = await lock<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(7236402) as mine`;
    if (!leader!.mine) return;
    await startDueIssues(sql);
    for (const issue of await openIssues(sql)) {
      const lost = await abandonClaims(sql, issue.id, silentMs);
      if (lost > 0)
        log.error({ issue: issue.id, rows: lost }, 'a worker fell silent; its rows in flight are unknown now');
      const { delivery } = await getPublication(sql, issue.publicationId);
      await releaseDeferred(sql, issue.id, delivery.giveUpHours * 3_600_000);
      await closeIssue(sql, issue.id);
    }
    await forgetOldWorkers(sql);
    await queues.clearFailed('plan-issue');
    await queues.clearFailed('deliver-batch');
    await queues.add('plan-issue', await unplannedIssues(sql));
    await queues.add('deliver-batch', await batchesWithWork(sql, jobsAhead));
  });
}
