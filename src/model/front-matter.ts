/** The front matter as an editor's form reads and changes it: what the form does not know, comments too, stays as it was typed. */
import { type Document, isMap, isScalar, parseDocument } from 'yaml';

/** Keys of the form. A promo's are within `promo`. */
export const frontMatterKeys = ['title', 'subject', 'preheader', 'number', 'date', 'lang', 'slug'] as const;
export const promoKeys = ['heading', 'body', 'url', 'action', 'code', 'pool', 'expires'] as const;
export type FrontMatterPath = (typeof frontMatterKeys)[number] | 'promo' | `promo.${(typeof promoKeys)[number]}`;

export interface FrontMatterForm {
  /** Values as typed, by key; only those that are there. */
  values: Partial<Record<FrontMatterPath, string>>;
  /** The block cannot be read: a form must not touch it. */
  broken: boolean;
}

interface Block {
  /** Offsets of the YAML between the lines of `---`. */
  from: number;
  to: number;
  yaml: string;
}

/** The block that compose takes for front matter: see compose/frontmatter. Undefined when there is none. */
function blockOf(source: string): Block | undefined {
  const opening = /^\uFEFF?---[ \t]*\n/.exec(source);
  if (!opening) return undefined;
  const from = opening[0].length;
  const closing = /^(?:---|\.\.\.)[ \t]*$/m.exec(source.slice(from));
  if (!closing) return undefined;
  const yaml = source.slice(from, from + closing.index);
  return yaml === '' || /^[\w-]+[ \t]*:(?:[ \t]|$)|^[ \t]*(?:#.*)?$/m.test(yaml)
    ? { from, to: from + closing.index, yaml }
    : undefined;
}

function read(yaml: string): Document | undefined {
  const document = parseDocument(yaml, { prettyErrors: false, logLevel: 'silent', keepSourceTokens: false });
  const isUsable = document.errors.length === 0 && (document.contents === null || isMap(document.contents));
  return isUsable ? document : undefined;
}

export function readFrontMatter(source: string): FrontMatterForm {
  const block = blockOf(source);
  // An opening line whose block has no end, or is none.
  if (!block) return { values: {}, broken: /^\uFEFF?---[ \t]*\n[\w-]+[ \t]*:/.test(source) };
  const document = read(block.yaml);
  if (!document) return { values: {}, broken: true };
  const values: FrontMatterForm['values'] = {};
  const take = (name: FrontMatterPath, path: readonly string[]) => {
    const value = document.hasIn(path) ? document.getIn(path, true) : undefined;
    if (isScalar(value) && value.value !== null) values[name] = typed(value.value, value.source);
  };
  for (const key of frontMatterKeys) take(key, [key]);
  if (isMap(document.get('promo', true))) for (const key of promoKeys) take(`promo.${key}`, ['promo', key]);
  return { values, broken: false };
}

/** `007` is a number to YAML and a name to an editor. */
const typed = (value: unknown, source: string | undefined) =>
  typeof value === 'number' && source !== undefined ? source : String(value);

/**
 * The text with its front matter changed; a text without one gets one. An empty value takes the key away.
 * Undefined when the block cannot be read: then nothing may be changed but by hand.
 */
export function editFrontMatter(source: string, changes: Partial<Record<FrontMatterPath, string>>): string | undefined {
  if (readFrontMatter(source).broken) return undefined;
  const block = blockOf(source);
  const document = read(block?.yaml ?? '');
  if (!document) return undefined;
  for (const [name, value] of Object.entries(changes)) {
    const path = name.split('.');
    if (value.trim() === '') remove(document, path);
    else put(document, path, value.trim());
  }
  const isEmpty = document.contents === null || (isMap(document.contents) && document.contents.items.length === 0);
  const yaml = isEmpty ? commentOf(document) : document.toString({ lineWidth: 0, flowCollectionPadding: false });
  if (!block) return isEmpty ? source : `---\n${yaml}---\n\n${source.replace(/^\uFEFF?\n*/, '')}`;
  return source.slice(0, block.from) + yaml + source.slice(block.to);
}

const commentOf = (document: Document) =>
  document.commentBefore
    ? `${document.commentBefore
        .split('\n')
        .map(line => `#${line}`)
        .join('\n')}\n`
    : '';

function put(document: Document, path: readonly string[], value: string): void {
  const given = /^(?:0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
  const parent = path.length > 1 ? document.get(path[0], true) : undefined;
  if (path.length > 1 && !isMap(parent)) document.set(path[0], document.createNode({}));
  const old = document.hasIn(path) ? document.getIn(path, true) : undefined;
  // The quotes that the editor chose stay.
  if (isScalar(old)) {
    old.value = old.type === 'PLAIN' || old.type === undefined ? given : value;
    delete old.source;
  } else document.setIn(path, given);
}

function remove(document: Document, path: readonly string[]): void {
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  const parent = path.length > 1 ? document.get(path[0], true) : undefined;
  if (isMap(parent) && parent.items.length === 0) document.delete(path[0]);
}
