/** Colour arithmetic: WCAG 2 contrast, and readable variants of a publication's accent. Pure functions on `#rrggbb`. */

type Triple = [number, number, number];

const toLinear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const toGamma = (c: number) => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055);

function linearRgb(hex: string): Triple {
  return [1, 3, 5].map(at => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as Triple;
}

function hexOf(linear: Triple): string {
  const bytes = linear.map(c => Math.round(255 * toGamma(Math.min(1, Math.max(0, c)))));
  return `#${bytes.map(b => b.toString(16).padStart(2, '0')).join('')}`;
}

/** Contrast ratio of WCAG 2, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [high, low] = [a, b]
    .map(linearRgb)
    .map(([r, g, bl]) => 0.2126 * r + 0.7152 * g + 0.0722 * bl)
    .sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** `share` (0–1) of `colour` painted over `ground`, mixed as screens do (gamma-encoded). */
export function tint(colour: string, ground: string, share: number): string {
  const channel = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map(at => Math.round(channel(colour, at) * share + channel(ground, at) * (1 - share)));
  return `#${mixed.map(b => b.toString(16).padStart(2, '0')).join('')}`;
}

/** OKLab (Björn Ottosson): lightness steps look even and the hue stays, unlike in HSL. */
function toOklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([L, A, B]: Triple): Triple {
  const l = (L + 0.3963377774 * A + 0.2158037573 * B) ** 3;
  const m = (L - 0.1055613458 * A - 0.0638541728 * B) ** 3;
  const s = (L - 0.0894841775 * A - 1.291485548 * B) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** The colour at another lightness (0–1), with as much of its chroma as the screen can show. */
function atLightness(lab: Triple, lightness: number): string {
  for (let chroma = 1; ; chroma -= 0.1) {
    const rgb = fromOklab([lightness, lab[1] * chroma, lab[2] * chroma]);
    if (chroma <= 0.01 || rgb.every(c => c >= -0.002 && c <= 1.002)) return hexOf(rgb);
  }
}

/**
 * The nearest variant of `colour` that reads on every one of `grounds`: `colour` itself when it does, else lighter or darker
 * in steps until the contrast is at least `ratio`. `direction` is where the grounds leave room: darker on paper, lighter at night.
 */
export function readable(
  colour: string,
  grounds: readonly string[],
  direction: 'darker' | 'lighter',
  ratio = 4.6,
): string {
  const lab = toOklab(linearRgb(colour));
  const reads = (candidate: string) => grounds.every(ground => contrast(candidate, ground) >= ratio);
  if (reads(colour)) return colour.toLowerCase();
  const step = direction === 'darker' ? -0.01 : 0.01;
  for (let lightness = lab[0] + step; lightness > 0.1 && lightness < 0.99; lightness += step) {
    const candidate = atLightness(lab, lightness);
    if (reads(candidate)) return candidate;
  }
  return direction === 'darker' ? '#1f2328' : '#f2efe8';
}

/** A filled button: the accent with light or dark words, whichever reads; when neither does, the accent gives way. */
export function filled(accent: string, light: string, dark: string, ratio = 4.6): { ground: string; text: string } {
  for (const text of [light, dark]) if (contrast(accent, text) >= ratio) return { ground: accent.toLowerCase(), text };
  return { ground: readable(accent, [light], 'darker', ratio), text: light };
}
