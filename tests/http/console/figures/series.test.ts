/** From what was counted to what is drawn. */
import { expect, test } from 'vitest';
import type { Growth } from '../../../../src/db/figures.ts';
import {
  bestSummaries,
  cohortsOf,
  figuresOf,
  lately,
  meanShare,
  weeksOf,
} from '../../../../src/http/console/figures/series.ts';

const growth: Growth = {
  countedAt: new Date(),
  states: { active: 8 },
  // A Monday, the Sunday after it, and the Monday two weeks later.
  days: [
    ['2026-03-02', 10, 0],
    ['2026-03-08', 2, 1],
    ['2026-03-16', 0, 3],
  ],
  cohorts: [{ month: '2026-01-01', joined: 10, lively: 3, left: { 0: 1, 2: 1, 5: 2 } }],
};

test('weeks begin on Monday; empty ones are there, and readers add up', () => {
  expect(weeksOf(growth)).toEqual([
    { from: '2026-03-02', joined: 12, left: 1, readers: 11 },
    { from: '2026-03-09', joined: 0, left: 0, readers: 11 },
    { from: '2026-03-16', joined: 0, left: 3, readers: 8 },
  ]);
  expect(weeksOf({ ...growth, days: [] })).toEqual([]);
});

test('the last days are counted up to today', () => {
  expect(lately(growth, '2026-03-16', 30)).toEqual({ joined: 12, left: 4 });
  expect(lately(growth, '2026-03-15', 7)).toEqual({ joined: 0, left: 0 });
});

test('a cohort: who stays after some months, nothing said of months to come', () => {
  const [cohort] = cohortsOf(growth, '2026-05-10', 24);
  // Left within the first month: 1; within three: 2. Six months have not passed.
  expect(cohort!.stays).toEqual([0.9, 0.8, undefined, undefined, undefined]);
  expect(cohort!.lively).toBe(0.5);
});

test('reports of an older version, or broken ones, draw as far as they go', () => {
  const kept = { id: 1, slug: 's', title: 't', startedAt: new Date(0), countedAt: new Date(0) };
  const [whole, old, broken] = figuresOf([
    {
      ...kept,
      report: {
        accepted: 10,
        likes: 2,
        clicks: { people: 5, all: 9, links: [] },
        summaryLikes: [{ summary: 1, title: 'a', likes: 2, webLikes: 1 }],
      },
    },
    { ...kept, report: { accepted: 20, likes: 1 } },
    { ...kept, report: null },
  ]);
  expect(whole).toMatchObject({ accepted: 10, clicks: { people: 5 }, webLikes: 0 });
  expect(old).toMatchObject({ accepted: 20, clicks: { people: 0 } });
  expect(broken).toMatchObject({ accepted: 0 });
  expect(meanShare([whole!, old!, broken!], one => one.likes)).toBeCloseTo((0.2 + 0.05) / 2);
  expect(meanShare([broken!], one => one.likes)).toBeUndefined();
  expect(bestSummaries([whole!, old!], 5).map(one => one.title)).toEqual(['a']);
});
