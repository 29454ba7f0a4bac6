/**
 * Batches of one lane take turns in a process, so that a slow lane's wait for each other and never for, or before, another lane's. Only one
 * may wait: more would be kept from a process whose share of the lane's connections stands idle.
 */

import { Waiting } from './waiting.ts';

/** Two: while one's last connections finish, the other's are at work. */
const atOnce = 2;

export class Turns {
  readonly #busy = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting>();

  /**
   * Waits for the lane's turn.
   * @returns how to end it; undefined when one waits already, or the signal was aborted first
   */
  async take(lane: string, signal: AbortSignal): Promise<(() => void) | undefined> {
    while (!signal.aborted) {
      const busy = this.#busy.get(lane) ?? 0;
      if (busy < atOnce) {
        this.#busy.set(lane, busy + 1);
        return () => this.#end(lane);
      }
      if (this.#waiting.has(lane)) return undefined;
      const waiting = new Waiting();
      this.#waiting.set(lane, waiting);
      await waiting.turn(signal);
      this.#waiting.delete(lane);
    }
    return undefined;
  }

  #end(lane: string): void {
    this.#busy.set(lane, this.#busy.get(lane)! - 1);
    this.#waiting.get(lane)?.wakeOne();
  }
}
