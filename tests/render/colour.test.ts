import { describe, expect, test } from 'vitest';
import { contrast, readable, tint } from '../../src/render/colour.ts';
import { themeOf } from '../../src/render/theme.ts';

const accents = [
  '#0b5c55',
  '#ffffff',
  '#000000',
  '#ffd400',
  '#ff0000',
  '#0000ff',
  '#00ff00',
  '#777777',
  '#767676',
  '#a3341f',
  '#f6f4ef',
  '#1e2126',
  '#ff69b4',
  '#00ffff',
];

test('contrast is that of WCAG 2', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast('#ffffff', '#777777')).toBe(contrast('#777777', '#ffffff'));
});

test('tint mixes', () => {
  expect(tint('#000000', '#ffffff', 0)).toBe('#ffffff');
  expect(tint('#000000', '#ffffff', 0.5)).toBe('#808080');
});

test('a readable colour is left alone', () => {
  expect(readable('#0B5C55', ['#fffefb'], 'darker')).toBe('#0b5c55');
});

describe.each(accents)('accent %s', accent => {
  test.each(['day', 'night'] as const)('reads by %s', time => {
    const palette = themeOf(accent)[time];
    for (const ground of [palette.sheet, palette.ground, palette.panel]) {
      for (const colour of [palette.ink, palette.quiet, palette.accent])
        expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(palette.button.text, palette.button.ground)).toBeGreaterThanOrEqual(4.5);
    for (const colour of [palette.ground, palette.sheet, palette.panel, palette.ink, palette.quiet])
      expect(['#ffffff', '#000000']).not.toContain(colour);
  });
});
