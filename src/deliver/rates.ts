/**
 * Permits to send: token buckets per relay and per lane in Redis, shared by all workers, and back-off when a mailbox provider asks for it
 * (rule 1.9): multiplicative decrease with a hold, additive increase back. Each lane waits on its own, so a slow one never slows the others.
 */
import type { Logger } from '../log.ts';
import type { Lane } from '../model/lanes.ts';
import type { Redis } from '../queue/redis.ts';
import { type Gate, LaneGate, type RelayLimit, slowedKey } from './gate.ts';
import { evaluate, slowedScript } from './rates.lua.ts';
import type { Troubles } from './troubles.ts';

export type { Gate, RelayLimit } from './gate.ts';

/** Relays × lanes of one process; rehearsals come each with a relay of their own. */
const maxGates = 500;

export class Rates {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #log: Logger;
  readonly #troubles: Pick<Troubles, 'note'>;
  readonly #gates = new Map<string, LaneGate>();
  #isClosed = false;

  /**
   * @param redis a connection that waits while Redis is away; the caller disconnects it
   * @param prefix of all Redis keys
   */
  constructor(redis: Redis, prefix: string, log: Logger, troubles: Pick<Troubles, 'note'> = { note: () => {} }) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#log = log;
    this.#troubles = troubles;
  }

  /** The gate of a lane at a relay; the same for the same names, with the limits it was first asked for with. */
  gate(relay: RelayLimit, lane: Lane): Gate {
    const name = `${relay.key} ${lane.name}`;
    const onQuota = (words: string | undefined) => this.#troubles.note(relay.key, words);
    const gate = this.#gates.get(name) ?? new LaneGate(this.#redis, this.#prefix, this.#log, relay, lane, onQuota);
    if (this.#isClosed) gate.close();
    // Moved to the end: the one unused longest goes first.
    this.#gates.delete(name);
    this.#gates.set(name, gate);
    if (this.#gates.size > maxGates) {
      const idle = [...this.#gates].find(([, each]) => each.isIdle);
      if (idle) this.#gates.delete(idle[0]);
    }
    return gate;
  }

  /** Who waits is told false; nothing is granted any more. */
  close(): void {
    this.#isClosed = true;
    for (const gate of this.#gates.values()) gate.close();
  }
}

/** A lane that goes more slowly now than before its provider's reply. */
export interface LaneState {
  relay: string;
  lane: string;
  /** What it may send now, in messages a second; nothing while it is held. */
  perSecond: number;
  holdSeconds: number;
  /** First cut of this storm. */
  since: Date;
  /** First line of the last reply, without addresses. */
  reply: string;
}

/** For status and dashboards: the lanes that are slowed now, by relay and lane. */
export async function slowedLanes(redis: Redis, prefix: string): Promise<LaneState[]> {
  const rows = (await evaluate(redis, slowedScript, [slowedKey(prefix)], [])) as [
    string,
    string,
    string,
    number,
    string,
    string,
  ][];
  return rows
    .map(([relay, lane, rate, heldMs, since, reply]) => ({
      relay,
      lane,
      perSecond: Number(rate),
      holdSeconds: Math.ceil(heldMs / 1000),
      since: new Date(Number(since)),
      reply,
    }))
    .sort((a, b) => (`${a.relay} ${a.lane}` < `${b.relay} ${b.lane}` ? -1 : 1));
}
