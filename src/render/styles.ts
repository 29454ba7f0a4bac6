/**
 * The inline styles of an issue, each written once here, and the two places where a style sheet helps: room on wide screens
 * and colours at night. Mail clients that drop `<style>` still show the day's design whole.
 */
import type { Palette, Theme } from './theme.ts';
import type { Language } from './words.ts';

/** System fonts only: no request, no shift. Names stay unquoted, so that no quote needs escaping inside `style="…"`. */
const fonts: Record<Language, { text: string; display: string; outlook: string }> = {
  ko: {
    text: 'Apple SD Gothic Neo,Malgun Gothic,sans-serif',
    display: 'Apple SD Gothic Neo,Malgun Gothic,sans-serif',
    outlook: '"Malgun Gothic",sans-serif',
  },
  en: {
    text: '-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif',
    display: 'Georgia,Times New Roman,serif',
    outlook: '"Segoe UI",Arial,sans-serif',
  },
};
const mono = 'Menlo,Consolas,monospace';

/** Hangul breaks between words, never inside one; what is longer than the line (a URL) breaks anywhere. */
const breaking = 'word-break:keep-all;overflow-wrap:anywhere';

export type Styles = ReturnType<typeof stylesOf>;

/** Inline styles by role. */
export function stylesOf(theme: Theme, lang: Language) {
  const day = theme.day;
  const { text, display } = fonts[lang];
  const type = `font:16px/1.75 ${text};color:${day.ink};${breaking}`;
  const small = `font:13px/24px ${text};color:${day.quiet};${breaking}`;
  /** Said only where it differs from what the row says. */
  const face = display === text ? '' : `font-family:${display};`;
  const title = `${face}line-height:1.35;letter-spacing:-.01em`;
  return {
    /** Cells that hold text: everything under them inherits. */
    row: `padding:0 20px;${type}`,
    /** A row that a hairline or a panel follows. */
    rowEnd: `padding:0 20px 24px;${type}`,
    ruled: `padding:44px 20px 0;border-top:1px solid ${day.line};${type}`,
    prose: `padding:44px 20px 24px;border-top:1px solid ${day.line};${type}`,
    panel: `padding:36px 20px 18px;background:${day.panel};${type}`,
    small: `padding:0 20px;${small}`,
    masthead: `padding:18px 20px 14px;border-bottom:1px solid ${day.line}`,
    name: `font:bold 18px/24px ${display};color:${day.ink}`,
    mast: small,
    mastLinks: `padding-left:12px;white-space:nowrap;${small}`,
    logo: 'display:inline-block;max-width:100%;vertical-align:bottom',
    title: `margin:32px 0 20px;font-size:27px;${title}`,
    h2: `margin:0 0 10px;font-size:23px;${title}`,
    number: `margin:0 0 4px;${face}font-size:23px;line-height:1.35;font-weight:bold;color:${day.accent}`,
    overview: `padding:16px 20px 32px;${type}`,
    label: `margin:0 0 8px;font-size:14px;line-height:1.5;color:${day.accent}`,
    h3: `margin:28px 0 4px;font-size:1em;color:${day.accent}`,
    h4: `margin:22px 0 4px;font-size:1em;color:${day.ink}`,
    p: 'margin:0 0 16px',
    list: 'margin:0 0 16px;padding:0 0 0 24px',
    li: 'margin:0 0 8px',
    quote: `margin:0 0 16px;padding:0 0 0 16px;border-left:3px solid ${day.line};color:${day.quiet}`,
    code: `padding:0 4px;font-family:${mono};font-size:.9em;background:${day.panel}`,
    pre: `margin:0 0 16px;padding:12px 14px;background:${day.panel};font-family:${mono};font-size:14px;line-height:1.6;white-space:pre-wrap;word-break:normal`,
    table: 'width:100%;margin:0 0 16px;font-size:15px;line-height:1.55',
    th: `padding:6px 12px 6px 0;border-bottom:2px solid ${day.line};vertical-align:bottom`,
    td: `padding:8px 12px 8px 0;border-bottom:1px solid ${day.line};vertical-align:top`,
    hr: `margin:28px 0;border:0;border-top:1px solid ${day.line}`,
    link: `color:${day.accent}`,
    /** Drawings in dark ink that are seen through stay readable at night. */
    image: `max-width:100%;height:auto;background:${day.sheet}`,
    /** No gap of a line's descent below it. */
    picture: `display:block;max-width:100%;height:auto;background:${day.sheet}`,
    /** Hangul has no italics: emphasis is weight. */
    em: lang === 'ko' ? 'font-style:normal;font-weight:600' : '',
    names: `font-size:.9em;color:${day.quiet}`,
    work: `margin:0 0 20px;font-size:14px;line-height:1.6;color:${day.quiet}`,
    workName: `margin-right:8px;color:${day.ink}`,
    chip: `display:inline-block;margin:3px 4px 3px 0;padding:3px 12px;border:1px solid ${day.line};border-radius:16px;color:${day.accent};text-decoration:none`,
    contents: `margin:0;line-height:1.5;color:${day.accent}`,
    contentsItem: 'margin:0 0 10px',
    contentsLink: `color:${day.ink};text-decoration:none`,
    marks: `margin:12px 0 36px;font-size:14px;line-height:44px;color:${day.quiet}`,
    mark: `display:inline-block;color:${day.quiet};text-decoration:none`,
    terms: 'margin:14px 0 0',
    term: 'margin:0',
    definition: 'margin:0 0 8px',
    h2Small: `margin:0 0 8px;font-size:19px;${title}`,
    promo: `padding:12px 20px 44px;${type}`,
    card: `border:1px solid ${day.line};border-top:3px solid ${day.accent};padding:22px 20px 6px`,
    ad: `margin:0 0 8px;font-size:13px;line-height:1.5;color:${day.quiet}`,
    codeBox: `display:block;margin:0 0 16px;padding:12px 8px;border:1px dashed ${day.accent};text-align:center;text-decoration:none;color:${day.quiet};font-size:13px;line-height:1.6`,
    codeText: `font-family:${mono};font-size:22px;line-height:1.5;font-weight:bold;letter-spacing:.06em;color:${day.ink};word-break:break-all`,
    button: `display:block;margin:0 0 16px;padding:12px 16px;border-radius:6px;background:${day.button.ground};color:${day.button.text};font-weight:bold;line-height:24px;text-align:center;text-decoration:none`,
    note: `margin:0 0 16px;font-size:14px;line-height:1.6;color:${day.quiet}`,
    taps: 'table-layout:fixed;margin:8px 0 40px',
    tap: `border:1px solid ${day.line}`,
    tapLink: `display:block;padding:10px 2px;font-size:14px;line-height:20px;color:${day.ink};text-decoration:none;text-align:center`,
    tapIcon: `font-size:20px;line-height:26px;color:${day.accent}`,
    footer: `padding:24px 20px 40px;background:${day.ground};${small}`,
    footerP: 'margin:0 0 8px',
    footerLast: 'margin:16px 0 0',
    footerLink: `color:${day.quiet}`,
  } satisfies Record<string, string>;
}

/**
 * Head style sheets. The first resets clients' habits and gives room on wide screens, in the plainest CSS; the second holds what
 * stricter clients may refuse whole: even line ends, coloured list marks, night colours for clients that ask (Apple Mail) and
 * for those that mark up (Outlook).
 */
export function headStyles(theme: Theme): { base: string; night: string } {
  const rules = nightRules(theme.night);
  const sheet = (prefix: string) =>
    rules.map(([selectors, declarations]) => `${selectors.map(s => prefix + s).join(',')}{${declarations}}`).join('');
  return {
    // `break-word` is for clients that do not know the inline `anywhere`; nested cells must not fall back to it.
    base: `body{margin:0;padding:0;-webkit-text-size-adjust:100%}table{border-collapse:collapse}td{overflow-wrap:break-word;overflow-wrap:anywhere}a{text-underline-offset:3px}img{border:0}@media only screen and (min-width:600px){.s{margin-top:24px!important}.r{padding-left:44px!important;padding-right:44px!important}.t{font-size:17px!important}}`,
    night: `:root{color-scheme:light dark;supported-color-schemes:light dark}h1,h2{text-wrap:balance}p,li,dd{text-wrap:pretty}li::marker{color:${theme.day.accent}}@media (prefers-color-scheme:dark){${sheet('')}}${sheet('[data-ogsc] ')}`,
  };
}

/** Outlook for Windows takes Times for a stack it does not know, and the frame's centring for the text's. */
export function outlookStyles(lang: Language): string {
  return `td,p,a,li,dt,dd,h1,h2,h3,h4,span{font-family:${fonts[lang].outlook}!important}.r{text-align:left}`;
}

/**
 * Selectors by role: g ground, s sheet, r row, n panel, q quiet, e its links, a accent, l plain, b button, d card, k code box.
 * Later rules win where they meet.
 */
function nightRules(night: Palette): [string[], string][] {
  return [
    [['.g', '.g>div'], `background:${night.ground}!important`],
    [['.s', '.s>table'], `background:${night.sheet}!important`],
    [['.s>table>tbody>tr>td', '.s .k'], `border-color:${night.accent}!important`],
    [['.s .r', '.s .r td', '.s th', '.s a', '.s hr', '.s blockquote'], `border-color:${night.line}!important`],
    [['.s .r', '.s td', '.s h1', '.s h2', '.s h4', '.s .l'], `color:${night.ink}!important`],
    [['.s .n', '.s code', '.s pre'], `background:${night.panel}!important`],
    [['.s h3', '.s a', '.s .a', '.s li::marker'], `color:${night.accent}!important`],
    [['.s .q', '.s .e a', '.s blockquote', '.s .g', '.s .g a'], `color:${night.quiet}!important`],
    [['.s .b'], `background:${night.button.ground}!important;color:${night.button.text}!important`],
    [['.s .r .d'], `border-top-color:${night.accent}!important`],
  ];
}
