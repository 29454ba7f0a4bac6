/** Process: sends batches. */
import { readConfig } from '../src/config.ts';
import { ownLane } from '../src/db/plan.ts';
import { deliverBatch } from '../src/deliver/batch.ts';
import { openDeliverer } from '../src/deliver/delivery.ts';
import { jobsPerLane } from '../src/enqueue/plan.ts';
import { topUp } from '../src/enqueue/top-up.ts';
import { runProcess } from '../src/queue/process.ts';
import { startQueueWorker } from '../src/queue/queues.ts';
import { openWiring } from '../src/wiring.ts';

const role = 'deliver-batch';
const config = readConfig();
const wiring = await openWiring(config, role, 6, true);
await runProcess(wiring, role, async (id, ending) => {
  const { log, redisUrl, lanes } = wiring;
  const { delivery, report, share, doing, close } = openDeliverer(wiring, id, ending);
  await share(role);
  const askForMore = topUp(wiring);
  const worker = startQueueWorker({
    name: role,
    redisUrl,
    prefix: config.queuePrefix,
    // Room for every lane, the test mails' own and those of domains with many readers.
    concurrency: (lanes.size + 1 + ownLane.most) * jobsPerLane,
    log,
    work: async batchId => {
      // One that came without its turn goes back to the others, when the next ends or the tick looks.
      const isDone = await deliverBatch(delivery, batchId);
      if (isDone && !ending.aborted) askForMore();
    },
  });
  return {
    beat: async () => {
      await share(role);
      await report();
    },
    doing,
    hurry: () => delivery.routes.giveUp(),
    drain: async () => {
      await worker.close();
      await report().catch(() => {});
      close();
    },
  };
});
