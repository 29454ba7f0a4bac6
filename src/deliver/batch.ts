/** Sends one batch: several connections side by side, each taking the next row as soon as its last result is committed. */
import type { Sql } from '../db/client.ts';
import { closeIssue, findIssue, moveIssue } from '../db/issues.ts';
import { findBatch } from '../db/plan.ts';
import type { Claim, Result } from '../db/recipients.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import { type Logger, withoutAddresses } from '../log.ts';
import type { Message, Press } from '../personalise/press.ts';
import { classify } from './classify.ts';
import type { Clerk, HeldClaim } from './clerk.ts';
import type { ConnectionPool } from './pool.ts';
import type { Presses } from './presses.ts';
import { retryDelayMs } from './retry.ts';
import type { Outcome, WireConnection } from './wire-connection.ts';

/** A claim older than this is not acted on: the process stood still, and the row may have been given up meanwhile. */
const claimFreshMs = 10_000;

export interface Delivery {
  sql: Sql;
  clerk: Clerk;
  presses: Presses;
  /** The pool of an issue's relay. @throws BroadsheetError SMTP_UNSET */
  poolFor: (relay: string | null) => ConnectionPool;
  /** Connections that one batch may use at once. */
  connectionsPerBatch: number;
  log: Logger;
  /** True once the process is asked to end: no new row is claimed. */
  draining: () => boolean;
}

/**
 * Sends what is left of a batch. Safe to run again and beside itself: rows are claimed one by one.
 * Returns when nothing is left to claim, the issue stopped, the relay is away, or the process drains.
 */
export async function deliverBatch(delivery: Delivery, batchId: number): Promise<void> {
  const { sql, log } = delivery;
  const batch = await findBatch(sql, batchId);
  const issue = batch && (await findIssue(sql, String(batch.issueId)));
  if (!batch || issue?.state !== 'sending') return;
  let press: Press;
  let pool: ConnectionPool;
  try {
    press = await delivery.presses.get(issue);
    pool = delivery.poolFor(issue.relay);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    // No message of this issue can be written as it should be: a person decides.
    await moveIssue(sql, issue.id, ['sending'], 'held', `${error.code}: ${error.message}`);
    log.error({ issue: issue.id, code: error.code }, 'issue held');
    return;
  }
  const lanes = Math.min(delivery.connectionsPerBatch, batch.size);
  const ends = await Promise.all(Array.from({ length: lanes }, () => runLane(delivery, batchId, press, pool)));
  // A rehearsal's sink dies with the command that made it, and never comes back.
  if (issue.kind === 'rehearsal' && ends.includes('away'))
    await moveIssue(sql, issue.id, ['sending'], 'held', 'its sink is gone');
  await closeIssue(sql, issue.id);
}

async function runLane(
  delivery: Delivery,
  batchId: number,
  press: Press,
  pool: ConnectionPool,
): Promise<'done' | 'away'> {
  const { clerk, log } = delivery;
  let result: Result | undefined;
  let connection: WireConnection | undefined;
  try {
    while (!delivery.draining()) {
      // The connection first, then the row: a row is never held while waiting for a relay.
      if (!connection || !pool.keeps(connection)) {
        if (connection) pool.release(connection);
        connection = undefined;
        if (result) await clerk.exchange(undefined, result);
        result = undefined;
        connection = await pool.acquire();
      }
      const claim = await clerk.exchange(batchId, result);
      result = undefined;
      if (!claim) return 'done';
      if (claim.state === 'sending') result = await sendOne(claim, press, connection);
    }
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    log.warn({ batch: batchId, error: error.message }, 'relay is away; the batch waits');
    return 'away';
  } finally {
    if (result) await clerk.exchange(undefined, result);
    if (connection) pool.release(connection);
  }
  return 'done';
}

async function sendOne(claim: HeldClaim, press: Press, connection: WireConnection): Promise<Result> {
  let message: Message;
  try {
    message = press.message(claim);
  } catch (error) {
    return resultOf(claim, 'rejected', { reason: storable(`message cannot be written: ${messageOf(error)}`) });
  }
  if (performance.now() - claim.claimedAt > claimFreshMs) return resultOf(claim, 'queued', {});
  const outcome = await connection.deliver(message.from, message.to, message.raw);
  return judge(claim, outcome);
}

function judge(claim: Claim, outcome: Outcome): Result {
  const verdict = classify(outcome);
  const reply = outcome.reply === undefined ? null : storable(outcome.reply.split('\n')[0]!);
  if (verdict.state !== 'deferred') {
    return resultOf(claim, verdict.state, { reply, reason: verdict.state === 'unknown' ? verdict.reason : null });
  }
  const waitMs = retryDelayMs(claim.attempts, outcome.reply === undefined, Math.random());
  return resultOf(claim, 'deferred', {
    reply,
    reason: verdict.reason && storable(verdict.reason),
    nextAttemptAt: new Date(Date.now() + waitMs),
  });
}

/** A relay's words as the ledger keeps them: short, one line, without addresses or the control characters that Postgres refuses. */
function storable(words: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return withoutAddresses(words.slice(0, 300).replace(/[\u0000-\u001f\u007f]/g, ' '));
}

function resultOf(
  claim: Claim,
  state: Result['state'],
  more: Partial<Pick<Result, 'reply' | 'reason' | 'nextAttemptAt'>>,
): Result {
  const { issueId, subscriberId } = claim;
  return { issueId, subscriberId, claim: claim.claim, state, reply: null, reason: null, nextAttemptAt: null, ...more };
}
