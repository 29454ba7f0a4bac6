/** The directives an issue may use (`:::when`, `::image`, `::most-liked`); every other one goes back to the text it was. */
import type { BlockContent, Paragraph, Parent, PhrasingContent, Root, RootContent } from 'mdast';
import { type ProblemList, quoted } from './problems.ts';

/** What remark-directive makes of `:::name[label]{key=value}` … `:::` and `::name[label]{key=value}`. */
export interface Directive {
  type: 'containerDirective' | 'leafDirective';
  name: string;
  attributes?: Record<string, string | null | undefined> | null | undefined;
  children: BlockContent[];
  position?: Parent['position'];
  data?: { directiveLabel?: boolean };
}

export function isDirective(node: { type: string }): boolean {
  return node.type === 'containerDirective' || node.type === 'leafDirective';
}

export function settleDirectives(root: Root, source: string, problems: ProblemList): void {
  settle(root as Parent, source, problems);
}

function settle(parent: Parent, source: string, problems: ProblemList): void {
  parent.children = parent.children.flatMap((child): RootContent[] => {
    if ('children' in child) settle(child as Parent, source, problems);
    if (!isDirective(child)) return [child as RootContent];
    const directive = child as unknown as Directive;
    const raw = source.slice(directive.position?.start.offset ?? 0, directive.position?.end.offset ?? 0);
    const closed = directive.type === 'leafDirective' || /\n[ \t>]*:{3,}[ \t]*$/.test(raw);
    const line = directive.position?.start.line ?? 0;
    if (directive.name === 'when' && directive.type === 'containerDirective') {
      if (!closed)
        problems.add(
          'unclosed-directive',
          line,
          'The block :::when never ends, so it reaches to the end of the issue.',
        );
      return [child as RootContent];
    }
    if (directive.name === 'image' && directive.attributes?.src) return [imageOf(directive)];
    // Becomes a list when the section is written: as one now it would be taken for the highlights.
    if (directive.name === 'most-liked' && directive.type === 'leafDirective') return [child as RootContent];
    problems.add('unknown-directive', line, `${quoted(raw.split('\n', 1)[0]!)} is not a block that an issue can use.`);
    return asText(directive, raw, closed);
  });
}

/** `::image[description]{src=https://… width=560 height=315}` */
function imageOf(directive: Directive): Paragraph {
  const { src, width, height, title } = directive.attributes ?? {};
  const alt = (directive.children as unknown as { value?: string }[]).map(child => child.value ?? '').join('');
  const position = directive.position;
  const data = { width: size(width), height: size(height) };
  return {
    type: 'paragraph',
    children: [{ type: 'image', url: src ?? '', alt, title: title ?? null, data, position } as PhrasingContent],
    position,
  };
}

/** A width or height in pixels, when it is one. */
export function size(value: unknown): number | undefined {
  const pixels = Number.parseInt(String(value ?? ''), 10);
  return pixels > 0 && pixels <= 4000 ? pixels : undefined;
}

/** The opening line, what it held, the closing line. */
function asText(directive: Directive, raw: string, closed: boolean): RootContent[] {
  const position = directive.position;
  const paragraph = (value: string): Paragraph => ({
    type: 'paragraph',
    children: [{ type: 'text', value, position }],
    position,
  });
  const lines = raw.split('\n');
  if (directive.type === 'leafDirective') return [paragraph(raw)];
  const content = directive.children.filter(child => !(child.data as Directive['data'])?.directiveLabel);
  const result: RootContent[] = [paragraph(lines[0]!), ...content];
  if (closed && lines.length > 1) result.push(paragraph(lines.at(-1)!.replace(/^[ \t>]+/, '')));
  return result;
}
