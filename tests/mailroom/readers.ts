/** The room's readers: of each kind a few, and what must have become of them after the first issue. */

export const domains = { readers: 'readers.test', bounces: 'bounce.mailroom.test', from: 'mailroom.test' };

/** Domains behind a next hop, with what it answers to RCPT. */
export const beyond = {
  'gone.test': '550 5.1.1 The email account that you tried to reach does not exist',
  'strict.test': '550 5.7.1 Message rejected due to local policy',
  'slow.test': '450 4.3.2 Please try again later',
};

interface Kind {
  what: string;
  domain: string;
  /** Postfix knows the address. */
  isListed: boolean;
  /** Dovecot has a mailbox. */
  hasMailbox: boolean;
  quotaKiB?: number;
  isGreylisted?: boolean;
  /** Its mail lies in Postfix' queue until that gives up. */
  isDelayed?: boolean;
  /** Ledger state. */
  state: 'accepted' | 'rejected';
  copies: 0 | 1;
  /** What came back, in our session or later, as events call it. */
  event: 'bounce-hard' | 'bounce-soft' | 'bounce-policy' | null;
  isSuppressed: boolean;
}

const usual = { domain: domains.readers, isListed: true, hasMailbox: true, state: 'accepted', copies: 1 } as const;
const lives = { event: null, isSuppressed: false } as const;
const dies = { hasMailbox: false, copies: 0, event: 'bounce-hard', isSuppressed: true } as const;

const kinds = {
  here: { ...usual, ...lives, what: 'a mailbox' },
  grey: { ...usual, ...lives, what: 'greylisted the first time (450)', isGreylisted: true },
  unknown: {
    ...usual,
    ...dies,
    what: 'unknown to Postfix: 550 5.1.1 in our session',
    isListed: false,
    state: 'rejected',
  },
  vanished: { ...usual, ...dies, what: 'accepted, then unknown to Dovecot: a bounce, 5.1.1' },
  gone: { ...usual, ...dies, what: 'accepted, then refused by the next hop: a bounce, 5.1.1', domain: 'gone.test' },
  full: {
    ...usual,
    what: 'accepted, then the mailbox is full: a bounce, 5.2.2',
    quotaKiB: 1,
    copies: 0,
    event: 'bounce-soft',
    isSuppressed: false,
  },
  strict: {
    ...usual,
    what: 'accepted, then refused by the next hop for policy: a bounce, 5.7.1',
    domain: 'strict.test',
    hasMailbox: false,
    copies: 0,
    event: 'bounce-policy',
    isSuppressed: false,
  },
  slow: {
    ...usual,
    what: 'accepted, put off by the next hop: a delay notice, then a bounce, 4.3.2',
    isDelayed: true,
    domain: 'slow.test',
    hasMailbox: false,
    copies: 0,
    event: 'bounce-soft',
    isSuppressed: false,
  },
} satisfies Record<string, Kind>;
export type KindName = keyof typeof kinds;

export interface Reader {
  address: string;
  kind: Kind;
}

/** Fewer than ten dead addresses: more would hold the issue (the breaker), which is not what is looked at here. */
export const fullRoom: Record<KindName, number> = {
  here: 275,
  grey: 8,
  unknown: 3,
  vanished: 3,
  gone: 3,
  full: 4,
  strict: 2,
  slow: 2,
};

/** Without those whose mail must lie in a queue for a while. */
export const smallRoom: Record<KindName, number> = { ...fullRoom, here: 40, grey: 3, slow: 0 };

export function readersOf(counts: Record<KindName, number>): Reader[] {
  return Object.entries(counts).flatMap(([name, count]) => {
    const kind: Kind = kinds[name as KindName];
    return Array.from({ length: count }, (_, i) => ({ address: `${name}${i + 1}@${kind.domain}`, kind }));
  });
}
