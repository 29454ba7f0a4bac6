/** Lines that replace each other in a terminal; elsewhere each block that differs is written once. */

export interface Screen {
  /** @param lines none: what was shown is wiped off, where it can be */
  show(lines: readonly string[]): void;
}

export function createScreen(stream: NodeJS.WriteStream): Screen {
  let shown = 0;
  let last = '';
  return {
    show: lines => {
      // Wider lines would take two rows, and the next block would begin too low.
      const width = stream.columns ?? Number.POSITIVE_INFINITY;
      const text = lines.map(line => `${line.slice(0, width - 1)}\n`).join('');
      if (stream.isTTY) stream.write(`${shown > 0 ? `\x1b[${shown}A\x1b[J` : ''}${text}`);
      else if (text !== last) stream.write(text);
      shown = lines.length;
      last = text;
    },
  };
}
