/** Process: sends batches, and letters over the same connections. */
import { readConfig } from '../src/config.ts';
import { ownLane } from '../src/db/plan.ts';
import { deliverBatch } from '../src/deliver/batch.ts';
import { openDeliverer } from '../src/deliver/delivery.ts';
import { LetterCarrier } from '../src/deliver/letters.ts';
import { jobsPerLane } from '../src/enqueue/plan.ts';
import { topUp } from '../src/enqueue/top-up.ts';
import { runProcess } from '../src/queue/process.ts';
import { startQueueWorker } from '../src/queue/queues.ts';
import { renderLetter } from '../src/render/letter.ts';
import { openWiring } from '../src/wiring.ts';

const role = 'deliver-batch';
/** Letters at a time: one may wait for a slow provider without holding up the others. */
const letters = 8;
const config = readConfig();
const wiring = await openWiring(config, role, 6, true);
await runProcess(wiring, role, async (id, ending) => {
  const { log, redisUrl, lanes } = wiring;
  const { delivery, report, share, doing, close } = openDeliverer(wiring, id, ending);
  await share(role);
  const askForMore = topUp(wiring);
  const queue = { redisUrl, prefix: config.queuePrefix, log };
  const carrier = new LetterCarrier({ ...wiring, routes: delivery.routes, render: renderLetter, ending }, id);
  const letterWorker = startQueueWorker({
    ...queue,
    name: 'deliver-letter',
    concurrency: letters,
    work: letter => carrier.deliver(letter),
  });
  const worker = startQueueWorker({
    ...queue,
    name: role,
    // Room for every lane, the test mails' own and those of domains with many readers.
    concurrency: (lanes.size + 1 + ownLane.most) * jobsPerLane,
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
      await Promise.all([worker.close(), letterWorker.close()]);
      await report().catch(() => {});
      close();
    },
  };
});
