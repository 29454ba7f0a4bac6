import { expect, test } from 'vitest';
import { Pace } from '../../src/deliver/pace.ts';

test('the pace is of the last minute, by lane; what is older counts no more, and a quiet lane is forgotten', () => {
  let now = 1_000_000;
  const pace = new Pace(() => now);
  for (let second = 0; second < 120; second++) {
    now += 1000;
    for (let n = 0; n < 3; n++) pace.note('google');
    if (second === 0) pace.note('naver');
  }
  expect(pace.lately().get('google')).toBeCloseTo(3, 0);
  expect([...pace.lately().keys()]).toEqual(['google']);
  now += 30_000;
  expect(pace.lately().get('google')).toBeCloseTo(1.5, 0);
  now += 600_000;
  expect(pace.lately().size).toBe(0);
});

test('one that began a moment ago is not reckoned over a whole minute', () => {
  let now = 0;
  const pace = new Pace(() => now);
  for (let n = 0; n < 100; n++) pace.note('google');
  now = 10_000;
  expect(pace.lately().get('google')).toBe(10);
});
