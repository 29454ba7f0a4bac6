/** Process: once a second, makes Redis agree with Postgres; looks for trouble. Any number may run; one at a time does the work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runAlerts } from '../src/alerts/run.ts';
import { readConfig } from '../src/config.ts';
import { reconcile } from '../src/enqueue/reconcile.ts';
import { messageOf } from '../src/errors.ts';
import { runProcess } from '../src/queue/process.ts';
import { openWiring } from '../src/wiring.ts';

const tickMs = 1000;

const config = readConfig();
const wiring = await openWiring(config, 'tick', 4);
await runProcess(wiring, 'tick', async (id, ending) => {
  const loop = (async () => {
    while (!ending.aborted) {
      await reconcile(wiring, id).catch(error =>
        wiring.log.warn({ error: messageOf(error) }, 'tick failed; the next one tries again'),
      );
      await sleep(tickMs);
    }
  })();
  const alerts = runAlerts(wiring, id, ending);
  return { drain: async () => void (await Promise.all([loop, alerts])) };
});
