/** The form of a publication: which fields it has, how a document becomes what is typed, and back. The schema alone judges. */
import type { z } from 'zod';
import { type Publication, publicationSchema } from '../../../model/publication.ts';
import type { Language } from '../../language.ts';
import { nearestIssue, valueWords } from '../value-words.ts';

export type FieldKind =
  | 'line'
  | 'text'
  | 'check'
  | 'number'
  /** Empty: null, which switches it off. */
  | 'limit'
  | 'colour'
  | 'zone'
  | 'lines'
  /** `name = value`, one a line. */
  | 'pairs'
  | { choose: readonly string[] };

interface Field {
  /** Path in the document, with dots; the name of the input too. */
  path: string;
  kind: FieldKind;
  /** May be left out of the document. */
  optional?: true;
  most?: number;
}

const laws = ['kr', 'gdpr', 'can-spam', 'casl'] as const;

/** Texts of the product that a publication may say its own way. */
export const textNames = [
  'why',
  'viewInBrowser',
  'unsubscribe',
  'preferences',
  'contents',
  'glossary',
  'likeSummary',
  'shareSummary',
  'promoAction',
  'like',
  'share',
  'comment',
  'subscribe',
] as const;

export const groups = {
  identity: [
    { path: 'name', kind: 'line' },
    { path: 'description', kind: 'text', most: 300 },
    { path: 'language', kind: { choose: ['ko', 'en'] } },
    { path: 'timeZone', kind: 'zone' },
    { path: 'from.name', kind: 'line' },
    { path: 'from.address', kind: 'line' },
    { path: 'replyTo', kind: 'line', optional: true },
    { path: 'postalAddress', kind: 'text', most: 300 },
    { path: 'phone', kind: 'line' },
  ],
  brand: [
    { path: 'brand.accent', kind: 'colour' },
    { path: 'brand.logo.url', kind: 'line', optional: true, most: 2000 },
    { path: 'brand.logo.width', kind: 'number', optional: true },
    { path: 'brand.logo.height', kind: 'number', optional: true },
  ],
  texts: textNames.map(name => ({ path: `texts.${name}`, kind: 'line', optional: true })),
  law: laws.map(law => ({ path: `law.${law}`, kind: 'check' })),
  tracking: [
    { path: 'tracking.clicks', kind: 'check' },
    { path: 'tracking.opens', kind: 'check' },
    { path: 'tracking.trap', kind: 'check' },
  ],
  signup: [
    { path: 'signup.open', kind: 'check' },
    { path: 'signup.allowDisposable', kind: 'check' },
    { path: 'signup.keepIp', kind: 'check' },
    { path: 'signup.origins', kind: 'lines' },
    { path: 'signup.attack.unconfirmed', kind: 'number' },
    { path: 'signup.attack.minutes', kind: 'number' },
  ],
  comments: [
    { path: 'comments', kind: { choose: ['trusted', 'moderated', 'off'] } },
    { path: 'commentBlocklist', kind: 'lines' },
  ],
  fields: [{ path: 'fields', kind: 'pairs' }],
  limits: [
    { path: 'delivery.giveUpHours', kind: 'number' },
    { path: 'delivery.latestMinutes', kind: 'number' },
    { path: 'delivery.relay', kind: 'line', optional: true },
    { path: 'senderId', kind: 'line' },
    { path: 'delivery.breaker.complaintPercent', kind: 'limit' },
    { path: 'delivery.breaker.hardBouncePercent', kind: 'limit' },
    { path: 'delivery.breaker.blocks', kind: 'limit' },
    { path: 'delivery.breaker.refusalPercent', kind: 'limit' },
    { path: 'delivery.warmUp.start', kind: 'number', optional: true },
    { path: 'delivery.warmUp.factor', kind: 'number', optional: true },
    { path: 'delivery.warmUp.until', kind: 'number', optional: true },
    { path: 'delivery.warmUp.from', kind: 'line', optional: true },
  ],
} as const satisfies Record<string, readonly Field[]>;

export type Group = keyof typeof groups;

export const allFields: readonly Field[] = Object.values(groups).flat() as readonly Field[];

export const longestField = 10_000;

type Typed = Record<string, string>;

/** What the inputs show. */
export function typedOf(publication: Publication): Typed {
  const typed: Typed = {};
  for (const { path, kind } of allFields) {
    const value = at(publication, path);
    if (path.startsWith('law.')) typed[path] = publication.law.includes(path.slice(4) as 'kr') ? 'on' : '';
    else if (kind === 'check') typed[path] = value ? 'on' : '';
    else if (kind === 'lines') typed[path] = (value as string[]).join('\n');
    else if (kind === 'pairs')
      typed[path] = Object.entries(value as Record<string, string>)
        .map(([name, text]) => `${name} = ${text}`)
        .join('\n');
    else typed[path] = value === undefined || value === null ? '' : String(value);
  }
  if (typeof publication.brand.logo === 'string') typed['brand.logo.url'] = publication.brand.logo;
  return typed;
}

function at(document: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, name) => {
    return typeof node === 'object' && node !== null && Object.hasOwn(node, name)
      ? (node as Record<string, unknown>)[name]
      : undefined;
  }, document);
}

/** What was typed as a document, which the schema has still to judge. */
export function documentOf(slug: string, typed: Typed): Record<string, unknown> {
  const document: Record<string, unknown> = { slug, law: laws.filter(law => typed[`law.${law}`] === 'on') };
  for (const { path, kind, optional } of allFields) {
    if (path.startsWith('law.')) continue;
    const value = parsedOf(typed[path] ?? '', kind, optional);
    if (value !== undefined) put(document, path, value);
  }
  const brand = document.brand as { logo?: { url?: string; width?: unknown; height?: unknown } };
  // A picture without a size is its address alone.
  if (brand.logo && brand.logo.width === undefined && brand.logo.height === undefined)
    Object.assign(brand, { logo: brand.logo.url });
  return document;
}

function parsedOf(given: string, kind: FieldKind, optional: true | undefined): unknown {
  const text = given.replace(/\r\n?/g, '\n').trim();
  if (kind === 'check') return given === 'on';
  if (kind === 'lines') return linesOf(text);
  if (kind === 'pairs') return Object.fromEntries(linesOf(text).map(pairOf));
  if (kind === 'limit') return text === '' ? null : numberOf(text);
  if (text === '' && optional) return undefined;
  if (kind === 'number') return numberOf(text);
  return text;
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);

function pairOf(line: string): [string, string] {
  const end = line.indexOf('=');
  return end < 0 ? [line, ''] : [line.slice(0, end).trim(), line.slice(end + 1).trim()];
}

/** What is no number stays as typed, for the schema to say so. */
function numberOf(text: string): number | string {
  const number = Number(text.replace(',', '.'));
  return text === '' || Number.isNaN(number) ? text : number;
}

function put(document: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  let node = document;
  for (const name of names.slice(0, -1)) {
    node[name] ??= {};
    node = node[name] as Record<string, unknown>;
  }
  node[names.at(-1)!] = value;
}

export type Judged = { publication: Publication } | { problems: Map<string, string> };

/** @returns what is wrong, by field, in the page's language; '' for what belongs to none */
export function judge(document: unknown, language: Language): Judged {
  const parsed = publicationSchema.safeParse(document);
  if (parsed.success) return { publication: parsed.data };
  const problems = new Map<string, string>();
  for (const found of parsed.error.issues) {
    const issue = nearestIssue(found);
    const name = fieldOf(issue);
    if (!problems.has(name)) problems.set(name, valueWords(issue, language));
  }
  return { problems };
}

/** The nearest field around what is wrong: a line of a list belongs to the list. */
function fieldOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String);
  for (let n = path.length; n > 0; n--) {
    const name = path.slice(0, n).join('.');
    if (allFields.some(field => field.path === name)) return name;
  }
  return allFields.find(field => field.path.startsWith(`${path.join('.')}.`))?.path ?? path.join('.');
}

/** What differs between two documents, by path, for the audit log. */
export function differences(
  before: unknown,
  now: unknown,
  path = '',
): Record<string, { before: unknown; now: unknown }> {
  if (JSON.stringify(before) === JSON.stringify(now)) return {};
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(before) || !isObject(now)) return { [path]: { before: before ?? null, now: now ?? null } };
  return Object.assign(
    {},
    ...[...new Set([...Object.keys(before), ...Object.keys(now)])].map(name =>
      differences(before[name], now[name], path ? `${path}.${name}` : name),
    ),
  );
}
