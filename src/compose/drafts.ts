/** Drafts: the sections of an issue as pieces of the outline, before anything is converted. */
import type { List, PhrasingContent, RootContent } from 'mdast';
import type { BlockItem, HeadingItem, Item } from './outline.ts';

interface Base {
  line: number;
  /** The heading that announced it, if one did. */
  heading: HeadingItem | undefined;
}
interface WithBody<T extends string> extends Base {
  type: T;
  body: Item[];
}
export type Draft =
  | WithBody<'greeting'>
  | WithBody<'promo'>
  | WithBody<'glossary'>
  | WithBody<'prose'>
  | WithBody<'closing'>
  | (WithBody<'summary'> & { heading: HeadingItem })
  | (Base & { type: 'highlights'; list: List | undefined; more: PhrasingContent[] | undefined; after: Item[] });
export type DraftOf<T extends Draft['type']> = Extract<Draft, { type: T }>;

/** The items a draft holds, to add to or take from. */
export function bodyOf(draft: Draft): Item[] {
  return draft.type === 'highlights' ? draft.after : draft.body;
}

/** Items as mdast; headings become headings inside the section, separators rules. */
export function nodesOf(items: readonly Item[]): RootContent[] {
  return items.map(item => item.node);
}

export function blocksOf(items: readonly Item[]): BlockItem[] {
  return items.filter(item => item.kind === 'block');
}
