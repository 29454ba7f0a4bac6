/** How many readers an audience has, told at once as far as it is known: counting goes on part by part, each request a little further. */
import { type AudienceCount, countAudience } from '../../../db/audiences.ts';
import type { Sql } from '../../../db/client.ts';
import type { SegmentRule } from '../../../model/segment.ts';

/** Subscriptions of one statement: some hundredths of a second. */
export const partSize = 20_000;
const keptMs = 5 * 60_000;
const mostKept = 200;

/** Counts that came to their end, by publication and rule. */
const kept = new Map<string, { until: number; count: AudienceCount }>();

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
  const known = kept.get(key);
  if (known && known.until > Date.now()) return known.count;
  const endsAt = performance.now() + budgetMs;
  let count = from;
  do count = await countAudience(sql, publicationId, rule, count, partSize);
  while (count.after !== null && performance.now() < endsAt);
  if (count.after === null) keep(key, count);
  return count;
}

function keep(key: string, count: AudienceCount): void {
  kept.delete(key);
  // A small audience is counted anew in a moment, and an import may just have made it.
  if (count.looked < partSize) return;
  kept.set(key, { until: Date.now() + keptMs, count });
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
}
