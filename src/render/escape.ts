/**
 * Cleaning and escaping. An issue is tidied once, before anything is written; after that each place has its escape.
 * Tidied text holds no newline outside code blocks, so each newline of the finished HTML is markup's own (see squeeze.ts).
 */

/** One line without what no reader can see and no parser takes: C0 controls, lone surrogates, noncharacters. */
export function oneLine(text: string): string {
  return lines(text)
    .map(line => line.trim())
    .join(' ');
}

function lines(text: string): string[] {
  return text
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map(line => line.replace(/[^\P{Cc}\t]/gu, ''));
}

/** The same tree with every string cleaned. A soft line break is a space, as a browser would show it; code keeps its lines. */
export function tidy<T>(tree: T): T {
  if (typeof tree === 'string') return tidyString(tree) as T;
  if (Array.isArray(tree)) return tree.map(tidy) as T;
  if (typeof tree !== 'object' || tree === null) return tree;
  const code = 'type' in tree && tree.type === 'codeBlock';
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, code && key === 'value' ? lines(value).join('\n') : tidy(value)]),
  ) as T;
}

/** Keeps spaces at the ends: they part a text node from its neighbours. */
function tidyString(text: string): string {
  return lines(text)
    .map((line, at, all) => (at > 0 ? line.trimStart() : line).replace(at < all.length - 1 ? /\s+$/ : /$^/, ''))
    .join(' ');
}

/** Text between tags. */
export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** The value of an attribute in double quotes. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replace(/"/g, '&quot;');
}

/** Text of `<pre>`: its lines are kept by `<br>`, since newlines would not survive squeezing. */
export function escapeLines(text: string): string {
  return text.split('\n').map(escapeText).join('<br>');
}
