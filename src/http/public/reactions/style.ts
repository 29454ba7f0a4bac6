/** Style of likes, comments and sharing, after that of all readers' pages. */
export const reactionsStyle = `
.react{display:inline-flex;flex-wrap:wrap;align-items:center;gap:0 20px;font-size:14px}
.react form{margin:0}
.react a,.react button,main .react button{display:inline-flex;align-items:center;gap:8px;width:auto;min-width:0;min-height:44px;padding:0;border:0;background:none;color:var(--quiet);font:inherit;font-size:14px;font-weight:400;text-decoration:none;cursor:pointer}
.react a:hover,.react button:hover{color:var(--accent);text-decoration:underline;box-shadow:none}
.react svg{width:17px;height:17px}
.react .n{font-variant-numeric:tabular-nums}
.thread{margin:8px 0 0;padding:0;list-style:none}
.thread>li{padding:22px 0 10px;border-top:1px solid var(--line)}
.thread>li:first-child{border-top:0}
.thread .thread{margin:6px 0 6px;padding-left:22px;border-left:2px solid var(--line)}
.thread .thread>li{padding:14px 0 2px;border-top:0}
.by{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 12px;margin:0 0 4px!important;line-height:1.5}
.by .who{font-weight:700}
.by .quiet{font-size:14px}
.by .tag{padding:1px 9px;border-radius:10px;background:var(--panel);font-size:13px;color:var(--quiet)}
.words p,.words ul,.words ol,.words pre,.words blockquote{margin:0 0 10px}
.words .typed{white-space:pre-wrap}
.words blockquote{padding-left:14px;border-left:3px solid var(--line);color:var(--quiet)}
.words code,.words pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.9em;background:var(--panel)}
.words code{padding:0 4px}
.words pre{padding:12px 14px;overflow-x:auto;word-break:normal;overflow-wrap:normal}
.words pre code{padding:0}
.words em:lang(ko){font-style:normal;font-weight:600}
.words ul,.words ol{padding-left:22px}
.acts{display:flex;flex-wrap:wrap;gap:0 18px;font-size:14px}
.acts a{display:inline-flex;align-items:center;min-height:44px;color:var(--quiet)}
.write{margin-top:40px;padding-top:30px;border-top:1px solid var(--line);scroll-margin-top:20px}
.write form{margin:16px 0 0}
.write label{margin:22px 0 6px;font-size:16px}
.write label:first-child{margin-top:0}
.write .quiet{margin:6px 0 0}
.write input[type=text]{display:block;width:100%}
.write textarea{min-height:150px}
.write button{margin-top:24px}
li:target{outline:2px solid var(--accent);outline-offset:6px;border-radius:3px}
.bad{margin:0 0 20px;padding:12px 16px;background:var(--panel);border-left:3px solid var(--accent);font-weight:600}
.address{display:flex;flex-wrap:wrap;gap:12px;margin:8px 0 0}
.address input[type=url]{flex:1 1 240px;font-size:15px}
.address button{min-width:132px;padding:10px 20px}
.places{display:flex;flex-wrap:wrap;gap:10px;margin:12px 0 0;padding:0;list-style:none}
.places a,.places button{display:inline-flex;align-items:center;justify-content:center;min-width:0;width:auto;min-height:48px;padding:8px 20px;border:1px solid var(--line);border-radius:6px;background:none;color:var(--ink);font:inherit;font-weight:600;line-height:1.4;text-decoration:none}
.places a:hover,.places button:hover{border-color:var(--accent);color:var(--accent);box-shadow:none}
.places+.quiet,form+.quiet,button+.quiet{margin-top:20px}
.kept{margin-top:36px;padding-top:28px;border-top:1px solid var(--line)}
@media(max-width:599px){.thread .thread{padding-left:14px}.address button{width:100%}}
@media print{.react,.acts,.write{display:none}}
`.replaceAll('\n', '');
