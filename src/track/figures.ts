/** Keeps the figures that are drawn over time: a few reports and one publication's growth at a time, whatever is oldest. */

import type { Sql } from '../db/client.ts';
import { countGrowth, keepReport, staleGrowth, staleIssues } from '../db/figures.ts';
import { report } from './report.ts';

/** Issues a round: with a round a minute, 200 old issues are counted in a quarter of an hour. */
const issuesPerRound = 15;

/** @returns whether there may be more to do */
export async function keepFigures(sql: Sql): Promise<boolean> {
  const issues = await staleIssues(sql, issuesPerRound);
  for (const id of issues) await keepReport(sql, id, await report(sql, id));
  const publication = await staleGrowth(sql);
  if (publication) await countGrowth(sql, publication.id, publication.timeZone);
  return issues.length === issuesPerRound || publication !== undefined;
}
