/** Process: turns audiences into ledgers and batches. */
import { readConfig } from '../src/config.ts';
import { planAndQueue } from '../src/enqueue/plan.ts';
import { runProcess } from '../src/queue/process.ts';
import { startQueueWorker } from '../src/queue/queues.ts';
import { openWiring } from '../src/wiring.ts';

const config = readConfig();
const wiring = await openWiring(config, 'plan-issue', 2, true);
await runProcess(wiring, 'plan-issue', async () => {
  const { log, redisUrl } = wiring;
  const worker = startQueueWorker({
    name: 'plan-issue',
    redisUrl,
    prefix: config.queuePrefix,
    concurrency: 1,
    log,
    work: issueId => planAndQueue(wiring, issueId),
  });
  return { drain: () => worker.close() };
});
