/** States of issues and recipients, and the moves between them (guarded again in each SQL statement). */

export const issueStates = ['draft', 'scheduled', 'sending', 'paused', 'sent', 'held', 'cancelled'] as const;
export type IssueState = (typeof issueStates)[number];

export const recipientStates = [
  'queued',
  'sending',
  'accepted',
  'rejected',
  'deferred',
  'expired',
  'unknown',
  'excluded',
] as const;
export type RecipientState = (typeof recipientStates)[number];

export const subscriptionStates = ['pending', 'active', 'paused', 'unsubscribed'] as const;
export type SubscriptionState = (typeof subscriptionStates)[number];

/** How often a subscriber is written to: each issue, or the digest of a month's issues. */
export const frequencies = ['every', 'monthly'] as const;
export type Frequency = (typeof frequencies)[number];
