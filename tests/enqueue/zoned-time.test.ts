import { expect, test } from 'vitest';
import { parseZonedTime } from '../../src/enqueue/zoned-time.ts';

test.each([
  ['2026-12-01 08:00', 'Asia/Seoul', '2026-11-30T23:00:00.000Z'],
  ['2026-12-01T08:00:30', 'UTC', '2026-12-01T08:00:30.000Z'],
  // The hours beside both clock changes of 2026 in New York.
  ['2026-03-08 01:59', 'America/New_York', '2026-03-08T06:59:00.000Z'],
  ['2026-03-08 03:00', 'America/New_York', '2026-03-08T07:00:00.000Z'],
  ['2026-11-01 03:00', 'America/New_York', '2026-11-01T08:00:00.000Z'],
  ['2026-07-01 12:00', 'Asia/Kathmandu', '2026-07-01T06:15:00.000Z'],
  ['2026-12-01T08:00:00+09:00', 'America/New_York', '2026-11-30T23:00:00.000Z'],
])('%s in %s', (text, zone, instant) => {
  expect(parseZonedTime(text, zone).toISOString()).toBe(instant);
});

test.each(['tomorrow', '2026-13-45 99:99', '2026-02-30 08:00', '08:00', '', '2026-12-01'])('%j is refused', text => {
  expect(() => parseZonedTime(text, 'Asia/Seoul')).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
