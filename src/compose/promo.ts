/** The promo: its paragraph, heading, link and code, wherever the editor put them around each other. */
import type { RootContent } from 'mdast';
import { plainText } from './context.ts';
import { blocksOf, bodyOf, type Draft, type DraftOf } from './drafts.ts';
import type { Item } from './outline.ts';
import { invitePattern, jumpWords, promoCore, promoWords } from './vocabulary.ts';

function hits(text: string): number {
  return promoWords.filter(pattern => pattern.test(text)).length;
}

/** Whether a text advertises: it names an offer, and several of the usual words. */
export function isPromoText(text: string): boolean {
  return promoCore.test(text) && hits(text) >= 3;
}

function advertises(item: Item, enough: number): boolean {
  if (item.kind !== 'block' || item.node.type === 'list') return false;
  const text = plainText(item.node);
  return hits(text) >= enough && !isInvite(text);
}

/** "아래 핵심 용어집을 확인하거나 …" leads into the issue; it is not part of an offer. */
export function isInvite(text: string): boolean {
  const leads = [...jumpWords.glossary.slice(0, 2), ...jumpWords.papers.slice(0, 2)].some(pattern =>
    pattern.test(text),
  );
  return leads && invitePattern.test(text) && text.length <= 200;
}

/** Gives promo headings the paragraphs that stand before them, and makes promos of paragraphs that advertise without a heading. */
export function takePromo(drafts: Draft[]): Draft[] {
  const result: Draft[] = [];
  for (const draft of drafts) {
    const before = result.at(-1);
    if (draft.type === 'promo' && before && mayLend(before)) lend(before, draft);
    result.push(draft);
  }
  const merged = result.filter((draft, index) => !isEmptied(draft) || index === 0);
  return merged.some(draft => draft.type === 'promo') ? merged : merged.flatMap(splitUnheaded);
}

function mayLend(draft: Draft): boolean {
  return draft.type === 'highlights' || draft.type === 'greeting' || draft.type === 'prose' || draft.type === 'promo';
}

/** In the seed the paragraph stands before the bare heading "특별 할인". A heading with its own text takes only what clearly belongs to it. */
function lend(from: Draft, promo: DraftOf<'promo'>): void {
  const body = bodyOf(from);
  const bare = blocksOf(promo.body).length === 0;
  const short = blocksOf(promo.body).every(item => plainText(item.node).length < 80);
  const taken: Item[] = [];
  // A greeting keeps its first paragraph.
  const floor = from.type === 'greeting' ? 1 : 0;
  while (body.length > floor) {
    const last = body.at(-1)!;
    const enough = taken.length > 0 ? 2 : bare ? 1 : short ? 2 : 3;
    const picture =
      last.kind === 'block' &&
      last.node.type === 'paragraph' &&
      last.node.children.every(child => child.type === 'image');
    if (!advertises(last, enough) && !(picture && taken.length > 0)) break;
    taken.unshift(body.pop()!);
  }
  promo.body.unshift(...taken);
  if (taken.length > 0) promo.line = taken[0]!.line;
}

function isEmptied(draft: Draft): boolean {
  return draft.type === 'prose' && !draft.heading && draft.body.length === 0;
}

/** Only outside summaries and glossary, where a discount can only be an offer to the reader. */
function splitUnheaded(draft: Draft): Draft[] {
  if (draft.type !== 'highlights' && draft.type !== 'prose' && draft.type !== 'greeting') return [draft];
  if (draft.type === 'prose' && draft.heading) return [draft];
  const body = bodyOf(draft);
  const from = draft.type === 'greeting' ? 1 : 0;
  const start = body.findIndex(
    (item, index) => index >= from && item.kind === 'block' && isPromoText(plainText(item.node)),
  );
  if (start < 0) return [draft];
  let end = start + 1;
  while (end < body.length && advertises(body[end]!, 2)) end++;
  const promo: Draft = { type: 'promo', line: body[start]!.line, heading: undefined, body: body.slice(start, end) };
  const rest = body.slice(end);
  body.length = start;
  const tail: Draft[] = rest.length > 0 ? [{ type: 'prose', line: rest[0]!.line, heading: undefined, body: rest }] : [];
  const head = draft.type === 'prose' && body.length === 0 ? [] : [draft];
  return [...head, promo, ...tail];
}

/** A discount code in running text: after "코드" or "code", or alone in a code span or bold. */
export function codeIn(nodes: readonly RootContent[]): string | undefined {
  const spans: string[] = [];
  const walk = (node: { type: string; value?: string; children?: unknown[] }) => {
    if (node.type === 'inlineCode' && node.value) spans.push(node.value);
    for (const child of node.children ?? []) walk(child as typeof node);
  };
  for (const node of nodes) walk(node as never);
  const span = spans.find(value => /^[\p{L}\p{N}][\p{L}\p{N}_-]{2,39}$/u.test(value));
  if (span) return span;
  const text = nodes.map(node => plainText(node)).join('\n');
  const named =
    /(?:코드|쿠폰 ?번호|\bcode)(?:는|은|를|을|인| is)?\s*[:：]?\s*['"‘“「]?([A-Z0-9][A-Z0-9_-]{2,39})(?![a-z])/giu;
  for (const [, code] of text.matchAll(named))
    if (code && /[A-Z]/.test(code) && code === code.toUpperCase()) return code;
  return undefined;
}

/** The first web address in the promo. */
export function urlIn(nodes: readonly RootContent[]): string | undefined {
  for (const node of nodes) {
    if (node.type === 'link' && /^https?:\/\//i.test(node.url) && URL.canParse(node.url)) return node.url;
    const inner: string | undefined = 'children' in node ? urlIn(node.children as RootContent[]) : undefined;
    if (inner) return inner;
  }
  return undefined;
}
