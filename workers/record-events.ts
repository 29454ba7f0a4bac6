/** Process: tells people's clicks from machines'. */
import { readConfig } from '../src/config.ts';
import { runProcess } from '../src/queue/process.ts';
import { startQueueWorker } from '../src/queue/queues.ts';
import { recordEvents } from '../src/track/record.ts';
import { openWiring } from '../src/wiring.ts';

const config = readConfig();
const wiring = await openWiring(config, 'record-events', 2, true);
await runProcess(wiring, 'record-events', async () => {
  const { log, redisUrl } = wiring;
  const worker = startQueueWorker({
    name: 'record-events',
    redisUrl,
    prefix: config.queuePrefix,
    concurrency: 1,
    log,
    work: issueId => recordEvents(wiring, issueId),
  });
  return { drain: () => worker.close() };
});
