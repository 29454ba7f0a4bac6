/** How many messages a process sent of late, by lane. Costs the hot path one addition. */

const slotMs = 5000;
const slots = 12;

interface Lane {
  counts: number[];
  /** Number of the slot that was counted last. */
  last: number;
}

export class Pace {
  readonly #lanes = new Map<string, Lane>();
  readonly #now: () => number;
  readonly #since: number;

  /** @param now in milliseconds, never going back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  note(lane: string): void {
    const found = this.#lanes.get(lane) ?? { counts: new Array<number>(slots).fill(0), last: 0 };
    this.#lanes.set(lane, found);
    this.#turn(found);
    found.counts[found.last % slots]!++;
  }

  /** Messages a second in the last minute, or since the start; lanes without any are forgotten. */
  lately(): Map<string, number> {
    const now = this.#now();
    const seconds = Math.min(slots * slotMs, Math.max(slotMs, now - this.#since)) / 1000;
    for (const [name, lane] of this.#lanes) {
      this.#turn(lane);
      if (lane.counts.every(n => n === 0)) this.#lanes.delete(name);
    }
    return new Map(
      [...this.#lanes].map(([name, { counts }]) => [name, counts.reduce((sum, n) => sum + n, 0) / seconds]),
    );
  }

  /** Empties the slots that have passed since. */
  #turn(lane: Lane): void {
    const slot = Math.floor(this.#now() / slotMs);
    for (let n = Math.max(lane.last + 1, slot - slots + 1); n <= slot; n++) lane.counts[n % slots] = 0;
    lane.last = Math.max(lane.last, slot);
  }
}
