/** What turning Markdown into blocks has to know about the whole issue. */
import type { Definition, Nodes } from 'mdast';
import { toString as textOf } from 'mdast-util-to-string';
import type { MostLiked } from '../model/most-liked.ts';
import type { Publication } from '../model/publication.ts';
import { type FieldUse, hasField, restoreEscapes, restoreFields } from './marks.ts';
import type { ProblemList } from './problems.ts';
import { ownWords } from './vocabulary.ts';

export type Lang = 'ko' | 'en';

export interface Context {
  problems: ProblemList;
  publication: Publication;
  lang: Lang;
  /** Merge fields behind the marks in text nodes. */
  fields: readonly FieldUse[];
  /** `[name]: https://…`, by lower-case identifier. */
  definitions: ReadonlyMap<string, Definition>;
  /** Ids and heading slugs that `#…` links may name → id. */
  targets: ReadonlyMap<string, string>;
  /** The id of the summary that "논문 #4" means. */
  paperId(number: number): string | undefined;
  /** Footnote identifier → its number, and how often it was referred to so far. */
  notes: Map<string, { number: number; uses: number }>;
  /** In the opening: words that become jumps, each once per paragraph. */
  invites: { patterns: readonly RegExp[]; target: string }[];
  /** Of the issue before; undefined where nobody has looked. */
  mostLiked?: MostLiked | undefined;
}

export function lineOf(node: { position?: Nodes['position'] }): number {
  return node.position?.start.line ?? 0;
}

/** A title or heading as a plain string; a merge field in it is an error. */
export function plainTitle(node: Nodes, ctx: Pick<Context, 'problems' | 'fields'>): string {
  const text = textOf(node, { includeImageAlt: true });
  if (hasField(text)) ctx.problems.add('field-in-title', lineOf(node), 'A title or heading holds a merge field.');
  return restoreFields(restoreEscapes(text), ctx.fields).replace(/\s+/g, ' ').trim();
}

/** Text of any node as an editor sees it, for recognising things: fields as written, one space. */
export function plainText(node: Nodes | Nodes[], fields: readonly FieldUse[] = []): string {
  const text = Array.isArray(node) ? node.map(child => textOf(child)).join('') : textOf(node);
  return restoreFields(restoreEscapes(text), fields).replace(/\s+/g, ' ').trim();
}

/** What stands in for a reader without a value: the issue's own fallback, the publication's, ours for `name`. */
export function fallbackOf(use: Pick<FieldUse, 'name' | 'fallback'>, publication: Publication, lang: Lang): string {
  if (use.fallback !== undefined) return use.fallback;
  const own = Object.hasOwn(publication.fields, use.name) ? publication.fields[use.name] : undefined;
  return own || (use.name === 'name' ? ownWords[lang].reader : '');
}
