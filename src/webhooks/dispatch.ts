/** What happened becomes deliveries: the work of one process at a time. Without endpoints it is one small query. */
import type { Sql } from '../db/client.ts';
import { pruneDeliveries } from '../db/webhook-deliveries.ts';
import {
  cursorOf,
  Horizon,
  type Source,
  skipTo,
  type Taken,
  takeChanges,
  takeClicks,
  takeEvents,
} from '../db/webhook-outbox.ts';
import { listeningWebhooks } from '../db/webhooks.ts';
import { clicksSettleMs, kindOf } from '../model/happenings.ts';

const batchRows = 2000;
/** Of one pass: 40,000 rows, then others have their turn. */
const mostBatches = 20;
const pruneEveryMs = 60_000;

export class Dispatcher {
  readonly #sql: Sql;
  readonly #settleMs: number;
  readonly #events = new Horizon('events');
  readonly #clicks = new Horizon('clicks');
  readonly #changes = new Horizon('changes');
  #prunedAt = Number.NEGATIVE_INFINITY;

  /** @param given.settleMs how old a click is before it is told */
  constructor(sql: Sql, given: { settleMs?: number } = {}) {
    this.#sql = sql;
    this.#settleMs = given.settleMs ?? clicksSettleMs;
  }

  /** @returns deliveries made */
  async pass(): Promise<number> {
    const sql = this.#sql;
    if (performance.now() - this.#prunedAt > pruneEveryMs) {
      this.#prunedAt = performance.now();
      await pruneDeliveries(sql);
    }
    const wanted = new Set((await listeningWebhooks(sql)).flatMap(hook => hook.events));
    if (wanted.size === 0) return 0;
    const changes = await this.#take('changes', await this.#changes.look(sql), takeChanges);
    const events = await this.#takeWanted('events', await this.#events.look(sql), takeEvents, wanted);
    const clicks = await this.#takeWanted('clicks', await this.#clicks.look(sql, this.#settleMs), takeClicks, wanted);
    return changes + events + clicks;
  }

  /** Events that no endpoint wants are passed over. */
  async #takeWanted(source: 'events' | 'clicks', safe: number, take: typeof takeEvents, wanted: ReadonlySet<string>) {
    const types = Object.keys(kindOf).filter(type => (type === 'link.clicked') === (source === 'clicks'));
    if (types.some(type => wanted.has(type))) return this.#take(source, safe, take);
    const from = await cursorOf(this.#sql, source);
    if (from < safe) await skipTo(this.#sql, source, from, safe);
    return 0;
  }

  async #take(
    source: Source,
    to: number,
    take: (sql: Sql, from: number, to: number, most: number) => Promise<Taken>,
  ): Promise<number> {
    let made = 0;
    let from = await cursorOf(this.#sql, source);
    for (let i = 0; i < mostBatches && from < to; i++) {
      const taken = await take(this.#sql, from, to, batchRows);
      made += taken.made;
      // Another process moved it.
      if (taken.read === 0) break;
      from = taken.lastId;
    }
    return made;
  }
}
