/**
 * An estimate of how a content filter sees the issue: a few open rules with points, five of which are too many. What decides in truth is whether
 * readers want the mail, and the sending domain's name (INBOX rules 1.1 and 1.3): no text makes up for those.
 */
import type { Edition } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import { isSameSite, isShortener, shownHost } from './links.ts';

export const spamLimit = 5;

const ruleCodes = [
  'unsigned',
  'fakeReply',
  'shouting',
  'marks',
  'emoji',
  'pressing',
  'numberHost',
  'shortened',
  'disguised',
  'plainHttp',
  'manyLinks',
  'pictureOnly',
  'large',
  'bodyPressing',
  'noPreheader',
] as const;
export type SpamRule = (typeof ruleCodes)[number];

export interface SpamEstimate {
  points: number;
  limit: number;
  rules: { rule: SpamRule; points: number; found: string }[];
}

const pressing =
  /무료|공짜|당첨|대출|긴급|마감\s?임박|100\s?%|지금 바로|선착순|수익\s?보장|부업|최저가|\b(?:free|winner|urgent|act now|limited time|guaranteed?|risk[- ]free|cash|earn \$?\d+|click here)\b/gi;

/** @param given.words of the issue @param given.pictures in it @param given.isSigned whether mail leaves with a DKIM signature */
export function estimateSpam(given: {
  issue: Issue;
  edition: Edition;
  words: string;
  pictures: number;
  htmlBytes: number;
  isSigned: boolean;
}): SpamEstimate {
  const { issue, edition, words } = given;
  const subject = issue.subject.replace(/^\(광고\)\s*/, '');
  const rules: SpamEstimate['rules'] = [];
  const add = (rule: SpamRule, points: number, found: string | number | undefined) => {
    if (points > 0) rules.push({ rule, points: Math.round(points * 10) / 10, found: String(found ?? '') });
  };
  const match = (pattern: RegExp) => subject.match(pattern) ?? [];
  add('unsigned', given.isSigned ? 0 : 2, '');
  add('fakeReply', /^(?:re|fwd?|회신|답장|전달)\s*:/i.test(subject) ? 2 : 0, subject.slice(0, 20));
  const letters = match(/[A-Za-z]/g).length;
  add('shouting', letters >= 10 && match(/[A-Z]/g).length / letters > 0.8 ? 1.5 : 0, subject);
  add(
    'marks',
    Math.min(1.5, 0.5 * match(/!{2,}|[!?]{3,}|[$₩]{2,}|★{1,}/g).length),
    match(/!{2,}|[!?]{3,}|★+/g).join(' '),
  );
  const emoji = match(/\p{Extended_Pictographic}/gu).length;
  add('emoji', emoji > 1 ? 0.5 : 0, emoji);
  const pushed = match(pressing);
  add('pressing', Math.min(2, 0.7 * pushed.length), [...new Set(pushed)].join(', '));
  linkRules(edition, add);
  const count = words.split(/\s+/).filter(Boolean).length;
  add('pictureOnly', given.pictures > 0 && count < 80 ? 1.5 : 0, `${given.pictures} / ${count}`);
  add('large', given.htmlBytes > 90_000 ? 0.5 : 0, given.htmlBytes);
  const inBody = words.slice(0, 200_000).match(pressing) ?? [];
  add(
    'bodyPressing',
    inBody.length >= 5 ? Math.min(1.5, 0.2 * inBody.length) : 0,
    [...new Set(inBody)].slice(0, 5).join(', '),
  );
  add('noPreheader', issue.preheader.trim() === '' ? 0.2 : 0, '');
  const points = Math.round(rules.reduce((sum, rule) => sum + rule.points, 0) * 10) / 10;
  return { points, limit: spamLimit, rules: rules.sort((a, b) => b.points - a.points) };
}

function linkRules(
  edition: Edition,
  add: (rule: SpamRule, points: number, found: string | number | undefined) => void,
) {
  const links = edition.links.filter(link => URL.canParse(link.url)).map(link => ({ ...link, ...hostOf(link.url) }));
  const numbers = links.filter(({ host }) => /^(?:\d{1,3}\.){3}\d{1,3}$|^\[/.test(host));
  add('numberHost', numbers.length > 0 ? 2 : 0, numbers[0]?.host);
  const short = links.filter(({ host }) => isShortener(host));
  add('shortened', Math.min(2, short.length), short[0]?.host);
  const disguised = links.filter(({ label, host }) => {
    const shown = shownHost(label);
    return shown !== undefined && !isSameSite(shown, host);
  });
  add('disguised', Math.min(3, 1.5 * disguised.length), disguised[0]?.label);
  const open = links.filter(({ protocol }) => protocol === 'http:');
  add('plainHttp', Math.min(1, 0.2 * open.length), open.length);
  add('manyLinks', links.length > 120 ? 0.5 : 0, links.length);
}

function hostOf(url: string): { host: string; protocol: string } {
  const { hostname, protocol } = new URL(url);
  return { host: hostname, protocol };
}
