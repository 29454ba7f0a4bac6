/** Open connections for one lane through one relay: at most `max`, reused up to a number of messages, opened again with growing pauses when the relay is away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Budget } from './budget.ts';
import { openConnection, responseOf } from './relay.ts';
import { Waiting } from './waiting.ts';
import type { RelayOptions, WireConnection } from './wire-connection.ts';

const idleMs = 10_000;
const pausesMs = [500, 1000, 2000, 5000, 10_000, 30_000];

/** One refusal may be a glitch, or a limit of connections said with the wrong code. */
const refusalsInEarnest = 3;

export class ConnectionPool {
  readonly #relay: RelayOptions;
  readonly #messagesEach: number;
  readonly #budget: Budget;
  #max: number;
  #idle: { connection: WireConnection; timer: NodeJS.Timeout }[] = [];
  #open = 0;
  readonly #waiting = new Waiting();
  /** In a caller's hands. */
  readonly #used = new Set<WireConnection>();
  #failures = 0;
  /** Sessions refused for good (5yz) in a row. */
  #refusals = 0;
  readonly #onOpening: (trouble: string | undefined) => void;
  /** By `performance.now()`: a clock that is set must not stop a send. */
  #notBefore = 0;
  #closed = false;

  /**
   * @param messagesEach after so many a connection is left and a new one made (rule 1.10)
   * @param budget of the relay, shared with its other lanes
   * @param onOpening told of each connection that opened, or why one did not
   */
  constructor(
    relay: RelayOptions,
    max: number,
    messagesEach: number,
    budget: Budget,
    onOpening: (trouble: string | undefined) => void = () => {},
  ) {
    this.#onOpening = onOpening;
    this.#relay = relay;
    this.#max = max;
    this.#messagesEach = messagesEach;
    this.#budget = budget;
    budget.join(this);
  }

  /** How many may be open; 0 while other processes have this lane's whole share. */
  get max(): number {
    return this.#max;
  }

  /** How many are. */
  get open(): number {
    return this.#open;
  }

  /** Takes effect with each connection that is given back or asked for. */
  set max(max: number) {
    this.#max = max;
    this.#waiting.wakeAll();
  }

  /**
   * A connection for the caller alone; give it back with `release`.
   * Waits while all are in use, and for the pause after a failure.
   * @returns undefined when none may be open here, or the signal was aborted first
   * @throws BroadsheetError SMTP_UNREACHABLE, or SMTP_REFUSED when the relay refuses every session for good
   */
  async acquire(signal: AbortSignal): Promise<WireConnection | undefined> {
    while (!signal.aborted && !this.#closed && this.#max > 0) {
      const idle = this.#idle.pop();
      if (idle) {
        clearTimeout(idle.timer);
        if (idle.connection.usable && this.#open <= this.#max) {
          this.#used.add(idle.connection);
          return idle.connection;
        }
        this.#drop(idle.connection);
      } else if (this.#open >= this.#max) await this.#waiting.turn(signal);
      else if (this.#budget.tryTake()) return this.#connect(signal);
      else await this.#budget.turn(signal);
    }
    return undefined;
  }

  /** Whether another message may go over this connection. */
  keeps(connection: WireConnection): boolean {
    return connection.usable && connection.used < this.#messagesEach && this.#open <= this.#max && !this.#closed;
  }

  release(connection: WireConnection): void {
    this.#used.delete(connection);
    if (!this.keeps(connection) || (this.#budget.isWanted && this.#waiting.size === 0)) {
      this.#drop(connection);
    } else {
      const timer = setTimeout(() => {
        this.#idle = this.#idle.filter(entry => entry.connection !== connection);
        this.#drop(connection);
      }, idleMs);
      this.#idle.push({ connection, timer });
    }
    this.#waiting.wakeOne();
  }

  /** Leaves the connection that was idle longest. */
  dropIdle(): boolean {
    const oldest = this.#idle.shift();
    if (!oldest) return false;
    clearTimeout(oldest.timer);
    this.#drop(oldest.connection);
    return true;
  }

  /** Ends what is under way and has not sent its final dot: its reader is sure not to have it. */
  giveUp(): void {
    for (const connection of this.#used) connection.giveUp();
  }

  /** Leaves idle connections; ones in use are left when released. */
  close(): void {
    this.#closed = true;
    while (this.dropIdle()) {}
    this.#budget.leave(this);
    this.#waiting.wakeAll();
  }

  async #connect(signal: AbortSignal): Promise<WireConnection | undefined> {
    this.#open++;
    try {
      const pause = this.#notBefore - performance.now();
      if (pause > 0) await sleep(pause, undefined, { signal });
      const connection = await openConnection(this.#relay);
      this.#failures = 0;
      this.#refusals = 0;
      this.#used.add(connection);
      this.#onOpening(undefined);
      return connection;
    } catch (error) {
      this.#open--;
      this.#budget.give();
      this.#waiting.wakeOne();
      if (signal.aborted) return undefined;
      this.#onOpening(messageOf(error));
      // Connections that fail together count once.
      if (performance.now() >= this.#notBefore) {
        this.#notBefore = performance.now() + pausesMs[Math.min(this.#failures++, pausesMs.length - 1)]!;
        this.#refusals = responseOf(error)?.startsWith('5') ? this.#refusals + 1 : 0;
      }
      // Refused while another session works: there are too many.
      if (this.#refusals < refusalsInEarnest || this.#used.size > 0) throw error;
      this.#refusals = 0;
      throw new BroadsheetError('SMTP_REFUSED', messageOf(error), { cause: error });
    }
  }

  #drop(connection: WireConnection): void {
    connection.leave();
    this.#open--;
    this.#budget.give();
  }
}
