/** The console's style sheet. */
import { look } from '../look.ts';
import { checkStyle } from './check/style.ts';
import { commentsStyle } from './comments/style.ts';
import { figuresStyle } from './figures/style.ts';
import { operateStyle } from './operate/style.ts';
import { readersStyle } from './readers/style.ts';
import { sendStyle } from './send/style.ts';
import { settingsStyle } from './settings/style.ts';
import { staffStyle } from './staff/style.ts';
import { writeStyle } from './write/style.ts';

const areas = [
  writeStyle,
  checkStyle,
  sendStyle,
  commentsStyle,
  figuresStyle,
  readersStyle,
  operateStyle,
  settingsStyle,
  staffStyle,
].join('\n');

export const style = `${look}
.wordmark { font: 700 20px/1.2 var(--serif); letter-spacing: -0.01em; color: var(--ink); text-decoration: none; }
.wordmark::before { content: ''; display: inline-block; width: 9px; height: 9px; margin-right: 9px; background: var(--accent); }

body.alone { display: grid; grid-template-rows: auto 1fr; min-height: 100vh; min-height: 100dvh; }
.alone > header { display: flex; align-items: center; justify-content: space-between; padding: 20px 24px; }
.alone main { width: 100%; max-width: 440px; margin: 0 auto; padding: 6vh 20px 64px; }
.card { padding: 32px 32px 28px; }
.card h1 { margin-bottom: 6px; }
.card form { display: grid; gap: 18px; margin-top: 22px; }
.card label { display: block; margin-bottom: 5px; font-size: 14px; font-weight: 500; }
.card .hint { margin-top: 6px; font-size: 13px; color: var(--quiet); }
.card button { min-height: 46px; font-size: 15px; }
.message { display: flex; gap: 10px; margin-top: 18px; padding: 12px 14px; border-left: 3px solid var(--accent); background: var(--tint); font-size: 14px; }
.message svg { margin-top: 2px; color: var(--accent); }

body.desk { display: grid; grid-template-columns: 208px 1fr; min-height: 100vh; min-height: 100dvh; }
.side { display: flex; flex-direction: column; padding: 22px 14px 16px; border-right: 1px solid var(--rule); }
.side .wordmark { padding: 0 10px 18px; }
.side nav.places { display: grid; gap: 2px; }
.places a { display: flex; align-items: center; gap: 10px; min-height: 40px; padding: 0 10px; border-radius: 6px; color: var(--quiet); text-decoration: none; font-weight: 500; }
.places a { white-space: nowrap; }
.places a:hover { background: var(--tint); color: var(--ink); }
.places a[aria-current] { background: var(--tint); color: var(--ink); }
.places a[aria-current] svg { color: var(--accent); }
.me { display: grid; grid-template-columns: minmax(0, 1fr); justify-items: start; gap: 8px; margin-top: auto; padding: 16px 10px 0; font-size: 13px; }
.me .who { display: flex; align-items: center; gap: 8px; max-width: 100%; min-height: 32px; text-decoration: none; } .me .who:hover { color: var(--ink); }
.me .who bdi { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .me .who svg { width: 16px; height: 16px; }
.me .languages { margin-left: -8px; }
.me form { margin-left: -10px; }
.me button { border-color: transparent; background: none; padding: 0 10px; min-height: 36px; font-size: 13px; color: var(--quiet); }
.me button:hover { background: var(--tint); color: var(--ink); }
.desk main { padding: 26px 32px 48px; min-width: 0; max-width: 1320px; }
.desk main.wide { max-width: none; }
.skip { position: absolute; left: 8px; top: -60px; z-index: 9; padding: 8px 14px; background: var(--sheet); border: 1px solid var(--accent); border-radius: 6px; }
.skip:focus { top: 8px; }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 16px; margin-bottom: 16px; } .head h1 { margin-right: auto; }
.tabs { display: flex; gap: 2px; margin: 0 0 18px; border-bottom: 1px solid var(--rule); overflow-x: auto; }
.tabs a { padding: 9px 12px; margin-bottom: -1px; border-bottom: 2px solid transparent; color: var(--quiet); text-decoration: none; font-weight: 500; white-space: nowrap; }
.tabs a:hover { color: var(--ink); } .tabs a[aria-current] { color: var(--ink); border-color: var(--accent); }
.field { display: grid; gap: 5px; max-width: 34em; } .field label { font-size: 14px; font-weight: 500; } .field .hint { font-size: 13px; color: var(--quiet); }
.form { display: grid; gap: 16px; }
select, textarea { width: 100%; min-height: 44px; padding: 8px 12px; border: 1px solid var(--field); border-radius: 6px; background: var(--sheet); color: var(--ink); font: 16px/1.4 var(--sans); }
input[type=checkbox], input[type=radio] { width: 18px; height: 18px; min-height: 0; margin: 0; padding: 0; accent-color: var(--accent); flex: none; }
.choice { display: flex; gap: 9px; align-items: flex-start; min-height: 30px; } .choice input { margin-top: 3px; }
.scroll { position: relative; overflow-x: auto; } .scroll th, .scroll td { overflow-wrap: break-word; }
dialog.palette { width: min(560px, calc(100vw - 32px)); margin: 12vh auto auto; padding: 14px; border: 1px solid var(--rule); border-radius: 10px; background: var(--sheet); color: var(--ink); box-shadow: 0 12px 40px rgb(0 0 0 / 0.25); }
dialog.palette::backdrop { background: rgb(0 0 0 / 0.3); }
.palette ul { max-height: 50vh; margin: 10px 0; padding: 0; overflow-y: auto; list-style: none; }
.palette li { display: flex; justify-content: space-between; gap: 16px; padding: 9px 12px; border-radius: 6px; cursor: pointer; } .palette li small { white-space: nowrap; }
.palette li[aria-selected=true] { background: var(--tint); }
@media print { .side, .skip, .buttons, form { display: none !important; } body.desk { display: block; } .desk main { padding: 0; } .sheet, .scroll { border: 0; overflow: visible; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
.desk main > h1 { margin-bottom: 16px; }
.issues th, .issues td { padding-inline: 10px; }
.issues th:first-child, .issues td:first-child { padding-left: 20px; } .issues th:last-child, .issues td:last-child { padding-right: 20px; }
.issues .title { font-weight: 600; min-width: 14em; }
.issues .title small { display: block; color: var(--quiet); font-weight: 400; font-size: 13px; }
.issues td { vertical-align: top; }
.issues .number { white-space: nowrap; }
.issues td.zero { color: var(--quiet); }
.meanings { margin-top: 12px; font-size: 14px; color: var(--quiet); }
.meanings summary { width: fit-content; padding: 6px 0; cursor: pointer; }
.meanings dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 6px 0 0; }
.meanings dt { font-weight: 600; color: var(--ink); } .meanings dd { margin: 0; }
.state { display: inline-flex; align-items: center; gap: 7px; white-space: nowrap; }
.state svg { width: 16px; height: 16px; }
.state.sent svg { color: var(--good); } .state.sending svg { color: var(--accent); } .state.paused svg, .state.held svg { color: var(--warn); }
.tag { display: inline-block; margin-left: 6px; padding: 0 6px; border: 1px solid var(--rule); border-radius: 4px; font-size: 12px; font-weight: 400; color: var(--quiet); }
.issues .title a { color: inherit; text-decoration: none; } .issues .title a:hover { text-decoration: underline; text-decoration-color: var(--accent); }
.under { margin-top: 6px; } .after { margin-top: 18px; }
.said { margin-top: 16px; padding: 10px 14px; border-left: 3px solid var(--good); background: var(--tint); }
section.part { margin-top: 26px; } section.part h2 { margin-bottom: 8px; } section.part h2 .quiet { font-weight: 400; }
.progress { display: block; width: 100%; max-width: 760px; height: 12px; border-radius: 6px; background: var(--tint); stroke: none; overflow: hidden; }
.progress .accepted { fill: var(--good); } .progress .refused { fill: var(--accent); } .progress .unknown { fill: var(--warn); } .progress .excluded { fill: var(--field); } .progress .open { fill: var(--tint); }
.counts { display: flex; flex-wrap: wrap; gap: 10px 28px; margin: 12px 0 8px; }
.counts div { border-left: 3px solid var(--rule); padding-left: 10px; }
.counts .accepted { border-color: var(--good); } .counts .refused { border-color: var(--accent); } .counts .unknown { border-color: var(--warn); } .counts .excluded { border-color: var(--field); }
.counts dt { font-size: 13px; color: var(--quiet); } .counts dd { margin: 0; font-size: 20px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.ask { display: grid; gap: 14px; max-width: 42em; margin-top: 14px; }
.buttons { display: flex; flex-wrap: wrap; gap: 10px; }
.lines { margin: 0; padding: 0; list-style: none; font-size: 14px; } .lines li { padding: 4px 0; }
.empty code { display: inline-block; margin-top: 14px; padding: 8px 12px; background: var(--tint); border-radius: 6px; font: 13px/1.5 var(--mono); color: var(--ink); text-align: left; }

@media (max-width: 900px) {
  body.desk { display: block; }
  .side { flex-direction: row; flex-wrap: wrap; align-items: center; gap: 2px 4px; padding: 12px 12px 8px; border-right: 0; border-bottom: 1px solid var(--rule); }
  .side .wordmark { padding: 0 8px; margin-right: auto; }
  .side nav.places { display: flex; order: 3; flex-basis: 100%; justify-content: space-between; gap: 0; }
  .places a { flex: 1 1 0; flex-direction: column; justify-content: center; gap: 2px; min-width: 0; min-height: 48px; padding: 4px 2px; font-size: 12px; white-space: nowrap; }
  .me { display: flex; align-items: center; margin: 0; padding: 0; gap: 0; } .me .who bdi { display: none; } .me .who { padding: 0 8px; min-height: 40px; } .me form, .me .languages { margin: 0; }
  .desk main { padding: 20px 16px 40px; }
}
@media (max-width: 760px) {
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack, .stack tbody { display: block; }
  .stack tr { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 14px; padding: 14px 16px; border-top: 1px solid var(--rule); } .stack tbody tr:first-child { border-top: 0; }
  .stack td, .stack td:first-child, .stack td:last-child { padding: 0; border: 0; text-align: left; overflow-wrap: anywhere; }
  .stack td:first-child, .stack td.all { grid-column: 1 / -1; }
  .stack td[data-label]::before { content: attr(data-label); display: block; font-size: 12px; color: var(--quiet); }
}
@media (max-width: 1100px) {
  .issues thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .issues table, .issues tbody { display: block; }
  .issues tr { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px 12px; padding: 16px; border-top: 1px solid var(--rule); }
  .issues tbody tr:first-child { border-top: 0; }
  .issues td, .issues td:first-child, .issues td:last-child { padding: 0; border: 0; text-align: left; }
  .issues td.title { grid-column: 1 / -1; } .issues td.status { grid-row: 2; }
  .issues td.when { grid-row: 2; grid-column: 2 / -1; text-align: right; color: var(--quiet); font-size: 13px; line-height: 24px; }
  .issues td.zero { display: none; }
  .issues td[data-label]::before { content: attr(data-label); display: block; font-size: 12px; color: var(--quiet); }
}
@media (min-width: 600px) and (max-width: 1100px) { .issues tr { grid-template-columns: repeat(6, 1fr); } }
${areas}
@media (max-width: 480px) { .card { padding: 24px 20px; } .alone main { padding-top: 2vh; } .alone > header { padding: 16px 20px; } }
`;
