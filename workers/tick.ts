/** Process: once a second, makes Redis agree with Postgres. Any number may run; one at a time does the work. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../src/config.ts';
import { writeDigests } from '../src/enqueue/digests.ts';
import { reconcile } from '../src/enqueue/reconcile.ts';
import { messageOf } from '../src/errors.ts';
import { runProcess } from '../src/queue/process.ts';
import { openWiring } from '../src/wiring.ts';

const tickMs = 1000;
/** Digests are due once a month: looked for once a minute. */
const digestsEvery = 60;

const config = readConfig();
const wiring = await openWiring(config, 'tick', 3);
await runProcess(wiring, 'tick', async (id, ending) => {
  const loop = (async () => {
    for (let ticks = 0; !ending.aborted; ticks++) {
      await reconcile(wiring, id).catch(error =>
        wiring.log.warn({ error: messageOf(error) }, 'tick failed; the next one tries again'),
      );
      if (ticks % digestsEvery === 0)
        await writeDigests({ ...wiring, publicUrl: config.publicUrl, render: renderOnce }).catch(error =>
          wiring.log.warn({ error: messageOf(error) }, 'digests not looked for; tried again in a minute'),
        );
      await sleep(tickMs);
    }
  })();
  return { drain: () => loop };
});

/** MJML is loaded once a month, not with every tick process. */
async function renderOnce(...of: Parameters<typeof import('../src/render/render.ts').render>) {
  return (await import('../src/render/render.ts')).render(...of);
}
