/** Lanes: one mailbox provider's readers each. What slows a provider must not slow the others (rule 1.9). */
import { domainToASCII } from 'node:url';
import { z } from 'zod';

/** A domain as readers' domains are kept: small letters, A-labels (rule 2.7). */
const domainSchema = z
  .string()
  .transform(domain => domainToASCII(domain.trim().replace(/^[@.]|\.$/g, '')))
  .pipe(z.string().regex(/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+$/, 'is not a domain, as “example.com”'));

const laneSchema = z.strictObject({
  /** Connections open at once, all processes together; null: each process opens what SMTP_CONNECTIONS allows. */
  connections: z.int().min(1).max(1000).nullable(),
  /** Messages after which a connection is left and a new one made. */
  messagesPerConnection: z.int().min(1).max(10_000),
  /** Messages a second, all processes together; null: as fast as the provider takes them. */
  perSecond: z.number().min(0.01).max(100_000).nullable(),
  /** Mailbox domains that are known to be theirs. */
  domains: z.array(domainSchema).max(1000),
  /** Domains of their mail exchangers: a reader's domain whose MX lies below one of these belongs here. */
  mx: z.array(domainSchema).max(100),
});

export type Lane = z.infer<typeof laneSchema> & { name: string };
/** Of mailbox providers that are no lane: many small ones share it. */
export const otherLane = 'other';

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

/** A lane costs each process connections and state of its own. */
const mostLanes = 100;

/**
 * An operator's changes, by lane: any of the limits, more domains, or a lane of their own.
 * `google: { connections: 10 }`, `campus: { domains: [snu.ac.kr], perSecond: 5 }`.
 */
export const lanesFileSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'use small letters, digits and hyphens'), laneSchema.partial())
  .superRefine((changes, context) => {
    if (Object.keys(changes).length > mostLanes) {
      context.addIssue({
        code: 'custom',
        message: `names more than ${mostLanes} lanes`,
        path: [Object.keys(changes).at(-1)!],
      });
    }
    for (const list of ['domains', 'mx'] as const) {
      const owners = new Map<string, string>();
      for (const [name, lane] of Object.entries(changes)) {
        for (const [index, domain] of (lane[list] ?? []).entries()) {
          const owner = owners.get(domain) ?? name;
          if (owner !== name)
            context.addIssue({ code: 'custom', message: `is ${owner}'s already`, path: [name, list, index] });
          owners.set(domain, owner);
        }
      }
    }
  });

type LaneChanges = z.infer<typeof lanesFileSchema>;

/**
 * All lanes. Limits that an operator names replace the standard ones; domains are added to them, and taken from the lane that had them.
 * @param changes of an operator's file
 */
export function lanesOf(changes: LaneChanges = {}): Lanes {
  const changed = new Map(Object.entries(changes));
  const standards = new Map(Object.entries(standard));
  return new Map(
    [...new Set([...standards.keys(), ...changed.keys()])].map(name => {
      const change = changed.get(name) ?? {};
      const base = standards.get(name) ?? standard.other!;
      const merged = (list: 'domains' | 'mx') => {
        const taken = new Set([...changed].flatMap(([owner, lane]) => (owner === name ? [] : (lane[list] ?? []))));
        return [...new Set([...base[list].filter(domain => !taken.has(domain)), ...(change[list] ?? [])])];
      };
      return [name, { perSecond: null, ...base, ...change, domains: merged('domains'), mx: merged('mx'), name }];
    }),
  );
}

/** Of a batch whose lane an operator has taken away since: everyone else's limits under its own name. */
export function laneNamed(lanes: Lanes, name: string): Lane {
  return lanes.get(name) ?? { ...lanes.get(otherLane)!, name };
}

/** Mailbox domain → lane, for the domains that are known; each belongs to one. */
export function domainsOf(lanes: Lanes): Record<string, string> {
  return Object.fromEntries([...lanes.values()].flatMap(lane => lane.domains.map(domain => [domain, lane.name])));
}

/**
 * The lane of a domain's mail exchangers, by the domain they lie below: the first host that lies below any decides, and the longest such
 * domain, so that an operator's lane may be one customer of a provider.
 * @param hosts most preferred first
 */
export function laneOfMx(lanes: Lanes, hosts: readonly string[]): string | undefined {
  const owners = new Map([...lanes.values()].flatMap(lane => lane.mx.map(domain => [domain, lane.name])));
  for (const host of hosts) {
    const labels = host.toLowerCase().replace(/\.$/, '').split('.');
    for (let i = 0; i < labels.length; i++) {
      const owner = owners.get(labels.slice(i).join('.'));
      if (owner) return owner;
    }
  }
  return undefined;
}
