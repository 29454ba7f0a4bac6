/** Pause, resume, cancel: state changes that the next claim of any row sees (lesson 10). */
import type { Sql } from '../db/client.ts';
import { findIssue, type IssueRow, moveIssue } from '../db/issues.ts';
import { fillCodes } from '../db/plan.ts';
import { excludeOpen } from '../db/recipients.ts';
import { BroadsheetError } from '../errors.ts';
import type { IssueState } from '../model/states.ts';
import { type Deps, wake } from './submit.ts';

/** @throws BroadsheetError ISSUE_UNKNOWN */
export async function requireIssue(sql: Sql, idOrSlug: string): Promise<IssueRow> {
  const issue = await findIssue(sql, idOrSlug);
  if (!issue) throw new BroadsheetError('ISSUE_UNKNOWN', `no issue ${idOrSlug}`);
  return issue;
}

/** Codes that were added meanwhile are given out; without enough of them it stays as it is. @throws BroadsheetError CODES_SHORT */
async function requireCodes(sql: Sql, issue: IssueRow): Promise<void> {
  const short = await fillCodes(sql, issue.id);
  if (short > 0) throw new BroadsheetError('CODES_SHORT', `${short} readers of ${issue.slug} have no code yet`);
}

const moves = {
  pause: { from: ['sending'], to: 'paused' },
  resume: { from: ['paused', 'held'], to: 'sending' },
  cancel: { from: ['draft', 'scheduled', 'sending', 'paused', 'held'], to: 'cancelled' },
} as const satisfies Record<string, { from: IssueState[]; to: IssueState }>;

/**
 * Rows in flight end as they end; nothing new is claimed after this returns, but for resume. Resuming what was held since it came too late
 * starts it now.
 * @throws BroadsheetError ISSUE_UNKNOWN, ISSUE_STATE; CODES_SHORT when readers of an issue to be resumed would have no code
 */
export async function control(deps: Deps, idOrSlug: string, act: keyof typeof moves): Promise<IssueRow> {
  const issue = await requireIssue(deps.sql, idOrSlug);
  const { from, to } = moves[act];
  if (act === 'resume' && issue.plannedAt) await requireCodes(deps.sql, issue);
  const moved = await moveIssue(deps.sql, issue.id, from, to);
  if (!moved)
    throw new BroadsheetError(
      'ISSUE_STATE',
      `issue ${issue.slug} is ${issue.state}; ${act} works on ${from.join(', ')}`,
    );
  if (act === 'cancel') await excludeOpen(deps.sql, issue.id, 'cancelled');
  if (act === 'resume') await wake(deps, moved, moved.plannedAt !== null);
  return moved;
}
