/** Style of operations, after that of the whole console. */
export const operateStyle = `
.operate-verdict { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; font-size: 17px; }
.operate-verdict strong { font: 600 20px/1.4 var(--serif); }
.operate-verdict svg { width: 24px; height: 24px; }
.operate-verdict.well svg { color: var(--good); } .operate-verdict.trouble svg { color: var(--warn); }
.operate-alert { margin-top: 14px; padding: 14px 18px; border-left: 3px solid var(--warn); background: var(--sheet); }
.operate-alert h3 { margin: 0 0 4px; font-size: 15px; } .operate-alert p { max-width: 62em; }
.operate-alert form { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; margin-top: 10px; }
.operate-alert details { margin-top: 6px; font-size: 14px; } .operate-alert summary, .operate-known > summary, .operate-group > summary { width: fit-content; padding: 5px 0; cursor: pointer; }
.operate-known { margin-top: 12px; }
.desk pre { margin: 6px 0 0; padding: 10px 12px; background: var(--tint); border-radius: 6px; font: 13px/1.6 var(--mono); white-space: pre-wrap; }
.operate-unread { padding: 10px 14px; border-left: 3px solid var(--warn); background: var(--tint); font-size: 14px; }
.operate-issues, .operate-relays { margin: 0; padding: 0; list-style: none; display: grid; gap: 10px; }
.operate-issues li { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 16px; } .operate-issues p { flex-basis: 100%; }
.operate-issues progress { flex: 1 1 160px; max-width: 360px; height: 10px; appearance: none; border: 0; border-radius: 5px; background: var(--tint); overflow: hidden; }
.operate-issues progress::-webkit-progress-bar { background: var(--tint); } .operate-issues progress::-webkit-progress-value { background: var(--good); } .operate-issues progress::-moz-progress-bar { background: var(--good); }
.operate-part td.number { white-space: nowrap; }
.operate-relays .state { margin-left: 10px; white-space: normal; }
.operate-part > .small { margin: -4px 0 8px; max-width: 62em; }
.operate-under { margin-top: 12px !important; }
.operate-pair { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 40px; }
.operate-curve { display: block; width: 190px; height: 32px; stroke: none; } .operate-curve .under { fill: var(--tint); } .operate-curve .line { fill: none; stroke: var(--good); stroke-width: 1.5; }
.operate-lanes td, .operate-lanes th, .operate-part th[scope=row] { vertical-align: middle; }
.operate-part tbody th { color: var(--ink); font-weight: 600; border-top: 1px solid var(--rule); font-size: 14px; }
.operate-part tbody tr:first-child th { border-top: 0; } .operate-part tbody tr:first-child td { border-top: 0; }
.operate-title { white-space: normal; min-width: 15em; } .operate-title a { color: inherit; text-decoration: none; } .operate-title a:hover { text-decoration: underline; }
.operate-title small { display: block; font-weight: 400; font-size: 13px; color: var(--quiet); }
.operate-reply { display: block; max-width: 34em; color: var(--quiet); font-size: 13px; white-space: normal; }
.operate-much { color: var(--accent); font-weight: 600; }
.operate-group { border-top: 1px solid var(--rule); padding: 4px 0; } .operate-group dl { margin: 4px 0 10px; display: grid; gap: 8px; }
.operate-group dl > div { display: grid; grid-template-columns: 200px minmax(0, 1fr); gap: 4px 18px; } .operate-group dd { margin: 0; }
.state.failed svg { color: var(--accent); }
@media (max-width: 900px) { .operate-pair { grid-template-columns: minmax(0, 1fr); } .operate-group dl > div { grid-template-columns: minmax(0, 1fr); } .operate-curve { width: 120px; } }
`;
