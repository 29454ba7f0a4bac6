/**
 * What an editor asks for on the way to a send: to whom, when, under which subjects. Kept in the address of the page, so that it can be left,
 * shared and gone back to.
 */
import { createHash } from 'node:crypto';
import { findSegment } from '../../../db/api-segments.ts';
import type { Sql } from '../../../db/client.ts';
import { type LocalSend, localSend } from '../../../enqueue/local-time.ts';
import { parseZonedTime } from '../../../enqueue/zoned-time.ts';
import { BroadsheetError } from '../../../errors.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import { type RuleForm, rowsOf, ruleOf } from './rule-rows.ts';
import { readTrial, type TrialForm, writeTrial } from './trial-form.ts';

export interface Wish {
  to: 'all' | 'saved' | 'rule';
  segment: string;
  form: RuleForm;
  when: 'now' | 'at' | 'local';
  /** `2026-11-25T08:00`, in the publication's zone. */
  at: string;
  /** `08:00` by each reader's own clock. */
  localTime: string;
  /** `2026-11-25` by each reader's own calendar; empty: the next day on which the time is to come where the publication is. */
  localDay: string;
  trial: TrialForm;
}

/** A time further off is a slip of the keyboard. */
const mostDaysAhead = 370;
const lateMs = 60_000;

export function wishOf(search: URLSearchParams): Wish {
  const one = (name: string) => (search.get(name) ?? '').slice(0, 100);
  const to = one('to');
  const when = one('when');
  return {
    to: to === 'saved' || to === 'rule' ? to : 'all',
    segment: one('segment'),
    form: {
      match: one('match') === 'any' ? 'any' : 'all',
      rows: rowsOf(search.getAll('what'), search.getAll('value')),
    },
    when: when === 'at' || when === 'local' ? when : 'now',
    at: one('at'),
    localTime: one('localTime'),
    localDay: one('localDay'),
    trial: readTrial(search),
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
  if (wish.when === 'local') {
    query.set('localTime', wish.localTime);
    query.set('localDay', wish.localDay);
  }
  writeTrial(query, wish.trial);
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

export interface Moment {
  /** Whose day the masthead shows: of a local time, when it is that where the publication is; null: now. */
  at: Date | null;
  /** As `startPrepared` takes it. */
  start: Date | LocalSend | null;
  problem?: undefined;
}

export type MomentProblem = 'time' | 'past' | 'far';

/** @returns a word for what is wrong with it */
export function momentOf(
  wish: Pick<Wish, 'when' | 'at' | 'localTime' | 'localDay'>,
  timeZone: string,
  now = new Date(),
): Moment | { problem: MomentProblem } {
  if (wish.when === 'now') return { at: null, start: null };
  if (wish.when === 'local') return localMomentOf(wish, timeZone, now);
  let at: Date;
  try {
    at = parseZonedTime(wish.at, timeZone);
  } catch {
    return { problem: 'time' };
  }
  const aheadMs = at.getTime() - now.getTime();
  if (aheadMs < -lateMs) return { problem: 'past' };
  return isFar(at, now) ? { problem: 'far' } : { at, start: at };
}

function localMomentOf(
  { localTime, localDay }: Pick<Wish, 'localTime' | 'localDay'>,
  timeZone: string,
  now: Date,
): Moment | { problem: MomentProblem } {
  try {
    // Whether there are such a day and time; what else `localSend` refuses is over.
    parseZonedTime(`${localDay || '2026-01-01'} ${localTime}`, timeZone);
  } catch {
    return { problem: 'time' };
  }
  try {
    const start = localSend(localTime, localDay || undefined, timeZone, now);
    return isFar(start.at, now) ? { problem: 'far' } : { at: start.at, start };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    return { problem: 'past' };
  }
}

const isFar = (at: Date, now: Date): boolean => at.getTime() - now.getTime() > mostDaysAhead * 86_400_000;

/** What is at a time of each reader's own day; undefined: it is not. */
export function localOf({ start }: Moment): LocalSend | undefined {
  return start === null || start instanceof Date ? undefined : start;
}

/** When the first of it may leave; null: as soon as it is confirmed. */
export function startOf(moment: Moment): Date | null {
  const local = localOf(moment);
  return local ? (local.startAt ?? null) : moment.at;
}
