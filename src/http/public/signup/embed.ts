/**
 * The form for other sites: one script, no dependencies, everything inside a shadow root, no cookie. It asks for a ticket when someone turns
 * to the form and posts JSON; whatever it cannot do itself (a proof, a failing network) leads to the form here.
 */
import { readFileSync } from 'node:fs';
import type { StoredPublication } from '../../../db/publications.ts';
import { versionOf, wordingsOf } from '../../../model/consent.ts';
import { themeOf } from '../../../render/theme.ts';
import type { Language } from '../words.ts';
import { signUpWords } from './words.ts';

/** A function as an expression: it is called with the settings. Plain JavaScript, since it is served as it stands. */
let client: string | undefined;

/** @param url of `/p/:slug/subscribe`, absolute */
export function embedScript({ publication }: StoredPublication, lang: Language, url: string): string {
  const text = signUpWords[lang];
  const wordings = wordingsOf(publication, lang);
  const settings = {
    url,
    lang,
    css: styles(publication.brand.accent),
    wording: versionOf(wordings),
    heading: text.title(publication.name),
    label: text.email,
    placeholder: text.placeholder,
    button: text.button,
    box: wordings.advertising?.text ?? '',
    promise: `${wordings.subscription.text} ${text.promise}`,
    trap: text.trap,
    open: text.embed.open,
  };
  client ??= readFileSync(new URL('./embed-client.js', import.meta.url), 'utf8')
    .trim()
    .replace(/;$/, '');
  return `(${client})(${literal(settings)});\n`;
}

/** JSON as a JavaScript expression, also inside an HTML script element. */
function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function styles(accent: string): string {
  const theme = themeOf(accent);
  const colours = (p: (typeof theme)['day']) =>
    `--sheet:${p.sheet};--panel:${p.panel};--ink:${p.ink};--quiet:${p.quiet};--accent:${p.accent};--button:${p.button.ground};--on:${p.button.text}`;
  return [
    `:host{all:initial;display:block;color-scheme:light dark;${colours(theme.day)}}`,
    `@media(prefers-color-scheme:dark){:host{${colours(theme.night)}}}`,
    '*{box-sizing:border-box}',
    'form,.said{font:16px/1.65 -apple-system,BlinkMacSystemFont,"Segoe UI","Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",sans-serif;word-break:keep-all;overflow-wrap:anywhere;max-width:560px;padding:24px 28px;background:var(--panel);border-top:3px solid var(--accent);color:var(--ink)}',
    'p{margin:12px 0 0}.title{margin:0 0 12px;font-size:19px;font-weight:700;line-height:1.35}.quiet{font-size:14px;color:var(--quiet)}',
    'label{display:block;font-size:15px;font-weight:600;margin:0 0 6px}.row{display:flex;flex-wrap:wrap;gap:10px}',
    'input[type=email]{flex:1 1 200px;min-width:0;min-height:48px;padding:8px 14px;border:1px solid var(--quiet);border-radius:6px;background:var(--sheet);color:var(--ink);font:inherit}',
    'input::placeholder{color:var(--quiet);opacity:1}',
    'button{min-height:48px;padding:8px 24px;border:1px solid var(--button);border-radius:6px;background:var(--button);color:var(--on);font:inherit;font-weight:700;cursor:pointer}',
    'button.second{background:transparent;border-color:var(--accent);color:var(--accent)}button[disabled]{opacity:.6;cursor:default}',
    ':focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:3px}a{color:var(--accent)}',
    '.agree{display:flex;gap:12px;align-items:flex-start;margin-top:14px}.agree input{flex:none;width:20px;height:20px;margin:3px 0 0;accent-color:var(--button)}.agree label{font-weight:400;margin:0}',
    '.trap{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.said:empty,.note:empty{display:none}',
    '@media(max-width:480px){form,.said{padding:20px}.row button{width:100%}}',
  ].join('');
}
