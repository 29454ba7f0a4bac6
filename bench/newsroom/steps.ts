/** Shows how far a long making is: a bar per step in a terminal, otherwise a line when a step is done. */
import { SingleBar } from 'cli-progress';

export type Advance = (done: number) => void;

/** @param quiet nothing is shown */
export class Steps {
  readonly #quiet: boolean;

  constructor(quiet = false) {
    this.#quiet = quiet;
  }

  /** @param work is handed what to call with how much more is done, in units of `total` */
  async run<T>(name: string, total: number, work: (advance: Advance) => Promise<T>): Promise<T> {
    const isShown = process.stderr.isTTY && !this.#quiet;
    const bar = new SingleBar({
      format: '{name} {bar} {percentage} %  {duration_formatted}, about {eta_formatted} left',
      hideCursor: true,
      stream: process.stderr,
      barsize: 30,
    });
    const startedAt = performance.now();
    if (isShown) bar.start(total, 0, { name: name.padEnd(28) });
    let isDone = false;
    try {
      const result = await work(done => bar.increment(done));
      isDone = true;
      return result;
    } finally {
      if (isDone) bar.update(total);
      bar.stop();
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      if (!isShown && !this.#quiet && isDone) process.stderr.write(`${name}: ${seconds} s\n`);
    }
  }
}
