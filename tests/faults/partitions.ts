/** F8: one of two delivering workers cut off from Postgres, Redis or the relay, while the other goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from './crew.ts';
import { type Fault, type Row, rowOf, type Scale } from './rows.ts';
import type { Stage } from './stage.ts';

type From = keyof Worker['network'];

export const partitions: Fault = {
  id: 'F8',
  name: 'partition of one worker',
  stage: { crew: { deliver: 2 } },
  run: async (stage, scale) => {
    const rows: Row[] = [];
    for (const from of ['postgres', 'redis', 'smtp'] as const) {
      rows.push(await cutOff(stage, scale, from, stage.random.between(5000, 9000), 'heals'));
      if (!scale.isShort) rows.push(await cutOff(stage, scale, from, stage.random.between(18_000, 30_000), 'heals'));
      rows.push(await cutOff(stage, scale, from, stage.random.between(6000, 20_000), 'is reset'));
    }
    return rows;
  },
};

const names: Record<From, string> = { postgres: 'Postgres', redis: 'Redis', smtp: 'the relay' };

/**
 * Nothing passes and nobody is told; then all that was held back arrives (`heals`), or the connections are reset, so that neither side
 * knows what the other got.
 */
async function cutOff(stage: Stage, scale: Scale, from: From, ms: number, end: 'heals' | 'is reset'): Promise<Row> {
  const send = await stage.send({ readers: scale.readers });
  await send.untilTaken(scale.readers * stage.random.between(0.1, 0.3));
  const worker = stage.random.pick(stage.crew.of('deliver-batch'));
  const open = worker.network.smtp.open();
  const proxy = worker.network[from];
  const at = performance.now();
  proxy.hole();
  await sleep(ms);
  if (end === 'is reset') proxy.cut();
  proxy.heal();
  const moments = [{ at, over: performance.now() }];
  // A worker that was taken for dead settles what it holds, or gives it back.
  await sleep(4000);
  return rowOf('F8', stage, send, {
    what: `cut off from ${names[from]} for ${Math.round(ms / 1000)} s, then it ${end}`,
    // Redis decides nothing about a message.
    open: from === 'redis' ? 0 : open,
    moments,
  });
}
