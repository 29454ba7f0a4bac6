/** Trials of subjects: the tick's decision, and an editor's. */

import type { Sql } from '../db/client.ts';
import { findIssue, type IssueRow } from '../db/issues.ts';
import { chooseVariant, countVariants, findTrial, type TrialRow, trialToDecide } from '../db/trials.ts';
import { BroadsheetError } from '../errors.ts';
import { bestVariant } from '../model/trial.ts';

/**
 * Chooses when the time has come. Two at once, or again after a crash, choose once; what was chosen is released by `releaseWaiting`.
 * @returns the variant chosen by this call
 */
export async function decideTrial(sql: Sql, issueId: number): Promise<number | undefined> {
  const due = await trialToDecide(sql, issueId);
  if (!due) return undefined;
  const { variant, by } = bestVariant(await countVariants(sql, issueId), due.measure);
  return (await chooseVariant(sql, issueId, variant, by)) ? variant : undefined;
}

/**
 * An editor's choice, before the time is up. The rest of the audience gets this subject from the next tick on; who tries another keeps it.
 * Choosing again what is chosen changes nothing.
 * @param variant from 1
 * @throws BroadsheetError ISSUE_UNKNOWN; ISSUE_STATE: no trial, not begun, or another is chosen; USAGE: no such variant
 */
export async function choose(
  sql: Sql,
  idOrSlug: string,
  variant: number,
): Promise<{ issue: IssueRow; trial: TrialRow }> {
  const issue = await findIssue(sql, idOrSlug);
  if (!issue) throw new BroadsheetError('ISSUE_UNKNOWN', `no issue ${idOrSlug}`);
  const trial = await findTrial(sql, issue.id);
  if (!trial) throw new BroadsheetError('ISSUE_STATE', `issue ${issue.slug} has no trial of subjects`);
  if (!Number.isInteger(variant) || variant < 1 || variant > trial.subjects.length)
    throw new BroadsheetError('USAGE', `issue ${issue.slug} has the variants 1 to ${trial.subjects.length}`);
  if (!issue.plannedAt)
    throw new BroadsheetError('ISSUE_STATE', `issue ${issue.slug} is ${issue.state}; its trial has not begun`);
  await chooseVariant(sql, issue.id, variant, 'editor');
  const now = (await findTrial(sql, issue.id))!;
  if (now.chosen !== variant)
    throw new BroadsheetError('ISSUE_STATE', `issue ${issue.slug} has chosen subject ${now.chosen} already`);
  return { issue, trial: now };
}
