/** What people's subscriptions go through after they began: leaving, undoing that, suppression, and the answer to “what do you have on me?” */
import type { Db } from '../db/client.ts';
import {
  endAllSubscriptions,
  endSubscription,
  findSubscriber,
  reviveSubscription,
  type SubscriberRow,
  type SubscriptionKey,
} from '../db/subscribers.ts';
import { isSuppressed } from '../db/suppressions.ts';
import { BroadsheetError } from '../errors.ts';
import { parseAddress } from './address.ts';
import type { AddressHasher } from './hash.ts';

export { isSuppressed, suppress } from '../db/suppressions.ts';

export interface SubscriberDescription {
  /** Absent when only the suppression is left. Logs name a message by issue and this: `12-3456`. */
  id?: number;
  /** As stored, or as read from what was asked when only its suppression is known. */
  address: string;
  name: string;
  suppressed: boolean;
  subscriptions: SubscriberRow['subscriptions'];
}

/**
 * What is known about an address, in any form `parseAddress` reads. A suppression outlives the person's row, so a suppressed address is
 * described even when nothing else is left of it.
 * @throws BroadsheetError ADDRESS_INVALID
 */
export async function describeSubscriber(
  sql: Db,
  hasher: AddressHasher,
  address: string,
): Promise<SubscriberDescription | undefined> {
  const parsed = parseAddress(address);
  if ('problem' in parsed) throw new BroadsheetError('ADDRESS_INVALID', parsed.problem);
  const [person, suppressed] = await Promise.all([
    findSubscriber(sql, parsed.emailKey),
    isSuppressed(sql, hasher.hash(parsed.emailKey)),
  ]);
  if (person)
    return { id: person.id, address: person.email, name: person.name, suppressed, subscriptions: person.subscriptions };
  return suppressed ? { address: parsed.email, name: '', suppressed, subscriptions: [] } : undefined;
}

/**
 * Ends a subscription; takes effect before the person's next SMTP transaction, since deliveries check it when they claim.
 * @param of.issueId the issue whose link was used
 * @returns true when this call ended it, false when it was ended or never there
 */
export function unsubscribe(sql: Db, of: SubscriptionKey & { issueId?: number }): Promise<boolean> {
  return endSubscription(sql, of);
}

/**
 * Ends all of a person's subscriptions at once, for one undo.
 * @returns whether the one named ended just now
 */
export function unsubscribeAll(sql: Db, of: SubscriptionKey & { issueId?: number }): Promise<boolean> {
  return endAllSubscriptions(sql, of);
}

/**
 * Undoes an unsubscription, and those that ended at the same press: back to the state before it, `pending` staying `pending`.
 * @returns false when the subscription is not ended, or the address is suppressed
 */
export function resubscribe(sql: Db, of: SubscriptionKey): Promise<boolean> {
  return reviveSubscription(sql, of);
}
