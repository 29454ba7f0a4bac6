/** What every worker process does: heartbeat, and an orderly end in bounded time when asked to (SIGTERM, SIGINT, or its parent gone). */
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Sql } from '../db/client.ts';
import { heartbeat, removeWorker } from '../db/workers.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Doing } from '../model/doing.ts';

const heartbeatMs = 2000;
/** How long draining may take, and after how long it is hurried. */
const usual = { drainMs: 20_000, hurryMs: 15_000 };

export interface Running {
  /** Called with each heartbeat. */
  beat?: () => Promise<void>;
  /** Told with each heartbeat. */
  doing?: () => Doing;
  /** Stops taking work and waits for what is under way. */
  drain: () => Promise<void>;
  /** Called when draining takes long: what can be ended without harm is to end now. */
  hurry?: () => void;
}

/**
 * Runs a worker process until it is asked to end. Rows of one that does not manage in `drainMs` are found by the tick.
 * @param start gets the process's id (as in table workers) and a signal that is aborted when draining begins
 */
export async function runProcess(
  wiring: { sql: Sql; log: Logger; close: () => Promise<void> },
  role: string,
  start: (id: string, ending: AbortSignal) => Promise<Running>,
  { drainMs, hurryMs } = usual,
): Promise<void> {
  const { sql, log } = wiring;
  const id = randomUUID();
  const ending = new AbortController();
  // Each wait of each batch listens to it.
  setMaxListeners(0, ending.signal);
  const ended = new Promise<void>(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
    // A parent that was killed cannot ask; its end of the channel closes.
    if (process.send) {
      process.on('disconnect', () => resolve());
      // It may have been killed before this line was reached.
      if (!process.connected) resolve();
    }
  });
  await heartbeat(sql, id, role);
  let running: Running | undefined;
  const beat = setInterval(() => {
    heartbeat(sql, id, role, running?.doing?.())
      .then(() => running?.beat?.())
      .catch(error => log.warn({ error: messageOf(error) }, 'no heartbeat'));
  }, heartbeatMs);
  running = await start(id, ending.signal);
  if (process.connected) process.send?.('ready');
  await ended;
  ending.abort();
  const late = setTimeout(() => {
    log.error({ role }, 'draining took too long; the tick will account for what is left');
    process.exit(1);
  }, drainMs);
  const slow = setTimeout(() => running.hurry?.(), hurryMs);
  await running.drain();
  clearTimeout(slow);
  clearInterval(beat);
  await removeWorker(sql, id);
  await wiring.close();
  clearTimeout(late);
  process.exit(0);
}
