/** Process: sends webhooks. What happened becomes messages in one of them at a time; any number send. */
import { setTimeout as sleep } from 'node:timers/promises';
import { runAlerts } from '../src/alerts/run.ts';
import { readConfig } from '../src/config.ts';
import { takeLease } from '../src/db/workers.ts';
import { messageOf } from '../src/errors.ts';
import { runProcess } from '../src/queue/process.ts';
import { Dispatcher } from '../src/webhooks/dispatch.ts';
import { reachOf } from '../src/webhooks/guard.ts';
import { Poster } from '../src/webhooks/post.ts';
import { Sender } from '../src/webhooks/sender.ts';
import { openWiring } from '../src/wiring.ts';

const role = 'send-webhooks';
const passMs = 1000;

const config = readConfig();
const wiring = await openWiring(config, role, 4);
await runProcess(wiring, role, async (id, ending) => {
  const { sql, log, vault } = wiring;
  const poster = new Poster(reachOf(config.publicUrl));
  const sending = new Sender({ sql, log, vault, poster }).run(ending);
  const dispatcher = new Dispatcher(sql);
  const dispatching = (async () => {
    while (!ending.aborted) {
      await (async () => (await takeLease(sql, role, id)) && (await dispatcher.pass()))().catch(error =>
        log.warn({ error: messageOf(error) }, 'webhooks not made ready; the next pass tries again'),
      );
      await sleep(passMs);
    }
  })();
  // Also here: when no tick is alive, somebody must say so.
  const alerts = runAlerts(wiring, id, ending);
  return {
    drain: async () => {
      await Promise.all([sending, dispatching, alerts]);
      poster.close();
    },
  };
});
