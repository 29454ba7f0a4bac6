/** Which of the configured relays the next batch leaves through. */
import { BroadsheetError, messageOf } from '../errors.ts';
import { type RelayChoice, type RelayLimits, relayChoice, relayLimits, testRelay } from './relay.ts';

/** A relay that could not be reached is left alone this long, while there are others. */
const awayMs = 30_000;

export class Relays {
  readonly #relays: readonly RelayChoice[];
  /** Until when (`performance.now()`), by key. */
  readonly #awayUntil = new Map<string, number>();

  /** @throws BroadsheetError CONFIG_INVALID */
  constructor(urls: readonly string[]) {
    this.#relays = urls.map(relayChoice);
    const keys = this.#relays.map(({ key }) => key);
    const twice = keys.find((key, i) => keys.indexOf(key) !== i);
    if (twice !== undefined) throw new BroadsheetError('CONFIG_INVALID', `SMTP_URL names ${twice} twice`);
  }

  /** The relays of this name, or all of them without one. @throws BroadsheetError SMTP_UNSET, RELAY_UNKNOWN */
  named(name: string | null): readonly RelayChoice[] {
    if (this.#relays.length === 0) throw new BroadsheetError('SMTP_UNSET', 'SMTP_URL is not set');
    const found = name === null ? this.#relays : this.#relays.filter(relay => relay.name === name);
    if (found.length === 0) throw new BroadsheetError('RELAY_UNKNOWN', `no relay in SMTP_URL has the name ${name}`);
    return found;
  }

  /** One that is not away, by weight; when all are, one of them all the same. @throws as `named` */
  choose(name: string | null, random = Math.random()): RelayChoice {
    return this.#draw(this.named(name), random);
  }

  /** Each of them once, as one message may try them: those that are not away first, drawn by weight. @throws as `named` */
  inOrder(name: string | null): RelayChoice[] {
    const left = new Set(this.named(name));
    const order: RelayChoice[] = [];
    while (left.size > 0) {
      const next = this.#draw([...left], Math.random());
      left.delete(next);
      order.push(next);
    }
    return order;
  }

  #draw(relays: readonly RelayChoice[], random: number): RelayChoice {
    const present = relays.filter(relay => !this.isAway(relay));
    return byWeight(present.length > 0 ? present : relays, random);
  }

  isAway({ key }: Pick<RelayChoice, 'key'>): boolean {
    return (this.#awayUntil.get(key) ?? 0) > performance.now();
  }

  /** @param isAway a connection could not be opened; false: one opened */
  note(key: string, isAway: boolean): void {
    if (isAway) this.#awayUntil.set(key, performance.now() + awayMs);
    else this.#awayUntil.delete(key);
  }
}

/** Pure. Those with weight 0 stand by: only when there are no others, and then alike. @param random from 0 to below 1 */
export function byWeight<R extends { weight: number }>(relays: readonly R[], random: number): R {
  const total = relays.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return relays[Math.floor(random * relays.length)]!;
  let below = 0;
  for (const relay of relays) {
    below += relay.weight;
    if (random * total < below) return relay;
  }
  return relays.at(-1)!;
}

/**
 * Connects to all that may serve, logs in and leaves.
 * @param name see `Relays.named`
 * @returns what keeps some from being used
 * @throws BroadsheetError SMTP_UNSET, RELAY_UNKNOWN, CONFIG_INVALID; SMTP_UNREACHABLE when none can be used
 */
export async function testRelays(urls: readonly string[], name: string | null): Promise<string[]> {
  const relays = new Relays(urls).named(name);
  const failed: unknown[] = [];
  await Promise.all(relays.map(({ url }) => testRelay(url).catch(error => failed.push(error))));
  if (failed.length === relays.length) throw failed[0];
  return failed.map(messageOf);
}

/** What all that may serve let us do together. */
export function limitsTogether(urls: readonly string[], name: string | null): Omit<RelayLimits, 'key'> {
  const limits = new Relays(urls).named(name).map(({ url }) => relayLimits(url));
  const sum = (of: (limit: RelayLimits) => number | null) =>
    limits.map(of).reduce<number | null>((total, one) => (total === null || one === null ? null : total + one), 0);
  const messages = limits.flatMap(limit => limit.messages ?? []);
  return {
    perSecond: sum(limit => limit.perSecond),
    perDay: sum(limit => limit.perDay),
    connections: sum(limit => limit.connections),
    messages: messages.length > 0 ? Math.min(...messages) : null,
  };
}
