/** How a lane's mail leaves: through which relay, over which connections, at which pace. */
import type { Place } from '../db/workers.ts';
import { BroadsheetError } from '../errors.ts';
import type { Lane } from '../model/lanes.ts';
import { Budget } from './budget.ts';
import { ConnectionPool } from './pool.ts';
import type { Gate, Rates } from './rates.ts';
import { Recent } from './recent.ts';
import { parseRelay, relayLimits } from './relay.ts';
import type { Troubles } from './troubles.ts';

export interface Route {
  lane: string;
  pool: ConnectionPool;
  gate: Gate;
  recent: Recent;
}

interface Kept extends Route {
  /** Connections of all processes together; null: as many as each process may open. */
  limit: number | null;
}

/** More relays and lanes than this at once are hardly used; a rehearsal's sink is a relay of its own, so the oldest go. */
const mostKept = 200;

export class Routes {
  readonly #relayUrl: string | undefined;
  readonly #connections: number;
  readonly #rates: Rates;
  readonly #troubles: Troubles;
  readonly #routes = new Map<string, Kept>();
  /** Of the configured relay; a rehearsal's sink has no limit. */
  #budget: { limit: number | null; budget: Budget } | undefined;
  #place: Place = { place: 0, count: 1 };

  /** @param connections that this process may open for a lane which has no limit of its own */
  constructor(relayUrl: string | undefined, connections: number, rates: Rates, troubles: Troubles) {
    this.#relayUrl = relayUrl;
    this.#connections = connections;
    this.#rates = rates;
    this.#troubles = troubles;
  }

  /**
   * @param rehearsal URL of a rehearsal's sink: no limits, since nobody is to be spared
   * @throws BroadsheetError SMTP_UNSET, CONFIG_INVALID
   */
  for(lane: Lane, rehearsal: string | null): Route {
    const url = rehearsal ?? this.#relayUrl;
    if (!url) throw new BroadsheetError('SMTP_UNSET', 'SMTP_URL is not set');
    const key = `${lane.name} ${url}`;
    const kept = this.#routes.get(key);
    if (kept) return kept;
    const route = this.#open(url, rehearsal ? { ...lane, connections: null, perSecond: null } : lane);
    this.#routes.set(key, route);
    if (this.#routes.size > mostKept) this.#forgetOldest();
    return route;
  }

  #open(url: string, lane: Lane): Kept {
    const relay = relayLimits(url);
    const messages = Math.min(lane.messagesPerConnection, relay.messages ?? lane.messagesPerConnection);
    const max = this.#share(lane.connections, lane.name);
    const pool = new ConnectionPool(parseRelay(url), max, messages, this.#budgetOf(url, relay.connections), trouble =>
      this.#troubles.note(relay.key, trouble),
    );
    const gate = this.#rates.gate(relay, lane);
    return { lane: lane.name, pool, gate, recent: new Recent(), limit: lane.connections };
  }

  #budgetOf(url: string, limit: number | null): Budget {
    if (url !== this.#relayUrl) return new Budget(Number.POSITIVE_INFINITY);
    this.#budget ??= { limit, budget: new Budget(this.#relayShare(limit)) };
    return this.#budget.budget;
  }

  /** At least one: a process without any could not even tell that the relay is away. */
  #relayShare(limit: number | null): number {
    if (limit === null) return Number.POSITIVE_INFINITY;
    return Math.max(1, dividedShare(limit, this.#place, 0));
  }

  /** Divides each lane's connections anew among the processes that are alive. */
  shareWith(place: Place): void {
    if (place.place === this.#place.place && place.count === this.#place.count) return;
    this.#place = place;
    for (const route of this.#routes.values()) route.pool.max = this.#share(route.limit, route.lane);
    if (this.#budget) this.#budget.budget.max = this.#relayShare(this.#budget.limit);
  }

  #share(limit: number | null, lane: string): number {
    return limit === null
      ? this.#connections
      : Math.min(this.#connections, dividedShare(limit, this.#place, lane.length));
  }

  #forgetOldest(): void {
    const [key, route] = this.#routes.entries().next().value!;
    this.#routes.delete(key);
    route.pool.close();
  }

  /** See `ConnectionPool.giveUp`. */
  giveUp(): void {
    for (const { pool } of this.#routes.values()) pool.giveUp();
  }

  close(): void {
    for (const { pool } of this.#routes.values()) pool.close();
  }
}

/** Shares differ by one at most and add up to the limit. @param turn who gets one more differs by it, so that no process is always last */
export function dividedShare(limit: number, { place, count }: Place, turn: number): number {
  return Math.floor(limit / count) + ((place + turn) % count < limit % count ? 1 : 0);
}
