/**
 * The tick: makes Redis agree with Postgres. Everything here can run at any moment, beside anything and twice: each step is guarded by the
 * state it leaves, and one process at a time holds the lease. Emptying Redis costs one tick.
 */
import { forgetOldAddresses } from '../db/address-changes.ts';
import { holdIfTripped } from '../db/breaker.ts';
import type { Sql } from '../db/client.ts';
import { closeIssue, holdIfOutdated, openIssues, reopenIssues, startDueIssues, unplannedIssues } from '../db/issues.ts';
import { releaseWaiting } from '../db/mornings.ts';
import { endDuePauses } from '../db/preferences.ts';
import { getPublication } from '../db/publications.ts';
import { abandonClaims, excludeOpen, releaseDeferred } from '../db/recipients.ts';
import { forgetOldWorkers, takeLease } from '../db/workers.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Queues } from '../queue/queues.ts';
import { queueLetters } from './letters.ts';
import { writeNotices } from './notices.ts';
import { queueBatches } from './plan.ts';
import { decideTrial } from './trial.ts';

/** Failures are counted once in so many ticks. */
const thoroughEvery = 5;
let ticks = 0;
/** Rows of readers' own affairs with one tick: as many pauses may end at one midnight as the audience has readers. */
const readersPerTick = 1000;

/** Rows that begin to be sent with one tick, of each issue: more than leave in a second, and a statement of half a second at most. */
const risersPerTick = 10_000;

/**
 * @param holder names this process, as in table workers
 */
export async function reconcile(deps: { sql: Sql; queues: Queues; log: Logger }, holder: string): Promise<void> {
  const { sql, queues, log } = deps;
  if (!(await takeLease(sql, 'tick', holder))) return;
  const isThorough = ticks++ % thoroughEvery === 0;
  await startDueIssues(sql);
  for (const id of await reopenIssues(sql))
    log.warn({ issue: id }, 'a row came back after the issue had closed; it is open again');
  for (const issue of await openIssues(sql)) {
    // One issue that cannot be looked after must not stop the others.
    await settle(deps, issue, isThorough).catch(error =>
      log.error({ issue: issue.id, error: messageOf(error) }, 'issue not reconciled'),
    );
  }
  await forgetOldWorkers(sql);
  await queues.clearFailed('plan-issue');
  await queues.clearFailed('deliver-batch');
  await queues.add('plan-issue', await unplannedIssues(sql));
  await queueBatches(deps);
  // Readers' own affairs stop no mail that is due.
  await lookAfterReaders(sql, isThorough).catch(error =>
    log.error({ error: messageOf(error) }, 'pauses not ended, old addresses not forgotten'),
  );
  // Nothing the law asks for within days may stop mail that is due now.
  await writeNotices(deps).catch(error => log.error({ error: messageOf(error) }, 'notices not written'));
  await queueLetters(deps);
}

async function lookAfterReaders(sql: Sql, isThorough: boolean): Promise<void> {
  await endDuePauses(sql, readersPerTick);
  if (isThorough) await forgetOldAddresses(sql, readersPerTick);
}

async function settle(
  { sql, log }: { sql: Sql; log: Logger },
  issue: Awaited<ReturnType<typeof openIssues>>[number],
  isThorough: boolean,
): Promise<void> {
  const lost = await abandonClaims(sql, issue.id);
  if (lost > 0) log.error({ issue: issue.id, rows: lost }, 'a worker fell silent; its rows in flight are unknown now');
  if (issue.state === 'cancelled') return excludeOpen(sql, issue.id, 'cancelled');
  // While it stands still nobody's time runs out.
  if (issue.state === 'sending') {
    const { delivery } = await getPublication(sql, issue.publicationId);
    const giveUpMs = delivery.giveUpHours * 3_600_000;
    if (isThorough) {
      const why =
        (await holdIfTripped(sql, issue, delivery.breaker)) ?? (await holdIfOutdated(sql, issue.id, giveUpMs));
      if (why) log.error({ issue: issue.id, why }, 'issue held');
    }
    await releaseDeferred(sql, issue.id, giveUpMs);
    if (issue.isOnTrial) {
      const variant = await decideTrial(sql, issue.id);
      if (variant !== undefined) log.info({ issue: issue.id, variant }, 'trial has chosen a subject');
    }
    await releaseWaiting(sql, issue.id, risersPerTick);
  }
  if (await closeIssue(sql, issue.id)) log.info({ issue: issue.id }, 'issue sent: its ledger is closed');
}
