/** F6, F7: Redis killed, emptied or full; Postgres killed between a relay's 250 and the commit. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, type Row, rowOf, type Scale } from './rows.ts';
import type { Stage } from './stage.ts';

export const redisFaults: Fault = {
  id: 'F6',
  name: 'Redis killed, emptied, full',
  stage: { crew: { deliver: 2 } },
  run: async (stage, scale) => {
    const emptied = await struckRedis(stage, scale, 'emptied (FLUSHALL) 3×', async () => {
      for (let i = 0; i < 3; i++) {
        await stage.wiring.queues.redis.flushall();
        await sleep(stage.random.between(200, 1200));
      }
    });
    if (scale.isShort) return [emptied];
    const killed = await struckRedis(stage, scale, 'SIGKILL, 3 s away', async () => {
      stage.servers.killRedis();
      await sleep(3000);
      await stage.servers.restart();
    });
    const full = await struckRedis(stage, scale, 'full (maxmemory, noeviction) for 6 s', async () => {
      const { redis } = stage.wiring.queues;
      await redis.config('SET', 'maxmemory', '1');
      await sleep(6000);
      await redis.config('SET', 'maxmemory', '0');
    });
    return [killed, emptied, full];
  },
};

/** Redis only schedules: no row may become unknown by its loss. */
async function struckRedis(stage: Stage, scale: Scale, what: string, strike: () => Promise<void>): Promise<Row> {
  const send = await stage.send({ readers: scale.readers, thinkMs: scale.isShort ? [100, 200] : [50, 150] });
  await send.untilTaken(scale.readers * stage.random.between(0.1, 0.3));
  const at = performance.now();
  await strike();
  const moments = [{ at, over: performance.now() }];
  return rowOf('F6', stage, send, { what: `Redis ${what}`, open: 0, moments });
}

export const postgresFaults: Fault = {
  id: 'F7',
  name: 'Postgres killed between 250 and commit',
  stage: { crew: { deliver: 2 } },
  run: async (stage, scale) => {
    if (scale.isShort) return [await struckPostgres(stage, scale, 1500)];
    const rows: Row[] = [];
    for (const awayMs of [500, 3000, 20_000, 60_000]) rows.push(await struckPostgres(stage, scale, awayMs));
    return rows;
  },
};

async function struckPostgres(stage: Stage, scale: Scale, awayMs: number): Promise<Row> {
  const { relay, crew, servers, random } = stage;
  const send = await stage.send({ readers: scale.readers });
  const nth = Math.floor(scale.readers * random.between(0.1, 0.4));
  let open = 0;
  let struckAt = 0;
  await new Promise<void>(resolve => {
    relay.script.hook = at => {
      if (at.step !== 'accepted' || send.taken < nth) return undefined;
      relay.script.hook = undefined;
      // The 250 is on the wire; its commit cannot be there yet.
      servers.killPostgres();
      struckAt = performance.now();
      open = crew.of('deliver-batch').reduce((sum, worker) => sum + worker.network.smtp.open(), 0);
      resolve();
      return undefined;
    };
  });
  await sleep(awayMs);
  await servers.restart();
  const moments = [{ at: struckAt, over: performance.now() }];
  return rowOf('F7', stage, send, { what: `Postgres killed after a 250, ${awayMs / 1000} s away`, open, moments });
}
