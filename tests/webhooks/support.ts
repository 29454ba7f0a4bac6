/** An endpoint as `webhook add` makes it, and the two steps that its process takes in turn. */
import { insertWebhook } from '../../src/db/webhooks.ts';
import type { HappeningType } from '../../src/model/happenings.ts';
import { Dispatcher } from '../../src/webhooks/dispatch.ts';
import { Poster } from '../../src/webhooks/post.ts';
import { Sender } from '../../src/webhooks/sender.ts';
import { newSecret } from '../../src/webhooks/sign.ts';
import type { Services } from '../support/services.ts';

export interface Endpoint {
  id: number;
  secret: string;
}

export async function addEndpoint(
  { sql, vault }: Services,
  url: string,
  events: HappeningType[],
  addresses = false,
): Promise<Endpoint> {
  const secret = newSecret();
  return { id: (await insertWebhook(sql, { url, events, addresses, secret: vault.seal(secret) }))!, secret };
}

/** @param given.timeoutMs of a POST */
export function openSender(services: Services, given: { timeoutMs?: number } = {}) {
  const poster = new Poster('loopback', given);
  const dispatcher = new Dispatcher(services.sql, { settleMs: 0 });
  const sender = new Sender({ ...services, poster });
  return {
    dispatcher,
    sender,
    /** Makes and sends all that is due now. */
    run: async () => {
      await dispatcher.pass();
      while ((await sender.start()) > 0) await sender.settled();
    },
    close: () => poster.close(),
  };
}
