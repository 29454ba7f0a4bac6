/** The troubles that are told, and how long each must be seen before it is, and gone before it is over: so that nothing flaps. */

interface Patience {
  /** Seconds that it must be seen. */
  open: number;
  /** Seconds that it must not be seen. */
  close: number;
}

export const kinds = {
  'issue-stalled': { open: 0, close: 60 },
  'issue-held': { open: 0, close: 0 },
  'unknown-rows': { open: 0, close: 60 },
  'lane-slowed': { open: 0, close: 300 },
  'relay-trouble': { open: 60, close: 180 },
  'redis-away': { open: 30, close: 30 },
  'redis-settings': { open: 0, close: 30 },
  'redis-emptied': { open: 0, close: 600 },
  'no-worker': { open: 60, close: 15 },
  'queue-age': { open: 60, close: 60 },
  'disk-full': { open: 0, close: 60 },
  'webhook-disabled': { open: 0, close: 0 },
} as const satisfies Record<string, Patience>;

export type AlertKind = keyof typeof kinds;

export const alertKinds = Object.keys(kinds) as AlertKind[];

/** Something that is wrong now. */
export interface Trouble {
  kind: AlertKind;
  /** What has it: an issue's id, a relay, a role; empty when there is only one such thing. No address. */
  subject: string;
  /** What the words need; no address. */
  detail: Record<string, string | number>;
}
