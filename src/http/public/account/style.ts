/** Rules of the forms on readers' own pages, beside those of every page. */
export const accountRules = `
.options{display:grid;gap:4px;margin:8px 0 16px}
.choice{display:flex;align-items:flex-start;gap:12px;min-height:44px;padding:9px 0;margin:0;font-weight:400;font-size:inherit;line-height:1.55;font-family:inherit!important;cursor:pointer}
.choice input{flex:none;width:20px;height:20px;margin:3px 0 0;accent-color:var(--button)}
.choice span{display:block}
.choice .quiet{font-size:15px}
.field{margin:14px 0 6px;font-size:16px}
.fold input[type=date]{flex:0 1 220px}
.fold select{flex:0 1 320px}
form>.choice{margin-bottom:10px}
.folds{margin-top:32px;border-bottom:1px solid var(--line)}
.folds+.part{margin-top:0;border-top:0}
.fold{border-top:1px solid var(--line);scroll-margin-top:16px}
.fold summary{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 14px;min-height:60px;padding:16px 36px 14px 0;position:relative;cursor:pointer;list-style:none}
.fold summary::-webkit-details-marker{display:none}
.fold summary::after{content:"";position:absolute;right:8px;top:24px;width:9px;height:9px;border:solid var(--quiet);border-width:0 2px 2px 0;transform:rotate(45deg)}
.fold[open] summary::after{top:29px;transform:rotate(225deg)}
.fold summary:hover h2{text-decoration:underline;text-decoration-color:var(--accent);text-decoration-thickness:1px;text-underline-offset:.2em}
.fold h2{margin:0}
.fold>div{padding:2px 0 30px}
.fold form{margin:16px 0 0}
.fold .notice{margin:10px 0 16px}
.others{list-style:none;margin:16px 0 0;padding:0}
.others li{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:10px 20px;padding:16px 0;border-top:1px solid var(--line)}
.others div{flex:1 1 240px}
.others p{margin:0}
.others form{margin:0!important}
.others button{min-width:132px;padding:10px 20px}
.listed{margin:0 0 18px;padding-left:1.2em}
.listed li{margin:6px 0}
.send{margin-top:12px}
.away{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.pause{display:flex;flex-wrap:wrap;gap:12px}
.pause form{margin:0!important}
@media(max-width:599px){.others button,.pause button{width:100%}.others form,.pause form{width:100%}.fold input[type=date]{flex:1 1 100%}}
`.replaceAll('\n', '');
