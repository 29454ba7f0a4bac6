/** Process: sends batches. */
import { readConfig } from '../src/config.ts';
import { deliverBatch } from '../src/deliver/batch.ts';
import { Clerk } from '../src/deliver/clerk.ts';
import { relayPools } from '../src/deliver/pool.ts';
import { Presses } from '../src/deliver/presses.ts';
import { runProcess } from '../src/queue/process.ts';
import { startQueueWorker } from '../src/queue/queues.ts';
import { openWiring } from '../src/wiring.ts';

const config = readConfig();
const wiring = await openWiring(config, 'deliver-batch', 6, true);
await runProcess(wiring, 'deliver-batch', async (id, draining) => {
  const { sql, log, redisUrl } = wiring;
  const pools = relayPools(config);
  const delivery = {
    sql,
    log,
    draining,
    clerk: new Clerk(sql, id, log),
    presses: new Presses(wiring),
    poolFor: pools.for,
    connectionsPerBatch: Math.max(1, Math.ceil(config.smtpConnections / 2)),
  };
  const worker = startQueueWorker({
    name: 'deliver-batch',
    redisUrl,
    prefix: config.queuePrefix,
    concurrency: 4,
    log,
    work: batchId => deliverBatch(delivery, batchId),
  });
  return {
    drain: async () => {
      await worker.close();
      pools.close();
    },
  };
});
