/**
 * What delivering comes to, counted in each process and added to Redis with its heartbeat, where the `/metrics` of any web server reads it for
 * all. A Redis that loses it starts again at 0, as counters may.
 */
import type { Redis } from '../queue/redis.ts';
import type { Verdict } from './classify.ts';
import { Pace } from './pace.ts';

/** Steps of a message whose time is taken: its row from Postgres, its bytes, its SMTP transaction. */
const phases = ['claim', 'prepare', 'smtp'] as const;
export type Phase = (typeof phases)[number];

/** Upper bounds, in seconds. */
const buckets = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100] as const;

const keyOf = (prefix: string) => `${prefix}:tally`;
/** Forgotten when nothing was sent for so long. */
const keptSeconds = 30 * 86_400;

const minuteKey = (prefix: string, minute: number) => `${prefix}:tally:${minute}`;
/** What a minute's curve tells of a transaction. */
const minuteKinds = ['accepted', 'deferred', 'refused'] as const;
type MinuteKind = (typeof minuteKinds)[number];
/** Minutes are kept so long: a curve shows the last hours. */
const minuteKeptSeconds = 6 * 3600;

export class Tally {
  /** Field of the hash → what is to be added. */
  #counts = new Map<string, number>();
  /** The same of outcomes, for the minute in which it is added. */
  #minute = new Map<string, number>();
  readonly pace = new Pace();

  /** @param lane a lane's name, never an address */
  outcome(lane: string, verdict: Verdict): void {
    this.pace.note(lane);
    this.#add(`outcome|${lane}|${nameOf(verdict)}`, 1);
    const field = `${lane}|${kindOf(verdict)}`;
    this.#minute.set(field, (this.#minute.get(field) ?? 0) + 1);
  }

  seconds(phase: Phase, ms: number): void {
    const seconds = ms / 1000;
    const bound = buckets.find(most => seconds <= most);
    this.#add(`bucket|${phase}|${bound ?? '+Inf'}`, 1);
    this.#add(`sum|${phase}|`, seconds);
  }

  /** Adds all to Redis. What cannot be added is kept for the next time. */
  async flush(redis: Redis, prefix: string): Promise<void> {
    if (this.#counts.size === 0) return;
    const counts = this.#counts;
    this.#counts = new Map();
    const minute = this.#minute;
    this.#minute = new Map();
    try {
      const pipeline = redis.pipeline();
      for (const [field, n] of counts) pipeline.hincrbyfloat(keyOf(prefix), field, n);
      pipeline.expire(keyOf(prefix), keptSeconds);
      const now = minuteKey(prefix, Math.floor(Date.now() / 60_000));
      for (const [field, n] of minute) pipeline.hincrby(now, field, n);
      if (minute.size > 0) pipeline.expire(now, minuteKeptSeconds);
      await pipeline.exec();
    } catch (error) {
      for (const [field, n] of counts) this.#add(field, n);
      for (const [field, n] of minute) this.#minute.set(field, (this.#minute.get(field) ?? 0) + n);
      throw error;
    }
  }

  #add(field: string, n: number): void {
    this.#counts.set(field, (this.#counts.get(field) ?? 0) + n);
  }
}

function nameOf(verdict: Verdict): string {
  if (verdict.state === 'rejected') return verdict.reason;
  return verdict.state === 'deferred' ? `deferred-${verdict.scope}` : verdict.state;
}

function kindOf(verdict: Verdict): MinuteKind {
  return verdict.state === 'accepted' || verdict.state === 'deferred' ? verdict.state : 'refused';
}

export interface Minute {
  /** Its beginning. */
  at: Date;
  /** By lane. */
  lanes: Map<string, Record<MinuteKind, number>>;
}

/** The last minutes, oldest first, the one going on included. @param minutes up to 360 */
export async function readMinutes(redis: Redis, prefix: string, minutes: number): Promise<Minute[]> {
  const last = Math.floor(Date.now() / 60_000);
  const wanted = Array.from({ length: minutes }, (_, i) => last - minutes + 1 + i);
  const pipeline = redis.pipeline();
  for (const minute of wanted) pipeline.hgetall(minuteKey(prefix, minute));
  const found = (await pipeline.exec()) ?? [];
  return wanted.map((minute, i) => {
    const lanes: Minute['lanes'] = new Map();
    for (const [field, n] of Object.entries((found[i]?.[1] as Record<string, string>) ?? {})) {
      const cut = field.lastIndexOf('|');
      const lane = lanes.get(field.slice(0, cut)) ?? { accepted: 0, deferred: 0, refused: 0 };
      const kind = minuteKinds.find(one => one === field.slice(cut + 1));
      if (kind) lane[kind] += Number(n);
      lanes.set(field.slice(0, cut), lane);
    }
    return { at: new Date(minute * 60_000), lanes };
  });
}

export interface Tallied {
  outcomes: { lane: string; outcome: string; n: number }[];
  /** As Prometheus counts: each bucket holds all that were as quick or quicker. Seconds. */
  times: { phase: Phase; buckets: { most: string; n: number }[]; sum: number; count: number }[];
}

export async function readTally(redis: Redis, prefix: string): Promise<Tallied> {
  const fields = Object.entries(await redis.hgetall(keyOf(prefix)));
  const found = fields.map(([field, n]) => ({ parts: field.split('|'), n: Number(n) }));
  const value = (...parts: string[]) => found.find(each => each.parts.join('|') === parts.join('|'))?.n ?? 0;
  const times = phases.map(phase => {
    let count = 0;
    const cumulated = [...buckets.map(String), '+Inf'].map(most => {
      count += value('bucket', phase, most);
      return { most, n: count };
    });
    return { phase, buckets: cumulated, sum: value('sum', phase, ''), count };
  });
  const outcomes = found
    .filter(({ parts }) => parts[0] === 'outcome')
    .map(({ parts, n }) => ({ lane: parts[1]!, outcome: parts[2]!, n }));
  return { outcomes, times };
}
