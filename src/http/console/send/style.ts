/** Style of send, after that of the whole console; and of the issues' pages. */
import { issuesStyle } from '../issues/style.ts';

export const sendStyle = `
.send-columns { display: grid; grid-template-columns: minmax(0, 1fr) 380px; gap: 20px; align-items: start; }
.send-steps, .send-try, .send-steps > form { display: grid; gap: 16px; min-width: 0; }
.send-step { padding: 18px 20px 20px; display: grid; gap: 12px; min-width: 0; }
.send-step h2 { font: 600 17px/1.4 var(--serif); } .send-step h3, .send-result h3 { margin: 0 0 4px; font-size: 14px; }
.send-step form { display: grid; gap: 12px; } .send-step fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 6px; min-width: 0; }
.send-step button { justify-self: start; }
.send-back { display: inline-flex; align-items: center; gap: 6px; min-height: 32px; text-decoration: none; } .send-back:hover { text-decoration: underline; }
.send-under { display: none; margin: 2px 0 8px 27px; gap: 8px; min-width: 0; }
.send-step:has(input[value=saved]:checked) [data-for=saved], .send-step:has(input[value=rule]:checked) [data-for=rule], .send-step:has(input[value=at]:checked) [data-for=at] { display: grid; }
.send-step:has(input[value=local]:checked) [data-for=local], .send-step:has(input[name=trial]:checked) [data-for=trial] { display: grid; }
.send-under input[type=datetime-local] { max-width: 17em; }
.send-meant { display: none; gap: 6px; padding-top: 12px; border-top: 1px solid var(--rule); } .send-step:has(input[name=when]:not([value=now]):checked) .send-meant { display: grid; }
.send-when-note, .send-means, .send-trial { display: grid; gap: 6px; } .send-facts dd p { margin: 0; }
.send-row { display: flex; flex-wrap: wrap; gap: 10px 14px; } .send-row label { display: grid; gap: 5px; font-size: 14px; font-weight: 500; } .send-row input { width: 10.5em; } .send-row input[inputmode] { width: 7em; }
.send-subjects { display: grid; gap: 8px; margin: 0; padding-left: 1.5em; } .send-subjects input { width: 100%; }
.send-rows { display: grid; gap: 10px; } .send-rows ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
.send-rows li { display: grid; grid-template-columns: minmax(10em, 1fr) minmax(8em, 1fr) auto; gap: 8px; align-items: center; }
.send-rows li button { width: 44px; padding: 0; grid-column: 3; } .send-rows p select { width: auto; max-width: 100%; min-height: 40px; padding-block: 4px; }
.send-count { display: grid; gap: 6px; padding-top: 12px; border-top: 1px solid var(--rule); }
.send-number { font: 600 26px/1.25 var(--serif); font-variant-numeric: tabular-nums; }
.send-count.htmx-request .send-number, .htmx-request > .send-number { color: var(--quiet); }
.message-line { padding: 8px 12px; border-left: 3px solid var(--warn); background: var(--tint); font-size: 14px; }
.send-facts { display: grid; grid-template-columns: 7.5em minmax(0, 1fr); gap: 6px 12px; margin: 0; }
.send-facts dt { color: var(--quiet); font-size: 14px; } .send-facts dd { margin: 0; } .send-subject { font-weight: 600; }
.send-findings { display: grid; gap: 10px; } .send-findings ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
.send-findings li { display: flex; gap: 9px; font-size: 14px; } .send-findings li svg { margin-top: 3px; } .send-findings .error svg { color: var(--accent); } .send-findings .warning svg { color: var(--warn); }
.send-clean { display: flex; gap: 8px; align-items: center; } .send-clean svg { color: var(--good); }
.send-next { padding: 2px 0 12px; }
.send-columns:not(:has(input[name=to][value=rule]:checked)) #send-save { display: none; }
.send-next button { min-height: 48px; padding-inline: 22px; font-size: 15px; }
.send-result { display: grid; gap: 6px; padding-top: 12px; border-top: 1px solid var(--rule); font-size: 14px; } .send-result ul { margin: 0; padding-left: 1.1em; }
.send-result progress { width: 100%; height: 10px; accent-color: var(--good); } .send-result th:first-child, .send-result td:first-child { padding-left: 0; } .send-result th:last-child, .send-result td:last-child { padding-right: 0; }
.send-result td { padding-block: 6px; }
.send-confirm { display: grid; gap: 18px; max-width: 720px; margin-top: 16px; padding: 26px 28px; }
.send-big { font: 600 24px/1.35 var(--serif); }
.send-act { display: grid; gap: 16px; padding-top: 18px; border-top: 1px solid var(--rule); } .send-act .main { min-height: 48px; font-size: 15px; justify-self: start; padding-inline: 22px; }
.send-act input[name=typed] { max-width: 12em; font-variant-numeric: tabular-nums; }
@media (max-width: 1100px) { .send-columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 600px) {
  .send-step { padding: 16px; } .send-confirm { padding: 20px 16px; } .send-under { margin-left: 0; }
  .send-rows li { grid-template-columns: minmax(0, 1fr) auto; } .send-rows li > :first-child { grid-column: 1 / -1; } .send-rows li button { grid-column: 2; }
  .send-facts { grid-template-columns: minmax(0, 1fr); gap: 2px; } .send-facts dd { margin-bottom: 8px; }
  .send-act .main, .send-next button { width: 100%; white-space: normal; }
}
${issuesStyle}`;
