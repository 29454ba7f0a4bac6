/** Style of the archive's pages, after that of all readers' pages. */

const text = `
.skip{position:absolute;left:-9999px;top:0;padding:10px 16px;background:var(--button);color:var(--on-button);z-index:20}
.skip:focus{left:8px;top:8px}
.ways{display:flex;flex-wrap:wrap;gap:0 22px;font-size:15px;border-bottom:1px solid var(--line)}
.ways a{display:inline-flex;align-items:center;min-height:44px;color:var(--quiet);text-decoration:none;border-bottom:2px solid transparent;margin-bottom:-1px}
.ways a:hover{color:var(--ink)}
.ways [aria-current]{color:var(--ink);border-color:var(--accent)}
.headline{margin:0 0 32px}
.headline h1{font-size:36px;line-height:1.3;letter-spacing:-.02em;margin:0}
.headline .meta{margin:0 0 10px!important;font-size:15px}
.headline .nth{margin:18px 0 0}
h3{margin:32px 0 4px;font-size:1em;line-height:1.6;color:var(--accent)}
h4{margin:22px 0 4px;font-size:1em}
article h2{margin:0 0 12px;font-size:26px;line-height:1.35;text-wrap:balance}
article h2.part{margin:36px 0 6px;font-size:1.06em;line-height:1.6;color:var(--accent);letter-spacing:0}
article p,article li{text-wrap:pretty}
article ul,article ol{margin:0 0 18px;padding-left:24px}
article li{margin:0 0 8px}
article li::marker{color:var(--accent)}
article [id]{scroll-margin-top:20px}
.ruled{margin-top:56px;padding-top:48px;border-top:1px solid var(--line)}
.bare+.ruled{margin-top:20px;padding-top:0;border:0}
.nth{margin:0 0 2px;font-size:26px;line-height:1.35;font-weight:700;color:var(--accent);font-variant-numeric:tabular-nums}
.nth:lang(en){font-family:Georgia,"Times New Roman",serif}
.work{margin:0 0 22px;font-size:15px;line-height:2.2;color:var(--quiet)}
.name-of{color:var(--ink);margin-right:6px}
.chip{display:inline-block;margin-right:2px;padding:3px 14px;border:1px solid var(--line);border-radius:16px;line-height:1.6;text-decoration:none}
.chip:hover{border-color:var(--accent)}
.share{display:flex;flex-wrap:wrap;gap:0 20px;margin:22px 0 0;font-size:14px}
.share a,.share button{display:inline-flex;align-items:center;min-width:0;min-height:44px;padding:0;border:0;background:none;color:var(--quiet);font:inherit;font-weight:400;text-decoration:none;cursor:pointer}
.share button[hidden]{display:none}
.share a:hover,.share button:hover{color:var(--accent);text-decoration:underline;box-shadow:none}
article>.share{margin-top:28px;border-top:1px solid var(--line);padding-top:6px}
.glossary{margin-top:48px;padding:30px 32px 18px}
.glossary h2{font-size:22px}
.glossary .panel p,.glossary dd p{margin:0 0 6px}
.glossary dl{display:block;margin:14px 0 0}
.glossary dt{font-weight:700;font-size:1em;line-height:1.6;color:var(--ink)}
.glossary dt a{color:var(--ink);text-decoration-color:var(--line)}
.glossary dd{margin:0 0 18px}
.names{font-weight:400;font-size:.92em;color:var(--quiet)}
.promo{margin:48px 0 0;padding:26px 32px 12px;border:1px solid var(--line);border-top:3px solid var(--accent);background:var(--sheet)}
.promo h2{font-size:21px}
.promo .ad{margin:0 0 8px;font-size:13px;color:var(--quiet)}
.promo .code{padding:12px;border:1px dashed var(--accent);text-align:center;font-size:14px;color:var(--quiet)}
.promo .code code{display:block;padding:0;background:none;color:var(--ink);font-size:22px;font-weight:700;letter-spacing:.06em}
blockquote{margin:0 0 18px;padding-left:18px;border-left:3px solid var(--line);color:var(--quiet)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{padding:0 4px;font-size:.9em;background:var(--panel)}
pre{margin:0 0 18px;padding:14px 16px;background:var(--panel);font-size:14px;line-height:1.6;overflow-x:auto;word-break:normal;overflow-wrap:normal}
pre code{padding:0;font-size:1em}
hr{margin:32px 0;border:0;border-top:1px solid var(--line)}
em:lang(ko){font-style:normal;font-weight:600}
img{max-width:100%;height:auto}
img.unsized{width:100%;aspect-ratio:16/9;object-fit:contain}
.wide-table{overflow-x:auto;margin:0 0 20px}
table{width:100%;border-collapse:collapse;font-size:16px;line-height:1.55;overflow-wrap:normal}
th,td{padding:9px 16px 9px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{border-bottom-width:2px;vertical-align:bottom}
td.right,th.right{text-align:right}
td.center,th.center{text-align:center}
.after{margin-top:56px}
.join{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:16px 24px}
.from p{margin:0}
.steps{display:grid;grid-template-columns:1fr 1fr;gap:16px 32px;margin-top:36px;border-top:1px solid var(--line)}
.steps a{display:flex;flex-direction:column;padding:18px 0;color:var(--ink);text-decoration:none;line-height:1.5}
.steps a:hover span:last-child{text-decoration:underline;text-decoration-color:var(--accent)}
.steps .quiet{font-size:14px}
.steps .next{grid-column:2;text-align:right}
.corrections{font-size:15px}
.corrections p{margin:0}
`;

/** Explanations: beside the word where the browser can anchor them, at the foot of the window elsewhere. */
const tips = `
.t{anchor-scope:--t}
button.term{display:inline;min-width:0;min-height:0;padding:0;border:0;border-radius:0;background:none;color:inherit;font:inherit;text-align:inherit;line-height:inherit;letter-spacing:inherit;text-decoration:underline dotted var(--accent);text-decoration-thickness:1.5px;text-underline-offset:.25em;cursor:help;user-select:text;-webkit-user-select:text;anchor-name:--t}
button.term:hover{box-shadow:none;text-decoration-style:solid}
.tip{position:fixed;inset:auto 12px 12px;margin:0 auto;max-width:30em;width:auto;padding:16px 18px;border:1px solid var(--line);border-top:3px solid var(--accent);background:var(--sheet);color:var(--ink);font-size:15px;font-weight:400;line-height:1.65;text-align:left;box-shadow:0 6px 24px rgb(0 0 0/.16);z-index:10}
.tip .def,.tip .note{display:block;margin:4px 0 0}
.tip .note{font-size:13px;color:var(--quiet)}
.tip a{display:inline-flex;align-items:center;min-height:32px;font-size:14px}
@supports(anchor-scope:--t){@media(min-width:600px){.tip{inset:auto;width:min(26em,calc(100vw - 24px));position-anchor:--t;position-area:bottom span-right;position-try-fallbacks:--left,--above,--above-left;margin:4px 0}
@position-try --left{position-area:bottom span-left}
@position-try --above{position-area:top span-right}
@position-try --above-left{position-area:top span-left}}}
@media(hover:hover){.term:hover+.tip:not(:popover-open),.tip:hover:not(:popover-open){display:block;animation:tip .1s .35s backwards}}
.calm .tip:not(:popover-open){display:none!important}
@keyframes tip{from{opacity:0;visibility:hidden}}
`;

const layout = `
.wide{max-width:none;padding:0}
.wide>header,.wide>nav,.wide>footer{width:calc(100% - 40px);max-width:62rem;margin:0 auto}
.wide>main{width:calc(100% - 40px);max-width:42rem;margin:0 auto}
.contents{margin:0 0 36px;font-size:15px;line-height:1.5}
.contents summary{display:flex;align-items:center;min-height:44px;font-weight:700;color:var(--accent);cursor:pointer}
.contents summary::before{content:"";width:7px;height:7px;margin:-3px 12px 0 2px;border:solid;border-width:0 2px 2px 0;transform:rotate(45deg)}
.contents details:not([open]) summary::before{transform:rotate(-45deg);margin-top:0}
.contents summary::-webkit-details-marker{display:none}
.contents ol{list-style:none;margin:0;padding:0}
.contents li{margin:0}
.contents a{display:flex;gap:10px;padding:7px 0;color:var(--ink);text-decoration:none}
.contents a:hover span:last-child{text-decoration:underline;text-decoration-color:var(--accent)}
.contents .no{flex:none;min-width:1.2em;color:var(--accent);font-variant-numeric:tabular-nums}
@media(min-width:1080px){
.wide>main{max-width:62rem;padding-top:0}
.wide .whole{display:grid;grid-template-columns:15rem minmax(0,42rem);column-gap:5rem}
.whole>*{grid-column:2}
.whole>.headline{padding-top:48px}
.wide .after{margin-left:20rem;max-width:42rem}
.whole>.contents{grid-column:1;grid-row:1/span 40;position:sticky;top:0;align-self:start;max-height:100vh;overflow-y:auto;margin:0;padding:44px 0 24px;font-size:14px;scrollbar-width:thin}
.contents summary{pointer-events:none;min-height:0;margin:0 0 8px 12px;font-size:13px}
.contents summary::before{display:none}
.contents a{padding:6px 0 6px 12px;border-left:2px solid var(--line);color:var(--quiet)}
.contents a:hover{color:var(--ink)}
.contents [aria-current]{color:var(--ink);border-color:var(--accent)}
}
@media(max-width:599px){
.headline{margin-bottom:24px}.headline h1{font-size:28px}
article h2,.nth{font-size:23px}
.ruled{margin-top:40px;padding-top:36px}
.glossary,.promo{margin-left:-8px;margin-right:-8px;padding-left:20px;padding-right:20px}
.steps{grid-template-columns:1fr;gap:0}.steps .next{grid-column:1;text-align:left;border-top:1px solid var(--line)}
.join .button{width:100%}
}
@media print{
.mast,.ways,.contents,.share,.after,.skip,.tip{display:none!important}
html{font-size:11pt;line-height:1.6;background:#fff;color:#000}
.wide>main{width:auto;max-width:none;padding:0}
.wide .whole{display:block}
.whole>.headline{padding:0}
.panel,.promo{background:none;border:1px solid #999}
h1,h2,h3,.nth,.work{break-after:avoid}
.summary p,li,dd{orphans:3;widows:3}
button.term{text-decoration:none}
.chip{padding:0;border:0}.chip::after,article p a[href^=http]::after{content:" (" attr(href) ")";font-size:.85em;overflow-wrap:anywhere}
a{color:inherit}
}
`;

const lists = `
.find{display:flex;gap:10px;margin:0 0 32px}
.find input{flex:1;width:auto}
.find button{flex:none;width:auto;min-width:84px;padding:8px 18px;background:none;border-color:var(--accent);color:var(--accent)}
.find button:hover{background:var(--panel);box-shadow:none}
.hits{list-style:none;margin:0;padding:0}
.hits li{padding:22px 0;border-top:1px solid var(--line)}
.hits p{margin:6px 0 0}
mark{padding:0 1px;background:color-mix(in srgb,var(--accent) 22%,transparent);color:inherit}
.letters{display:flex;flex-wrap:wrap;gap:2px;margin:0 0 28px -14px;font-size:16px}
.letters a{display:inline-flex;align-items:center;justify-content:center;min-width:44px;min-height:44px;text-decoration:none}
.letters a:hover{background:var(--panel)}
.terms{margin:0 0 36px}
.terms h2{padding:0 0 6px;border-bottom:1px solid var(--line);color:var(--accent)}
.terms ul{list-style:none;margin:0;padding:0}
.terms li{padding:10px 0;border-bottom:1px solid var(--line)}
.terms li a{font-weight:700;color:var(--ink);text-decoration:none}
.terms li a:hover{text-decoration:underline;text-decoration-color:var(--accent)}
.said{margin:0 0 8px;padding:24px 0;border-top:1px solid var(--line)}
.said p{margin:0 0 8px}
.said:first-of-type{border-top:3px solid var(--accent)}
`;

export const archiveStyle = (text + tips + layout + lists).replaceAll('\n', '');
