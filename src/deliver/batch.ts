/** Sends one batch: several connections side by side, each taking the next row as soon as its last result is committed. */

import { holdIfTripped } from '../db/breaker.ts';
import type { Sql } from '../db/client.ts';
import { closeIssue, findIssue, type IssueRow, moveIssue } from '../db/issues.ts';
import { findBatch } from '../db/plan.ts';
import type { Claim, Result } from '../db/recipients.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type Lanes, laneNamed } from '../model/lanes.ts';
import type { Message, Press } from '../personalise/press.ts';
import { classify } from './classify.ts';
import type { Clerk, HeldClaim } from './clerk.ts';
import type { Presses } from './presses.ts';
import { retryDelayMs } from './retry.ts';
import type { Route, Routes } from './routes.ts';
import type { Turns } from './turns.ts';
import type { Outcome, WireConnection } from './wire-connection.ts';
import { storable } from './words.ts';

/** A claim older than this is not acted on: the process stood still, and the row may have been given up meanwhile. */
const claimFreshMs = 10_000;

export interface Delivery {
  sql: Sql;
  log: Logger;
  lanes: Lanes;
  clerk: Clerk;
  presses: Pick<Presses, 'get'>;
  routes: Routes;
  turns: Turns;
  /** Aborted when the process is asked to end: no new row is claimed. */
  ending: AbortSignal;
}

/** What the connections of one batch share. */
interface Run {
  delivery: Delivery;
  batchId: number;
  issue: IssueRow;
  route: Route;
}

/**
 * Sends what is left of a batch. Safe to run again and beside itself: rows are claimed one by one.
 * Returns when nothing is left to claim, the issue stopped, the relay is away, or the process ends.
 * @returns false when it was not the batch's turn: nothing was done
 */
export async function deliverBatch(delivery: Delivery, batchId: number): Promise<boolean> {
  const { sql, ending } = delivery;
  const batch = await findBatch(sql, batchId);
  if (!batch) return true;
  const endTurn = await delivery.turns.take(batch.lane, ending);
  if (!endTurn) return false;
  try {
    const issue = await findIssue(sql, String(batch.issueId));
    if (issue?.state !== 'sending') return true;
    const run = await prepareRun(delivery, batchId, issue, batch.lane);
    // Without a share of the lane's connections, or knowledge of the edition, it is others' turn.
    if (!run || run.route.pool.max === 0) return false;
    // Half the lane's connections: the next batch takes the other half while this one's last finish.
    const connections = Math.min(Math.ceil(run.route.pool.max / 2), batch.size);
    const ends = await Promise.all(Array.from({ length: connections }, () => runConnection(run)));
    // A rehearsal's sink dies with the command that made it, and never comes back.
    if (issue.kind === 'rehearsal' && ends.includes('away'))
      await moveIssue(sql, issue.id, ['sending'], 'held', 'its sink is gone');
    await closeIssue(sql, issue.id);
    return true;
  } finally {
    endTurn();
  }
}

/** Press and route of a batch. When no message of the issue can be written as it should be, the issue is held: a person decides. */
async function prepareRun(
  delivery: Delivery,
  batchId: number,
  issue: IssueRow,
  laneName: string,
): Promise<Run | undefined> {
  try {
    await delivery.presses.get(issue, issue.revisionId);
    const route = delivery.routes.for(laneNamed(delivery.lanes, laneName), issue.relay);
    return { delivery, batchId, issue, route };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    await hold(delivery, issue, error);
    return undefined;
  }
}

async function hold({ sql, log }: Delivery, issue: IssueRow, error: BroadsheetError): Promise<void> {
  // While a new version is rolled out its processes send it.
  if (error.code === 'EDITION_NEWER') return log.warn({ issue: issue.id }, 'issue left to a newer version');
  await moveIssue(sql, issue.id, ['sending'], 'held', `${error.code}: ${error.message}`);
  log.error({ issue: issue.id, code: error.code }, 'issue held');
}

async function runConnection(run: Run): Promise<'done' | 'away'> {
  const { delivery, batchId, route } = run;
  const { clerk, log, ending } = delivery;
  const { pool, gate } = route;
  let result: Result | undefined;
  let connection: WireConnection | undefined;
  /** Nothing is held while waiting: neither a result nor a connection that another lane's relay may count. */
  const letGo = async () => {
    if (connection) pool.release(connection);
    connection = undefined;
    const last = result;
    result = undefined;
    if (last) await clerk.exchange(undefined, last);
  };
  try {
    while (!ending.aborted) {
      // The pace and the connection first, then the row: a row is never held while waiting.
      if (!gate.tryTake()) {
        await letGo();
        if (!(await gate.take(ending))) break;
      }
      if (!connection || !pool.keeps(connection)) {
        await letGo();
        connection = await pool.acquire(ending);
        if (!connection) {
          gate.giveBack();
          break;
        }
      }
      const last = result;
      result = undefined;
      const claim = await clerk.exchange(batchId, last);
      if (last?.reason === 'blocked') await lookAtBreaker(run);
      if (!claim) {
        gate.giveBack();
        return 'done';
      }
      if (claim.state !== 'sending') {
        gate.giveBack();
        continue;
      }
      result = await sendOne(run, claim, connection);
      // Put back unsent: whatever the reason, asking for it again at once would not mend it.
      if (result.state === 'queued') break;
    }
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    log.warn({ batch: batchId, error: error.message }, 'relay is away; the batch waits');
    return 'away';
  } finally {
    await letGo();
  }
  return 'done';
}

/** At once, not with the next tick: at full speed a second is a thousand refusals. Never rejects, since a row is in hand. */
async function lookAtBreaker({ delivery: { sql, log }, issue }: Run): Promise<void> {
  try {
    const why = await holdIfTripped(sql, issue, false);
    if (why) log.error({ issue: issue.id, why }, 'issue held');
  } catch (error) {
    log.warn({ issue: issue.id, error: messageOf(error) }, 'breaker not looked at; the tick will');
  }
}

async function sendOne(run: Run, claim: HeldClaim, connection: WireConnection): Promise<Result> {
  const { delivery, issue, route } = run;
  let press: Press;
  try {
    press = await delivery.presses.get(issue, claim.revisionId);
  } catch (error) {
    // A row is in hand: whatever fails here, it must be put back.
    if (error instanceof BroadsheetError) await hold(delivery, issue, error).catch(() => {});
    return resultOf(claim, 'queued', {});
  }
  let message: Message;
  try {
    message = await press.prepare(claim);
  } catch (error) {
    return resultOf(claim, 'rejected', { reason: storable(`message cannot be written: ${messageOf(error)}`) });
  }
  if (performance.now() - claim.claimedAt > claimFreshMs) {
    message.free();
    return resultOf(claim, 'queued', {});
  }
  const outcome = await connection.deliver(message.from, message.to, message.raw, message.free);
  return judge(claim, outcome, route);
}

function judge(claim: Claim, outcome: Outcome, { gate }: Route): Result {
  const verdict = classify(outcome);
  const reply = outcome.reply === undefined ? null : storable(outcome.reply.split('\n')[0]!);
  if (verdict.state === 'accepted') return resultOf(claim, 'accepted', { reply });
  if (verdict.state !== 'deferred') return resultOf(claim, verdict.state, { reply, reason: verdict.reason });
  if (verdict.scope === 'lane') void gate.slowDown(reply ?? '');
  return resultOf(claim, 'deferred', {
    reply,
    reason: verdict.reason && storable(verdict.reason),
    waitMs: retryDelayMs(claim.attempts, isSessionLost(outcome, verdict.scope), Math.random()),
  });
}

/** The connection ended, by itself or with a 421 that says nothing of the reader or the provider: on a new one it may go at once. */
function isSessionLost({ reply }: Outcome, scope: 'reader' | 'lane' | 'relay'): boolean {
  return reply === undefined || (scope === 'relay' && reply.startsWith('421'));
}

function resultOf(
  claim: Claim,
  state: Result['state'],
  more: Partial<Pick<Result, 'reply' | 'reason' | 'waitMs'>>,
): Result {
  const { issueId, subscriberId } = claim;
  return { issueId, subscriberId, claim: claim.claim, state, reply: null, reason: null, waitMs: null, ...more };
}
