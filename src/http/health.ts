/** Whether this process lives, and whether it can work. */
import { Hono } from 'hono';
import type { Wiring } from '../wiring.ts';

/** A service that takes longer than this to say anything is not ready. */
const patienceMs = 2000;

/** `/healthz`: 200 while the process answers. `/readyz`: 200 when Postgres and Redis answer, else 503 naming those that do not. */
export function healthApp(wiring: Pick<Wiring, 'sql' | 'queues'>): Hono {
  const services: Record<string, () => PromiseLike<unknown>> = {
    postgres: () => wiring.sql`select 1`,
    redis: () => wiring.queues.redis.ping(),
  };
  return new Hono()
    .get('/healthz', c => c.json({ alive: true }))
    .get('/readyz', async c => {
      const names = Object.keys(services);
      const answers = await Promise.all(names.map(name => answersInTime(services[name]!)));
      const missing = names.filter((_, at) => !answers[at]);
      return c.json({ ready: missing.length === 0, missing }, missing.length === 0 ? 200 : 503);
    });
}

async function answersInTime(ask: () => PromiseLike<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  const answered = Promise.resolve()
    .then(ask)
    .then(
      () => true,
      () => false,
    );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
