/** A kind of letter → an Edition whose slots are the letter's own values, so that it is filled, encoded and signed as an issue is. */
import type { Edition } from '../model/edition.ts';
import { type LetterKind, letterFields } from '../model/letter.ts';
import type { Publication } from '../model/publication.ts';
import { escapeText, oneLine } from './escape.ts';
import { addressLines, logoOf, mailto, replyAddress } from './frame.ts';
import { type LetterWords, letterFrame, letterWords } from './letter-words.ts';
import { preheaderPadding } from './preheader.ts';
import { Slots } from './slots.ts';
import { squeeze } from './squeeze.ts';
import { headStyles, outlookStyles, stylesOf } from './styles.ts';
import { templates } from './templates.ts';
import { themeOf } from './theme.ts';
import type { Language } from './words.ts';

/**
 * The same for all letters of a kind, publication and language.
 * @param stops whether letters of this kind have a way to stop of their own
 * @throws Error when our own template or words are at fault
 */
export function renderLetter(kind: LetterKind, publication: Publication, lang: Language, stops = false): Edition {
  const slots = new Slots();
  const words = letterWords[lang][kind](oneLine(publication.name));
  const html = slots.split(htmlOf(words, publication, lang, slots, stops)).parts;
  const text = slots.split(textOf(words, publication, lang, slots, stops)).parts;
  const subject = slots.split(filled(words.subject, slots)).parts;
  return { lang, subject, html, text, links: [], summaries: [], sections: [] };
}

/** `{{field}}` → its slot. */
function filled(text: string, slots: Slots): string {
  return text.replace(/\{\{([a-z]\w*)\}\}/gi, (_, name: string) => slots.field(name, ''));
}

function htmlOf(words: LetterWords, publication: Publication, lang: Language, slots: Slots, stops: boolean): string {
  const theme = themeOf(publication.brand.accent);
  const html = (text: string) => filled(escapeText(text), slots);
  const title = words.title.replace(/\{\{\w+\}\}/g, '');
  const head = templates().head({ lang, title, css: { ...headStyles(theme), outlook: outlookStyles(lang) } });
  const view = {
    lang,
    preheader: html(words.preheader) + preheaderPadding,
    ground: theme.day.ground,
    sheet: theme.day.sheet,
    accent: theme.day.accent,
    name: publication.name,
    logo: logoOf(publication),
    title: html(words.title),
    body: words.body.map(html),
    quote: words.quote === undefined ? '' : html(words.quote),
    action: words.action ?? '',
    link: words.action === undefined ? '' : slots.field(letterFields.link, ''),
    after: (words.after ?? []).map(html),
    why: html(words.why),
    unsubscribe: stops ? slots.field(letterFields.stop, '') : '',
    sender: publication.from.name,
    addressLines: addressLines(publication),
    phone: publication.phone,
    email: replyAddress(publication),
    mailto: mailto(publication, '').split('?')[0]!,
  };
  const body = templates().letter(view, { s: stylesOf(theme, lang), w: letterFrame[lang] });
  return squeeze(`${head}${body}</html>`);
}

function textOf(words: LetterWords, publication: Publication, lang: Language, slots: Slots, stops: boolean): string {
  const frame = letterFrame[lang];
  const paragraphs = [
    words.title,
    ...words.body,
    words.quote === undefined ? '' : `> ${words.quote}`,
    words.action === undefined ? '' : `${words.action}:\n{{${letterFields.link}}}`,
    ...(words.after ?? []),
    '--',
    words.why,
    stops ? `${frame.stopLetters}: {{${letterFields.stop}}}` : '',
    [
      publication.from.name,
      ...addressLines(publication),
      publication.phone && `${frame.phone} ${publication.phone}`,
      `${frame.email} ${replyAddress(publication)}`,
    ]
      .filter(Boolean)
      .join('\n'),
  ];
  return `${filled(paragraphs.filter(Boolean).join('\n\n'), slots)}\n`;
}
