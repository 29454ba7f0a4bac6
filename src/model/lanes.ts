/** Lanes: one mailbox provider's readers each. What slows a provider must not slow the others (rule 1.9). */
import { z } from 'zod';

const limits = {
  /** Connections open at once, all processes together; null: each process opens what SMTP_CONNECTIONS allows. */
  connections: z.int().min(1).max(1000).nullable(),
  /** Messages after which a connection is left and a new one made. */
  messagesPerConnection: z.int().min(1).max(10_000),
  /** Messages a second, all processes together; null: as fast as the provider takes them. */
  perSecond: z.number().min(0.01).max(100_000).nullable(),
};

const laneSchema = z.strictObject({
  ...limits,
  /** Mailbox domains that are known to be theirs. */
  domains: z.array(z.string().toLowerCase()).max(1000),
  /** Domains of their mail exchangers: a reader's domain whose MX lies below one of these belongs here. */
  mx: z.array(z.string().toLowerCase()).max(100),
});

export type Lane = z.infer<typeof laneSchema> & { name: string };
/** By name; `other` is always there. */
export type Lanes = ReadonlyMap<string, Lane>;

/** Rule 1.10's starting values. */
const standard: Record<string, Omit<Lane, 'name' | 'perSecond'>> = {
  google: {
    domains: ['gmail.com', 'googlemail.com'],
    mx: ['google.com', 'googlemail.com'],
    connections: 5,
    messagesPerConnection: 50,
  },
  naver: { domains: ['naver.com'], mx: ['naver.com', 'worksmobile.com'], connections: 3, messagesPerConnection: 50 },
  kakao: {
    domains: ['daum.net', 'hanmail.net', 'kakao.com'],
    mx: ['daum.net', 'hanmail.net', 'kakao.com'],
    connections: 3,
    messagesPerConnection: 50,
  },
  microsoft: {
    domains: ['outlook.com', 'outlook.kr', 'hotmail.com', 'hotmail.co.kr', 'live.com', 'live.co.kr', 'msn.com'],
    mx: ['outlook.com', 'hotmail.com'],
    connections: 5,
    messagesPerConnection: 50,
  },
  yahoo: {
    domains: ['yahoo.com', 'yahoo.co.jp', 'yahoo.co.kr', 'ymail.com', 'aol.com'],
    mx: ['yahoodns.net', 'yahoo.co.jp'],
    connections: 10,
    messagesPerConnection: 20,
  },
  apple: {
    domains: ['icloud.com', 'me.com', 'mac.com'],
    mx: ['icloud.com', 'apple.com'],
    connections: 10,
    messagesPerConnection: 5,
  },
  nate: { domains: ['nate.com', 'empas.com'], mx: ['nate.com'], connections: 10, messagesPerConnection: 100 },
  /** Everyone else: many small providers, so no limit on all of them together. */
  other: { domains: [], mx: [], connections: null, messagesPerConnection: 100 },
};

/**
 * An operator's changes, by lane: any of the limits, or a lane of their own with its domains.
 * `google: { connections: 10 }`, `campus: { domains: [snu.ac.kr], perSecond: 5 }`.
 */
export const lanesFileSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'use small letters, digits and hyphens'),
  laneSchema.partial(),
);

/** @param changes of an operator's file */
export function lanesOf(changes: z.infer<typeof lanesFileSchema> = {}): Lanes {
  const names = new Set([...Object.keys(standard), ...Object.keys(changes)]);
  return new Map(
    [...names].map(name => {
      const base = standard[name] ?? standard.other!;
      return [name, { perSecond: null, ...base, ...changes[name], name }];
    }),
  );
}

/** Of a batch whose lane an operator has taken away since: everyone else's limits under its own name. */
export function laneNamed(lanes: Lanes, name: string): Lane {
  return lanes.get(name) ?? { ...lanes.get('other')!, name };
}

/** Mailbox domain → lane, for the domains that are known. A domain named twice belongs to the lane that comes last: an operator's own. */
export function domainsOf(lanes: Lanes): Record<string, string> {
  return Object.fromEntries([...lanes.values()].flatMap(lane => lane.domains.map(domain => [domain, lane.name])));
}

/** The lane of mail exchangers, by the domain they lie below. */
export function laneOfMx(lanes: Lanes, hosts: readonly string[]): string | undefined {
  for (const lane of lanes.values()) {
    const isTheirs = (host: string) => lane.mx.some(domain => host === domain || host.endsWith(`.${domain}`));
    if (hosts.some(host => isTheirs(host.toLowerCase().replace(/\.$/, '')))) return lane.name;
  }
  return undefined;
}
