/** Style of write, after that of the whole console. */
export const writeStyle = `
.w-main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.w-main:hover { border-color: var(--accent); filter: brightness(1.08); }
.w-quiet { border-color: transparent; background: none; padding: 0 10px; min-width: 40px; color: var(--quiet); }
.w-quiet:hover { border-color: transparent; background: var(--tint); color: var(--ink); }
.w-hint { margin-bottom: 14px; }
.w-list ul { margin: 0; padding: 0; list-style: none; }
.w-list li { display: flex; align-items: center; gap: 8px; padding-right: 10px; border-top: 1px solid var(--rule); }
.w-list li:first-child { border-top: 0; }
.w-list li:hover { background: color-mix(in srgb, var(--tint) 50%, transparent); }
.w-line { flex: 1; min-width: 0; padding: 13px 10px 13px 20px; color: var(--ink); text-decoration: none; }
.w-line b { display: block; font-weight: 600; overflow: hidden; text-overflow: ellipsis; }
.w-line small { color: var(--quiet); font-size: 13px; }
.w-line:hover b { text-decoration: underline; text-decoration-color: var(--accent); }
.w-thrown { display: flex; align-items: center; gap: 14px; margin: 0 0 16px; }
.w-new { max-width: 620px; margin-top: 16px; padding: 24px; }
.w-new fieldset { display: grid; gap: 12px; margin: 0; padding: 0; border: 0; } .w-new legend { padding: 0 0 8px; font-size: 14px; font-weight: 500; }
.w-new .choice { padding: 10px 12px; border: 1px solid var(--rule); border-radius: 6px; cursor: pointer; }
.w-new .choice:has(:checked) { border-color: var(--accent); background: color-mix(in srgb, var(--accent) 5%, transparent); }
.w-new .choice b, .w-new .choice small { display: block; } .w-new .choice b { font-weight: 600; }
.w-new fieldset:not(:has([value=earlier]:checked)) .w-earlier { display: none; }
.w-plain { margin: 0; padding: 16px 18px; font: 13.5px/1.7 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
.w-plain pre { margin: 0; font: inherit; white-space: inherit; }
.w-alone { display: block; width: 100%; max-width: 720px; height: 70vh; margin-top: 14px; border: 1px solid var(--rule); border-radius: 8px; background: #f6f4ef; }
.w-conflict-page textarea { font: 14px/1.7 var(--mono); }

body.desk:has(.w-compose.w-on) { grid-template-columns: 60px minmax(0, 1fr); height: 100vh; height: 100dvh; }
.desk main:has(.w-compose.w-on) { padding: 0; height: 100vh; height: 100dvh; overflow: hidden; }
.w-compose { display: flex; flex-direction: column; height: 100%; position: relative; }
.w-compose:not(.w-on) .w-live, .w-compose:not(.w-on) .w-editor { display: none; }
.w-on .w-form { display: none; }
.w-compose:not(.w-on) .w-body { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 20px; }
.w-compose:not(.w-on) textarea { font: 14px/1.7 var(--mono); } .w-compose:not(.w-on) iframe { width: 100%; height: 75vh; border: 1px solid var(--rule); }
.w-compose:not(.w-on) .w-plain { display: none; } .w-form .buttons { margin-top: 12px; }
@media (scripting: enabled) { .w-compose:not(.w-on) { visibility: hidden; } }
.w-top { display: flex; align-items: center; gap: 10px; padding: 9px 14px 9px 8px; border-bottom: 1px solid var(--rule); }
.w-compose:not(.w-on) .w-top { padding: 0 0 12px; margin-bottom: 14px; }
.w-name { min-width: 0; margin-right: auto; } .w-name h1 { font-size: 18px; line-height: 1.3; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.w-name small { display: block; font-size: 12.5px; line-height: 1.3; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.w-state { white-space: nowrap; font-variant-numeric: tabular-nums; } .w-state[data-is=offline], .w-state[data-is=loggedOut], .w-state[data-is=refused], .w-state[data-is=conflict] { color: var(--accent); font-weight: 600; }
.w-acts { display: flex; gap: 6px; }
.w-banner { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; padding: 9px 16px; border-left: 3px solid var(--accent); background: var(--tint); font-size: 14px; }
.w-banner[hidden] { display: none; } .w-banner .button, .w-banner button { min-height: 34px; }
.w-tabs { display: flex; gap: 2px; padding: 5px 8px; border-bottom: 1px solid var(--rule); overflow-x: auto; flex: none; }
.w-tabs button { min-height: 34px; padding: 0 11px; gap: 7px; border-color: transparent; background: none; color: var(--quiet); font-size: 13.5px; }
.w-tabs button svg { width: 16px; height: 16px; }
.w-tabs button:hover { background: var(--tint); color: var(--ink); } .w-tabs button[aria-pressed=true] { background: var(--tint); color: var(--ink); }
.w-tabs button[aria-pressed=true] svg { color: var(--accent); }
.w-tabs .w-narrow { display: none; }
.w-count { min-width: 19px; padding: 1px 5px; border-radius: 10px; background: var(--tint); border: 1px solid var(--rule); font-size: 12px; line-height: 1.3; text-align: center; color: var(--ink); } .w-count[hidden] { display: none; }
.w-count.error { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.w-on .w-body { flex: 1; min-height: 0; display: grid; grid-template-columns: 272px minmax(0, 1fr) minmax(0, 1fr); }
.w-on[data-panel=""] .w-body { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .w-on[data-panel=""] .w-side { display: none; }
.w-side { border-right: 1px solid var(--rule); overflow-y: auto; padding: 14px; }
.w-panel { display: none; } .w-on[data-panel=outline] #panel-outline, .w-on[data-panel=details] #panel-details, .w-on[data-panel=terms] #panel-terms, .w-on[data-panel=promo] #panel-promo, .w-on[data-panel=check] #panel-check { display: block; }
.w-on .w-text, .w-on .w-preview { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
.w-text { border-right: 1px solid var(--rule); } .w-compose:not(.w-on) .w-text { border: 0; }
.w-tools { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; padding: 5px 10px; min-height: 47px; border-bottom: 1px solid var(--rule); }
.w-tools button, .w-tools .button, .w-tools select { min-height: 36px; }
.w-menu { position: relative; } .w-menu summary { list-style: none; } .w-menu summary::-webkit-details-marker { display: none; }
.w-menu > .sheet { position: absolute; z-index: 5; top: 42px; left: 0; display: grid; width: 236px; padding: 6px; box-shadow: 0 6px 24px rgb(0 0 0 / 0.14); } .w-menu .sheet button { justify-content: flex-start; color: var(--ink); }
.w-menu .sheet p { padding: 6px 10px 4px; }
.w-editor { flex: 1; min-height: 0; overflow: hidden; }
.w-switch { display: inline-flex; margin: 0; padding: 0; border: 1px solid var(--field); border-radius: 6px; overflow: hidden; min-width: 0; }
.w-switch button { border: 0; border-radius: 0; min-width: 36px; padding: 0; min-height: 34px; background: none; color: var(--quiet); } .w-switch button + button { border-left: 1px solid var(--rule); }
.w-switch button[aria-pressed=true] { background: var(--tint); color: var(--ink); } .w-switch button:focus-visible { outline-offset: -2px; }
.w-as { flex: 1; min-width: 130px; max-width: 260px; } .w-as select { width: 100%; padding: 2px 8px; font-size: 14px; }
.w-find { display: grid; gap: 6px; padding: 10px; border-bottom: 1px solid var(--rule); } .w-find[hidden] { display: none; }
.w-find ul { margin: 0; padding: 0; list-style: none; } .w-find li button { width: 100%; justify-content: flex-start; color: var(--ink); overflow: hidden; text-overflow: ellipsis; }
.w-letter { margin: 0; padding: 9px 16px; border-bottom: 1px solid var(--rule); min-height: 56px; } .w-letter dd { margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } #w-subject { font-weight: 600; }
.w-on .w-stage { position: relative; flex: 1; min-height: 0; overflow: hidden; background: #efece4; }
.w-preview[data-scheme=dark] .w-stage { background: #101215; }
.w-on .w-stage iframe { position: absolute; top: 0; border: 0; transform-origin: 0 0; background: #f6f4ef; }
.w-preview[data-scheme=dark] .w-stage iframe { background: #16181c; }
.w-on .w-preview .w-plain { display: none; flex: 1; min-height: 0; overflow: auto; background: var(--sheet); }
.w-on .w-preview[data-kind=text] .w-plain { display: block; } .w-on .w-preview[data-kind=text] .w-stage { display: none; }
.w-size { display: flex; align-items: center; gap: 12px; padding: 6px 14px; border-top: 1px solid var(--rule); color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
#w-bar { flex: 1; width: auto; height: 6px; stroke: none; border-radius: 3px; overflow: hidden; } #w-bar .ground { fill: var(--tint); } #w-bar .filled { fill: var(--good); } #w-bar.near .filled { fill: var(--warn); } #w-bar.over .filled { fill: var(--accent); }
.w-outline { margin: 0; padding: 0; list-style: none; }
.w-outline li { display: flex; align-items: center; border-radius: 6px; border-left: 2px solid transparent; } .w-outline li:hover, .w-outline li:focus-within { background: var(--tint); } .w-outline li.now { border-left-color: var(--accent); }
.w-outline li.sortable-ghost { opacity: 0.5; background: var(--tint); }
.w-grip { display: grid; place-items: center; width: 22px; align-self: stretch; cursor: grab; color: var(--quiet); touch-action: none; } .w-grip svg { width: 15px; stroke-width: 2.5; }
.w-outline button { border: 0; background: none; padding: 0; min-height: 0; color: inherit; }
.w-outline .w-go { flex: 1; min-width: 0; display: block; padding: 6px 4px; text-align: left; white-space: normal; font-weight: 400; line-height: 1.4; }
.w-go small { display: block; font-size: 12px; color: var(--quiet); } .w-go > span { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.w-outline .w-up, .w-outline .w-down { width: 26px; height: 30px; color: var(--quiet); opacity: 0; } .w-outline li:hover :is(.w-up, .w-down), .w-outline li:focus-within :is(.w-up, .w-down) { opacity: 1; } .w-outline .w-up:disabled, .w-outline .w-down:disabled { visibility: hidden; }
@media (hover: none) { .w-outline .w-up, .w-outline .w-down { opacity: 1; } }
.w-fields { display: grid; gap: 13px; margin-top: 4px; } .w-fields .field { max-width: none; } .w-fields input, .w-fields select, .w-fields textarea { min-height: 40px; font-size: 14.5px; padding: 6px 10px; }
.w-fields label { display: flex; justify-content: space-between; gap: 8px; font-size: 13.5px; } .w-fields label small { font-weight: 400; } .w-fields .hint { font-size: 12.5px; line-height: 1.45; }
.w-broken { padding: 8px 10px; margin-bottom: 12px; border-left: 3px solid var(--accent); background: var(--tint); } .w-broken[hidden] { display: none; }
.w-panel > p + form { margin-top: 12px; } .w-panel h2 { margin: 20px 0 6px; font-size: 14px; }
.w-terms { margin: 0; padding: 0; list-style: none; font-size: 14px; color: var(--quiet); } .w-terms li { padding: 4px 0; } .w-terms b { color: var(--ink); font-weight: 600; }
.w-problems { margin: 8px 0 0; padding: 0; list-style: none; } .w-problems li { border-top: 1px solid var(--rule); }
.w-problems button { display: flex; align-items: flex-start; gap: 9px; width: 100%; padding: 9px 4px; border: 0; border-radius: 6px; background: none; text-align: left; white-space: normal; font-weight: 400; line-height: 1.5; }
.w-problems button:hover { background: var(--tint); } .w-problems svg { width: 16px; height: 16px; margin-top: 3px; color: var(--warn); } .w-problems .error svg { color: var(--accent); } .w-problems small { display: block; color: var(--quiet); font-size: 12.5px; }
.w-toast { position: absolute; left: 50%; bottom: 22px; z-index: 8; transform: translateX(-50%); max-width: min(92%, 560px); padding: 10px 16px; border-radius: 8px; background: var(--ink); color: var(--paper); font-size: 14px; box-shadow: 0 6px 24px rgb(0 0 0 / 0.2); } .w-toast:empty { display: none; }
.w-dialog { width: min(560px, 92vw); max-height: 88vh; padding: 22px 24px; border: 1px solid var(--rule); border-radius: 10px; background: var(--sheet); color: var(--ink); } .w-dialog::backdrop { background: rgb(0 0 0 / 0.45); }
.w-dialog h2 { font: 600 19px/1.4 var(--serif); margin-bottom: 10px; } .w-dialog dl { margin: 0 0 16px; } .w-dialog dl div { display: flex; gap: 16px; padding: 7px 0; border-top: 1px solid var(--rule); } .w-dialog dt { flex: 0 0 150px; display: flex; flex-wrap: wrap; gap: 4px; align-items: baseline; } .w-dialog dd { margin: 0; }
kbd { padding: 1px 7px; border: 1px solid var(--field); border-radius: 4px; font: 12.5px/1.6 var(--mono); white-space: nowrap; }
.w-decide { width: min(1240px, 96vw); } .w-decide[open] { display: flex; flex-direction: column; gap: 10px; }
.w-decide-heads { display: grid; grid-template-columns: 1fr 1fr; gap: 34px; font-size: 14px; }
.w-decide-texts { flex: 1; min-height: 200px; overflow: auto; border: 1px solid var(--rule); border-radius: 6px; } .w-decide .buttons { align-items: center; } .w-decide-texts .cm-content { padding-bottom: 14px; } .w-decide-texts .cm-chunkButtons { position: static; padding: 4px 0; } .cm-chunkButtons button { min-height: 30px; margin-right: 6px; border: 1px solid var(--field); background: var(--sheet); color: var(--ink); font: 500 13px/1 var(--sans); padding: 0 10px; }
.cm-merge-revert { width: 34px !important; } .cm-merge-revert button { min-height: 26px; min-width: 26px; padding: 0; }
.w-history { display: grid; grid-template-columns: 280px minmax(0, 1fr); gap: 20px; align-items: start; } .w-history nav { max-height: 74vh; overflow-y: auto; }
.w-history ol { margin: 0; padding: 0; list-style: none; } .w-history li { border-top: 1px solid var(--rule); } .w-history li:first-child { border-top: 0; }
.w-history nav a { display: block; padding: 10px 16px; border-left: 3px solid transparent; color: var(--ink); text-decoration: none; } .w-history nav a:hover { background: var(--tint); } .w-history nav a[aria-current] { border-left-color: var(--accent); background: var(--tint); }
.w-history small { display: block; font-size: 13px; color: var(--quiet); } .w-history b { font-weight: 600; }
.w-version { display: grid; gap: 12px; } .w-version form { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; } .w-version summary { cursor: pointer; padding: 6px 0; } #diff { overflow: hidden; } #diff[hidden] { display: none; } #diff .cm-content { padding-bottom: 14px; }
@media (min-width: 901px) {
  body.desk:has(.w-compose.w-on) .side { padding-inline: 8px; } body.desk:has(.w-compose.w-on) .side .wordmark { font-size: 0; padding: 6px 0 18px 16px; }
  body.desk:has(.w-compose.w-on) .places a { font-size: 0; gap: 0; justify-content: center; padding: 0; } body.desk:has(.w-compose.w-on) .me { display: none; }
}
@media (max-width: 1180px) { .w-on .w-body { grid-template-columns: 240px minmax(0, 1fr) minmax(0, 1fr); } .w-acts .button:not(.w-quiet) svg { display: none; } }
@media (max-width: 900px) {
  body.desk:has(.w-compose.w-on) { display: flex; flex-direction: column; } .desk main:has(.w-compose.w-on) { flex: 1; min-height: 0; height: auto; }
  body.desk:has(.w-compose.w-on) .side .me, body.desk:has(.w-compose.w-on) .side nav.places { display: none; } body.desk:has(.w-compose.w-on) .side { display: none; }
  .w-compose:not(.w-on) .w-body { grid-template-columns: minmax(0, 1fr); }
  .w-on .w-body, .w-on[data-panel=""] .w-body { display: block; }
  .w-on .w-side, .w-on .w-text, .w-on .w-preview { display: none; height: 100%; border: 0; }
  .w-on[data-view=text] .w-text, .w-on[data-view=preview] .w-preview { display: flex; } .w-on[data-view=panel] .w-side { display: block; }
  .w-tabs .w-narrow { display: inline-flex; } .w-tabs button { min-height: 40px; } .w-tabs button svg { display: none; }
  .w-top { flex-wrap: wrap; gap: 4px 8px; padding: 8px 10px 8px 4px; } .w-name { flex: 1 1 60%; } .w-name h1 { font-size: 16px; } .w-state { order: 3; flex: 1; padding-left: 14px; } .w-acts { order: 4; } .w-acts #w-keys { display: none; } .w-acts .button { min-height: 36px; }
  .w-history { grid-template-columns: minmax(0, 1fr); } .w-history nav { max-height: 240px; }
  .w-decide-heads { gap: 10px; }
}
`;
