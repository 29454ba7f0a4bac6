/**
 * Footnotes of Substack, Google Docs and Word, and boxes of to-do lists → ours. They are texts with marks until the Markdown is printed, since no
 * step between knows them.
 */
import type { ElementContent, Root } from 'hast';
import { classesOf, element, isBlock, isElement, rewrite, text, textOf } from './tree.ts';

/** Characters that no page has for good reason. */
const [openNote, closeNote, openText] = ['\ue0f2', '\ue0f3', '\ue0f4'];
export const boxMarks = { checked: '\ue0f5', open: '\ue0f6' };

const reference = /#(?:footnote-|ftnt|_ftn|_edn|fn:?)(\d{1,3})$/;
const backReference = /#(?:footnote-anchor-|ftnt_ref|_ftnref|_ednref|fnref:?)(\d{1,3})$/;

const noteNumber = (node: ElementContent, pattern: RegExp): string | undefined =>
  isElement(node) && node.tagName === 'a' ? pattern.exec(String(node.properties.href ?? ''))?.[1] : undefined;

/** Both ends are links that lead to each other: what is only one of them stays what it is. */
export function markNotes(root: Root): void {
  const [wanted, present] = [new Set<string>(), new Set<string>()];
  rewrite(root, children => {
    for (const child of children) {
      const to = noteNumber(child, reference);
      const back = noteNumber(child, backReference);
      if (to !== undefined) wanted.add(to);
      if (back !== undefined) present.add(back);
    }
    return children;
  });
  const both = new Set([...wanted].filter(number => present.has(number)));
  if (both.size === 0) return;
  rewrite(root, (children, parent) => {
    const own = children.findIndex(child => both.has(noteNumber(child, backReference) ?? ''));
    if (own >= 0) {
      const number = noteNumber(children[own]!, backReference)!;
      const rest = children.filter((_, at) => at !== own);
      const note = [text(`${openText}${number}${closeNote}`), ...inLine(rest)];
      return isElement(parent) && parent.tagName === 'p' ? note : [element('p', note)];
    }
    return children.map(child => {
      const number = noteNumber(child, reference);
      return number !== undefined && both.has(number) ? text(`${openNote}${number}${closeNote}`) : child;
    });
  });
  unwrapMarks(root);
}

/** A reference inside `<sup>` is the reference. */
function unwrapMarks(root: Root): void {
  rewrite(root, children =>
    children.map(child =>
      isElement(child) && child.tagName === 'sup' && textOf(child).trim().startsWith(openNote)
        ? text(textOf(child).trim())
        : child,
    ),
  );
}

/** A note is one paragraph. */
function inLine(children: ElementContent[]): ElementContent[] {
  return children.flatMap((child): ElementContent[] =>
    isElement(child) && (isBlock(child) || classesOf(child).includes('footnote-content'))
      ? [...inLine(child.children), text(' ')]
      : [child],
  );
}

/** In what was printed: `[^1]`, `[^1]: ` where a note begins, `[x] ` where an item does. */
export function printMarks(markdown: string): string {
  const printed = markdown
    .replace(new RegExp(`^${openText}(\\d+)${closeNote}\\s*`, 'gm'), '[^$1]: ')
    .replace(new RegExp(`${openNote}(\\d+)${closeNote}`, 'g'), '[^$1]')
    .replaceAll(boxMarks.checked, '[x]')
    .replaceAll(boxMarks.open, '[ ]');
  return withoutMarks(printed);
}

export const withoutMarks = (html: string): string => html.replace(/[\ue0f2-\ue0f6]/g, '');
