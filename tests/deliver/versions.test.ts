/** Two versions of Broadsheet at work on one send: what the older does not know, it leaves to the newer. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { heartbeat } from '../../src/db/workers.ts';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { openDeliverer } from '../../src/deliver/delivery.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { startQueueWorker } from '../../src/queue/queues.ts';
import { status } from '../../src/track/status.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relay: Relay;
let publications = 0;
const workerId = '00000000-0000-4000-8000-000000000004';

beforeAll(async () => {
  services = await openServices();
  relay = await startRelay();
});
afterAll(async () => {
  await relay.close();
  await services.close();
});

/** An issue whose stored edition was changed after submission, sent by this version. */
async function sentWith(change: string) {
  const { sql, config } = services;
  const slug = `v${++publications}`;
  const { publicationId } = await audience(
    services,
    [`a@${slug}.example.net`, `b@${slug}.example.net`],
    publicationOf({ slug }),
  );
  const issue = await submitIssue(services, publicationId);
  await sql.unsafe(`update revisions set edition = ${change} where issue_id = ${issue.id}`);
  await planAndQueue(services, issue.id);
  await heartbeat(sql, workerId, 'test');
  const { delivery, close } = openDeliverer(
    { ...services, config: { ...config, smtpUrls: [relay.url] } },
    workerId,
    new AbortController().signal,
  );
  const batches = await sql<{ id: number }[]>`select id from batches where issue_id = ${issue.id}`;
  for (const { id } of batches) await deliverBatch(delivery, id);
  close();
  return status(sql, issue);
}

test('an edition stored before forms were numbered is sent', async () => {
  expect(await sentWith("edition - 'form'")).toMatchObject({ state: 'sent', accepted: 2 });
});

test('an edition of a newer form waits for a process of that version; nothing is held, nothing claimed', async () => {
  expect(await sentWith(`edition || '{"form": 3, "html": {"new": "shape"}}'`)).toMatchObject({
    state: 'sending',
    queued: 2,
    sending: 0,
  });
});

test('an edition that cannot be read holds its issue and says so', async () => {
  const now = await sentWith(`edition || '{"html": 7}'`);
  expect(now).toMatchObject({ state: 'held', queued: 2 });
  expect(now.reason).toMatch(/^EDITION_UNREADABLE: /);
});

test('a job of a newer payload is left in the queue; one of ours beside it is done', async () => {
  const { queues, redisUrl, config, log } = services;
  const queue = queues.all().find(one => one.name === 'record-events')!;
  await queue.obliterate({ force: true });
  await queue.add('record-events', { v: 2, id: 'anything' }, { jobId: 'newer' });
  const done: number[] = [];
  const worker = startQueueWorker({
    name: 'record-events',
    redisUrl,
    prefix: config.queuePrefix,
    concurrency: 1,
    log,
    work: async id => {
      done.push(id);
    },
  });
  await queues.add('record-events', [7]);
  while (done.length === 0) await new Promise(resolve => setTimeout(resolve, 10));
  await worker.close();
  expect(done).toEqual([7]);
  expect(await queue.getJob('newer').then(job => job?.getState())).toBe('delayed');
});
