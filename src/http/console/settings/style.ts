/** Style of settings, after that of the whole console. */
export const settingsStyle = `
.settings-cards { display: grid; gap: 10px; margin: 0; padding: 0; list-style: none; max-width: 60em; }
.settings-cards a { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 14px; padding: 14px 18px; color: inherit; text-decoration: none; } .settings-cards a:hover strong { text-decoration: underline; text-decoration-color: var(--accent); }
.settings-cards a > span:first-of-type { flex: 1 1 18em; min-width: 0; } .settings-cards strong { font-weight: 600; } .settings-cards small { display: block; font-size: 13px; color: var(--quiet); }
.settings-swatch { width: 22px; height: 22px; border-radius: 5px; }
.settings-edit { display: grid; grid-template-columns: minmax(0, 1fr) minmax(340px, 42%); gap: 36px; align-items: start; max-width: 1500px; }
.settings-preview { position: sticky; top: 20px; } .settings-preview h2 { margin-bottom: 8px; }
.settings-preview iframe { width: 100%; height: calc(100vh - 90px); border: 1px solid var(--rule); border-radius: 8px; background: #f6f4ef; }
.settings-jump { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 14px; } .settings-jump a { padding: 4px 0; color: var(--quiet); text-decoration-color: var(--rule); } .settings-jump a:hover { color: var(--ink); }
.settings-group { scroll-margin-top: 20px; padding-top: 20px; border-top: 1px solid var(--rule); } .settings-group h2 { font: 600 18px/1.4 var(--serif); }
.settings-hint { max-width: 42em; margin: -2px 0 12px; }
.settings-number { max-width: 9em; }
.settings-colour { display: flex; gap: 8px; max-width: 15em; } .settings-colour input[type=color] { width: 52px; padding: 4px; flex: none; }
.settings-problem { margin: 0; font-size: 14px; color: var(--accent); font-weight: 500; } [aria-invalid=true] { border-color: var(--accent); }
.settings-save { position: sticky; bottom: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; margin-top: 28px; padding: 12px 0; border-top: 1px solid var(--rule); background: var(--paper); }
.settings-parts { margin-top: 18px; gap: 8px; } .settings-parts a { padding: 10px 18px; } .settings-parts .state { flex: none; min-width: 9em; color: var(--quiet); } .state.settings-own { color: var(--ink); } .state.settings-own svg { color: var(--accent); } .settings-parts .settings-fail { color: var(--ink); font-weight: 600; }
.settings-template { margin-top: 18px; } .settings-template .settings-save { position: static; margin-top: 16px; } .settings-template > div { min-width: 0; } .settings-template .field { max-width: none; grid-template-columns: minmax(0, 1fr); justify-items: start; } .settings-template .field > * { max-width: 100%; } .settings-template .settings-code, .settings-template .settings-problem { width: 100%; } .settings-source textarea, .settings-code textarea { font: 13px/20px var(--mono); tab-size: 2; overflow: auto; white-space: pre; }
.settings-code { display: grid; grid-template-columns: auto minmax(0, 1fr); border: 1px solid var(--field); border-radius: 6px; overflow: hidden; background: var(--sheet); } .settings-code:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; } .settings-code textarea:focus-visible { outline: none; }
.settings-code pre { margin: 0; padding: 10px 8px 10px 12px; height: 0; min-height: 100%; overflow: hidden; text-align: right; font: 13px/20px var(--mono); color: var(--quiet); background: var(--tint); } .settings-code pre:empty { padding: 0; }
.settings-code textarea { display: block; width: 100%; min-height: 240px; padding: 10px 12px; border: 0; border-radius: 0; resize: vertical; } .settings-code + .settings-problem { min-height: 1.6em; margin-top: 8px; } .settings-problem.settings-fits { color: var(--quiet); font-weight: 400; }
.settings-template details { margin-top: 22px; padding-top: 14px; border-top: 1px solid var(--rule); } .settings-template summary { cursor: pointer; font: 600 16px/1.6 var(--serif); } .settings-source textarea { width: 100%; margin-top: 10px; }
.settings-values dl { display: grid; grid-template-columns: 10em minmax(0, 1fr); gap: 6px 16px; margin: 10px 0 0; font-size: 14px; } .settings-values dt { color: var(--quiet); } .settings-values dd { margin: 0; } .settings-values code { display: inline-block; margin: 0 4px 4px 0; padding: 1px 7px; border-radius: 4px; background: var(--tint); font: 12.5px/1.6 var(--mono); overflow-wrap: anywhere; }
.settings-history .lines li { display: block; padding: 4px 0; } .settings-history summary { cursor: pointer; font-size: 14px; } .settings-diff { max-height: 420px; margin: 8px 0 0; padding: 10px 12px; overflow: auto; border-radius: 6px; background: var(--tint); font: 12.5px/1.6 var(--mono); white-space: pre; } .settings-diff > * { display: block; width: max-content; min-width: 100%; } .settings-diff del { text-decoration: none; } .settings-diff ins { background: var(--sheet); }
.settings-yaml { max-width: 60em; } .settings-yaml textarea { font: 13px/1.55 var(--mono); }
.settings-history { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; margin-bottom: 0; padding: 0; list-style: none; max-width: 60em; }
.settings-history li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 10px 20px; padding: 14px 18px; } .settings-history li > div { flex: 1 1 24em; min-width: 0; } .settings-history del { color: var(--quiet); } .settings-history ins { text-decoration: none; font-weight: 500; }
.settings-findings { margin: 0; padding: 0; list-style: none; max-width: 70em; }
.settings-findings li { display: grid; grid-template-columns: 9em minmax(0, 1fr); gap: 12px; padding: 12px 18px; border-top: 1px solid var(--rule); } .settings-findings li:first-child { border-top: 0; }
.settings-findings .state { align-self: start; } .state.settings-fail svg { color: var(--accent); }
.settings-record + p { margin-top: 8px; }
.settings-record { display: flex; gap: 10px; align-items: flex-start; max-width: 70em; margin-top: 6px; } .settings-record code { flex: 1 1 auto; min-width: 0; padding: 8px 12px; border-radius: 6px; background: var(--tint); font: 13px/1.6 var(--mono); overflow-wrap: anywhere; }
.settings-events { grid-template-columns: repeat(auto-fill, minmax(15em, 1fr)); max-width: 50em; } .settings-events legend { grid-column: 1 / -1; }
.settings-list { margin: 0; padding-left: 1.2em; max-width: 46em; }
.buttons a.button[aria-current] { border-color: var(--accent); color: var(--accent); }
@media (max-width: 1100px) { .settings-edit { grid-template-columns: minmax(0, 1fr); } .settings-preview { position: static; } .settings-preview iframe { height: 420px; } }
@media (max-width: 900px) { .settings-tabs { flex-wrap: wrap; } .settings-tabs a { padding: 7px 9px; } }
@media (max-width: 600px) { .settings-values dl { grid-template-columns: minmax(0, 1fr); gap: 2px; } .settings-values dd { margin-bottom: 8px; } .settings-findings li { grid-template-columns: minmax(0, 1fr); gap: 4px; } .settings-record { flex-wrap: wrap; } .settings-save .small { flex-basis: 100%; } }
`;
