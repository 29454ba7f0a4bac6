import { expect, test } from 'vitest';
import { lineDiff } from '../../../../src/http/console/settings/line-diff.ts';

const shown = (before: string[], now: string[]) =>
  lineDiff(before.join('\n'), now.join('\n')).map(
    ({ kind, text }) => ({ same: ' ', gone: '-', new: '+', skipped: '~' })[kind] + text,
  );
const numbered = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);

test('lines that only one text has stand among those that both have', () => {
  expect(shown(['a', 'b', 'c', 'd'], ['a', 'c', 'x', 'd'])).toEqual([' a', '-b', ' c', '+x', ' d']);
  expect(shown(['a'], ['a'])).toEqual(['~']);
  expect(shown([''], ['a', 'b'])).toEqual(['-', '+a', '+b']);
});

test('long stretches that both have are one line; two remain around each change', () => {
  const now = numbered(20).with(10, 'other');
  expect(shown(numbered(20), now)).toEqual([
    '~',
    ' line 8',
    ' line 9',
    '-line 10',
    '+other',
    ' line 11',
    ' line 12',
    '~',
  ]);
});

test('texts too long to be compared line by line are shown as gone and new, at once', () => {
  const [before, now] = [numbered(5000), numbered(5000).map(line => `new ${line}`)];
  const lines = shown(before, now);
  expect(lines.length).toBe(10_000);
  expect([lines[0], lines[5000]]).toEqual(['-line 0', '+new line 0']);
});
