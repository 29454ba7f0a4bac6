/** How a lane's mail leaves: through which relay, over which connections, at which pace. */
import type { Place } from '../db/workers.ts';
import type { Doing } from '../model/doing.ts';
import type { Lane } from '../model/lanes.ts';
import { Budget } from './budget.ts';
import { ConnectionPool } from './pool.ts';
import type { Gate, Rates } from './rates.ts';
import { Recent } from './recent.ts';
import { parseRelay, type RelayLimits, relayLimits } from './relay.ts';
import type { Relays } from './relays.ts';
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
  relay: string;
}

/** More relays and lanes than this at once are hardly used; a rehearsal's sink is a relay of its own, so the oldest go. */
const mostKept = 200;
/** A heartbeat tells of so many lanes, the busiest. */
const mostTold = 40;

export class Routes {
  readonly #relays: Relays;
  readonly #connections: number;
  readonly #rates: Rates;
  readonly #troubles: Troubles;
  readonly #routes = new Map<string, Kept>();
  /** Of configured relays, by key; a rehearsal's sink has no limit. */
  readonly #budgets = new Map<string, { limit: number | null; budget: Budget }>();
  #place: Place = { place: 0, count: 1 };

  /** @param connections that this process may open for a lane which has no limit of its own */
  constructor(relays: Relays, connections: number, rates: Rates, troubles: Troubles) {
    this.#relays = relays;
    this.#connections = connections;
    this.#rates = rates;
    this.#troubles = troubles;
  }

  /** A way for a lane's next batch. @param relay see `Relays.choose` @throws BroadsheetError SMTP_UNSET, RELAY_UNKNOWN, CONFIG_INVALID */
  for(lane: Lane, relay: string | null): Route {
    return this.#keep(this.#relays.choose(relay).url, lane);
  }

  /** By the other relays that might serve, for what `route` cannot carry. @param relay see `Relays.choose` */
  beside(route: Route, lane: Lane, relay: string | null): Route[] {
    const all = this.#relays.named(relay).map(({ url }) => this.#keep(url, lane));
    return all.filter(each => each !== route);
  }

  /** To a rehearsal's sink: no limits, since nobody is to be spared. */
  toSink(lane: Lane, url: string): Route {
    return this.#keep(url, { ...lane, connections: null, perSecond: null });
  }

  /** Whether none of the relays that might serve can be reached. */
  areAllAway(relay: string | null): boolean {
    return this.#relays.named(relay).every(each => this.#relays.isAway(each));
  }

  #keep(url: string, lane: Lane): Route {
    const key = `${lane.name} ${url}`;
    const kept = this.#routes.get(key);
    if (kept) return kept;
    const route = this.#open(url, lane);
    this.#routes.set(key, route);
    if (this.#routes.size > mostKept) this.#forgetOldest();
    return route;
  }

  #open(url: string, lane: Lane): Kept {
    const relay = relayLimits(url);
    const messages = Math.min(lane.messagesPerConnection, relay.messages ?? lane.messagesPerConnection);
    const max = this.#share(lane.connections, lane.name);
    const pool = new ConnectionPool(parseRelay(url), max, messages, this.#budgetOf(relay), trouble => {
      this.#relays.note(relay.key, trouble !== undefined);
      this.#troubles.note(relay.key, trouble);
    });
    const gate = this.#rates.gate(relay, lane);
    return { lane: lane.name, pool, gate, recent: new Recent(), limit: lane.connections, relay: relay.key };
  }

  #budgetOf({ key, connections: limit }: RelayLimits): Budget {
    if (limit === null) return new Budget(Number.POSITIVE_INFINITY);
    const kept = this.#budgets.get(key) ?? { limit, budget: new Budget(this.#relayShare(limit)) };
    this.#budgets.set(key, kept);
    return kept.budget;
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
    for (const { limit, budget } of this.#budgets.values()) budget.max = this.#relayShare(limit);
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

  /** @param lately messages a second by lane; of a lane that leaves by several relays, all are told of the first */
  doing(lately: ReadonlyMap<string, number>): Doing {
    const told = new Set<string>();
    const lanes = [...this.#routes.values()].map(({ lane, relay, pool, gate }) => {
      const perSecond = told.has(lane) ? 0 : (lately.get(lane) ?? 0);
      told.add(lane);
      return { lane, relay, perSecond: Math.round(perSecond * 10) / 10, connections: pool.open, waiting: gate.waiting };
    });
    const busy = lanes.filter(each => each.perSecond + each.connections + each.waiting > 0);
    const total = [...lately.values()].reduce((sum, n) => sum + n, 0);
    return {
      perSecond: Math.round(total * 10) / 10,
      connections: lanes.reduce((sum, each) => sum + each.connections, 0),
      lanes: busy.sort((a, b) => b.perSecond - a.perSecond || b.waiting - a.waiting).slice(0, mostTold),
    };
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
