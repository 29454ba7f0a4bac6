/** An issue on its way to a live relay, with what the delivering process has. */
import type { Sql } from '../../src/db/client.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { type Deliverer, openDeliverer } from '../../src/deliver/delivery.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { type Accounting, status } from '../../src/track/status.ts';
import { audience, publicationOf, submitIssue } from './fixtures.ts';
import type { Relay } from './relay.ts';
import type { Services } from './services.ts';

export interface Sending {
  publicationId: number;
  /** Its slug. */
  publication: string;
  subscriberIds: number[];
  issueId: number;
  slug: string;
  deliverer: Deliverer;
  /** Sends what is queued of an issue, this one or another of the same publication. */
  deliver(issueId?: number): Promise<Accounting>;
  close(): void;
}

/** As table workers knows the delivering process. */
export const workerId = '00000000-0000-4000-8000-000000000001';
let publications = 0;

/** What the workers do for one issue: plan it, unless that is done, and send what is queued. */
export async function planAndDeliver(
  wiring: Parameters<typeof planAndQueue>[0],
  { delivery }: Deliverer,
  issueId: number,
): Promise<void> {
  await planAndQueue(wiring, issueId);
  await deliverQueued(wiring.sql, delivery, issueId);
}

async function deliverQueued(sql: Sql, delivery: Deliverer['delivery'], issueId: number): Promise<void> {
  const batches = await sql<{ id: number }[]>`select id from batches where issue_id = ${issueId} order by id`;
  // Three have their turn at a time; a batch that has not would be left out.
  for (let i = 0; i < batches.length; i += 3)
    await Promise.all(batches.slice(i, i + 3).map(batch => deliverBatch(delivery, batch.id)));
}

/** @param connections with one, readers are sent to in the order of their ids */
export async function startSending(
  services: Services,
  relay: Relay,
  addresses: string[],
  given: { connections?: number; submit?: Parameters<typeof submitIssue>[2] } = {},
): Promise<Sending> {
  const { sql } = services;
  const own = publicationOf({ slug: `sending-${++publications}`, delivery: { breaker: { blocks: null } } });
  const { publicationId, subscriberIds } = await audience(services, addresses, own);
  const issue = await submitIssue(services, publicationId, given.submit);
  await planAndQueue(services, issue.id);
  const config = { ...services.config, smtpUrls: [relay.url], smtpConnections: given.connections ?? 4 };
  await heartbeat(sql, workerId, 'test');
  const deliverer = openDeliverer({ ...services, config }, workerId, new AbortController().signal);
  return {
    publicationId,
    publication: own.slug,
    subscriberIds,
    issueId: issue.id,
    slug: issue.slug,
    deliverer,
    deliver: async (id = issue.id) => {
      await deliverQueued(sql, deliverer.delivery, id);
      return status(sql, { id });
    },
    close: () => deliverer.close(),
  };
}
