/** The colours of an issue by day and by night, derived from the publication's one accent. No pure black or white (rule 8.7). */
import { filled, readable, tint } from './colour.ts';

export interface Palette {
  /** Around the sheet. */
  ground: string;
  /** Under the text. */
  sheet: string;
  /** Under the glossary and code. */
  panel: string;
  ink: string;
  /** Secondary ink. */
  quiet: string;
  /** Hairlines. */
  line: string;
  /** The accent as text, readable on sheet, panel and ground. */
  accent: string;
  /** A filled button and the words on it. */
  button: { ground: string; text: string };
}

export interface Theme {
  day: Palette;
  night: Palette;
}

const paper = { ground: '#f6f4ef', sheet: '#fffefb', ink: '#1f2328', quiet: '#57606a', line: '#e2ddd2' };
const dusk = { ground: '#16181c', sheet: '#1e2126', ink: '#e4e1da', quiet: '#a6aeb8', line: '#383d45' };

/** @param accent `#rrggbb`, any colour: each variant is moved until it reads. */
export function themeOf(accent: string): Theme {
  const dayPanel = tint(accent, '#f7f5f0', 0.05);
  const day = readable(accent, [paper.sheet, paper.ground, dayPanel], 'darker');
  const glow = readable(accent, [dusk.sheet], 'lighter');
  const nightPanel = tint(glow, '#24282e', 0.05);
  const night = readable(accent, [dusk.sheet, dusk.ground, nightPanel], 'lighter', 5.5);
  return {
    day: { ...paper, panel: dayPanel, accent: day, button: filled(accent, paper.sheet, paper.ink) },
    night: { ...dusk, panel: nightPanel, accent: night, button: filled(night, dusk.ink, dusk.ground) },
  };
}
