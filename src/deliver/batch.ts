/** Sends one batch: several connections side by side, each taking the next row as soon as its last result is committed. */

import type { Sql } from '../db/client.ts';
import { closeIssue, findIssue, holdIfSilent, type IssueRow, moveIssue } from '../db/issues.ts';
import { findBatch } from '../db/plan.ts';
import { getPublication } from '../db/publications.ts';
import type { Result } from '../db/recipients.ts';
import { openDay } from '../db/warm-up.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type Lanes, laneNamed } from '../model/lanes.ts';
import { messageName } from '../model/message-id.ts';
import type { Message, Press } from '../personalise/press.ts';
import { classify } from './classify.ts';
import type { Clerk, HeldClaim } from './clerk.ts';
import { deliverElsewhere, needsUtf8 } from './elsewhere.ts';
import { judge, resultOf, type Sender } from './judge.ts';
import type { Presses } from './presses.ts';
import { responseOf } from './relay.ts';
import { retryDelayMs } from './retry.ts';
import type { Routes } from './routes.ts';
import type { Tally } from './tally.ts';
import type { Turns } from './turns.ts';
import type { WireConnection } from './wire-connection.ts';
import { storable } from './words.ts';

/** A claim older than this is not acted on: the process stood still, and the row may have been given up meanwhile. */
const claimFreshMs = 10_000;

/** Rows in a row put back since their connection had died meanwhile: such a relay is left for a while. */
const mostUnsent = 3;

export interface Delivery {
  sql: Sql;
  log: Logger;
  lanes: Lanes;
  clerk: Clerk;
  presses: Pick<Presses, 'get'>;
  routes: Routes;
  turns: Turns;
  tally: Tally;
  /** Aborted when the process is asked to end: no new row is claimed. */
  ending: AbortSignal;
}

/** What the connections of one batch share. */
interface Run extends Sender {
  delivery: Delivery;
  batchId: number;
  /** Name of the relays that the publication asks for. */
  relay: string | null;
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
  // A rehearsal does not wait for a provider that slows the real send down.
  const endTurn = await delivery.turns.take(`${batch.lane} ${batch.relay ?? ''}`, ending);
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
    if (await closeIssue(sql, issue.id)) delivery.log.info({ issue: issue.id }, 'issue sent: its ledger is closed');
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
    const lane = laneNamed(delivery.lanes, laneName);
    const { delivery: wishes } = await getPublication(delivery.sql, issue.publicationId);
    if (wishes.warmUp) await openDay(delivery.sql, issue.publicationId);
    const route = issue.relay ? delivery.routes.toSink(lane, issue.relay) : delivery.routes.for(lane, wishes.relay);
    return {
      delivery,
      batchId,
      issue,
      route,
      relay: wishes.relay,
      send: `${issue.id} ${issue.reopenedAt?.getTime() ?? 0}`,
    };
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
  const { clerk, ending, log } = delivery;
  const { pool, gate } = route;
  let result: Result | undefined;
  let connection: WireConnection | undefined;
  let hasPermit = false;
  let unsent = 0;
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
      if (!hasPermit && !gate.tryTake()) {
        await letGo();
        if (!(await gate.take(ending))) break;
      }
      hasPermit = true;
      if (!connection || !pool.keeps(connection)) {
        await letGo();
        connection = await pool.acquire(ending);
        if (!connection) break;
      }
      const last = result;
      result = undefined;
      const askedAt = performance.now();
      const claim = await clerk.exchange(batchId, last);
      delivery.tally.seconds('claim', performance.now() - askedAt);
      if (!claim) break;
      if (claim.state !== 'sending') {
        if (log.isLevelEnabled('debug'))
          log.debug({ message: messageName(claim) }, 'message is not sent: its reader is left out');
        continue;
      }
      result = await sendOne(run, claim, connection);
      if (result.state === 'queued') {
        // Unsent: over a new connection it may go; whatever else the reason, asking for it again at once would not mend it.
        if (connection.usable || ++unsent === mostUnsent) break;
      } else {
        hasPermit = false;
        unsent = 0;
      }
    }
    return 'done';
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    await relayAway(run, error);
    return 'away';
  } finally {
    if (hasPermit) gate.giveBack();
    await letGo();
  }
}

/** No connection to the relay: it asks for fewer, refuses us for good, or is not there. */
async function relayAway({ delivery, batchId, issue, route, relay }: Run, error: BroadsheetError): Promise<void> {
  const reply = responseOf(error);
  const verdict = classify({ phase: 'connect', reply, error: error.message });
  if (verdict.state === 'deferred' && verdict.scope === 'lane') void route.gate.slowDown(reply ?? '');
  const isHopeless = error.code === 'SMTP_REFUSED' && (issue.relay !== null || delivery.routes.areAllAway(relay));
  const why = `${error.code}: ${error.message}`;
  if (isHopeless && (await holdIfSilent(delivery.sql, issue.id, why).catch(() => false)))
    delivery.log.error({ issue: issue.id, why }, 'issue held');
  else delivery.log.warn({ batch: batchId, error: error.message }, 'relay is away; the batch waits');
}

async function sendOne(run: Run, claim: HeldClaim, connection: WireConnection): Promise<Result> {
  const { delivery, issue } = run;
  const { tally } = delivery;
  const preparedFrom = performance.now();
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
  if (!connection.usable) {
    message.free();
    return resultOf(claim, 'queued', {});
  }
  const { log } = delivery;
  if (log.isLevelEnabled('debug')) {
    const { messageId, raw } = message;
    const about = {
      message: messageName(claim),
      messageId: messageId.slice(1, messageId.indexOf('@')),
      lane: run.route.lane,
    };
    log.debug(
      { ...about, batch: claim.batchId, attempt: claim.attempts, bytes: raw.length },
      'message goes to the relay',
    );
  }
  const sentAt = performance.now();
  tally.seconds('prepare', sentAt - preparedFrom);
  if (message.isInternational && !connection.carriesUtf8) return sendElsewhere(run, claim, message);
  const outcome = await connection.deliver(message.from, message.to, message.raw, message.free);
  tally.seconds('smtp', performance.now() - sentAt);
  return judge(run, claim, outcome);
}

/** The relay at hand cannot carry it. */
async function sendElsewhere(run: Run, claim: HeldClaim, message: Message): Promise<Result> {
  const { delivery, issue, route, relay } = run;
  const lane = laneNamed(delivery.lanes, route.lane);
  const others = issue.relay === null ? delivery.routes.beside(route, lane, relay) : [];
  const sent = await deliverElsewhere(others, message, delivery.ending);
  if (typeof sent === 'object') return judge({ ...run, route: sent.route }, claim, sent.outcome);
  message.free();
  if (sent === 'none') return resultOf(claim, 'excluded', { reason: needsUtf8 });
  const waitMs = retryDelayMs(claim.attempts, false, Math.random());
  return resultOf(claim, 'deferred', { reason: `${needsUtf8}; a relay that may offer it cannot be reached`, waitMs });
}
