/** The rows of a run as a Markdown table, what did not hold below it. */
import type { Row } from './rows.ts';

const head = [
  'fault',
  'what was done',
  'readers',
  'lost',
  'doubled',
  'unknown / open',
  'recovery s: median, worst (n)',
  'verdict',
];

export function table(rows: readonly Row[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const failed = rows.filter(row => row.problems.length > 0);
  const skipped = rows.filter(row => row.skipped);
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map(row =>
      line([
        row.fault,
        row.what,
        row.readers,
        row.lost,
        row.doubled,
        `${row.unknown} / ${row.open}`,
        recovery(row.recovery),
        row.skipped ? 'skipped' : row.problems.length > 0 ? 'FAILED' : 'held',
      ]),
    ),
    '',
    ...failed.flatMap(row => row.problems.map(problem => `FAILED ${row.fault} (${row.what}): ${problem}`)),
    ...skipped.map(row => `skipped ${row.fault}: ${row.skipped}`),
    `${rows.length - failed.length - skipped.length} held, ${failed.length} failed, ${skipped.length} skipped`,
  ].join('\n');
}

function recovery(seconds: readonly number[]): string {
  if (seconds.length === 0) return '–';
  const sorted = [...seconds].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return `${median.toFixed(1)}, ${sorted.at(-1)!.toFixed(1)} (${seconds.length})`;
}
