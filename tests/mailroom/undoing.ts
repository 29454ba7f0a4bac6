/** How to undo what was begun: the last first, whatever ends the run. */
import { messageOf } from '../../src/errors.ts';

export class Undoing {
  readonly #steps: (() => Promise<unknown>)[] = [];
  #closing: Promise<void> | undefined;
  /** What is just being opened: waited for, or half of it would stay. */
  opening: Promise<unknown> | undefined;

  get isOver(): boolean {
    return this.#closing !== undefined;
  }

  /** @throws when the run is being broken off: nothing more is to be begun */
  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
    if (this.isOver) throw new Error('broken off');
  }

  /** Asked twice, by the end and by Ctrl-C, both wait for the same. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.opening?.catch(() => {});
      for (const step of this.#steps.splice(0).reverse())
        await step().catch(error => process.stderr.write(`while closing: ${messageOf(error)}\n`));
    })();
    return this.#closing;
  }
}
