/** What stands around the sheet: masthead and footer, in the publication's language. */
import type { Issue } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';
import { inMail } from '../model/reader.ts';
import { longDate } from './dates.ts';
import { escapeAttribute, oneLine } from './escape.ts';
import type { Slots } from './slots.ts';
import { wordsFor } from './words.ts';

/** The address that answers reach. */
export function replyAddress(publication: Publication): string {
  return publication.replyTo ?? publication.from.address;
}

/** The postal address as the publication file breaks it. */
export function addressLines(publication: Publication): string[] {
  return publication.postalAddress.split(/\r?\n/).map(oneLine).filter(Boolean);
}

/** `mailto:` of an answer, ready for `href="…"` (RFC 6068: percent-encoded, so nothing is left to escape). */
export function mailto(publication: Publication, subject: string): string {
  const encode = (s: string) => encodeURIComponent(s).replace(/'/g, '%27');
  const [local, domain] = replyAddress(publication).split('@') as [string, string];
  return `mailto:${encode(local)}@${domain}?subject=${encode(subject)}`;
}

/** "보내는 이름 · 제12호 · 2026년 3월 4일 수요일": the sender's name only where it is not the publication's. */
export function mastheadLine(issue: Issue, publication: Publication, sendDate: string | undefined): string {
  const w = wordsFor(publication, publication.language);
  return [
    publication.from.name === publication.name ? '' : publication.from.name,
    issue.number ? w.issueNumber(issue.number) : '',
    longDate(issue.date ?? sendDate, publication, true),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** "메일을 그만 받고 싶으시면 [수신거부]를 눌러 주세요." as text, link, text. */
export function refusalsOf(publication: Publication): { lang: string; before: string; link: string; after: string }[] {
  if (!publication.law.includes('kr')) return [];
  const w = wordsFor(publication, publication.language);
  const sentences = [...new Set([w.refuse, w.refuseInEnglish])];
  return sentences.map(sentence => {
    const [before = '', link = '', after = ''] = sentence.split(/[[\]]/);
    return { lang: sentence === w.refuse ? publication.language : 'en', before, link, after };
  });
}

/** The templates' `frame`. */
export function frameView(issue: Issue, publication: Publication, sendDate: string | undefined, slots: Slots) {
  const w = wordsFor(publication, publication.language);
  const unsubscribe = slots.link({ to: 'unsubscribe' });
  const langOf = (lang: string, around: string) => (lang === around ? '' : ` lang="${lang}"`);
  return {
    lang: langOf(publication.language, issue.lang),
    name: publication.name,
    logo: logoOf(publication),
    line: mastheadLine(issue, publication, sendDate),
    web: slots.link({ to: 'web' }),
    unsubscribe,
    preferences: slots.link({ to: 'preferences' }),
    // Ways out and in are the subscriber's; the public copy leaves them out.
    head: slots.when({ field: inMail, op: 'present' }),
    foot: slots.when({ field: inMail, op: 'present' }),
    description: oneLine(publication.description),
    why: w.why(publication.name),
    refusals: refusalsOf(publication).map(refusal => ({
      ...refusal,
      lang: langOf(refusal.lang, publication.language),
      href: unsubscribe,
    })),
    sender: publication.from.name,
    addressLines: addressLines(publication),
    phone: publication.phone,
    email: replyAddress(publication),
    mailto: mailto(publication, '').split('?')[0]!,
  };
}

/** The logo as an image, its attributes ready. */
export function logoOf(publication: Publication): { src: string; size: string } | undefined {
  const { logo } = publication.brand;
  if (!logo) return undefined;
  if (typeof logo === 'string') return { src: escapeAttribute(logo), size: ' height="36"' };
  return { src: escapeAttribute(logo.url), size: ` width="${logo.width}" height="${logo.height}"` };
}
