/** Glossary entries: "**생성형 윤리 모델링(Generative Ethics Modeling, GEM):** …" → term, translation, abbreviation, definition. */
import type { Paragraph, PhrasingContent, RootContent } from 'mdast';
import { plainText } from './context.ts';
import type { BlockItem, Item } from './outline.ts';

interface TermDraft {
  /** As the source writes it, brackets included. */
  name: string;
  definition: RootContent[];
  line: number;
}

interface GlossaryDraft {
  intro: RootContent[];
  terms: TermDraft[];
}

/** Splits the glossary's items into what precedes the terms and the terms; what is no term continues the one before it. */
export function glossaryTerms(items: readonly Item[], fields: Parameters<typeof plainText>[1]): GlossaryDraft {
  const result: GlossaryDraft = { intro: [], terms: [] };
  for (const item of items) {
    if (item.kind === 'heading') {
      const { name, rest } = splitName(item.text);
      const definition: RootContent[] =
        rest === ''
          ? []
          : [{ type: 'paragraph', children: [{ type: 'text', value: rest }], position: item.node.position }];
      result.terms.push({ name, definition: [...definition, ...linksOf(item.node.children)], line: item.line });
      continue;
    }
    const found = item.kind === 'block' ? termsIn(item, fields) : undefined;
    if (found) result.terms.push(...found);
    else (result.terms.at(-1)?.definition ?? result.intro).push(item.node);
  }
  return result;
}

/** A heading "Term: definition" is rare; usually the whole heading is the name. */
function splitName(text: string): { name: string; rest: string } {
  const name = text.replace(/\s*[:：]\s*$/, '');
  return { name, rest: '' };
}

/** An address in a term's name cannot stay there; it follows the definition. */
function linksOf(nodes: readonly PhrasingContent[]): RootContent[] {
  return nodes.flatMap((node): RootContent[] => {
    if (node.type === 'link')
      return [
        {
          type: 'paragraph',
          children: [{ ...node, children: [{ type: 'text', value: node.url }] }],
          position: node.position,
        },
      ];
    return 'children' in node ? linksOf(node.children) : [];
  });
}

function termsIn(item: BlockItem, fields: Parameters<typeof plainText>[1]): TermDraft[] | undefined {
  if (item.node.type === 'paragraph') {
    const term = termOf(item.node, [], item.line, fields);
    return term && [term];
  }
  if (item.node.type !== 'list') return undefined;
  const terms = item.node.children.map(entry => {
    const [first, ...rest] = entry.children as RootContent[];
    return first?.type === 'paragraph'
      ? termOf(first, rest, first.position?.start.line ?? item.line, fields)
      : undefined;
  });
  // A list within a definition is not a list of terms.
  return terms.length > 0 && terms.every(term => term !== undefined) ? terms : undefined;
}

const separator = /^\s*(?:[:：]|[–—]|-(?=\s)|\n\s*[:：]?|=)\s*/;
const brackets = /^\s*[(（]((?:[^()（）]|[(（][^()（）]*[)）])*)[)）]/;
const maxName = 120;

/** A paragraph that begins with a name and a colon, dash or line end. */
function termOf(
  paragraph: Paragraph,
  rest: RootContent[],
  line: number,
  fields: Parameters<typeof plainText>[1],
): TermDraft | undefined {
  const [first, ...others] = paragraph.children;
  if (first === undefined) return undefined;
  const made = first.type === 'text' ? plainTerm(first, others) : boldTerm(first, others, fields);
  if (!made || made.name === '' || made.name.length > maxName) return undefined;
  const links = first.type === 'text' ? [] : linksOf([first]);
  const position = paragraph.position;
  const children = made.children.filter((child, index) => index > 0 || child.type !== 'text' || child.value !== '');
  const opening: RootContent[] = children.length > 0 ? [{ type: 'paragraph', children, position }] : [];
  return { name: made.name, definition: [...opening, ...rest, ...links], line };
}

interface Cut {
  name: string;
  children: PhrasingContent[];
}

/** "**Term(TLA):** …", "**Term** (TLA): …", "**Term** — …", "`term`: …". */
function boldTerm(
  first: PhrasingContent,
  others: PhrasingContent[],
  fields: Parameters<typeof plainText>[1],
): Cut | undefined {
  if (first.type !== 'strong' && first.type !== 'emphasis' && first.type !== 'inlineCode' && first.type !== 'link')
    return undefined;
  const raw = plainText(first, fields);
  const name = raw.replace(/\s*[:：]\s*$/, '');
  const [next, ...after] = others;
  if (name !== raw) {
    const children: PhrasingContent[] =
      next?.type === 'text' ? [{ ...next, value: next.value.trimStart() }, ...after] : others;
    return { name, children };
  }
  if (next?.type !== 'text') return next === undefined && first.type === 'strong' ? { name, children: [] } : undefined;
  const bracket = brackets.exec(next.value)?.[0] ?? '';
  const cut = separator.exec(next.value.slice(bracket.length));
  if (cut) {
    const value = next.value.slice(bracket.length + cut[0].length);
    return { name: `${name}${bracket.trim()}`, children: value === '' ? after : [{ ...next, value }, ...after] };
  }
  // "**Term(Translation, TLA)** is …": the sentence goes on, and keeps its subject.
  return first.type === 'strong' && (bracket !== '' || /[)）]$/.test(name))
    ? { name: `${name}${bracket.trim()}`, children: [first, ...others] }
    : undefined;
}

/** "Term(Translation, TLA): …" that lost its bold. Without brackets only a short name counts. */
function plainTerm(first: Extract<PhrasingContent, { type: 'text' }>, others: PhrasingContent[]): Cut | undefined {
  const match =
    /^([^:：.!?\n]{1,80}?[(（](?:[^()（）\n]|[(（][^()（）\n]*[)）])*[)）]|[^:：.!?\n,]{1,40})\s*(?:[:：]\s+|\s[–—-]\s|\n\s*[:：]\s*)/.exec(
      first.value,
    );
  if (!match) return undefined;
  const value = first.value.slice(match[0].length);
  return { name: match[1]!.trim(), children: value === '' ? others : [{ ...first, value }, ...others] };
}

/** "생성형 윤리 모델링(Generative Ethics Modeling, GEM)" → its three names. */
export function splitTerm(name: string): { term: string; translation: string; abbreviation: string } {
  const match = /^(.*?\S)\s*[(（[]((?:[^()（）]|[(（][^()（）]*[)）])*)[)）\]]$/.exec(name);
  if (!match) return { term: name, translation: '', abbreviation: '' };
  const [, term = '', inner = ''] = match;
  const pieces = inner
    .split(/\s*[,;，、|·]\s*|\s+\/\s+/)
    .map(piece => piece.trim())
    .filter(Boolean);
  const at = pieces.findLastIndex(piece => isAbbreviation(piece));
  // Of several pieces the last short capital one; a single piece only if the term is not itself the abbreviation.
  if (at < 0 || (pieces.length === 1 && isAbbreviation(term)))
    return { term, translation: inner.trim(), abbreviation: '' };
  const abbreviation = pieces[at]!;
  const cut = inner.lastIndexOf(abbreviation);
  const translation = `${inner.slice(0, cut)}${inner.slice(cut + abbreviation.length)}`.replace(
    /^[\s,;，、|·/]+|[\s,;，、|·/]+$/g,
    '',
  );
  return { term, translation, abbreviation: abbreviation.replace(/^(?:약자|약어|이하|약칭|abbr\.?)\s*[:：]?\s*/i, '') };
}

function isAbbreviation(text: string): boolean {
  const bare = text.replace(/^(?:약자|약어|이하|약칭|abbr\.?)\s*[:：]?\s*/i, '');
  if (!/^[\p{L}\p{N}][\p{L}\p{N}.&/+-]{0,13}$/u.test(bare)) return false;
  const capitals = bare.match(/\p{Lu}/gu)?.length ?? 0;
  const small = bare.match(/\p{Ll}/gu)?.length ?? 0;
  return capitals >= 2 && capitals >= small && /^[\x21-\x7e]+$/.test(bare);
}
