/** The bar of a command that reads files row by row: by bytes, with the rows so far. Nothing without a terminal, or with --json. */
import { SingleBar } from 'cli-progress';
import type { Output } from './output.ts';

export function rowsBar(output: Output) {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {rows} rows',
    hideCursor: true,
    stream: process.stderr,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  const shown = process.stderr.isTTY && !output.json;
  if (shown) bar.start(1, 0, { rows: 0 });
  return {
    update: ({ bytes, totalBytes, rows }: { bytes: number; totalBytes: number; rows: number }) => {
      if (!shown) return;
      bar.setTotal(Math.max(1, totalBytes));
      bar.update(bytes, { rows: rows.toLocaleString('en') });
    },
    stop: () => bar.stop(),
  };
}
