/** Two texts as one, with the lines that only one of them has. Pure. */

export interface DiffLine {
  kind: 'same' | 'gone' | 'new' | 'skipped';
  text: string;
}

/** Of same lines around a change. */
const around = 2;

/** Above so many pairs of lines the changed middle is shown as gone and new, whole: the exact way costs their product. */
const mostPairs = 400_000;

export function lineDiff(before: string, now: string): DiffLine[] {
  const [a, b] = [before.split('\n'), now.split('\n')];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return folded([
    ...a.slice(0, start).map(same),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(same),
  ]);
}

const same = (text: string): DiffLine => ({ kind: 'same', text });
const gone = (text: string): DiffLine => ({ kind: 'gone', text });
const added = (text: string): DiffLine => ({ kind: 'new', text });

/** By the longest common subsequence. */
function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  if (a.length * b.length > mostPairs) return [...a.map(gone), ...b.map(added)];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(same(a[i++]!));
      j++;
    } else if (j === b.length || (i < a.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!))
      lines.push(gone(a[i++]!));
    else lines.push(added(b[j++]!));
  }
  return lines;
}

/** Long stretches of same lines as one that says so. */
function folded(lines: readonly DiffLine[]): DiffLine[] {
  const near = (at: number) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(line => line.kind !== 'same');
  return lines.flatMap((line, at) => {
    if (line.kind !== 'same' || near(at)) return [line];
    return at > 0 && !near(at - 1) ? [] : [{ kind: 'skipped' as const, text: '' }];
  });
}
