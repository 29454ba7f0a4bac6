/** What an outgoing webhook can be told of, and from which table it is read. */

/** Read from table events, by its kind. */
export const kindOf = {
  'subscriber.bounced': ['bounce-hard', 'bounce-soft', 'bounce-policy'],
  'subscriber.complained': ['complaint'],
  'issue.liked': ['like'],
  'link.clicked': ['click'],
} as const satisfies Record<string, readonly string[]>;

/** Written to table changes by its triggers (0008). */
const changeTypes = [
  'issue.scheduled',
  'issue.sending',
  'issue.paused',
  'issue.held',
  'issue.cancelled',
  'issue.sent',
  'subscriber.subscribed',
  'subscriber.unsubscribed',
  'subscriber.suppressed',
] as const;

export const happeningTypes = [...changeTypes, ...(Object.keys(kindOf) as (keyof typeof kindOf)[])] as const;
export type HappeningType = (typeof happeningTypes)[number];

/** A click is a person's only once what comes after it is judged too (track/judge: a minute, and the job's own delay): clicks are read this much later. */
export const clicksSettleMs = 80_000;
