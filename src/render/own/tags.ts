/** Which HTML a publication's own template may write, and what each tag and attribute may be. What is not named here is refused. */

/** Without an end tag. */
export const empty = new Set(['br', 'hr', 'img', 'col', 'wbr']);

/** What is read as part of a line. */
export const inline = new Set([
  ...['a', 'abbr', 'b', 'bdi', 'bdo', 'cite', 'code', 'del', 'em', 'font', 'i', 'img', 'ins', 'kbd', 'mark', 'q', 's'],
  ...['small', 'span', 'strike', 'strong', 'sub', 'sup', 'time', 'u', 'br', 'wbr'],
]);

/** Closed by a browser before any block, wherever their own end tag stands. */
export const lines = new Set(['p', 'h2', 'h3', 'h4']);

/** Only inside one of these; everything else may stand in any cell or block. */
export const parents: Readonly<Record<string, readonly string[]>> = {
  tr: ['table', 'tbody', 'thead', 'tfoot'],
  td: ['tr'],
  th: ['tr'],
  tbody: ['table'],
  thead: ['table'],
  tfoot: ['table'],
  caption: ['table'],
  colgroup: ['table'],
  col: ['colgroup', 'table'],
  li: ['ul', 'ol'],
  dt: ['dl'],
  dd: ['dl'],
};

/** Hold nothing but the tags that `parents` puts there: browsers move the rest in front of the table. */
export const frames = new Set(['table', 'tbody', 'thead', 'tfoot', 'tr', 'colgroup', 'ul', 'ol', 'dl']);

const blocks = [
  'p',
  'div',
  'center',
  'h2',
  'h3',
  'h4',
  'blockquote',
  'pre',
  'table',
  'ul',
  'ol',
  'dl',
  'hr',
  'figure',
  'figcaption',
];

export const allowed = new Set([...inline, ...blocks, ...Object.keys(parents)]);

const attributes = new Set([
  ...[
    'style',
    'class',
    'id',
    'name',
    'href',
    'src',
    'alt',
    'title',
    'lang',
    'dir',
    'role',
    'rel',
    'target',
    'tabindex',
  ],
  ...[
    'width',
    'height',
    'align',
    'valign',
    'bgcolor',
    'border',
    'cellpadding',
    'cellspacing',
    'colspan',
    'rowspan',
    'scope',
  ],
  ...['value', 'start', 'type', 'face', 'size', 'color', 'datetime'],
]);

export const isAttribute = (name: string): boolean => attributes.has(name) || /^aria-[a-z]+$/.test(name);

/** An address that a template itself may name; readers’ and the come as values. References are not resolved, so none passes. */
export const isAddress = (attribute: string, value: string): boolean =>
  attribute === 'href'
    ? /^(?:https?:\/\/|mailto:|tel:|#)[^&\s]*(?:&amp;[^&\s]*)*$/i.test(value)
    : /^https:\/\/[^\s]*$/i.test(value);

/** What hides what readers must see, takes it out of the flow, or loads or runs something. */
const style =
  /display\s*:\s*none|visibility\s*:|(?<![-\w])position\s*:|opacity\s*:|clip|text-indent\s*:|transform|filter\s*:|transparent|mso-hide|(?:font-size|line-height|max-height|height|max-width|width)\s*:\s*0(?![.\d]*[1-9])|url\s*\(|expression|behaviou?r|binding|javascript|@import|&#|\\|\/\*/i;

/** @returns what in the style is refused */
export const refusedStyle = (value: string): string | undefined => style.exec(value)?.[0];
