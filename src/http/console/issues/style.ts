/** Style of the issues' list and pages. */
export const issuesStyle = `
.issue-new { border-color: var(--accent); background: var(--accent); color: var(--on-accent); } .issue-new:hover { border-color: var(--accent); filter: brightness(1.08); }
.issue-manuscripts { margin-bottom: 26px; } .issue-manuscripts .head { margin-bottom: 8px; } .issue-manuscripts h2 { margin-right: auto; font: 600 17px/1.4 var(--serif); }
.issue-manuscripts ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 12px; margin: 0; padding: 0; list-style: none; }
.issue-manuscripts li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; padding: 12px 14px; } .issue-manuscripts .name { grid-column: 1 / -1; color: inherit; font-weight: 600; text-decoration: none; } .issue-manuscripts .name:hover { text-decoration: underline; text-decoration-color: var(--accent); }
.issue-manuscripts small { font-size: 13px; }
.issue-filter { display: flex; flex-wrap: wrap; align-items: center; gap: 10px; margin-bottom: 12px; }
.issue-filter select, .issue-filter input[type=search] { width: auto; flex: 0 1 13em; min-height: 40px; padding-block: 6px; font-size: 15px; } .issue-filter input[type=search] { flex: 1 1 12em; max-width: 20em; }
.issue-filter .choice { align-items: center; font-size: 14px; } .issue-filter .choice input { margin: 0; }
.issue-paging { margin-top: 14px; }
.issue-pace { min-height: 24px; margin-bottom: 6px; font-variant-numeric: tabular-nums; }
.issue-held, .issue-unknown, .issue-scheduled { display: grid; gap: 8px; max-width: 760px; margin-top: 18px; padding: 16px 20px; } .issue-held { border-left: 3px solid var(--warn); } .issue-unknown { border-left: 3px solid var(--warn); }
.issue-held h2 { display: flex; gap: 8px; align-items: center; } .issue-held h2 svg { color: var(--warn); }
.issue-unknown + p { margin-top: 14px; }
.issue-at { font: 600 20px/1.4 var(--serif); } .issue-at .quiet { font: 400 15px/1.4 var(--sans); }
.issue-time { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: end; padding-top: 12px; border-top: 1px solid var(--rule); } .issue-time p { flex-basis: 100%; }
.issue-curve { margin: 14px 0 0; max-width: 760px; } .issue-curve svg { display: block; width: 100%; height: 64px; overflow: visible; } .issue-curve polyline { stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke; } .issue-curve .base { stroke: var(--rule); stroke-width: 1; vector-effect: non-scaling-stroke; }
.issue-lanes { max-width: 980px; margin-top: 16px; } .issue-lanes tbody th { padding: 10px 12px; border-top: 1px solid var(--rule); color: var(--ink); font-size: 15px; } .issue-lanes th:first-child { padding-left: 0; } .issue-lanes small { display: block; max-width: 46em; }
.issue-lanes .state:not(.sent, .held) svg { color: var(--quiet); }
.issue-resend { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 10px; } .issue-resend form { display: grid; gap: 10px; align-content: end; padding: 14px 16px; }
.issue-groups td a { white-space: nowrap; }
.issue-groups td:first-child, .issue-groups th:first-child { padding-left: 18px; }
.issue-correct { margin-top: 18px; } .field.wide { max-width: none; } .issue-text { font: 15px/1.65 var(--mono); tab-size: 2; }
.issue-erratum { padding: 12px 16px; } .issue-erratum summary { cursor: pointer; font-weight: 500; padding: 4px 0; } .issue-erratum[open] { display: grid; gap: 12px; }
.issue-waiting { display: flex; gap: 8px; margin-top: 12px; } .issue-waiting svg { flex: none; margin-top: 3px; color: var(--quiet); }
.issue-trial { display: grid; gap: 6px; max-width: 980px; margin-top: 18px; } .issue-trial h2, .issue-choose h2 { margin: 0; font-size: 15px; } .issue-trial tbody th { padding: 10px 12px 10px 0; border-top: 1px solid var(--rule); color: var(--ink); font-size: 15px; } .issue-trial th:first-child { min-width: 9em; padding-left: 0; white-space: normal; } .issue-trial .number, .issue-lanes .number { white-space: nowrap; } .issue-trial th .state { margin-left: 8px; } .issue-trial ol { margin: 0; padding-left: 1.5em; }
.issue-scheduled .issue-trial { margin: 0; padding-top: 12px; border-top: 1px solid var(--rule); }
.issue-choose { display: grid; gap: 8px; max-width: 760px; margin: 18px 0; padding: 16px 20px; } .issue-choose ol { display: grid; gap: 8px; margin: 0; padding-left: 1.5em; } .issue-choose form { display: inline-block; margin-left: 12px; }
@media (max-width: 600px) { .issue-choose form { display: block; margin: 6px 0 0; } .issue-filter select, .issue-filter input[type=search] { flex: 1 1 100%; max-width: none; width: 100%; } .issue-lanes th:nth-child(3), .issue-lanes td:nth-child(3) { display: none; } .issue-time button { width: 100%; } }
`;
