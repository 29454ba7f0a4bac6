/** Style of figures, after that of the whole console. */
export const figuresStyle = `
.figures-trial td small { display: block; font-size: 13px; }
.figures-keys { gap: 14px 34px; margin-top: 16px; } .figures-keys dd small { display: block; font-size: 12px; line-height: 1.4; color: var(--quiet); }
.figures-note { max-width: 70em; }
.figures-part .head { margin-bottom: 0; } .figures-part .head h2 { margin: 0 auto 8px 0; } .figures-part > .small { margin: 0 0 10px; max-width: 70em; }
.figures-tools { display: inline-flex; gap: 16px; font-size: 14px; }
.figures-pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 36px; }
.figures-plot { height: 240px; margin: 0 0 14px; }
.figures-part details { margin: 4px 0; } .figures-part summary { width: fit-content; padding: 6px 0; cursor: pointer; font-size: 14px; color: var(--quiet); }
.figures-part tbody th { border-top: 1px solid var(--rule); color: var(--ink); font-weight: 600; font-size: 14px; }
.figures-part tbody tr:first-child th, .figures-part tbody tr:first-child td { border-top: 0; }
.figures-title { white-space: normal; min-width: 15em; max-width: 38em; } .figures-title a { color: inherit; text-decoration: none; } .figures-title a:hover { text-decoration: underline; }
.figures-title small { display: block; font-weight: 400; font-size: 13px; color: var(--quiet); overflow-wrap: anywhere; }
.figures-part td.number { white-space: nowrap; }
.figures-bar { display: block; width: 100%; max-width: 260px; height: 5px; margin-top: 4px; stroke: none; } .figures-bar rect { fill: var(--good); }
.figures-cohorts .figures-bar { width: 64px; margin-left: auto; }
.figures-best { margin: 0; padding: 0 0 0 28px; display: grid; gap: 12px; } .figures-best li { max-width: 52em; } .figures-best li > span { margin-left: 10px; } .figures-best .figures-bar { max-width: 420px; }
.figures-best li > .small:last-child { margin-left: 0; }
.figures-reasons { margin: 0; padding: 0; list-style: none; display: grid; gap: 8px; max-width: 520px; } .figures-reasons li { display: grid; grid-template-columns: 1fr 160px 48px; gap: 12px; align-items: center; } .figures-reasons li span:last-child { text-align: right; font-variant-numeric: tabular-nums; } .figures-reasons .figures-bar { margin: 0; }
.figures-mail { display: block; width: 100%; height: 720px; border: 1px solid var(--rule); border-radius: 8px; background: #f6f4ef; }
@media (max-width: 1100px) { .figures-pair { grid-template-columns: minmax(0, 1fr); } }
`;
