/** What an editor asks for on the way to a send: to whom, when. Kept in the address of the page, so that it can be left, shared and gone back to. */
import { createHash } from 'node:crypto';
import { findSegment } from '../../../db/api-segments.ts';
import type { Sql } from '../../../db/client.ts';
import { parseZonedTime } from '../../../enqueue/zoned-time.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import { type RuleForm, rowsOf, ruleOf } from './rule-rows.ts';

/** Each reader's local morning and a trial of subjects join here, as `submit` takes them: `localTime`, `trial`. */
export interface Wish {
  to: 'all' | 'saved' | 'rule';
  segment: string;
  form: RuleForm;
  when: 'now' | 'at';
  /** `2026-11-25T08:00`, in the publication's zone. */
  at: string;
}

/** A time further off is a slip of the keyboard. */
const mostDaysAhead = 370;
const lateMs = 60_000;

export function wishOf(search: URLSearchParams): Wish {
  const one = (name: string) => (search.get(name) ?? '').slice(0, 100);
  const to = one('to');
  return {
    to: to === 'saved' || to === 'rule' ? to : 'all',
    segment: one('segment'),
    form: {
      match: one('match') === 'any' ? 'any' : 'all',
      rows: rowsOf(search.getAll('what'), search.getAll('value')),
    },
    when: one('when') === 'at' ? 'at' : 'now',
    at: one('at'),
  };
}

/** The same as a query. */
export function queryOf(wish: Wish): string {
  const query = new URLSearchParams({ to: wish.to });
  if (wish.to === 'saved') query.set('segment', wish.segment);
  if (wish.to === 'rule') {
    query.set('match', wish.form.match);
    for (const { what, value } of wish.form.rows) {
      query.append('what', what);
      query.append('value', value);
    }
  }
  query.set('when', wish.when);
  if (wish.when === 'at') query.set('at', wish.at);
  return query.toString();
}

/** Tells one audience from another; of a segment whose rule somebody changes it changes too. */
export function markOf(rule: SegmentRule | null): string {
  return createHash('sha256').update(JSON.stringify(rule)).digest('base64url').slice(0, 22);
}

export type Audience =
  | { rule: SegmentRule | null; name?: string; problem?: undefined }
  /** `rows`: numbers of those that do not fit. */
  | { problem: 'segment' | 'rule'; rows: number[] };

/** Whom it is for; the rule of a saved segment as it is now. */
export async function audienceOf(sql: Sql, publicationId: number, timeZone: string, wish: Wish): Promise<Audience> {
  if (wish.to === 'all') return { rule: null };
  if (wish.to === 'saved') {
    const segment = wish.segment ? await findSegment(sql, publicationId, wish.segment) : undefined;
    return segment ? { rule: segment.rule, name: segment.name } : { problem: 'segment', rows: [] };
  }
  const made = ruleOf(wish.form, timeZone);
  return made.rule ? { rule: made.rule } : { problem: 'rule', rows: made.wrong };
}

/** @returns null: now; a word for what is wrong with it */
export function momentOf(
  wish: Pick<Wish, 'when' | 'at'>,
  timeZone: string,
  now = new Date(),
): { at: Date | null; problem?: undefined } | { problem: 'time' | 'past' | 'far' } {
  if (wish.when === 'now') return { at: null };
  let at: Date;
  try {
    at = parseZonedTime(wish.at, timeZone);
  } catch {
    return { problem: 'time' };
  }
  const aheadMs = at.getTime() - now.getTime();
  if (aheadMs < -lateMs) return { problem: 'past' };
  return aheadMs > mostDaysAhead * 86_400_000 ? { problem: 'far' } : { at };
}
