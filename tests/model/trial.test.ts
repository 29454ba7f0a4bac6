import { expect, test } from 'vitest';
import { timeZoneOf, timeZones } from '../../src/model/time-zone.ts';
import { bestVariant, type VariantCount } from '../../src/model/trial.ts';

const count = (variant: number, accepted: number, clicks: number): VariantCount => ({
  variant,
  sent: accepted,
  accepted,
  clicks,
  likes: 0,
  unsubscribed: 0,
});

test('the best is the best of those who got it, not of all', () => {
  expect(bestVariant([count(1, 100, 10), count(2, 50, 8)], 'clicks')).toEqual({ variant: 2, by: 'measure' });
  expect(bestVariant([count(1, 100, 10), count(2, 50, 8)], 'likes')).toEqual({ variant: 1, by: 'default' });
});

test('of equals the first, to the last reader; nothing accepted is nothing measured', () => {
  expect(bestVariant([count(1, 30, 1), count(2, 30, 10), count(3, 90, 30)], 'clicks')).toEqual({
    variant: 2,
    by: 'measure',
  });
  expect(bestVariant([count(1, 0, 0), count(2, 9, 3)], 'clicks')).toEqual({ variant: 2, by: 'measure' });
  expect(bestVariant([count(1, 9, 0), count(2, 9, 2)], 'clicks')).toEqual({ variant: 1, by: 'default' });
  expect(bestVariant([count(1, 0, 0), count(2, 0, 0)], 'clicks')).toEqual({ variant: 1, by: 'default' });
});

test('a zone has one name, whichever it is called by', () => {
  expect(['asia/seoul', ' ROK ', 'Asia/Calcutta', 'Europe/Kyiv', 'America/Godthab', 'Etc/UTC'].map(timeZoneOf)).toEqual(
    ['Asia/Seoul', 'Asia/Seoul', 'Asia/Kolkata', 'Europe/Kyiv', 'America/Nuuk', 'UTC'],
  );
  expect(['', '+09:00', 'Seoul', 'Asia/Seoul; drop', '../etc', 'Asia/'.padEnd(90, 'x')].map(timeZoneOf)).toEqual(
    Array(6).fill(undefined),
  );
  // What is offered is kept as it is offered, and every zone can be reckoned with.
  expect(timeZones().map(timeZoneOf)).toEqual(timeZones());
  expect(timeZones().length).toBeGreaterThan(400);
});
