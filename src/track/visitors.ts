/**
 * Where requests come from: networks that the configuration calls machines', and programs that open many readers' links at once. An address is
 * looked at and forgotten: it is known by a hash under a key that this process draws for itself, for seconds, and is written nowhere.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { BlockList, isIP } from 'node:net';

/**
 * One address and browser opening links of so many readers within so long. Telephone companies put thousands of people behind one address, so
 * it is not the address alone, and not few readers. Rejected: fewer readers of one address, which in Korea would be everybody's telephone.
 */
export const crowd = { readers: 50, withinMs: 5000 };

/** Pairs of address and browser that are remembered at once; the one seen first goes first. */
const mostRemembered = 20_000;

export interface Follower {
  issueId: number;
  subscriberId: number;
}

interface Seen {
  untilMs: number;
  /** By subscriber. */
  readers: Map<number, Follower>;
}

export interface Visit extends Follower {
  /** '' when it is not known. */
  ip: string;
  userAgent: string;
}

export interface Verdict {
  machine: 'network' | 'crowd';
  /** Whose clicks of the last `crowd.withinMs` were taken for people's: told once, when the crowd is recognised. */
  earlier: Follower[];
}

export class Visitors {
  readonly #networks = new BlockList();
  readonly #key = randomBytes(16);
  readonly #seen = new Map<string, Seen>();
  readonly #now: () => number;

  /** @param networks as `203.0.113.0/24`, checked by the configuration; @param now milliseconds */
  constructor(networks: readonly string[], now = () => performance.now()) {
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      this.#networks.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
    }
    this.#now = now;
  }

  /** Notes a visit. @returns undefined when its place does not say that it is a machine's */
  judge(visit: Visit): Verdict | undefined {
    const address = visit.ip.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(address);
    if (version === 0) return undefined;
    if (this.#networks.check(address, version === 6 ? 'ipv6' : 'ipv4')) return { machine: 'network', earlier: [] };
    return this.#crowdOf(this.#keyOf(address, visit.userAgent), visit);
  }

  #keyOf(address: string, userAgent: string): string {
    return createHmac('sha256', this.#key)
      .update(`${address}\n${userAgent.slice(0, 500)}`)
      .digest('base64');
  }

  #crowdOf(key: string, { issueId, subscriberId }: Visit): Verdict | undefined {
    const now = this.#now();
    let seen = this.#seen.get(key);
    if (!seen || seen.untilMs < now) {
      this.#seen.delete(key);
      if (this.#seen.size >= mostRemembered) this.#seen.delete(this.#seen.keys().next().value!);
      seen = { untilMs: now + crowd.withinMs, readers: new Map() };
      this.#seen.set(key, seen);
    }
    const before = seen.readers.size;
    if (before < crowd.readers) seen.readers.set(subscriberId, { issueId, subscriberId });
    if (seen.readers.size < crowd.readers) return undefined;
    // It goes on for as long as they come.
    seen.untilMs = now + crowd.withinMs;
    return { machine: 'crowd', earlier: before < crowd.readers ? [...seen.readers.values()] : [] };
  }
}
