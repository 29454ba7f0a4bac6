/** How many readers an audience has, told at once as far as it is known: counting goes on part by part, each request a little further. */

import { type AudienceCount, countAudience } from '../../../db/audiences.ts';
import type { Sql } from '../../../db/client.ts';
import { Memo } from '../../../memo.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import { oneFor } from '../../one-for.ts';

/** Subscriptions of one statement: some hundredths of a second. */
export const partSize = 20_000;
const keptMs = 5 * 60_000;
const mostKept = 200;

/** Counts that came to their end, by publication and rule. */
const keptOf = oneFor((_: Sql) => new Memo<string, AudienceCount>(mostKept, keptMs));

export const noneYet: AudienceCount = { looked: 0, matching: 0, after: 0 };

/**
 * @param from where an earlier request stopped
 * @param budgetMs begins no further part after so long
 */
export async function countOn(
  sql: Sql,
  publicationId: number,
  rule: SegmentRule | null,
  from: AudienceCount,
  budgetMs: number,
): Promise<AudienceCount> {
  const key = `${publicationId} ${JSON.stringify(rule)}`;
  const kept = keptOf(sql);
  const known = kept.known(key);
  if (known) return known;
  const endsAt = performance.now() + budgetMs;
  let count = from;
  do count = await countAudience(sql, publicationId, rule, count, partSize);
  while (count.after !== null && performance.now() < endsAt);
  // A small audience is counted anew in a moment, and an import may just have made it.
  if (count.after === null && count.looked >= partSize) kept.keep(key, count);
  return count;
}
