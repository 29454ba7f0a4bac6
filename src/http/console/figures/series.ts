/** Pure: what was counted → what is drawn and written in tables. */
import { z } from 'zod';
import type { Growth, KeptReport } from '../../../db/figures.ts';

/** The part of a kept report that is drawn; one of an older version may lack the newest numbers. */
const count = z.number().int().nonnegative().catch(0);
const reportSchema = z.object({
  accepted: count,
  likes: count,
  webLikes: count,
  clicks: z
    .object({ people: count, all: count, links: z.array(z.object({ people: count })).catch([]) })
    .catch({ people: 0, all: 0, links: [] }),
  comments: z.object({ published: count }).catch({ published: 0 }),
  unsubscribed: count,
  complained: count,
  bounced: z.object({ hard: count, soft: count }).catch({ hard: 0, soft: 0 }),
  summaryLikes: z.array(z.object({ summary: z.number(), title: z.string(), likes: count, webLikes: count })).catch([]),
});

export type Figures = Omit<KeptReport, 'report'> & z.infer<typeof reportSchema>;

export function figuresOf(kept: readonly KeptReport[]): Figures[] {
  return kept.map(({ report, ...issue }) => ({ ...issue, ...reportSchema.parse(report ?? {}) }));
}

export interface Best {
  issue: Figures;
  summary: number;
  title: string;
  likes: number;
  webLikes: number;
}

export function bestSummaries(issues: readonly Figures[], most: number): Best[] {
  return issues
    .flatMap(issue => issue.summaryLikes.map(one => ({ issue, ...one })))
    .filter(one => one.likes + one.webLikes > 0)
    .sort(
      (a, b) =>
        b.likes + b.webLikes - (a.likes + a.webLikes) || b.issue.startedAt.getTime() - a.issue.startedAt.getTime(),
    )
    .slice(0, most);
}

/** Share of issues' accepted messages, each issue counting once; undefined without any. */
export function meanShare(issues: readonly Figures[], of: (issue: Figures) => number): number | undefined {
  const sent = issues.filter(issue => issue.accepted > 0);
  return sent.length === 0 ? undefined : sent.reduce((sum, issue) => sum + of(issue) / issue.accepted, 0) / sent.length;
}

export interface Week {
  /** Its Monday, `YYYY-MM-DD`. */
  from: string;
  joined: number;
  left: number;
  /** At its end. */
  readers: number;
}

/** By week, from the first day on; weeks without anyone are there too. */
export function weeksOf({ days }: Growth): Week[] {
  const weeks = new Map<number, { joined: number; left: number }>();
  for (const [day, joined, left] of days) {
    const week = Math.floor((Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 3) / 7);
    const known = weeks.get(week) ?? { joined: 0, left: 0 };
    weeks.set(week, { joined: known.joined + joined, left: known.left + left });
  }
  const first = Math.min(...weeks.keys());
  const last = Math.max(...weeks.keys());
  let readers = 0;
  const all: Week[] = [];
  for (let week = first; week <= last; week++) {
    const { joined, left } = weeks.get(week) ?? { joined: 0, left: 0 };
    readers += joined - left;
    all.push({ from: new Date((week * 7 - 3) * 86_400_000).toISOString().slice(0, 10), joined, left, readers });
  }
  return all;
}

/** @param today `YYYY-MM-DD` */
export function lately({ days }: Growth, today: string, within: number): { joined: number; left: number } {
  const from = new Date(Date.parse(`${today}T00:00:00Z`) - within * 86_400_000).toISOString().slice(0, 10);
  return days
    .filter(([day]) => day > from && day <= today)
    .reduce((sum, [, joined, left]) => ({ joined: sum.joined + joined, left: sum.left + left }), {
      joined: 0,
      left: 0,
    });
}

/** Months after joining at which it is looked who stays. */
export const cohortSteps = [1, 3, 6, 12, 24] as const;

export interface Cohort {
  month: string;
  joined: number;
  /** Share still there after each step; undefined: not so long ago. */
  stays: (number | undefined)[];
  /** Share of those there today that is lively. */
  lively: number | undefined;
}

export function cohortsOf({ cohorts }: Growth, today: string, most: number): Cohort[] {
  const monthOf = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return cohorts.slice(-most).map(({ month, joined, lively, left }) => {
    const age = monthOf(today) - monthOf(month);
    const gone = (months: number) =>
      Object.entries(left).reduce((sum, [after, n]) => sum + (Number(after) < months ? n : 0), 0);
    const here = joined - gone(Number.POSITIVE_INFINITY);
    return {
      month: month.slice(0, 7),
      joined,
      stays: cohortSteps.map(step => (age > step ? (joined - gone(step)) / joined : undefined)),
      lively: here > 0 ? lively / here : undefined,
    };
  });
}
