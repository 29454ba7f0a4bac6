/** Style of the inbox's own pages, beyond the shared look. */
import { look } from '../http/look.ts';

export const style = `${look}
header.bar {
  display: flex; flex-wrap: wrap; align-items: center; gap: 8px 20px; max-width: 1120px; margin: 0 auto; padding: 20px 24px 12px;
}
.bar h1 a { color: inherit; text-decoration: none; display: inline-flex; gap: 10px; align-items: center; }
.bar h1 svg { width: 22px; height: 22px; color: var(--accent); }
.bar .languages { margin-left: auto; }
main { max-width: 1120px; margin: 0 auto; padding: 0 24px 40px; }
.tools { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; margin-bottom: 12px; }
.tools search { position: relative; flex: 1 1 260px; max-width: 420px; }
search svg { position: absolute; left: 12px; top: 13px; color: var(--quiet); pointer-events: none; }
search input { padding-left: 38px; }
.tools .count { font-variant-numeric: tabular-nums; }
details.delete { position: relative; margin-left: auto; }
details.delete summary { list-style: none; display: inline-flex; align-items: center; gap: 8px; min-height: 40px; padding: 0 10px; color: var(--quiet); cursor: pointer; border-radius: 6px; font-size: 14px; }
details.delete summary::-webkit-details-marker { display: none; }
details.delete summary:hover { color: var(--ink); background: var(--tint); }
details.delete form { position: absolute; right: 0; z-index: 2; width: 260px; margin-top: 4px; padding: 16px; display: grid; gap: 12px; box-shadow: 0 8px 24px rgb(0 0 0 / 0.16); }
.mails { overflow: hidden; }
.mails table { table-layout: fixed; }
.mails thead th { padding-top: 10px; }
.mails th:nth-child(1) { width: 30%; } .mails th:nth-child(3) { width: 92px; } .mails th:nth-child(4) { width: 128px; }
.mails td { padding: 0; }
.mails td a, .mails td span { display: block; padding: 10px 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: inherit; text-decoration: none; }
.mails tbody tr { position: relative; }
.mails tbody tr:hover { background: var(--tint); }
.mails .subject a::after { content: ''; position: absolute; inset: 0; }
.mails a:hover { text-decoration: underline; }
.mails .subject a { font-weight: 500; }
.pages { display: flex; align-items: center; justify-content: center; gap: 16px; margin-top: 16px; font-variant-numeric: tabular-nums; }

.mail-head { padding: 20px 24px; margin-bottom: 12px; }
.mail-head h2 { font: 600 21px/1.4 var(--serif); margin-bottom: 10px; }
.mail-head dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; }
.mail-head dt { color: var(--quiet); } .mail-head dd { margin: 0; }
.trail { display: flex; align-items: center; gap: 4px; margin-bottom: 8px; }
.trail .button { border-color: transparent; background: none; padding: 0 10px; }
.trail .button:first-child { margin-left: -10px; }
.trail .button:hover { background: var(--tint); }
.trail .steps { margin-left: auto; display: flex; }
.strip { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; border-bottom: 1px solid var(--rule); padding: 0 12px; }
.tabs { display: flex; flex-wrap: wrap; }
.tabs a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 12px; color: var(--quiet); text-decoration: none; border-bottom: 2px solid transparent; margin-bottom: -1px; white-space: nowrap; }
.tabs a:hover { color: var(--ink); } .tabs a[aria-current] { color: var(--ink); font-weight: 600; border-color: var(--accent); }
.switches { display: flex; gap: 12px; margin-left: auto; }
.switch { display: inline-flex; border: 1px solid var(--rule); border-radius: 6px; overflow: hidden; }
.switch a { display: inline-flex; align-items: center; justify-content: center; width: 40px; height: 34px; color: var(--quiet); }
.switch a[aria-current] { background: var(--tint); color: var(--ink); }
.switch a:focus-visible { outline-offset: -2px; }
.note { display: flex; align-items: center; gap: 10px; padding: 10px 24px; font-size: 13px; border-bottom: 1px solid var(--rule); color: var(--quiet); font-variant-numeric: tabular-nums; }
.note.warn { color: var(--warn); font-weight: 500; }
.note .button { margin-left: auto; min-height: 32px; font-size: 13px; }
.stage { background: var(--tint); padding: 16px 0; border-radius: 0 0 8px 8px; }
iframe { display: block; border: 0; margin: 0 auto; width: 700px; max-width: 100%; height: max(480px, calc(100vh - 200px)); background: #fff; box-shadow: 0 1px 3px rgb(0 0 0 / 0.14); }
iframe.w390 { width: 390px; }
iframe.light { color-scheme: light; }
iframe.dark { color-scheme: dark; background: #121212; }
pre { margin: 0; padding: 20px 24px; white-space: pre-wrap; overflow-wrap: anywhere; word-break: normal; font: 13px/1.65 var(--mono); }
pre.text { font: 16px/1.75 var(--sans); max-width: 46em; word-break: keep-all; }
.fields td, .fields th { padding: 7px 24px; font-size: 14px; vertical-align: top; }
.fields th { font-weight: 600; color: var(--ink); }
.fields th:first-child { width: 1%; }
.fields tbody th { border-top: 1px solid var(--rule); }
.fields thead th:last-child { padding-left: 0; }
.fields thead th { font-weight: 500; color: var(--quiet); }
.fields td { padding-left: 0; }
details.raw { border-top: 1px solid var(--rule); } details.raw summary { padding: 12px 24px; cursor: pointer; color: var(--quiet); font-size: 14px; }
.empty code { display: inline-block; margin-top: 14px; padding: 8px 12px; background: var(--tint); border-radius: 6px; font: 13px/1.5 var(--mono); }
.attachments { padding: 12px 24px; border-top: 1px solid var(--rule); display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; font-size: 14px; }
.attachments h2 { font-size: 13px; font-weight: 500; color: var(--quiet); display: inline-flex; gap: 6px; align-items: center; }
.attachments ul { list-style: none; margin: 0; padding: 0; display: contents; }

@media (max-width: 640px) {
  header.bar { padding: 14px 16px 8px; } main { padding: 0 16px 32px; }
  .bar .explain { order: 3; flex-basis: 100%; }
  .tools search { flex-basis: 100%; max-width: none; }
  .mails thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .mails table, .mails tbody { display: block; }
  .mails tr { display: grid; grid-template-columns: 1fr auto; padding: 8px 14px; border-top: 1px solid var(--rule); column-gap: 12px; }
  .mails tbody tr:first-child { border-top: 0; }
  .mails td { border: 0; text-align: left; } .mails td a, .mails td span { padding: 2px 0; }
  .mails .who { grid-area: 1 / 1; color: var(--quiet); font-size: 13px; min-width: 0; } .mails .when { grid-area: 1 / 2; color: var(--quiet); font-size: 13px; }
  .mails .subject { grid-area: 2 / 1; min-width: 0; } .mails .bytes { grid-area: 2 / 2; color: var(--quiet); font-size: 13px; align-self: center; }
  .mail-head { padding: 14px 16px; } .mail-head h2 { font-size: 18px; margin-bottom: 6px; } .mail-head dl { font-size: 13px; gap: 1px 12px; }
  .mail .explain, .switch.width { display: none; }
  .strip { padding: 0 4px; flex-wrap: nowrap; gap: 0; } .tabs { flex-wrap: nowrap; } .tabs a { padding: 0 9px; font-size: 14px; } .switches { margin-right: 8px; } .switch a { width: 34px; }
  .note { padding: 10px 16px; } .stage { padding: 0; } iframe { height: max(420px, calc(100vh - 160px)); }
  .main-sheet { margin: 0 -16px; border-radius: 0; border-inline: 0; } .stage { border-radius: 0; }
  .fields tr { display: block; padding: 8px 16px; border-top: 1px solid var(--rule); } .fields thead { display: none; }
  .fields tbody th, .fields td { display: block; width: auto; padding: 0; border: 0; } pre { padding: 16px; } .attachments, details.raw summary { padding-inline: 16px; }
}
`;

/** Reloads the list when mails came, unless the reader is busy with it. Without scripts the page reloads itself by a meta tag. */
export const listScript = `
const list = document.querySelector('[data-version]');
async function look() {
  const busy = document.activeElement?.tagName === 'INPUT' || document.querySelector('details[open]') || document.hidden;
  if (!busy) {
    const answer = await fetch('/version', { cache: 'no-store' }).catch(() => undefined);
    const version = answer?.ok ? await answer.text() : list.dataset.version;
    if (version !== list.dataset.version) {
      const page = await fetch(location.href, { cache: 'no-store' }).then(got => got.text()).catch(() => '');
      const fresh = new DOMParser().parseFromString(page, 'text/html').querySelector('[data-version]');
      if (fresh) { list.replaceChildren(...fresh.childNodes); list.dataset.version = fresh.dataset.version; }
    }
  }
  setTimeout(look, 1500);
}
setTimeout(look, 1500);
`;
