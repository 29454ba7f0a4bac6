/** The sending process of Broadsheet: the worker's own parts on an embedded Postgres, whose CPU is not this process's. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { compose } from '../../src/compose/compose.ts';
import { readConfig } from '../../src/config.ts';
import { putPublication } from '../../src/db/publications.ts';
import { ensureSubscribers } from '../../src/db/subscribers.ts';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { openDeliverer } from '../../src/deliver/delivery.ts';
import { planAndQueue, queueBatches } from '../../src/enqueue/plan.ts';
import { submit } from '../../src/enqueue/submit.ts';
import { startQueueWorker } from '../../src/queue/queues.ts';
import { render } from '../../src/render/render.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import { status } from '../../src/track/status.ts';
import { openWiring } from '../../src/wiring.ts';
import type { Job } from '../delivery.ts';
import { benchPublication as publication } from '../support.ts';

process.once('message', async (job: Job) => {
  const config = readConfig({
    SMTP_URL: job.url,
    DATA_DIR: join(job.folder, 'data'),
    PUBLIC_URL: 'https://news.example.org',
    DKIM_DOMAIN: 'example.org',
    DKIM_SELECTOR: 'bench',
    DKIM_PRIVATE_KEY_FILE: join(job.folder, 'dkim.pem'),
    SMTP_CONNECTIONS: String(job.connections),
  });
  const wiring = await openWiring(config, 'bench', 6);
  const { sql, log } = wiring;
  const { id: publicationId } = await putPublication(sql, publication);
  const addresses = Array.from({ length: job.messages }, (_, i) => parseAddress(`reader${i}@example.net`) as never);
  const ids = await ensureSubscribers(sql, wiring.hasher, addresses);
  await sql`insert into subscriptions (publication_id, subscriber_id, state, source)
    select ${publicationId}, s, 'active', 'import' from unnest(${ids}::bigint[]) s on conflict do nothing`;
  const { issue } = compose(job.source, { publication });
  const edition = await render(issue, { publication });
  const row = await submit(wiring, { publicationId, source: job.source, issue, edition, slug: 'bench', again: true });
  const workerId = randomUUID();
  await heartbeat(sql, workerId, 'bench');
  const { delivery, close } = openDeliverer(wiring, workerId, new AbortController().signal);
  const { presses } = delivery;
  await presses.get({ ...row, startedAt: new Date() }, row.revisionId);
  await planAndQueue(wiring, row.id);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const worker = startQueueWorker({
    name: 'deliver-batch',
    redisUrl: wiring.redisUrl,
    prefix: config.queuePrefix,
    concurrency: 8,
    log,
    work: async id => {
      await deliverBatch(delivery, id);
      await queueBatches(wiring);
    },
  });
  while ((await status(sql, row)).state !== 'sent') await new Promise(resolve => setTimeout(resolve, 250));
  const { user, system } = process.cpuUsage(before);
  const wallMs = performance.now() - startedAt;
  const bytesEach = (await presses.get(row, row.revisionId)).message({
    subscriberId: 1,
    email: 'reader1@example.net',
    name: '',
    attributes: {},
  }).raw.length;
  await worker.close();
  close();
  process.send!({ messages: job.messages, cpuMs: (user + system) / 1000, wallMs, bytesEach });
  await wiring.close();
});
