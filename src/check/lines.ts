/** Where in an editor's text something stands. */

/** @returns 1-based line of the first place; 0 when the text does not hold it */
export function lineOf(source: string, needle: string): number {
  const at = needle === '' ? -1 : source.indexOf(needle);
  if (at < 0) return 0;
  let line = 1;
  for (let from = source.indexOf('\n'); from >= 0 && from < at; from = source.indexOf('\n', from + 1)) line++;
  return line;
}

/** The line as it stands, short; '' for line 0. */
export function excerptOf(lines: readonly string[], line: number, limit = 90): string {
  const text = (lines[line - 1] ?? '').replace(/\s+/g, ' ').trim();
  const points = [...text];
  return points.length > limit ? `${points.slice(0, limit - 1).join('')}…` : text;
}
