/** Process: once a second, makes Redis agree with Postgres. Any number may run; one at a time does the work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Archivist } from '../src/archive/archive.ts';
import { readConfig } from '../src/config.ts';
import { reconcile } from '../src/enqueue/reconcile.ts';
import { messageOf } from '../src/errors.ts';
import { runProcess } from '../src/queue/process.ts';
import { openWiring } from '../src/wiring.ts';

const tickMs = 1000;

const config = readConfig();
const wiring = await openWiring(config, 'tick', 3);
await runProcess(wiring, 'tick', async (id, ending) => {
  const archivist = new Archivist(wiring, id);
  const loop = (async () => {
    while (!ending.aborted) {
      await reconcile(wiring, id).catch(error =>
        wiring.log.warn({ error: messageOf(error) }, 'tick failed; the next one tries again'),
      );
      await archivist
        .work()
        .catch(error =>
          wiring.log.warn({ error: messageOf(error) }, 'archive not brought up to date; the next tick tries again'),
        );
      await sleep(tickMs);
    }
  })();
  return { drain: () => loop };
});
