/** Style of check, after that of the whole console. */
export const checkStyle = `
.check-page { max-width: 760px; }
.check-panel { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2px; font-size: 14px; }
.check-sum { display: flex; gap: 10px; align-items: flex-start; padding: 10px 12px; border-left: 3px solid var(--good); background: var(--tint); }
.check-sum.error { border-color: var(--accent); } .check-sum.warning { border-color: var(--warn); }
.check-sum svg { margin-top: 3px; color: var(--good); } .check-sum.error svg { color: var(--accent); } .check-sum.warning svg { color: var(--warn); }
.check-group { border-bottom: 1px solid var(--rule); }
.check-group > summary { display: flex; align-items: center; gap: 10px; min-height: 44px; padding: 0 8px; cursor: pointer; list-style: none; }
.check-group > summary::-webkit-details-marker { display: none; }
.check-group > summary:hover { background: var(--tint); }
.check-name { font-weight: 600; }
.check-count { margin-left: auto; color: var(--quiet); font-size: 13px; }
.check-mark { display: inline-flex; } .check-mark svg { width: 16px; height: 16px; }
.check-mark.good { color: var(--good); } .check-mark.asked { color: var(--quiet); } .check-mark.warning { color: var(--warn); } .check-mark.error { color: var(--accent); }
.check-body { padding: 0 8px 16px 34px; }
.check-about { color: var(--quiet); font-size: 13px; margin-bottom: 8px; }
.check-findings, .check-inbox, .check-rules, .check-clients, .check-records, .check-links { list-style: none; margin: 0; padding: 0; }
.check-findings { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; margin-bottom: 12px; }
.check-kind { display: inline-block; padding: 0 6px; border: 1px solid currentColor; border-radius: 4px; font-size: 12px; font-weight: 600; line-height: 18px; }
.check-kind.error { color: var(--accent); } .check-kind.warning { color: var(--warn); } .check-kind.good { color: var(--good); }
.check-line { display: flex; gap: 8px; align-items: baseline; min-height: 28px; margin-top: 2px; font-size: 13px; text-decoration: none; }
.check-line:hover span { text-decoration: underline; }
.check-line q { overflow: hidden; color: var(--quiet); text-overflow: ellipsis; white-space: nowrap; quotes: none; }
.check-line q { font-family: var(--mono); font-size: 12px; }
.check-help { color: var(--quiet); font-size: 13px; }
.check-size { font-variant-numeric: tabular-nums; }
svg.check-bar { display: block; width: 100%; height: 34px; margin-top: 6px; stroke: none; }
.check-bar .even { fill: var(--field); } .check-bar .odd { fill: color-mix(in srgb, var(--field) 55%, var(--sheet)); }
.check-bar line { stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; }
.check-limit { font-size: 12px; color: var(--accent); text-align: right; }
.check-table { margin-top: 6px; font-size: 13px; } .check-table th, .check-table td { padding: 5px 8px 5px 0; }
.check-table td:first-child { max-width: 0; width: 60%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.check-table a { color: inherit; text-decoration-color: var(--rule); } .check-table a:hover { text-decoration-color: var(--accent); }
.check-meter { width: 30%; } .check-meter svg { display: block; width: 100%; height: 6px; stroke: none; } .check-meter rect { fill: var(--field); }
.check-inbox { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; }
.check-client { display: block; margin-bottom: 2px; font-size: 12px; color: var(--quiet); }
.check-mail { position: relative; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0; padding: 8px 12px; border: 1px solid var(--rule); border-radius: 6px; background: var(--sheet); line-height: 1.45; overflow: hidden; }
.check-inbox .desktop.gmail .check-mail, .check-inbox .desktop.naver .check-mail { display: flex; gap: 12px; white-space: nowrap; }
.check-inbox .desktop.gmail .check-from, .check-inbox .desktop.naver .check-from { flex: 0 0 7.5em; overflow: hidden; text-overflow: ellipsis; }
.check-inbox .desktop.naver .check-preheader.none { margin-left: auto; }
.check-inbox .desktop.gmail .check-subject, .check-inbox .desktop.naver .check-subject { flex: 0 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.check-inbox .desktop.gmail .check-preheader { flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.check-from { font-weight: 600; } .check-preheader { color: var(--quiet); } .check-preheader.none { font-size: 12px; }
.check-inbox .phone .check-mail { max-width: 390px; } .check-inbox .apple.desktop .check-mail { max-width: 340px; }
.check-rules li { display: grid; grid-template-columns: 5em 1fr; gap: 10px; padding: 4px 0; } .check-rules .number { white-space: nowrap; }
.check-clients li, .check-records li, .check-links li { padding: 5px 0; }
.check-clients a { color: var(--ink); text-decoration-color: var(--rule); }
.check-records code { display: block; margin-top: 4px; padding: 8px 10px; background: var(--tint); font: 12px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.check-ask button { margin: 4px 0 8px; }
.check-panel[aria-busy=true] { opacity: 0.7; }
.picture-tools { display: inline-flex; }
.cm-upload { display: inline-flex; align-items: center; gap: 8px; padding: 2px 8px; border: 1px dashed var(--field); border-radius: 4px; font: 13px/1.6 var(--sans); color: var(--quiet); }
.cm-upload progress { width: 90px; height: 6px; accent-color: var(--accent); }
.cm-upload.failed { border-color: var(--accent); color: var(--ink); white-space: normal; } .cm-upload button { min-height: 28px; padding: 0 8px; font-size: 13px; }
.cm-alt { display: flex; flex-wrap: wrap; align-items: end; gap: 8px; padding: 10px 12px; border-top: 1px solid var(--rule); background: var(--tint); font: 14px/1.5 var(--sans); color: var(--ink); }
.cm-alt label { flex: 1 1 240px; } .cm-alt input { min-height: 40px; } .cm-alt p { flex-basis: 100%; font-size: 13px; color: var(--quiet); }
.cm-said { padding: 6px 12px; background: var(--tint); font: 13px/1.5 var(--sans); color: var(--ink); }
@media (max-width: 640px) { .check-body { padding-left: 8px; } .check-inbox .desktop.naver .check-mail { display: grid; white-space: normal; } .check-inbox .desktop.naver .check-preheader.none { margin-left: 0; } .check-inbox .desktop .check-mail { font-size: 13px; } }
`;
