/** The accounting of an issue: how many of its audience are where. */

import { countStates, type StateCount } from '../db/accounting.ts';
import type { Sql } from '../db/client.ts';
import type { IssueRow } from '../db/issues.ts';
import { type IssueState, type RecipientState, recipientStates } from '../model/states.ts';

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
  deferred: number;
  rejected: number;
  expired: number;
  unknown: number;
  excluded: Record<string, number>;
  /** Messages accepted per second over the last ten seconds. */
  rate: number;
  /** Seconds until the rest is sent at this rate; null when it cannot be told. */
  eta: number | null;
}

export async function status(sql: Sql, issue: Pick<IssueRow, 'id'>): Promise<Accounting> {
  const { row, counts } = await countStates(sql, issue.id);
  return account(row, counts);
}

/** Pure: rows counted by state → accounting. */
export function account(
  row: { slug: string; state: IssueState; reason: string | null; runningSeconds: number | null },
  counts: StateCount[],
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
  const rate = isRunning ? recent / Math.min(10, Math.max(1, row.runningSeconds ?? 10)) : 0;
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
    eta: isRunning && rate > 0 ? Math.round(left / rate) : null,
  };
}
