/**
 * A message to an international address (RFC 6531) when the relay at hand does not offer SMTPUTF8: it leaves through another that does, or
 * its reader is left out with that reason. Such addresses are few, so nothing is kept ready for them.
 */
import type { Message } from '../personalise/press.ts';
import type { Route } from './routes.ts';
import type { Outcome } from './wire-connection.ts';

/** For a connection and a permit of another relay: the claim must still be fresh when the message leaves. */
const waitMs = 5000;

/** What the ledger says of a reader whom no relay can reach. */
export const needsUtf8 = 'needs SMTPUTF8';

/**
 * Sends it by the first of these routes that can carry it.
 * @returns `none` when no relay can; undefined when one that could not be asked just now might
 */
export async function deliverElsewhere(
  routes: readonly Route[],
  message: Message,
  ending: AbortSignal,
): Promise<{ route: Route; outcome: Outcome } | 'none' | undefined> {
  const signal = AbortSignal.any([ending, AbortSignal.timeout(waitMs)]);
  let isUnsure = false;
  for (const route of routes) {
    const connection = await route.pool.acquire(signal).catch(() => undefined);
    if (!connection) {
      isUnsure = true;
      continue;
    }
    try {
      if (!connection.carriesUtf8) continue;
      if (!(await route.gate.take(signal))) return undefined;
      return { route, outcome: await connection.deliver(message.from, message.to, message.raw, message.free) };
    } finally {
      route.pool.release(connection);
    }
  }
  return isUnsure ? undefined : 'none';
}
