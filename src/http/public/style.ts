/** The one style sheet of readers' pages, in the colours of the publication. */
import { createHash } from 'node:crypto';
import { type Palette, themeOf } from '../../render/theme.ts';
import { accountRules } from './account/style.ts';
import { signUpRules } from './signup/style.ts';

export interface StyleSheet {
  css: string;
  /** For the page's policy: this sheet and no other. */
  hash: string;
}

/** When a page belongs to no publication: the default accent of model/publication. */
const plainAccent = '#0b5c55';
const sheets = new Map<string, StyleSheet>();
const mostSheets = 100;

/** @param accent `#rrggbb` @param more rules of a kind of page, after those of all */
export function styleSheet(accent = plainAccent, more = ''): StyleSheet {
  const key = accent + more;
  const known = sheets.get(key);
  if (known) return known;
  const theme = themeOf(accent);
  const css = `:root{color-scheme:light dark;${colours(theme.day)}}@media(prefers-color-scheme:dark){:root{${colours(theme.night)}}}${rules}${signUpRules}${accountRules}${more}`;
  const sheet = { css, hash: sourceHash(css) };
  if (sheets.size >= mostSheets) sheets.delete(sheets.keys().next().value!);
  sheets.set(key, sheet);
  return sheet;
}

/** A style sheet or script as a policy names it (CSP 3, 2.3.1). */
export function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function colours(palette: Palette): string {
  const { ground, sheet, panel, ink, quiet, line, accent, button } = palette;
  return `--ground:${ground};--sheet:${sheet};--panel:${panel};--ink:${ink};--quiet:${quiet};--line:${line};--accent:${accent};--button:${button.ground};--on-button:${button.text}`;
}

/** Of every page: type, colours, and the controls that all parts use. Each part's own rules come after and name only what is that part's. */
export const rules = `
*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);font-size:17px;line-height:1.75;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
[lang=ko]{font-family:"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",sans-serif;word-break:keep-all}
[lang=en]{font-family:-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,"Noto Sans KR","Noto Sans CJK KR",sans-serif;word-break:normal}
html:lang(en){line-height:1.65}
body{margin:0 auto;max-width:42em;min-height:100vh;min-height:100dvh;padding:0 20px;display:flex;flex-direction:column}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:3px}
.mast{display:flex;align-items:center;justify-content:space-between;gap:16px;padding:14px 0 10px;border-bottom:1px solid var(--line)}
.mast a{display:inline-flex;align-items:center;min-height:44px;color:var(--ink);text-decoration:none}
.mast a:hover{text-decoration:underline}
.mast .name{font-weight:700;font-size:18px;line-height:1.35}
.mast .lang{flex:none;font-size:14px;color:var(--quiet);padding:0 6px;margin-right:-6px}
main{flex:1;padding:44px 0 64px}
h1,h2,.title{line-height:1.35;letter-spacing:-.01em}
h1:lang(en),h2:lang(en),label:lang(en),.name:lang(en),.title:lang(en){font-family:Georgia,"Times New Roman","Noto Serif CJK KR",serif}
h1{margin:0 0 14px;font-size:30px;text-wrap:balance}
h2{margin:0 0 6px;font-size:19px}
h2.past{margin-top:44px}
p{margin:0 0 16px}
.about{margin:0 0 28px;padding-left:16px;border-left:3px solid var(--accent);color:var(--ink)}
.quiet{color:var(--quiet);font-size:15px}
.sheet{background:var(--sheet);border:1px solid var(--line);border-top:3px solid var(--accent);padding:36px 40px 28px}
.done{display:flex;gap:12px;align-items:flex-start}
.done svg{flex:none;margin-top:8px;color:var(--accent)}
form{margin:28px 0}
button{display:inline-flex;align-items:center;justify-content:center;gap:10px;min-width:200px;min-height:52px;padding:10px 28px;border:1px solid var(--button);border-radius:6px;background:var(--button);color:var(--on-button);font:inherit;font-weight:700;line-height:1.4;cursor:pointer}
a.button{display:inline-flex;align-items:center;justify-content:center;min-width:200px;min-height:52px;padding:10px 28px;border-radius:6px;background:var(--button);color:var(--on-button);font-weight:700;line-height:1.4;text-decoration:none}
output.code{display:block;padding:14px 8px;border:1px dashed var(--accent);background:var(--panel);font:700 24px/1.5 Menlo,Consolas,monospace;letter-spacing:.06em;text-align:center;word-break:break-all;user-select:all}
button[hidden]{display:none}
button:hover,a.button:hover{box-shadow:inset 0 0 0 100px rgb(0 0 0/.1)}
button.second{background:transparent;border-color:var(--accent);color:var(--accent);font-weight:600}
button.second:hover{background:var(--panel);box-shadow:none}
.foot{padding:18px 0 36px;border-top:1px solid var(--line);font-size:13px;line-height:1.7;color:var(--quiet)}
.foot p{margin:0}
.foot a{color:var(--quiet)}
dl{margin:8px 0 0;display:grid;grid-template-columns:max-content 1fr;gap:10px 24px}
dt{color:var(--quiet);font-size:15px;line-height:1.85}
dd{margin:0}
section.part{margin-top:36px;padding-top:28px;border-top:1px solid var(--line)}
section.part form{margin:16px 0 0}
section.part+.quiet{margin-top:22px}
.part{scroll-margin-top:16px}
.part .notice{margin:10px 0 16px}
.row{display:flex;flex-wrap:wrap;gap:12px}
label{display:block;margin:0 0 6px;font-weight:700;font-size:19px;line-height:1.35}
input[type=text],input[type=email],input[type=url],input[type=search],input[type=date],textarea,select{min-width:0;min-height:52px;padding:8px 14px;border:1px solid var(--quiet);border-radius:6px;background:var(--sheet);color:var(--ink);font:inherit}
input::placeholder{color:var(--quiet);opacity:1}
.row input{flex:1 1 220px}
textarea,select{display:block;width:100%}
textarea{min-height:112px;padding:10px 14px;line-height:1.65;resize:vertical}
.trap{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.quote{margin:0 0 16px;padding:12px 16px;background:var(--panel);border-left:3px solid var(--accent);font-size:15px;line-height:1.65}
.row button{min-width:132px;padding:10px 20px}
.notice{margin:0 0 24px;padding:12px 16px;background:var(--panel);border-left:3px solid var(--accent)}
.notice svg{vertical-align:-4px;margin-right:8px;color:var(--accent)}
ol.issues{list-style:none;margin:0;padding:0}
ol.issues li{padding:22px 0;border-top:1px solid var(--line)}
ol.issues li:first-child{border-top:0;padding-top:8px}
ol.issues p{margin:6px 0 0}
.title{font-size:21px;font-weight:700;margin:0}
.title a{color:var(--ink);text-decoration:none}
.title a:hover{text-decoration:underline;text-decoration-color:var(--accent)}
.meta{margin:0 0 4px!important;font-size:14px;color:var(--quiet);font-variant-numeric:tabular-nums}
.panel{margin-top:28px;padding:24px 28px;background:var(--panel);border-top:3px solid var(--accent)}
.panel p{margin:0}
@media(max-width:599px){html{font-size:16px}main{padding:24px 0 48px}h1{font-size:25px}.sheet{padding:26px 20px 20px;margin:0 -8px}form button,a.button{width:100%}.row button{width:100%}dl{grid-template-columns:1fr;gap:2px}dd{margin-bottom:12px}.panel{padding:20px}}
@media print{.lang,form{display:none}}
`.replaceAll('\n', '');
