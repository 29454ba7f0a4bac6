/** mdast → outline: a flat list of headings (real ones and lines that are only bold), separators and blocks, each with its line. */
import type { Heading, List, ListItem, Paragraph, PhrasingContent, Root, RootContent } from 'mdast';
import { type Context, lineOf, plainText } from './context.ts';
import { splitLines } from './parse.ts';
import { type HeadingKind, headingKind, normaliseHeading } from './vocabulary.ts';

export interface HeadingItem {
  kind: 'heading';
  node: Heading;
  /** The words, without emphasis. */
  text: string;
  /** 1–6 for real headings, `boldRank` for bold-only lines. */
  rank: number;
  line: number;
  /** What the vocabulary makes of the words. */
  known: HeadingKind | undefined;
  /** Known as a part of summaries, or used so often that it must be one. */
  partLike: boolean;
  /** An own number, from "논문 #3: …" or a numbered list. */
  number: number | undefined;
}
export interface BlockItem {
  kind: 'block';
  node: RootContent;
  line: number;
}
interface RuleItem {
  kind: 'rule';
  node: RootContent;
  line: number;
}
export type Item = HeadingItem | BlockItem | RuleItem;

/** Bold-only lines rank below every real heading. */
export const boldRank = 7;

/** Longer bold lines are emphasised sentences. */
const maxBoldHeading = 150;

/** Everything at the top level in document order; definitions are left out (the context holds them). */
export function outline(root: Root, fields: Context['fields']): Item[] {
  const labels = repeatedLabels(root);
  const items: Item[] = [];
  for (const node of root.children) {
    const line = lineOf(node);
    if (node.type === 'definition' || node.type === 'footnoteDefinition') continue;
    if (node.type === 'heading' && plainText(node, fields) === '') {
      // A picture in a heading's place is a picture.
      if (node.children.length > 0)
        items.push({
          kind: 'block',
          node: { type: 'paragraph', children: node.children, position: node.position },
          line,
        });
    } else if (node.type === 'heading') items.push(headingItem(node, node.depth, line, fields));
    else if (node.type === 'thematicBreak') items.push({ kind: 'rule', node, line });
    else if (node.type === 'paragraph') items.push(...paragraphItems(node, labels, fields));
    else if (node.type === 'list' && isNumberedTitles(node)) items.push(...numberedTitleItems(node, fields));
    else items.push({ kind: 'block', node, line });
  }
  markRepeated(items);
  return items;
}

function headingItem(
  node: Heading,
  rank: number,
  line: number,
  fields: Context['fields'],
  number?: number,
): HeadingItem {
  const text = plainText(node, fields);
  const known = headingKind(text);
  return { kind: 'heading', node, text, rank, line, known, partLike: known === 'part', number };
}

/** A bold-only line heads what follows, wherever in the paragraph it stands: soft breaks are how Substack pastes them. */
function paragraphItems(paragraph: Paragraph, labels: ReadonlySet<string>, fields: Context['fields']): Item[] {
  const lines = splitLines(paragraph);
  const kept: Item[] = [];
  let text: PhrasingContent[][] = [];
  let found = false;
  const flush = () => {
    if (text.length > 0) kept.push(paragraphItem(text, paragraph));
    text = [];
  };
  for (const line of lines) {
    const heading =
      boldLine(line, lines.length === 1) ?? (line === lines[0] && lines.length > 1 ? plainQuestion(line) : undefined);
    const label = heading ? undefined : leadingLabel(line, labels);
    const children = heading ?? label?.heading;
    if (!children || (text.length > 0 && !endsSentence(text.at(-1)!) && !headingKind(plainText(children)))) {
      text.push(line);
      continue;
    }
    found = true;
    flush();
    const at = lineOf(line[0]!) || lineOf(paragraph);
    kept.push(
      headingItem(
        { type: 'heading', depth: 6, children, position: line[0]!.position ?? paragraph.position },
        boldRank,
        at,
        fields,
      ),
    );
    if (label) text.push(label.rest);
  }
  flush();
  // Untouched when it holds no heading: the parser's own line breaks and positions are better.
  return found ? kept : [{ kind: 'block', node: paragraph, line: lineOf(paragraph) }];
}

function paragraphItem(lines: PhrasingContent[][], origin: Paragraph): BlockItem {
  const position = lines[0]![0]!.position ?? origin.position;
  const children = lines.flatMap((line, index): PhrasingContent[] => {
    const end = line.at(-1)!.position?.end;
    const gap: PhrasingContent = { type: 'text', value: '\n', position: end && { start: end, end } };
    return index === 0 ? line : [gap, ...line];
  });
  return {
    kind: 'block',
    node: { type: 'paragraph', children, position },
    line: position?.start.line ?? lineOf(origin),
  };
}

function endsSentence(line: PhrasingContent[]): boolean {
  return /[.!?。:…][)\]'"’”」』]*\s*$/.test(plainText(line));
}

/** Beside the bold words a heading line may hold emoji, numbers and punctuation. */
const decoration =
  /^[\s\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Variation_Selector}\p{Join_Control}\p{Me}\d#.)(:：?？!\-–—·|[\]]*$/u;

function boldLine(line: PhrasingContent[], alone: boolean): PhrasingContent[] | undefined {
  let bold = false;
  for (const node of line) {
    if (isBold(node)) bold = true;
    else if (node.type !== 'text' || !decoration.test(node.value)) {
      return alone && isKnownAlone(line) ? line : undefined;
    }
  }
  const text = plainText(line);
  if (!bold) return alone && isKnownAlone(line) ? line : undefined;
  if (text.length > maxBoldHeading) return undefined;
  // "**…했습니다.**" is a sentence that the editor stressed, unless it is one of the known headings.
  const sentence = /[가-힣]다\.$|[가-힣]요[.!]$|[a-z]{3}\.$/.test(text) && text.length > 12;
  return sentence && !headingKind(text) ? undefined : line;
}

function isBold(node: PhrasingContent): boolean {
  if (node.type === 'strong') return true;
  return (node.type === 'emphasis' || node.type === 'link') && node.children.length === 1 && isBold(node.children[0]!);
}

/** A plain line that is word for word a section's usual heading lost its bold in pasting. */
function isKnownAlone(line: PhrasingContent[]): boolean {
  if (!line.every(node => node.type === 'text')) return false;
  const text = plainText(line);
  if (text.length > 25 || /[.!:,]$/.test(text)) return false;
  const kind = headingKind(text);
  return (
    kind === 'glossary' ||
    kind === 'papers' ||
    (kind === 'part' && /[?？]$/.test(text)) ||
    (kind === 'promo' && text.length <= 8)
  );
}

/** "어떤 문제를 해결하는가?" as the first of several lines, bold lost: a part's usual question is still its heading. */
function plainQuestion(line: PhrasingContent[]): PhrasingContent[] | undefined {
  if (!line.every(node => node.type === 'text')) return undefined;
  const text = plainText(line);
  return text.length <= 40 && /[?？]$/.test(text) && headingKind(text) === 'part' ? line : undefined;
}

/** "**어떤 문제를 해결하는가?** 기존의 …" on one line: a part heading followed by its text. */
function leadingLabel(line: PhrasingContent[], labels: ReadonlySet<string>) {
  const [first, second, ...rest] = line;
  if (first?.type !== 'strong' || second?.type !== 'text') return undefined;
  const text = plainText(first);
  const colon = /^\s*[:：]\s*/.exec(second.value)?.[0] ?? '';
  const known = headingKind(text) === 'part' && (colon !== '' || /[:：?？.]$/.test(text));
  if (!known && !labels.has(normaliseHeading(text))) return undefined;
  const value = second.value.slice(colon.length).replace(/^\s+/, '');
  const heading: PhrasingContent[] = colon === '' ? [first] : [first, { ...second, value: colon.trim() }];
  const remaining: PhrasingContent[] = value === '' ? rest : [{ ...second, value }, ...rest];
  return remaining.length > 0 ? { heading, rest: remaining } : undefined;
}

/** Bold words that begin several paragraphs and read like a label. Glossary terms do not repeat. */
function repeatedLabels(root: Root): Set<string> {
  const counts = new Map<string, number>();
  for (const node of root.children) {
    const first = node.type === 'paragraph' ? node.children[0] : undefined;
    if (node.type !== 'paragraph' || first?.type !== 'strong' || node.children.length < 2) continue;
    const text = plainText(first);
    const next = node.children[1];
    const colon = /[:：?？]$/.test(text) || (next?.type === 'text' && /^\s*[:：]/.test(next.value));
    if (colon && text.length <= 60) counts.set(normaliseHeading(text), (counts.get(normaliseHeading(text)) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= 2).map(([text]) => text));
}

/** Headings used twice or more are parts of summaries, whatever they say. */
function markRepeated(items: Item[]): void {
  const counts = new Map<string, number>();
  const headings = items.filter(item => item.kind === 'heading');
  for (const item of headings)
    counts.set(normaliseHeading(item.text), (counts.get(normaliseHeading(item.text)) ?? 0) + 1);
  for (const item of headings) {
    const uses = counts.get(normaliseHeading(item.text)) ?? 0;
    const plain = item.known === undefined || item.known === 'highlights' || item.known === 'papers';
    // Two glossaries or promos may be a slip; the same words under three papers are not.
    if (uses >= (plain ? 2 : 3) && item.known !== 'links') item.partLike = true;
  }
}

/** "1. **Title**": Markdown sees a list, the editor meant numbered titles. */
function isNumberedTitles(list: List): boolean {
  if (!list.ordered) return false;
  const bold = list.children.every(item => boldFirst(item));
  const long = list.children.some(item => item.children.length > 2);
  return bold && (long || (list.children.length === 1 && list.children[0]!.children.length === 1));
}

function boldFirst(item: ListItem): boolean {
  const first = item.children[0];
  if (first?.type !== 'paragraph') return false;
  const line = splitLines(first)[0];
  return line?.some(isBold) === true && boldLine(line, false) !== undefined;
}

function numberedTitleItems(list: List, fields: Context['fields']): Item[] {
  return list.children.flatMap((item, index): Item[] => {
    const inner = outline({ type: 'root', children: item.children as RootContent[] }, fields);
    const [first, ...rest] = inner;
    if (first?.kind !== 'heading') return inner;
    return [{ ...first, number: (list.start ?? 1) + index }, ...rest];
  });
}
