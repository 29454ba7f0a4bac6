/** What links say by themselves, without asking where they lead. */
import type { Edition } from '../model/edition.ts';
import type { Problem } from '../model/issue.ts';
import { problem } from './catalogue.ts';
import { lineOf } from './lines.ts';

export interface LinkLine {
  url: string;
  label: string;
  /** 0 when the address is not in the text as it stands. */
  line: number;
}

/** Each address once, in the order of the mail. */
export function linkLines(source: string, edition: Pick<Edition, 'links'>): LinkLine[] {
  const seen = new Set<string>();
  return edition.links.flatMap(({ url, label }) => {
    if (seen.has(url)) return [];
    seen.add(url);
    return [{ url, label, line: lineOf(source, url) || lineOf(source, url.replace(/\/$/, '')) }];
  });
}

const shorteners = new Set(
  'bit.ly t.co tinyurl.com goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly shorturl.at t.ly vo.la me2.do han.gl url.kr buly.kr c11.kr'.split(
    ' ',
  ),
);
const vague =
  /^(?:여기|이곳|요기|클릭|여기\s?클릭|여기를?\s?(?:클릭|눌러\s?주세요)|링크|바로\s?가기|더\s?보기|자세히|here|click|click here|this|this link|link|more|read more|learn more|see more)[.!…→>»]*$/i;

export function isShortener(host: string): boolean {
  return shorteners.has(host.replace(/^www\./, ''));
}

function isVague(label: string): boolean {
  return vague.test(label.trim());
}

export function linkProblems(source: string, edition: Pick<Edition, 'links'>): Problem[] {
  const found: Problem[] = [];
  for (const link of edition.links) {
    if (!URL.canParse(link.url)) continue;
    const { hostname } = new URL(link.url);
    const line = lineOf(source, link.url);
    const add = (...args: [Parameters<typeof problem>[0], string]) => found.push(problem(args[0], line, args[1]));
    if (isPrivate(hostname)) add('link-private', `“${link.url}” is an address of a private network.`);
    else if (isPlaceholder(hostname)) add('link-placeholder', `“${link.url}” is an address for examples.`);
    if (isShortener(hostname)) add('link-shortener', `“${link.url}” is a shortened address.`);
    const shown = shownHost(link.label);
    if (shown && !isSameSite(shown, hostname))
      add('link-shows-other', `The link shows “${link.label.slice(0, 60)}” and leads to “${hostname}”.`);
    if (isVague(link.label)) add('link-text-vague', `The link to ${hostname} says only “${link.label.trim()}”.`);
  }
  return found;
}

/** `localhost` is somebody's trial of ours, whose links lead there too. */
function isPrivate(host: string): boolean {
  return /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)|^\[(?:f[cd]|fe80)|\.(?:local|internal|lan|home\.arpa)$/i.test(
    host,
  );
}

function isPlaceholder(host: string): boolean {
  return /(?:^|\.)(?:example\.(?:com|org|net)|example|invalid|test)$/.test(host);
}

/** The host of an address that is shown as the link's words. */
export function shownHost(label: string): string | undefined {
  const address = /^(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/:?#]\S*)?$/i.exec(label.trim())?.[1];
  // `main.py` and `v1.beta` look like hosts: only what is written as an address counts.
  return address && (/^https?:|^www\.|\//i.test(label.trim()) ? address.toLowerCase() : undefined);
}

export function isSameSite(a: string, b: string): boolean {
  const [one, other] = [a, b].map(host => host.replace(/^www\./, ''));
  return one === other || one!.endsWith(`.${other}`) || other!.endsWith(`.${one}`);
}
