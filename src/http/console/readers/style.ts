/** Style of readers, after that of the whole console. */
export const readersStyle = `
.readers-said { margin: 0 0 16px; }
.readers-lead { max-width: 46em; margin-bottom: 14px; }
.readers-told { padding: 28px 4px; }
.readers-block { display: block; }
.readers-search { display: grid; gap: 6px; margin-bottom: 16px; }
.readers-ask { position: relative; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 8px; max-width: 44em; }
.readers-ask > svg { position: absolute; left: 13px; top: 13px; color: var(--quiet); pointer-events: none; }
.readers-ask input { padding-left: 40px; } .readers-ask button { min-height: 44px; }
.readers-search summary { width: fit-content; padding: 6px 0; font-size: 14px; color: var(--quiet); cursor: pointer; }
.readers-filters { display: grid; grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); gap: 12px; max-width: 1120px; padding: 6px 0 8px; }
.readers-bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 16px; margin-bottom: 8px; } .readers-bar > :first-child { margin-right: auto; }
.readers-list td { vertical-align: top; }
.readers-who a { font-weight: 600; color: inherit; text-decoration: none; } .readers-who a:hover { text-decoration: underline; text-decoration-color: var(--accent); }
.readers-who small { display: block; font-size: 13px; color: var(--quiet); }
.readers-stop svg { width: 14px; height: 14px; vertical-align: -2px; margin-right: 5px; color: var(--warn); } .message.readers-stop svg { width: 18px; height: 18px; }
.readers-subs { margin: 0; padding: 0; list-style: none; }
.readers-active svg { color: var(--good); } .readers-pending svg, .readers-paused svg { color: var(--warn); } .readers-unsubscribed { color: var(--quiet); }
.readers-tag { display: inline-flex; align-items: center; gap: 2px; margin: 1px 4px 1px 0; padding: 1px 9px; border: 1px solid var(--rule); border-radius: 12px; background: var(--tint); font-size: 13px; }
.readers-tag button { min-height: 28px; width: 28px; padding: 0; margin-right: -8px; border: 0; background: none; color: var(--quiet); } .readers-tag button:hover { color: var(--accent); } .readers-tag button svg { width: 14px; height: 14px; }
.readers-address { margin-top: -8px; } .readers-address + .message { margin-top: 12px; }
.readers-tags { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 2px; margin-top: 12px; } .readers-tags > p { flex-basis: 100%; }
.readers-newtag { display: inline-flex; gap: 6px; } .readers-newtag input { width: 11em; min-height: 36px; padding: 4px 10px; font-size: 14px; } .readers-newtag button { min-height: 36px; }
.readers-columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(260px, 320px); gap: 0 40px; }
.readers-standing { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 20px; padding: 14px 18px; margin-bottom: 8px; } .readers-standing > :first-child { flex: 1 1 18em; min-width: 0; }
.readers-standing strong + .state { margin-left: 8px; }
.readers-pairs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 14px; margin: 6px 0 0; } .readers-pairs dt { color: var(--quiet); } .readers-pairs dd { margin: 0; }
.readers-history table { min-width: 36em; } .readers-history td { vertical-align: top; } .readers-history small { display: block; font-size: 13px; } .readers-history .lines li { padding: 0 0 2px; }
.readers-consents { display: grid; gap: 14px; margin: 0; padding: 0; list-style: none; }
.readers-consents blockquote { margin: 4px 0 0; padding-left: 12px; border-left: 2px solid var(--rule); font-size: 14px; }
.readers-rights { display: grid; justify-items: start; gap: 8px; margin-top: 10px; }
.readers-add { max-width: 36em; margin-top: 14px; } .readers-how { display: grid; gap: 8px; margin: 0; padding: 14px 16px; border: 1px solid var(--rule); border-radius: 8px; } .readers-how legend { padding: 0 6px; font-size: 14px; font-weight: 500; }
.readers-how .readers-proof { display: none; margin-top: 6px; } .readers-how:has(input[value=proof]:checked) .readers-proof { display: grid; }
.readers-proof { max-width: 34em; }
.readers-verdict { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 20px; margin: 0 0 18px; } .readers-verdict p { flex: 1 1 18em; }
.readers-segment { max-width: 900px; } .readers-segment > p { margin: 0; }
.readers-conditions { display: grid; gap: 8px; margin: 0; padding: 0; list-style: none; }
.readers-condition { display: flex; flex-wrap: wrap; gap: 8px; padding: 10px 12px; border: 1px solid var(--rule); border-radius: 8px; background: var(--sheet); }
.readers-condition select { width: auto; min-width: 8em; max-width: 22em; flex: 0 1 auto; } .readers-condition input { flex: 1 1 10em; width: auto; min-width: 8em; } .readers-condition button { width: 44px; min-height: 44px; padding: 0; }
.readers-held { padding: 14px 18px; } p.readers-held { padding: 0; } .readers-count { margin: 2px 0 4px; font-size: 22px; font-variant-numeric: tabular-nums; } .readers-held summary { cursor: pointer; }
.readers-deleted { margin-top: 14px; } .readers-deleted summary { cursor: pointer; } .readers-deleted button { min-height: 34px; }
.readers-encoding { display: flex; flex-wrap: wrap; align-items: end; gap: 8px 12px; margin-bottom: 4px; } .readers-encoding .field { min-width: 12em; } .readers-encoding button { min-height: 44px; } .readers-encoding p { flex-basis: 100%; }
.readers-preview th { vertical-align: bottom; } .readers-preview th select { display: block; min-width: 9em; min-height: 38px; margin-top: 4px; padding: 4px 8px; font-size: 14px; } .readers-preview td { max-width: 20em; font-size: 14px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
@media (max-width: 1000px) { .readers-columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 720px) {
  .readers-list thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .readers-list table, .readers-list tbody { display: block; }
  .readers-list tr { display: grid; gap: 4px; padding: 14px 16px; border-top: 1px solid var(--rule); } .readers-list tbody tr:first-child { border-top: 0; }
  .readers-list td { padding: 0; border: 0; text-align: left; } .readers-list td:empty { display: none; } .readers-list td.number { color: var(--quiet); font-size: 13px; }
  .readers-condition > * { flex-basis: 100% !important; max-width: none !important; } .readers-condition button { flex-basis: 44px !important; }
  .readers-ask { grid-template-columns: minmax(0, 1fr); }
}
`;
