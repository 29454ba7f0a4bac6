import { expect, test } from 'vitest';
import { publicationSchema, samplePublication } from '../../src/model/publication.ts';
import { allowanceAfter, daysOf, secondsLeft } from '../../src/model/warm-up.ts';

const ramp = { start: 200, factor: 2, until: 100_000 };

test('a day has at most so many times the largest before, never less than the start, and from `until` on no limit', () => {
  expect([0, 40, 100, 200, 300, 49_999, 50_000].map(most => allowanceAfter(most, ramp))).toEqual([
    200,
    200,
    200,
    400,
    600,
    99_998,
    null,
  ]);
});

test.each([
  [5000, { sent: 0, allowance: 200 }, [200, 400, 800, 1600, 2000]],
  [1000, { sent: 200, allowance: 200 }, [0, 400, 600]],
  // A day that another issue used half of.
  [1000, { sent: 100, allowance: 400 }, [300, 700]],
  [100, { sent: 0, allowance: 200 }, [100]],
  [0, { sent: 200, allowance: 200 }, [0]],
  [1_000_000, { sent: 0, allowance: 60_000 }, [60_000, 940_000]],
] as const)('%i messages at %j go out as %j', (messages, today, days) => {
  expect(daysOf(messages, ramp, today)).toEqual(days);
});

test('the days of a slow ramp are told up to a year', () => {
  expect(daysOf(1e9, { start: 1, factor: 1.05, until: 1e8 }, { sent: 0, allowance: 1 })).toHaveLength(366);
});

test('what is left of the nights counts in the time left', () => {
  const warmUp = {
    ...ramp,
    domain: 'x.example',
    sent: 200,
    allowance: 200,
    goesOnAt: new Date('2026-03-02T00:00:00Z'),
  };
  // Nothing today, 400 from midnight, 600 after the next.
  expect(secondsLeft(1000, warmUp, new Date('2026-03-01T23:00:00Z'), 0)).toBe(3600 + 86_400);
  expect(secondsLeft(1000, warmUp, new Date('2026-03-01T23:00:00Z'), 10)).toBe(3600 + 86_400 + 60);
  expect(secondsLeft(10, { ...warmUp, sent: 0 }, new Date('2026-03-01T23:00:00Z'), 10)).toBe(1);
});

test('a publication warms up only when it says so, and its ramp ends above its start', () => {
  const parse = (warmUp: unknown) =>
    publicationSchema.parse({ ...samplePublication('en'), delivery: { warmUp } }).delivery.warmUp;
  expect(parse(undefined)).toBeNull();
  expect(parse({})).toEqual(ramp);
  expect(() => parse({ start: 500, until: 500 })).toThrow('must be more than start');
  expect(() => parse({ from: 'yesterday' })).toThrow();
});
