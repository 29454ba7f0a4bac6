/** Judges clicks for good and counts them, step by step; what reports read (rule 4.2). */
import { clickHorizon, countStep, markMachines, nextCountStep } from '../db/clicks.ts';
import type { Sql } from '../db/client.ts';
import { jointRules } from './judge.ts';

/** No click that would show an earlier one to be a machine's comes this long after it: the longest rule, and what a slow commit takes. */
const lagMs = 90_000;

/** Clicks of one statement: some tenths of a second. */
const stepRows = 20_000;

/**
 * Judges the clicks that no later one can change, and moves their counts into the issue's totals. May be stopped anywhere, run beside itself,
 * and run at any time: each click is counted once.
 * @param youngestMs clicks younger than this are left; 0 for an issue that nobody reads any more
 */
export async function countJudged(sql: Sql, issueId: number, youngestMs = lagMs): Promise<void> {
  const horizon = await clickHorizon(sql, youngestMs);
  for (;;) {
    const step = await nextCountStep(sql, issueId, horizon, stepRows);
    if (!step) return;
    await markMachines(sql, issueId, jointRules, step);
    // Another process is at it.
    if (!(await countStep(sql, issueId, step))) return;
  }
}
