/** The accounting of an issue: how many of its audience are where. */

import { type CountedIssue, countStates, type StateCount } from '../db/accounting.ts';
import type { Sql } from '../db/client.ts';
import type { IssueRow } from '../db/issues.ts';
import { nextMorning } from '../db/mornings.ts';
import { findTrial, type TrialRow } from '../db/trials.ts';
import { warmUpOf } from '../db/warm-up.ts';
import { type IssueState, type RecipientState, recipientStates } from '../model/states.ts';
import { daysOf, secondsLeft, type WarmUp } from '../model/warm-up.ts';

export interface Accounting {
  /** The slug, as commands take it. */
  issue: string;
  state: IssueState;
  /** Why it is held or cancelled, when it is. */
  reason?: string;
  audience: number;
  queued: number;
  sending: number;
  accepted: number;
  /** Those that `waiting` counts included. */
  deferred: number;
  rejected: number;
  expired: number;
  unknown: number;
  excluded: Record<string, number>;
  /** Messages accepted per second over the last ten seconds. */
  rate: number;
  /** Seconds until the rest is sent at this rate, and as the warm-up allows; null when it cannot be told. */
  eta: number | null;
  /** Of an issue being sent whose domain's warm-up spreads it over days. */
  warmUp?: {
    domain: string;
    /** Messages of the domain today, of all its issues. */
    sent: number;
    allowance: number;
    goesOnAt: Date;
    /** What is left goes out in so many days, today included. */
    days: number;
  };
  /** Readers who have not been tried yet and wait for a morning of their own, or for the trial to choose; none when absent. */
  waiting?: {
    for: 'local-time' | 'trial';
    readers: number;
    /** When the next of them are due; null: the trial's part is still going out, or a cancelled issue lets nobody go. */
    nextAt: Date | null;
  };
  /** Of an issue with a trial of subjects. */
  trial?: Omit<TrialRow, 'issueId'>;
}

/** Of an issue being sent it reads the whole ledger, for the rate: for a person's command. Pages take `glance`. */
export async function status(sql: Sql, issue: Pick<IssueRow, 'id'>): Promise<Accounting> {
  const { row, counts } = await countStates(sql, issue.id, true);
  return accountOf(sql, issue, row, counts);
}

/** The accounting of counted rows, with the warm-up of the issue's domain. @param rate messages a second, when the counts do not tell it */
export async function accountOf(
  sql: Sql,
  issue: Pick<IssueRow, 'id'>,
  row: CountedIssue,
  counts: StateCount[],
  rate?: number,
): Promise<Accounting> {
  const isSlowed = row.state === 'sending' && (row.kind === 'regular' || row.kind === 'erratum');
  const [warmUp, trial] = await Promise.all([
    isSlowed ? warmUpOf(sql, row.publicationId) : undefined,
    row.kind === 'regular' ? findTrial(sql, issue.id) : undefined,
  ]);
  const accounting = account(row, counts, warmUp, new Date(), rate);
  if (trial) {
    const { issueId: _issue, ...state } = trial;
    accounting.trial = state;
  }
  const readers = counts.reduce((sum, { reason, n }) => sum + (reason === 'waiting' ? n : 0), 0);
  if (readers === 0) return accounting;
  const nextAt = trial ? trial.choosesAt : await nextMorning(sql, issue.id);
  // When the last has it depends on when they are let go.
  return { ...accounting, eta: null, waiting: { for: trial ? 'trial' : 'local-time', readers, nextAt } };
}

/** Pure: rows counted by state → accounting. @param warmUp of the issue's domain, when that limits it @param known the rate, when the counts do not tell it */
export function account(
  row: { slug: string; state: IssueState; reason: string | null; runningSeconds: number | null },
  counts: StateCount[],
  warmUp?: WarmUp,
  now = new Date(),
  known?: number,
): Accounting {
  const of = Object.fromEntries(recipientStates.map(state => [state, 0])) as Record<RecipientState, number>;
  const excluded: Record<string, number> = {};
  let recent = 0;
  for (const { state, reason, n, acceptedLately } of counts) {
    of[state] += n;
    recent += acceptedLately;
    if (state === 'excluded') excluded[reason ?? 'unknown reason'] = (excluded[reason ?? 'unknown reason'] ?? 0) + n;
  }
  const isRunning = row.state === 'sending';
  const rate = isRunning ? (known ?? recent / Math.min(10, Math.max(1, row.runningSeconds ?? 10))) : 0;
  const left = of.queued + of.sending;
  const { queued, sending, accepted, deferred, rejected, expired, unknown } = of;
  return {
    issue: row.slug,
    state: row.state,
    ...(row.reason ? { reason: row.reason } : {}),
    audience: Object.values(of).reduce((sum, n) => sum + n, 0),
    queued,
    sending,
    accepted,
    deferred,
    rejected,
    expired,
    unknown,
    excluded,
    rate: Math.round(rate * 10) / 10,
    eta: !isRunning ? null : warmUp ? secondsLeft(left, warmUp, now, rate) : rate > 0 ? Math.round(left / rate) : null,
    ...(warmUp && left > 0 ? { warmUp: spread(left, warmUp) } : {}),
  };
}

function spread(left: number, warmUp: WarmUp): NonNullable<Accounting['warmUp']> {
  const { domain, sent, allowance, goesOnAt } = warmUp;
  return { domain, sent, allowance, goesOnAt, days: daysOf(left, warmUp, warmUp).length };
}
