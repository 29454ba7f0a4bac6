/** What keeps relays from being reached, kept in Redis for status and dashboards until a connection opens or nobody has tried for a while. */
import type { Logger } from '../log.ts';
import type { Redis } from '../queue/redis.ts';
import { relayLimits } from './relay.ts';

/** Outlasts the longest pause between two tries. */
const keptMs = 120_000;

const keyOf = (prefix: string, relay: string) => `${prefix}:relay:trouble:${relay}`;

export class Troubles {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #log: Logger;
  readonly #noted = new Set<string>();

  constructor(redis: Redis, prefix: string, log: Logger) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#log = log;
  }

  /** Never rejects, never waits. @param relay its key, as `relayLimits` makes it @param words without addresses; undefined: a connection opened */
  note(relay: string, words: string | undefined): void {
    if (words === undefined && !this.#noted.delete(relay)) return;
    if (words !== undefined) this.#noted.add(relay);
    const key = keyOf(this.#prefix, relay);
    const done = words === undefined ? this.#redis.del(key) : this.#redis.set(key, words, 'PX', keptMs);
    done.catch((error: Error) => this.#log.warn({ relay, error: error.message }, 'trouble of a relay not noted'));
  }
}

/** For status and dashboards: configured relays that cannot be reached now, each with the last words. */
export async function relayTroubles(
  redis: Redis,
  prefix: string,
  relayUrls: readonly string[],
): Promise<{ relay: string; trouble: string }[]> {
  const keys = relayUrls.map(url => relayLimits(url).key);
  const words = await Promise.all(keys.map(key => redis.get(keyOf(prefix, key))));
  return keys.flatMap((relay, i) =>
    words[i] === null || words[i] === undefined ? [] : [{ relay, trouble: words[i] }],
  );
}
