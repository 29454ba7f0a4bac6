/** Whether there is a discount code for each reader who would be sent an issue's promo. */

import type { Sql } from '../db/client.ts';
import { countWithoutCode, findPool } from '../db/codes.ts';
import { getPublication } from '../db/publications.ts';
import { BroadsheetError } from '../errors.ts';
import { dayIn } from '../model/day.ts';
import { type Issue, poolOf } from '../model/issue.ts';
import { isConsentNeeded } from '../model/publication.ts';

/** A pool with less than this share left after a send is worth a word; so is one whose last day is near. */
const scarce = 0.1;
const soonDays = 7;

/** What an editor should know of a pool before a send: codes run out, or can soon not be used any more. */
export type CodeWarning =
  | { kind: 'few'; pool: string; left: number; total: number }
  | { kind: 'soon'; pool: string; expires: string };

/**
 * @param at when it is to be sent
 * @returns what an editor should know; nothing when the issue names no pool
 * @throws BroadsheetError POOL_UNKNOWN, POOL_EXPIRED, CODES_SHORT
 */
export async function checkCodes(
  sql: Sql,
  publicationId: number,
  issue: Issue,
  at = new Date(),
): Promise<CodeWarning[]> {
  const name = poolOf(issue);
  if (name === undefined) return [];
  const publication = await getPublication(sql, publicationId);
  const pool = await findPool(sql, publicationId, name);
  if (!pool)
    throw new BroadsheetError('POOL_UNKNOWN', `${publication.slug} has no pool ${name}`, { values: { pool: name } });
  const dayOf = (date: Date) => dayIn(publication.timeZone, date);
  if (pool.expires !== null && pool.expires < dayOf(at))
    throw new BroadsheetError('POOL_EXPIRED', `the last day of the codes in ${name} is ${pool.expires}`, {
      values: { pool: name, expires: pool.expires },
    });
  const wanted = await countWithoutCode(sql, publicationId, pool.id, isConsentNeeded(publication));
  if (wanted > pool.free)
    throw new BroadsheetError('CODES_SHORT', `${name} has ${pool.free} codes left for ${wanted} readers`, {
      values: { pool: name, free: pool.free, wanted },
    });
  const left = pool.free - wanted;
  const soon = dayOf(new Date(at.getTime() + soonDays * 86_400_000));
  return [
    ...(left < pool.total * scarce ? [{ kind: 'few' as const, pool: name, left, total: pool.total }] : []),
    ...(pool.expires !== null && pool.expires < soon
      ? [{ kind: 'soon' as const, pool: name, expires: pool.expires }]
      : []),
  ];
}

/** In English. */
export function codeWarningText(warning: CodeWarning): string {
  return warning.kind === 'few'
    ? `After this send ${warning.pool} has ${warning.left} of ${warning.total} codes left.`
    : `The codes in ${warning.pool} can be used until ${warning.expires}.`;
}
