/** Rules of the forms on readers' own pages, beside those of every page. */
export const accountRules = `
.choices{display:grid;gap:4px;margin:8px 0 16px}
.choice{display:flex;align-items:flex-start;gap:12px;min-height:44px;padding:9px 0;margin:0;font-weight:400;font-size:inherit;line-height:1.55;font-family:inherit!important;cursor:pointer}
.choice input{flex:none;width:20px;height:20px;margin:3px 0 0;accent-color:var(--button)}
.choice span{display:block}
.choice .quiet{font-size:15px}
.field{margin:14px 0 6px;font-size:16px}
input[type=email],input[type=date]{flex:1 1 220px;min-width:0;min-height:52px;padding:8px 14px;border:1px solid var(--quiet);border-radius:6px;background:var(--sheet);color:var(--ink);font:inherit}
input[type=date]{flex:0 1 220px}
textarea{display:block;width:100%;min-height:112px;padding:10px 14px;border:1px solid var(--quiet);border-radius:6px;background:var(--sheet);color:var(--ink);font:inherit;resize:vertical}
.quote{margin:12px 0 0;padding:12px 16px;background:var(--panel);border-left:3px solid var(--line);font-size:16px}
.part .notice{margin:10px 0 16px}
.part:target{scroll-margin-top:16px}
.others{list-style:none;margin:16px 0 0;padding:0}
.others li{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:10px 20px;padding:16px 0;border-top:1px solid var(--line)}
.others div{flex:1 1 240px}
.others p{margin:0}
.others form{margin:0!important}
.others button{min-width:132px;padding:10px 20px}
.plain{margin:0 0 18px;padding-left:1.2em}
.plain li{margin:6px 0}
.note{margin-top:12px}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.pause{display:flex;flex-wrap:wrap;gap:12px}
@media(max-width:599px){.others button,.pause button{width:100%}.others form{width:100%}input[type=date]{flex:1 1 100%}}
`.replaceAll('\n', '');
