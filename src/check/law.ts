/** What Korea's Network Act asks of an advertising mail (rule 5.4), and where the way out stands (rule 1.5); on the mail as one reader gets it. */
import type { Issue, Problem } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';
import { problem } from './catalogue.ts';
import { lineOf } from './lines.ts';

/** Gmail cuts near 102,000 bytes; a way out must stand well before. */
const wayOutBytes = 90_000;

/** Words that offer something for sale; in a subject they are advertising unless it says so. */
const selling =
  /할인|특가|쿠폰|무료\s?체험|이벤트|사은품|세일|적립|최저가|기획전|프로모션|\b(?:sale|coupon|discount|\d+ ?% off)\b/i;

export interface LawInput {
  source: string;
  issue: Issue;
  publication: Publication;
  html: string;
  text: string;
}

export function lawProblems({ source, issue, publication, html, text }: LawInput): Problem[] {
  const found: Problem[] = [];
  const wayOut = /\/unsubscribe["?]/.exec(html)?.index;
  if (wayOut === undefined || Buffer.byteLength(html.slice(0, wayOut)) > wayOutBytes)
    found.push(problem('unsubscribe-late', 0, 'The way to unsubscribe does not stand in the first 90,000 bytes.'));
  if (!publication.law.includes('kr')) return found;
  const line = lineOf(source, 'subject:');
  const advertises = issue.sections.some(section => section.type === 'promo');
  const isLabelled = issue.subject.startsWith('(광고)');
  const word = selling.exec(issue.subject)?.[0];
  if (!advertises && !isLabelled && word)
    found.push(problem('kr-ad-words', line, `The subject says “${word}”, and is not labelled as advertising.`));
  if (!advertises && isLabelled)
    found.push(problem('kr-ad-needless', line, 'The subject is labelled (광고), but the issue has no promo.'));
  const missing = advertises ? missingIdentity(publication, html, text) : [];
  if (missing.length > 0)
    found.push(
      problem(
        'kr-ad-footer',
        0,
        `The footer of an advertising issue lacks ${missing.map(what => `“${what}”`).join(', ')}.`,
      ),
    );
  return found;
}

/** Sender, e-mail, phone, postal address, and how to refuse in both languages: in the HTML and in the text part. */
function missingIdentity(publication: Publication, html: string, text: string): string[] {
  const words = plain(html);
  const wanted: [string, string][] = [
    ['sender', publication.from.name],
    ['e-mail', publication.replyTo ?? publication.from.address],
    ['phone', publication.phone],
    ...publication.postalAddress.split(/\r?\n/).map((line): [string, string] => ['postal address', line]),
    ['how to refuse', publication.language === 'ko' ? '수신거부' : 'Unsubscribe'],
    ['how to refuse, in English', 'Unsubscribe'],
  ];
  const squash = (value: string) => value.replace(/\s+/g, '');
  const [inHtml, inText] = [squash(words), squash(text)];
  return wanted
    .filter(([, value]) => squash(value) === '' || ![inHtml, inText].every(all => all.includes(squash(value))))
    .map(([what]) => what);
}

function plain(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, '')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
