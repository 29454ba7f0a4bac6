/** What a transaction's outcome means: for its ledger row, for its lane's pace, and for whether the issue goes on. */
import type { Sql } from '../db/client.ts';
import { type IssueRow, moveIssue } from '../db/issues.ts';
import { getPublication } from '../db/publications.ts';
import type { Claim, Result } from '../db/recipients.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { blocked, blocksOf } from '../model/breaker.ts';
import { otherLane } from '../model/lanes.ts';
import { messageName } from '../model/message-id.ts';
import type { Scope } from '../replies/scope.ts';
import { classify, type Verdict } from './classify.ts';
import type { Fate } from './recent.ts';
import { retryDelayMs } from './retry.ts';
import type { Route } from './routes.ts';
import type { Tally } from './tally.ts';
import type { Outcome } from './wire-connection.ts';
import { storable } from './words.ts';

/** Whose message it was, and how it left. */
export interface Sender {
  delivery: { sql: Sql; log: Logger; tally: Tally };
  issue: IssueRow;
  route: Route;
  /** The issue, since it last went on. */
  send: string;
}

/** Records nothing: the result is for the clerk. Slows the lane down, or holds the issue, when the reply is meant for more than this reader. */
export async function judge(run: Sender, claim: Claim, outcome: Outcome): Promise<Result> {
  const verdict = classify(outcome);
  run.delivery.tally.outcome(run.route.lane, verdict);
  const reply = keptReply(outcome, claim.email);
  tell(run, claim, outcome, verdict);
  run.route.recent.note(fateOf(verdict, outcome), run.send);
  if (verdict.state === 'accepted') return resultOf(claim, 'accepted', { reply });
  if (verdict.state === 'rejected' && verdict.reason === 'blocked') await holdIfBlocked(run, reply);
  if (verdict.state !== 'deferred') return resultOf(claim, verdict.state, { reply, reason: verdict.reason });
  if (concernsAll(run.route, verdict.scope)) void run.route.gate.slowDown(reply ?? '');
  return resultOf(claim, 'deferred', {
    reply,
    reason: verdict.reason && storable(verdict.reason, claim.email),
    waitMs: retryDelayMs(claim.attempts, isSessionLost(outcome, verdict.scope), Math.random()),
  });
}

/** The first line of what the relay said, fit to be stored. @param reader whom it may name */
export function keptReply({ reply }: Outcome, reader: string): string | null {
  return reply === undefined ? null : storable(reply.split('\n')[0]!, reader);
}

/** The server's words stay in the ledger; its codes say enough here. */
function tell({ delivery: { log }, route }: Sender, claim: Claim, { reply, phase }: Outcome, { state }: Verdict): void {
  if (!log.isLevelEnabled('debug')) return;
  const codes = /^\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3}(?!\S))?/.exec(reply ?? '')?.[0] ?? null;
  log.debug({ message: messageName(claim), lane: route.lane, phase, state, codes }, 'message answered');
}

function fateOf(verdict: Verdict, outcome: Outcome): Fate {
  if (verdict.state === 'rejected') return verdict.reason === 'blocked' ? 'blocked' : 'fine';
  // A relay that restarts closes its sessions, and asks nobody to slow down.
  if (verdict.state !== 'deferred' || isSessionLost(outcome, verdict.scope)) return 'fine';
  return verdict.scope === 'reader' ? 'fine' : 'slow';
}

/**
 * A provider's wish counts at once in a lane of its own. Where many small ones share a lane, and of a relay's trouble or quota, it must have
 * come several times of late.
 */
function concernsAll({ lane, recent }: Route, scope: Scope): boolean {
  if (scope === 'lane' && lane !== otherLane) return true;
  return (scope === 'lane' || scope === 'relay') && recent.takeSlow();
}

/** At once, not with the next tick: at full speed a second is a thousand refusals. Never rejects, since a row is in hand. */
async function holdIfBlocked({ delivery, issue, route, send }: Sender, reply: string | null): Promise<void> {
  const { sql, log } = delivery;
  const { blocks, attempts } = route.recent.blocksOf(send);
  try {
    const { delivery: limits } = await getPublication(sql, issue.publicationId);
    const most = limits.breaker.blocks;
    if (most === null || blocks < most || blocks * blocksOf < attempts * most) return;
    const why = blocked(blocks, attempts, reply, route.lane);
    if (await moveIssue(sql, issue.id, ['sending'], 'held', why)) log.error({ issue: issue.id, why }, 'issue held');
  } catch (error) {
    log.warn({ issue: issue.id, error: messageOf(error) }, 'breaker not looked at; the tick will');
  }
}

/** The connection ended, by itself or with a 421 that says nothing of the reader or the provider: on a new one it may go at once. */
export function isSessionLost({ reply }: Outcome, scope: Scope): boolean {
  return reply === undefined || scope === 'session' || (scope === 'relay' && reply.startsWith('421'));
}

export function resultOf(
  claim: Claim,
  state: Result['state'],
  more: Partial<Pick<Result, 'reply' | 'reason' | 'waitMs'>>,
): Result {
  const { issueId, subscriberId } = claim;
  return { issueId, subscriberId, claim: claim.claim, state, reply: null, reason: null, waitMs: null, ...more };
}
