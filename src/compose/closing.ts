/** The closing: found by its heading, or by what it asks the reader to do; button words that stand alone become labels. */
import type { Paragraph, RootContent } from 'mdast';
import type { ClosingAction } from '../model/issue.ts';
import { plainText } from './context.ts';
import { bodyOf, type Draft } from './drafts.ts';
import type { Item } from './outline.ts';
import { splitLines } from './parse.ts';
import { closingActions, closingVocabulary } from './vocabulary.ts';

function score(text: string): number {
  return closingActions.filter(action => closingVocabulary[action].strict.test(text)).length;
}

/** The action of a button's words. */
function labelAction(text: string): ClosingAction | undefined {
  const words = text
    .replace(/[\p{Extended_Pictographic}\p{Variation_Selector}\p{Join_Control}→›»!.[\]]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return closingActions.find(action => closingVocabulary[action].label.test(words));
}

const textOfItem = (item: Item) => (item.kind === 'rule' ? '' : plainText(item.node));

/** Turns the last chunk, or the last paragraphs of the last section, into the closing when they say goodbye. */
export function extractClosing(drafts: Draft[]): Draft[] {
  if (drafts.some(draft => draft.type === 'closing')) return joinButtons(drafts);
  const late = drafts.some(draft => draft.type === 'summary' || draft.type === 'glossary');
  for (let index = drafts.length - 1; index >= Math.max(0, drafts.length - 4); index--) {
    const draft = drafts[index]!;
    if (isGoodbye(draft, late) && index > 0) {
      drafts[index] = { type: 'closing', line: draft.line, heading: draft.heading, body: bodyOf(draft) };
      return joinButtons(drafts);
    }
    const closing = takeTail(draft);
    if (closing) {
      drafts.splice(index + 1, 0, closing);
      return joinButtons(drafts);
    }
    // Only untitled prose, such as a line of copyright, may stand below the closing.
    if (draft.type !== 'prose' || draft.heading) return drafts;
  }
  return drafts;
}

/** A chunk of its own that asks for likes and subscriptions from its beginning. */
function isGoodbye(draft: Draft, late: boolean): boolean {
  if (draft.type !== 'prose' || draft.heading?.known === 'papers' || draft.heading?.known === 'reading') return false;
  const texts = draft.body.map(textOfItem);
  if (draft.heading && draft.body.length > 1 && score(texts[0]!) === 0 && texts.length > 2) return false;
  return score([draft.heading?.text ?? '', ...texts].join('\n')) >= (draft.heading || !late ? 2 : 1);
}

/** "구독하기" after a separator of its own, below the closing, is the closing's button. */
function joinButtons(drafts: Draft[]): Draft[] {
  const at = drafts.findLastIndex(draft => draft.type === 'closing');
  const closing = drafts[at]!;
  while (at + 1 < drafts.length) {
    const next = drafts[at + 1]!;
    const lone = next.type === 'prose' && !next.heading && next.body.every(item => labelAction(textOfItem(item)));
    if (!lone) break;
    bodyOf(closing).push(...bodyOf(next));
    drafts.splice(at + 1, 1);
  }
  return drafts;
}

/** Without a separator the closing is stuck to the last section's end: the trailing paragraphs that ask for something, together for two things. */
function takeTail(draft: Draft): Draft | undefined {
  if (draft.type === 'promo') return undefined;
  const body = bodyOf(draft);
  const floor = draft.type === 'greeting' ? 1 : 0;
  const asks = (item: Item | undefined) =>
    item !== undefined &&
    item.kind === 'block' &&
    (score(textOfItem(item)) > 0 || labelAction(textOfItem(item)) !== undefined);
  let start = body.length;
  while (start > floor && asks(body[start - 1])) start--;
  // A last word of thanks after the requests belongs to them.
  if (
    start === body.length &&
    body.length > floor + 1 &&
    textOfItem(body.at(-1)!).length <= 80 &&
    body.at(-1)!.kind === 'block'
  ) {
    start--;
    while (start > floor && asks(body[start - 1])) start--;
    if (start === body.length - 1) return undefined;
  }
  // Long paragraphs of a paper may mention one of the words; a request for two things is none of them.
  while (start < body.length && score(textOfItem(body[start]!)) < 2 && textOfItem(body[start]!).length > 250) start++;
  const taken = body.slice(start);
  if (score(taken.map(textOfItem).join('\n')) < 2) return undefined;
  body.length = start;
  if (body.at(-1)?.kind === 'rule') body.pop();
  return { type: 'closing', line: taken[0]!.line, heading: undefined, body: taken };
}

interface ClosingParts {
  nodes: RootContent[];
  actions: ClosingAction[];
  labels: Partial<Record<ClosingAction, string>>;
}

/** Takes button words that stand alone on a line out of the body; reads which actions the text asks for. */
export function closingParts(nodes: readonly RootContent[]): ClosingParts {
  const labels: ClosingParts['labels'] = {};
  const kept: RootContent[] = [];
  for (const node of nodes) kept.push(...withoutLabels(node, labels));
  const text = nodes.map(node => plainText(node)).join('\n');
  const actions = closingActions.filter(
    action => labels[action] !== undefined || closingVocabulary[action].loose.test(text),
  );
  return { nodes: kept, actions, labels };
}

function withoutLabels(node: RootContent, labels: ClosingParts['labels']): RootContent[] {
  if (node.type !== 'paragraph' && node.type !== 'heading') return [node];
  const lines = node.type === 'paragraph' ? splitLines(node) : [node.children];
  const rest = lines.filter(line => {
    // A link keeps its address: it stays in the body.
    if (line.some(child => child.type !== 'text' && child.type !== 'strong' && child.type !== 'emphasis')) return true;
    const text = plainText(line);
    const action = labelAction(text);
    if (!action || labels[action] !== undefined) return true;
    labels[action] = text;
    return false;
  });
  if (rest.length === lines.length) return [node];
  if (rest.length === 0) return [];
  const children = rest.flatMap((line, index): Paragraph['children'] =>
    index === 0 ? line : [{ type: 'text', value: '\n' }, ...line],
  );
  return [{ ...node, children } as RootContent];
}
