/** The look that the console and the local inbox share: paper, ink, one accent; system fonts; light and dark. */

export const look = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f4ef, #16181c);
  --sheet: light-dark(#fffefb, #1d2025);
  --tint: light-dark(#efece4, #262a30);
  --ink: light-dark(#1f2328, #e7e4dd);
  --quiet: light-dark(#5b6470, #a3abb6);
  --rule: light-dark(#ded9ce, #343940);
  --field: light-dark(#8a8578, #747c88);
  --accent: light-dark(#96321f, #f0978a);
  --on-accent: light-dark(#ffffff, #1b1110);
  --good: light-dark(#1c6b3f, #7ccb9c);
  --warn: light-dark(#8a5300, #e6b566);
  --sans: "Pretendard", "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", system-ui, -apple-system, "Segoe UI", sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Georgia, "Noto Serif KR", "Noto Serif CJK KR", "Nanum Myeongjo", serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "D2Coding", "Noto Sans Mono CJK KR", monospace;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.6 var(--sans); word-break: keep-all; overflow-wrap: anywhere;
}
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
h1, h2, p { margin: 0; }
h1 { font: 600 24px/1.35 var(--serif); letter-spacing: -0.01em; }
h2 { font-size: 15px; line-height: 1.5; }
svg { width: 18px; height: 18px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.quiet { color: var(--quiet); }
.small { font-size: 13px; }
.nowrap { white-space: nowrap; }
.number { font-variant-numeric: tabular-nums; text-align: right; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-height: 40px; padding: 0 14px;
  border: 1px solid var(--field); border-radius: 6px; background: var(--sheet); color: var(--ink);
  font: 500 14px/1 var(--sans); text-decoration: none; cursor: pointer; white-space: nowrap;
}
button:hover, .button:hover { border-color: var(--ink); }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
button.main:hover { filter: brightness(1.08); }
input {
  width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--field); border-radius: 6px;
  background: var(--sheet); color: var(--ink); font: 16px/1.4 var(--sans);
}
table { width: 100%; border-collapse: collapse; }
th { padding: 8px 12px; color: var(--quiet); font-size: 13px; font-weight: 500; text-align: left; white-space: nowrap; }
td { padding: 10px 12px; border-top: 1px solid var(--rule); vertical-align: baseline; }
th.number { text-align: right; }
.sheet { background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; }
.empty { padding: 56px 24px; text-align: center; }
.empty h2 { font: 600 19px/1.4 var(--serif); margin-bottom: 6px; }
.empty p { max-width: 34em; margin: 0 auto; color: var(--quiet); }
.languages { display: inline-flex; gap: 2px; font-size: 13px; }
.languages a { display: inline-flex; align-items: center; min-height: 32px; padding: 0 8px; color: var(--quiet); text-decoration: none; border-radius: 6px; }
.languages a[aria-current] { color: var(--ink); font-weight: 600; }
.languages a:hover { color: var(--ink); background: var(--tint); }
@media (prefers-reduced-motion: no-preference) { button, .button, a { transition: color 120ms, background-color 120ms, border-color 120ms; } }
`;
