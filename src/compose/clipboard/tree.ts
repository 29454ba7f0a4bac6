/** Small helpers over HTML trees. */
import type { Element, ElementContent, Root, Text } from 'hast';

type Parent = Root | Element;

export const isElement = (node: { type: string } | undefined): node is Element => node?.type === 'element';

export function element(tagName: string, children: ElementContent[], properties: Element['properties'] = {}): Element {
  return { type: 'element', tagName, properties, children };
}

export const text = (value: string): Text => ({ type: 'text', value });

/** `name: value; …` of the style attribute, names and values in small letters. */
export function styleOf(node: Element): Map<string, string> {
  const style = String(node.properties.style ?? '').slice(0, 4000);
  return new Map(
    style.split(';').map(part => {
      const at = part.indexOf(':');
      return [
        part.slice(0, Math.max(0, at)).trim().toLowerCase(),
        part
          .slice(at + 1)
          .trim()
          .toLowerCase(),
      ];
    }),
  );
}

export function classesOf(node: Element): string[] {
  const { className } = node.properties;
  return Array.isArray(className) ? className.map(String) : [];
}

export function textOf(node: Root | ElementContent): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map(child => textOf(child as ElementContent)).join('') : '';
}

export function isBlank(node: Root | ElementContent): boolean {
  if (isElement(node) && /^(?:img|hr|input|table|iframe|video|audio)$/.test(node.tagName)) return false;
  if ('children' in node) return node.children.every(child => isBlank(child as ElementContent));
  return node.type !== 'text' || node.value.trim() === '';
}

const blocks =
  /^(?:address|article|aside|blockquote|details|div|dl|dt|dd|fieldset|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|ul)$/;

export const isBlock = (node: { type: string }): boolean => isElement(node) && blocks.test(node.tagName);

/** Replaces the children of every parent, the innermost first. The depth is bounded before: see from-html. */
export function rewrite(node: Parent, change: (children: ElementContent[], parent: Parent) => ElementContent[]): void {
  for (const child of node.children) if (isElement(child)) rewrite(child, change);
  node.children = change(node.children as ElementContent[], node);
}
