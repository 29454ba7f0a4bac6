/** Emphasis that CommonMark's flanking rules refuse but an editor plainly meant: `** bold **`, `word**"x"**word`, `**강조 **는`. */
import type { Parent, PhrasingContent, Root, Text } from 'mdast';
import { visit } from 'unist-util-visit';
import { type ProblemList, quoted } from './problems.ts';

const mark = /(?<!\*)\*\*(?!\*)/;

/** Pairs literal `**` within one parent into strong; warns about each that stays alone. */
export function repairEmphasis(root: Root, problems: ProblemList): void {
  visit(root, node => {
    if (!('children' in node)) return;
    const parent = node as Parent;
    if (parent.children.some(child => child.type === 'text' && child.value.includes('**'))) repair(parent, problems);
  });
}

type Piece = PhrasingContent | { type: 'mark'; line: number; before: string; after: string };

function repair(parent: Parent, problems: ProblemList): void {
  const pieces = (parent.children as PhrasingContent[]).flatMap(child =>
    child.type === 'text' ? pieceTexts(child) : [child as Piece],
  );
  const result: PhrasingContent[] = [];
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index]!;
    if (piece.type !== 'mark') {
      result.push(piece);
      continue;
    }
    const end = pieces.findIndex((other, at) => at > index && other.type === 'mark');
    const inner = end < 0 ? [] : (pieces.slice(index + 1, end) as PhrasingContent[]);
    const closing = pieces[end];
    if (closing?.type === 'mark' && pairs(piece.before, closing.before, closing.after, inner)) {
      result.push(...strong(inner));
      index = end;
    } else {
      problems.add(
        'unclosed-emphasis',
        piece.line,
        `The bold mark ** near ${quoted(`${piece.before.slice(-12)}**${piece.after.slice(0, 20)}`)} has no partner.`,
      );
      result.push({ type: 'text', value: '**', position: pointAt(piece.line) });
    }
  }
  parent.children = joinTexts(result);
}

function pieceTexts(text: Text): Piece[] {
  const values = text.value.split(mark);
  let line = text.position?.start.line ?? 0;
  const pieces: Piece[] = [];
  for (const [index, value] of values.entries()) {
    if (index > 0) pieces.push({ type: 'mark', line, before: values[index - 1]!, after: value });
    if (value !== '') pieces.push({ type: 'text', value, position: pointAt(line) });
    line += value.split('\n').length - 1;
  }
  return pieces;
}

/** Particles and endings that follow an emphasised Korean word without a space. */
const particle =
  /^(?:은|는|이|가|을|를|의|에|와|과|로|으로|도|만|이며|하며|이고|하고|입니다|합니다|라|이라|처럼|까지|부터|보다|에서|에게)/;

function pairs(beforeOpen: string, beforeClose: string, afterClose: string, inner: PhrasingContent[]): boolean {
  const text = inner.map(node => ('value' in node ? node.value : 'x')).join('');
  if (text.trim() === '' || /\n[ \t]*\n/.test(text)) return false;
  // A mark with space before it and a letter after it opens: "**one and **two" are two that were never closed.
  const opensAgain = /\s$/.test(beforeClose) && /^[\p{L}\p{N}]/u.test(afterClose) && !particle.test(afterClose);
  const closesOnly = /[\p{L}\p{N}]$/u.test(beforeOpen) && /^\s/.test(text);
  return !opensAgain && !closesOnly;
}

/** The spaces inside the marks belong outside. */
function strong(inner: PhrasingContent[]): PhrasingContent[] {
  const children = [...inner];
  const result: PhrasingContent[] = [];
  const first = children[0]!;
  const lead = first.type === 'text' ? /^\s*/.exec(first.value)![0] : '';
  if (lead && first.type === 'text') children[0] = { ...first, value: first.value.slice(lead.length) };
  const last = children.at(-1)!;
  const trail = last.type === 'text' ? /\s*$/.exec(last.value)![0] : '';
  if (trail && last.type === 'text')
    children[children.length - 1] = { ...last, value: last.value.slice(0, last.value.length - trail.length) };
  if (lead) result.push({ type: 'text', value: lead, position: first.position });
  result.push({
    type: 'strong',
    children: children.filter(c => c.type !== 'text' || c.value !== ''),
    position: first.position,
  });
  if (trail) result.push({ type: 'text', value: trail, position: last.position });
  return result;
}

function joinTexts(nodes: PhrasingContent[]): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  for (const node of nodes) {
    const previous = result.at(-1);
    if (node.type === 'text' && previous?.type === 'text')
      result[result.length - 1] = { ...previous, value: previous.value + node.value };
    else result.push(node);
  }
  return result;
}

function pointAt(line: number): Text['position'] {
  const point = { line, column: 1 };
  return { start: point, end: point };
}
