/** Sending again, on purpose, to those who did not get an issue. */
import type { IssueRow } from '../db/issues.ts';
import { countRemainder, type RemainderCount, type Resendable, requeue } from '../db/remainder.ts';
import { findTrial } from '../db/trials.ts';
import { BroadsheetError } from '../errors.ts';
import type { IssueState } from '../model/states.ts';
import { type Deps, wake } from './submit.ts';

/** Rows queued by one statement. */
const pageRows = 5000;

/** Not of a paused or held issue: whether it goes on at all is a decision of its own. */
const openedFrom: IssueState[] = ['sent', 'cancelled', 'sending'];
/** An issue that was not found cancelled, and any after its first page, in these only: whoever pauses or cancels meanwhile stops the resend. */
const goesOnIn: IssueState[] = ['sending', 'sent'];

export interface Resent {
  queued: Partial<Record<Resendable, number>>;
  /** Readers of these parts who are not written to, by reason. */
  leftOut: Record<string, number>;
  /** Somebody paused, held or cancelled the issue before all were queued. */
  stopped: boolean;
}

/** @throws BroadsheetError ISSUE_STATE */
function requireResendable(issue: IssueRow): void {
  if (issue.kind === 'test' || issue.kind === 'rehearsal')
    throw new BroadsheetError('ISSUE_STATE', `${issue.slug} is a ${issue.kind}, which nobody waits for`);
  if (!issue.plannedAt)
    throw new BroadsheetError('ISSUE_STATE', `issue ${issue.slug} is ${issue.state} and has no remainder yet`);
  if (!openedFrom.includes(issue.state))
    throw new BroadsheetError(
      'ISSUE_STATE',
      `issue ${issue.slug} is ${issue.state}${issue.reason ? `: ${issue.reason}` : ''}`,
      {
        help: `Resume it first (broadsheet resume ${issue.slug}); then send again.`,
      },
    );
}

/**
 * Queues these parts of the remainder again and sets the issue going.
 * @param sure somebody said that readers in state `unknown` may get the issue twice
 * @throws BroadsheetError ISSUE_STATE, RESEND_UNSURE
 */
export async function resend(
  deps: Deps,
  issue: IssueRow,
  parts: readonly Resendable[],
  sure: boolean,
): Promise<Resent> {
  requireResendable(issue);
  const trial = await findTrial(deps.sql, issue.id);
  if (trial && trial.chosen === null)
    throw new BroadsheetError('ISSUE_STATE', `the trial of issue ${issue.slug} has not chosen a subject yet`, {
      help: `Choose one first: broadsheet choose ${issue.slug} N`,
    });
  const counts = (await countRemainder(deps.sql, issue.id)).filter(({ part }) => part && parts.includes(part));
  const unsure = sum(counts.filter(({ part, leftOut }) => part === 'unknown' && leftOut === null));
  if (unsure > 0 && !sure)
    throw new BroadsheetError('RESEND_UNSURE', `${unsure} readers of ${issue.slug} may have it already`);
  const leftOut: Record<string, number> = {};
  for (const { leftOut: why, n } of counts) if (why !== null) leftOut[why] = (leftOut[why] ?? 0) + n;
  // What becomes unknown from here on was not meant.
  const done = await queueAgain(deps, issue, sure ? parts : parts.filter(part => part !== 'unknown'));
  if (done.stopped && issue.state === 'cancelled' && Object.keys(done.queued).length === 0)
    throw new BroadsheetError('ISSUE_STATE', `issue ${issue.slug} is still being cancelled`, {
      help: 'Some of its readers are being taken out, or have the message under way: send again in a moment.',
    });
  // The claims look at the issue's state, whatever this says.
  if (Object.keys(done.queued).length > 0) await wake(deps, issue, true);
  return { ...done, leftOut };
}

/** Page by page, so that no statement grows with the audience. */
async function queueAgain(
  { sql }: Deps,
  issue: IssueRow,
  parts: readonly Resendable[],
): Promise<Pick<Resent, 'queued' | 'stopped'>> {
  const queued: Resent['queued'] = {};
  let from = issue.state === 'cancelled' ? openedFrom : goesOnIn;
  for (let after: number | undefined = 0; after !== undefined; from = goesOnIn) {
    const page = await requeue(sql, issue.id, parts, from, after, pageRows);
    if (!page) return { queued, stopped: true };
    for (const part of parts) if (page.queued[part]) queued[part] = (queued[part] ?? 0) + page.queued[part];
    after = page.last;
  }
  return { queued, stopped: false };
}

const sum = (counts: readonly Pick<RemainderCount, 'n'>[]): number => counts.reduce((total, { n }) => total + n, 0);
