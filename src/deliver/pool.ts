/** Open connections to one relay: at most `max`, reused up to a number of messages, opened again with growing pauses when the relay is away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BroadsheetError } from '../errors.ts';
import { openConnection, parseRelay } from './relay.ts';
import type { RelayOptions, WireConnection } from './wire-connection.ts';

const idleMs = 10_000;
/** Rule 1.10's default; many relays close a session after as many. */
const messagesPerConnection = 100;
const pausesMs = [500, 1000, 2000, 5000, 10_000, 30_000];

export class ConnectionPool {
  readonly #relay: RelayOptions;
  readonly #max: number;
  readonly #messagesEach: number;
  #idle: { connection: WireConnection; timer: NodeJS.Timeout }[] = [];
  #open = 0;
  #waiting: (() => void)[] = [];
  #failures = 0;
  #notBefore = 0;
  #closed = false;
  readonly #ending = new AbortController();

  /** @param messagesEach after so many a connection is left and a new one made (rule 1.10) */
  constructor(relay: RelayOptions, max: number, messagesEach: number) {
    this.#relay = relay;
    this.#max = max;
    this.#messagesEach = messagesEach;
  }

  /**
   * A connection for the caller alone; give it back with `release`.
   * Waits while all are in use, and for the pause after a failure.
   * @throws BroadsheetError SMTP_UNREACHABLE
   */
  async acquire(): Promise<WireConnection> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle) {
        clearTimeout(idle.timer);
        if (idle.connection.usable) return idle.connection;
        this.#drop(idle.connection);
        continue;
      }
      if (this.#open < this.#max) return this.#connect();
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }

  /** Whether another message may go over this connection. */
  keeps(connection: WireConnection): boolean {
    return connection.usable && connection.used < this.#messagesEach && !this.#closed;
  }

  release(connection: WireConnection): void {
    if (!this.keeps(connection)) {
      this.#drop(connection);
    } else {
      const timer = setTimeout(() => {
        this.#idle = this.#idle.filter(entry => entry.connection !== connection);
        this.#drop(connection);
      }, idleMs);
      this.#idle.push({ connection, timer });
    }
    this.#waiting.shift()?.();
  }

  /** Leaves idle connections; ones in use are left when released. */
  close(): void {
    this.#closed = true;
    this.#ending.abort();
    for (const { connection, timer } of this.#idle) {
      clearTimeout(timer);
      this.#drop(connection);
    }
    this.#idle = [];
  }

  async #connect(): Promise<WireConnection> {
    this.#open++;
    try {
      const pause = this.#notBefore - Date.now();
      if (pause > 0) await sleep(pause, undefined, { signal: this.#ending.signal });
      const connection = await openConnection(this.#relay);
      this.#failures = 0;
      return connection;
    } catch (error) {
      // Connections that fail together count once.
      if (Date.now() >= this.#notBefore)
        this.#notBefore = Date.now() + pausesMs[Math.min(this.#failures++, pausesMs.length - 1)]!;
      this.#open--;
      this.#waiting.shift()?.();
      throw this.#closed ? new BroadsheetError('SMTP_UNREACHABLE', 'the process is ending') : error;
    }
  }

  #drop(connection: WireConnection): void {
    connection.leave();
    this.#open--;
  }
}

/** The pools of a process, one per relay URL. */
export function relayPools(config: { smtpUrls: string[]; smtpConnections: number }): {
  for: (relay: string | null) => ConnectionPool;
  close: () => void;
} {
  const pools = new Map<string, ConnectionPool>();
  return {
    for: relay => {
      const url = relay ?? config.smtpUrls[0];
      if (!url) throw new BroadsheetError('SMTP_UNSET', 'SMTP_URL is not set');
      const pool = pools.get(url) ?? new ConnectionPool(parseRelay(url), config.smtpConnections, messagesPerConnection);
      pools.set(url, pool);
      return pool;
    },
    close: () => {
      for (const pool of pools.values()) pool.close();
    },
  };
}
