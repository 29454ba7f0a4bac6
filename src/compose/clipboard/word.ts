/** Word's habits: lists are paragraphs with a mark before them, headings may be paragraphs with a role. */
import type { Element, ElementContent } from 'hast';
import { classesOf, element, isBlank, isElement, rewrite, styleOf, textOf } from './tree.ts';

/** `mso-list:l0 level2 lfo1` → 2. */
function listLevel(node: ElementContent): number | undefined {
  if (!isElement(node) || node.tagName !== 'p') return undefined;
  const level = /\blevel([1-9])\b/.exec(styleOf(node).get('mso-list') ?? '')?.[1];
  return level === undefined ? undefined : Number(level);
}

/** The mark is a span that says `mso-list:Ignore`; it goes. @returns its words */
function takeMark(item: Element): string {
  let mark = '';
  rewrite(item, children =>
    children.filter(child => {
      const isMark = isElement(child) && styleOf(child).get('mso-list') === 'ignore';
      if (isMark) mark ||= textOf(child).trim();
      return !isMark;
    }),
  );
  return mark;
}

/** `1.`, `가.`, `(a)`, `iv)`; the bullets are ·, o, §, - and the like. */
const isCounted = (mark: string) => /^\(?(?:\d{1,3}|[a-z]{1,5}|[가-하])[.)]/i.test(mark);

/** Runs of list paragraphs → lists inside each other. */
export function wordLists(children: ElementContent[]): ElementContent[] {
  const result: ElementContent[] = [];
  let open: { list: Element; level: number }[] = [];
  for (const child of children) {
    const level = listLevel(child);
    if (level === undefined) {
      // What stands between two paragraphs of a list is nothing to see.
      if (open.length === 0 || !isBlank(child)) {
        open = [];
        result.push(child);
      }
      continue;
    }
    const item = child as Element;
    const tag = isCounted(takeMark(item)) ? 'ol' : 'ul';
    while (open.length > 0 && open.at(-1)!.level > level) open.pop();
    const top = open.at(-1);
    if (top && top.level === level && top.list.tagName !== tag) open.pop();
    if (open.at(-1)?.level !== level) {
      const list = element(tag, []);
      const into = open.at(-1)?.list.children.at(-1);
      if (isElement(into)) into.children.push(list);
      else result.push(list);
      open.push({ list, level });
    }
    open.at(-1)!.list.children.push(element('li', item.children));
  }
  return result;
}

/** Titles, and headings of Word for the web. */
export function wordHeading(node: Element): void {
  if (node.tagName !== 'p' && node.tagName !== 'div') return;
  const level = Number(node.properties.ariaLevel ?? 0);
  if (node.properties.role === 'heading' && level >= 1 && level <= 6) node.tagName = `h${level}`;
  else if (classesOf(node).includes('MsoTitle')) node.tagName = 'h1';
  else if (classesOf(node).includes('MsoSubtitle')) node.tagName = 'h2';
}
