/** Style of staff, after that of the whole console. */
export const staffStyle = `
[hidden] { display: none !important; }
.staff-passkey { width: 100%; margin-top: 12px; }
.staff-forgot { margin-top: 16px; font-size: 14px; text-align: center; }
.staff-code { font: 20px/1.4 var(--mono); letter-spacing: 0.08em; max-width: 15em; }
.staff-said { margin: 0 0 16px; max-width: 46em; }
.staff-intro { max-width: 46em; }
.staff-table td { vertical-align: middle; }
.staff-table .staff-who { font-weight: 500; } .staff-table .staff-who small { display: block; font-weight: 400; font-size: 13px; color: var(--quiet); }
.staff-table .staff-who a { color: inherit; text-decoration: none; } .staff-table .staff-who a:hover { text-decoration: underline; text-decoration-color: var(--accent); }
.staff-table .staff-do { text-align: right; } .staff-do form { display: inline-block; } .staff-do .buttons { justify-content: flex-end; }
.staff-table .staff-do button, .staff-table .staff-do .button { min-height: 34px; font-size: 13px; }
.staff-scopes code { display: inline-block; margin: 1px 4px 1px 0; padding: 0 6px; border-radius: 4px; background: var(--tint); font: 12px/1.7 var(--mono); }
.staff-invite { display: grid; grid-template-columns: minmax(0, 24em) 12em auto; gap: 12px; align-items: end; justify-content: start; }
.staff-invite button { min-height: 44px; }
.staff-copy { display: flex; gap: 10px; max-width: 46em; margin: 14px 0 6px; } .staff-copy input { font: 14px/1.4 var(--mono); } .staff-copy button { min-height: 44px; min-width: 8em; }
.staff-facts { display: grid; grid-template-columns: max-content 1fr; gap: 6px 20px; margin: 0; } .staff-facts dt { color: var(--quiet); } .staff-facts dd { margin: 0; }
.staff-prove { display: flex; flex-wrap: wrap; gap: 28px; align-items: flex-start; }
.staff-qr { width: 208px; height: 208px; border: 1px solid var(--rule); border-radius: 8px; shape-rendering: crispEdges; }
.staff-steps { margin: 0; padding-left: 1.3em; }
.staff-key { margin-top: 10px; font-size: 14px; } .staff-key summary { cursor: pointer; color: var(--quiet); } .staff-key code { display: block; margin: 8px 0; font: 15px/1.6 var(--mono); }
.staff-codes { display: grid; grid-template-columns: repeat(auto-fill, minmax(13.5em, 1fr)); gap: 6px 18px; max-width: 46em; margin: 14px 0 18px; padding: 16px 20px; list-style: none; background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; } .staff-codes code { font: 15px/1.7 var(--mono); }
.staff-filter { display: grid; grid-template-columns: repeat(3, minmax(0, 16em)) auto; gap: 12px; align-items: end; justify-content: start; } .staff-filter button { min-height: 44px; }
.staff-audit { font-size: 14px; } .staff-audit details summary { cursor: pointer; } .staff-audit pre { max-width: 40em; overflow-x: auto; font: 12px/1.5 var(--mono); white-space: pre-wrap; }
.staff-audit td a { color: inherit; text-decoration-color: var(--rule); }
.staff-choices { display: grid; gap: 4px; margin: 0; padding: 0; border: 0; } .staff-choices legend { margin-bottom: 5px; padding: 0; font-size: 14px; font-weight: 500; } .staff-choices code { font: 13px/1.5 var(--mono); }
@media (max-width: 760px) {
  .staff-invite, .staff-filter { grid-template-columns: minmax(0, 1fr); }
  .staff-copy { flex-wrap: wrap; }
  .staff-table .staff-do, .staff-table .staff-scopes { grid-column: 1 / -1; } .staff-table .staff-do { text-align: left; } .staff-table .staff-do:empty { display: none; }
  .staff-do .buttons { justify-content: flex-start; }
}
`;
