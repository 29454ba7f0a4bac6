/** Process: sends batches. */
import { readConfig } from '../src/config.ts';
import { deliverBatch } from '../src/deliver/batch.ts';
import { openDeliverer } from '../src/deliver/delivery.ts';
import { jobsPerLane, queueBatches } from '../src/enqueue/plan.ts';
import { messageOf } from '../src/errors.ts';
import { runProcess } from '../src/queue/process.ts';
import { startQueueWorker } from '../src/queue/queues.ts';
import { openWiring } from '../src/wiring.ts';

const role = 'deliver-batch';
/** Between two looks for more work, however many batches end. */
const topUpMs = 200;

const config = readConfig();
const wiring = await openWiring(config, role, 6, true);
await runProcess(wiring, role, async (id, ending) => {
  const { log, redisUrl, lanes } = wiring;
  const { delivery, share, close } = openDeliverer(wiring, id, ending);
  await share(role);
  let toppedUp = 0;
  const worker = startQueueWorker({
    name: role,
    redisUrl,
    prefix: config.queuePrefix,
    // Test mails have a lane of their own.
    concurrency: (lanes.size + 1) * jobsPerLane,
    log,
    work: async batchId => {
      await deliverBatch(delivery, batchId);
      // Before the tick would: a lane must not stand still between two of its batches.
      if (ending.aborted || performance.now() < toppedUp + topUpMs) return;
      toppedUp = performance.now();
      await queueBatches(wiring).catch(error => log.warn({ error: messageOf(error) }, 'no look for more work'));
    },
  });
  return {
    beat: () => share(role),
    drain: async () => {
      await worker.close();
      close();
    },
  };
});
