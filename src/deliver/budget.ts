/** How many connections a process may have to one relay, all lanes together, when the relay has a limit (`?connections=`). */
import { Waiting } from './waiting.ts';

/** A pool that can do without a connection that is idle. */
interface Holder {
  /** @returns whether it left one */
  dropIdle(): boolean;
}

export class Budget {
  #max: number;
  #open = 0;
  readonly #holders = new Set<Holder>();
  readonly #waiting = new Waiting();

  /** @param max `Infinity` when the relay has no limit */
  constructor(max: number) {
    this.#max = max;
  }

  set max(max: number) {
    this.#max = max;
    this.#waiting.wakeAll();
  }

  join(holder: Holder): void {
    this.#holders.add(holder);
  }

  leave(holder: Holder): void {
    this.#holders.delete(holder);
  }

  /** Whether another lane waits for what one does not need just now. */
  get isWanted(): boolean {
    return this.#waiting.size > 0;
  }

  /** Takes one; an idle connection of another lane is left for it. */
  tryTake(): boolean {
    if (this.#open >= this.#max) for (const holder of this.#holders) if (holder.dropIdle()) break;
    if (this.#open >= this.#max) return false;
    this.#open++;
    return true;
  }

  /** All who wait look again: the first may have no use for it, its lane being full meanwhile. */
  give(): void {
    this.#open--;
    this.#waiting.wakeAll();
  }

  turn(signal: AbortSignal): Promise<void> {
    return this.#waiting.turn(signal);
  }
}
