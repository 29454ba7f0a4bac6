/** Alerts as part of a worker process: of all that run it, one looks and tells. */
import { setTimeout as sleep } from 'node:timers/promises';
import { takeLease } from '../db/workers.ts';
import { readDkim } from '../deliver/presses.ts';
import { messageOf } from '../errors.ts';
import { Poster } from '../webhooks/post.ts';
import type { Wiring } from '../wiring.ts';
import { checksOf } from './checks.ts';
import { Notifier, targetsOf } from './notifier.ts';
import { Watch } from './watch.ts';

/** Shorter than a lease lasts. */
const passMs = 5000;
/** How often the end of the process is looked for. */
const stepMs = 500;

/** Until `ending` is aborted. @param id of the process, as in table workers */
export async function runAlerts(wiring: Wiring, id: string, ending: AbortSignal): Promise<void> {
  const { sql, log, config } = wiring;
  const poster = new Poster('operator');
  const watch = new Watch(wiring, checksOf(wiring), targetsOf(config.alerts));
  const notifier = new Notifier({
    sql,
    log,
    alerts: config.alerts,
    relays: config.smtpUrls,
    dkim: readDkim(config),
    domain: config.dkim?.domain ?? config.bounceDomain ?? new URL(config.publicUrl).hostname,
    poster,
  });
  let next = 0;
  while (!ending.aborted) {
    if (performance.now() >= next) {
      next = performance.now() + passMs;
      await (async () => {
        if (!(await takeLease(sql, 'alerts', id))) return;
        await watch.pass();
        await notifier.start();
      })().catch(error => log.warn({ error: messageOf(error) }, 'alerts not kept; the next pass tries again'));
    }
    await sleep(stepMs);
  }
  await notifier.settled();
  poster.close();
}
