/**
 * A part written with marks in place of its values. What a template does with the issue is then seen without reading the issue: which value
 * went where, and on which line of the template a tag stands. Marks are made of noncharacters (Unicode 23.7), which templates and words cannot hold.
 */

/** Stands for a value: \ufdd0, its path, \ufdd1. */
const valueMark = (path: string): string => `\ufdd0${path}\ufdd1`;

/** Says on which line of the template what follows stands: \ufdd2, the line, \ufdd3. */
export const lineMark = (line: number): string => `\ufdd2${line}\ufdd3`;

/** The same tree with a mark in place of each value. What is empty stays empty: the template takes the same branches. */
export function marked(value: unknown, path = ''): unknown {
  if (typeof value === 'string' || typeof value === 'number') return value ? valueMark(path) : value;
  const under = (name: string | number) => (path ? `${path}.${name}` : String(name));
  if (Array.isArray(value)) return value.map((item, index) => marked(item, under(index)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, marked(item, under(name))]));
}
