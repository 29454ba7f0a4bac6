/** Lines that name a work and link to it: "관련 연구: AdaptiLearn ( [논문](…) / [코드](…) )", "Paper: [Title](…)", bare lists of links. */
import type { Link, List, Paragraph, PhrasingContent, RootContent } from 'mdast';
import type { linkKinds } from '../model/issue.ts';
import { type Context, lineOf, plainText } from './context.ts';
import { checkedUrl } from './inline.ts';
import { splitLines } from './parse.ts';
import { linkHosts, linkVocabulary, ownWords, workLabelPattern } from './vocabulary.ts';

export type LinkContext = Pick<Context, 'problems' | 'fields' | 'lang'>;
type LinkKind = (typeof linkKinds)[number];
interface WorkLink {
  label: string;
  url: string;
  kind: LinkKind;
  line: number;
}
export interface Work {
  label: string;
  name: string;
  links: WorkLink[];
}

/** What a link's words say it leads to. */
export function labelKind(label: string): LinkKind | undefined {
  const key = label
    .replace(/[^\p{L}\p{N} ]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  for (const kind of ['paper', 'code', 'project'] as const) if (linkVocabulary[kind].test(key)) return kind;
  return undefined;
}

/** What a link's address says. */
export function hostKind(url: string): LinkKind | undefined {
  if (!URL.canParse(url)) return undefined;
  const host = new URL(url).hostname.toLowerCase();
  return linkHosts.find(entry => entry.pattern.test(host))?.kind;
}

/** The words left when the links, their separators and empty brackets are gone; longer than this it is a sentence with links in it. */
const maxWorkLength = 140;

/**
 * The work that a paragraph or list names, or undefined when it is ordinary text.
 * `first`: it stands where works are named, directly below a title; elsewhere only lines of nothing but known links count.
 */
export function readWork(node: RootContent, ctx: LinkContext, first: boolean): Work | undefined {
  const lines = workLines(node);
  if (!lines || lines.length === 0 || lines.length > 8) return undefined;
  const works = lines.map(line => readLine(line, ctx, first));
  if (works.some(work => work === undefined)) return undefined;
  const found = works as Work[];
  const links = found.flatMap(work => work.links);
  // A reading list: one work has one paper.
  if (found.length > 2 && links.filter(link => link.kind === 'paper').length > 2) return undefined;
  const named = found.find(work => work.name !== '') ?? found[0]!;
  const extra = found
    .filter(work => work !== named && work.name !== '' && work.name !== named.name)
    .map(work => work.name);
  return { label: named.label, name: [named.name, ...extra].filter(Boolean).join(' · '), links };
}

function workLines(node: RootContent): PhrasingContent[][] | undefined {
  if (node.type === 'paragraph') return splitLines(node);
  if (node.type !== 'list') return undefined;
  const lines: PhrasingContent[][] = [];
  for (const item of (node as List).children) {
    const only = item.children[0];
    if (item.children.length !== 1 || only?.type !== 'paragraph') return undefined;
    lines.push(...splitLines(only as Paragraph));
  }
  return lines;
}

/** The links and the words of one line in order. `undefined` when something else than text, emphasis and links stands in it. */
function flattenLine(line: PhrasingContent[]): (Link | string)[] | undefined {
  const parts: (Link | string)[] = [];
  for (const node of line) {
    if (node.type === 'text' || node.type === 'inlineCode') parts.push(node.value);
    else if (node.type === 'link') parts.push(node);
    else if (node.type === 'strong' || node.type === 'emphasis') {
      const inner = flattenLine(node.children);
      if (!inner) return undefined;
      parts.push(...inner);
    } else return undefined;
  }
  return parts;
}

function readLine(line: PhrasingContent[], ctx: LinkContext, first: boolean): Work | undefined {
  const flat = flattenLine(line);
  if (!flat) return undefined;
  const { parts, labels } = takeLinkLabels(flat);
  const links = parts.filter(part => typeof part !== 'string');
  const lead = /^[^\p{L}\p{N}]*([^:：|]{1,30}?)\s*[:：]\s*/u.exec(
    typeof parts[0] === 'string' ? leadingText(parts) : '',
  );
  const label = lead && workLabelPattern.test(lead[1]!.replace(/[*_]/g, '').trim()) ? lead[1]!.trim() : '';
  const words = parts.map(part => (typeof part === 'string' ? part : '\0')).join('');
  const rest = tidy(label ? words.slice(lead![0].length) : words, ctx);
  if (rest.length > maxWorkLength || (label === '' && links.length === 0)) return undefined;
  if (label !== '' && links.length === 0) {
    // "논문: 이 글은 …" is a sentence; a name does not end in one.
    if (!first || rest === '' || /[.!?]$|다$|요$/.test(rest) || rest.split(' ').length > 12) return undefined;
    return { label, name: rest, links: [] };
  }
  const known = links.filter(link => labels.has(link) || (labelKind(plainText(link)) ?? hostKind(link.url)));
  if (known.length === 0 && label === '') return undefined;
  if (!first && (label === '' ? known.length < links.length || rest !== '' : known.length === 0)) return undefined;
  if (label === '' && /[.!?。]$|다$/.test(rest)) return undefined;
  return assemble(label, rest, links, labels, ctx);
}

/** "논문: https://… | 코드: https://…": words before each address are its label. One label before one link is the line's. */
function takeLinkLabels(flat: readonly (Link | string)[]): { parts: (Link | string)[]; labels: Map<Link, string> } {
  const labels = new Map<Link, string>();
  const parts = [...flat];
  if (parts.filter(part => typeof part !== 'string').length < 2) return { parts, labels };
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1];
    if (typeof part === 'string' || typeof before !== 'string') continue;
    // "Paper: [Title](…) | [Code](…)": the first label speaks for the line, unless a bare address needs it.
    if (index <= 1 && !isBare(plainText(part))) continue;
    const match = /(^|[\s|/·,;(•-])([^:：|/·,;(•]{1,24}?)\s*[:：]\s*$/.exec(before);
    const words = match?.[2]?.replace(/[^\p{L}\p{N} ]/gu, '').trim();
    if (!match || !words || labelKind(words) === undefined) continue;
    labels.set(part, words);
    parts[index - 1] = before.slice(0, match.index) + match[1]!;
  }
  return { parts, labels };
}

function leadingText(parts: (Link | string)[]): string {
  const end = parts.findIndex(part => typeof part !== 'string');
  return parts.slice(0, end < 0 ? undefined : end).join('');
}

function isBare(words: string): boolean {
  return words === '' || /^(?:https?:\/\/|www\.)/i.test(words);
}

/** Words without the places of links: "AdaptiLearn ( ∅ / ∅ )" → "AdaptiLearn". */
function tidy(words: string, ctx: LinkContext): string {
  let text = words;
  for (let previous = ''; previous !== text; ) {
    previous = text;
    text = text
      // One class for links and what stands between them: a group that repeats a repetition would take exponential time.
      .replace(/[([{（［]\s*\0[\s\0/|·,;+&•–—-]*[)\]}）］]/g, ' ')
      .replace(/[([{（［][\s/|·,;]*[)\]}）］]/g, ' ');
  }
  text = text.replace(/\0/g, ' ').replace(/\s+/g, ' ');
  text = text.replace(
    /^[\s/|·,;:+&•–—\p{Extended_Pictographic}\p{Variation_Selector}-]+|[\s/|·,;:+&•–—\p{Extended_Pictographic}\p{Variation_Selector}-]+$/gu,
    '',
  );
  return plainText({ type: 'text', value: text }, ctx.fields);
}

/** Labels that are a work's own name become the name; a bare address takes its label from the line's or from its kind. */
function assemble(
  label: string,
  rest: string,
  links: Link[],
  labels: ReadonlyMap<Link, string>,
  ctx: LinkContext,
): Work {
  const found: WorkLink[] = [];
  let name = rest;
  for (const link of links) {
    const url = checkedUrl(link.url, lineOf(link), ctx);
    const words = plainText(link, ctx.fields);
    const bare = isBare(words);
    const ownLabel = labels.get(link);
    const kind =
      labelKind(words) ??
      labelKind(ownLabel ?? '') ??
      (link === links[0] ? labelKind(label) : undefined) ??
      hostKind(link.url) ??
      'other';
    const own = bare || labelKind(words) ? undefined : words;
    if (own && name === '' && !/^(?:링크|link|여기|here)$/i.test(own)) name = own;
    const named = ownLabel ?? (labelKind(label) ? label : ownWords[ctx.lang][kind]);
    const shown = bare ? named : ownLabel && !labelKind(words) && words !== name ? `${ownLabel}: ${words}` : words;
    if (url !== undefined) found.push({ label: shown, url, kind, line: lineOf(link) });
    else if (name === '' || words !== name) name = [name, words].filter(Boolean).join(' ');
  }
  return { label, name, links: found };
}
