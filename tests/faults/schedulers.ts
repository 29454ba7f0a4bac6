/** F17: several ticks and several planners at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, rowOf } from './rows.ts';
import type { Send } from './send.ts';
import type { Stage } from './stage.ts';

export const schedulers: Fault = {
  id: 'F17',
  name: 'two schedulers',
  stage: { crew: { deliver: 2, plan: 2, tick: 3 } },
  run: async (stage, scale) => {
    const { crew, wiring, random } = stage;
    // The stage may be shared with other faults and have fewer.
    while (crew.of('plan-issue').length < 2) await crew.add('plan-issue');
    while (crew.of('tick').length < 3) await crew.add('tick');
    const send = await stage.send({ readers: scale.readers });
    const queue = wiring.queues.all().find(({ name }) => name === 'plan-issue')!;
    for (let i = 0; i < 6; i++)
      await queue.add('plan-issue', { v: 1, id: send.issueId }, { jobId: `again-${send.name}-${i}` });
    for (let i = 0; i < 2; i++) {
      await send.untilTaken(scale.readers * random.between(0.1, 0.2) * (i + 1));
      random.pick(crew.of('tick')).kill();
      await wiring.queues.redis.flushall();
      await sleep(random.between(100, 800));
    }
    return [
      await rowOf('F17', stage, send, {
        what: '3 ticks, 2 planners, 6 more plan jobs; Redis emptied and a tick killed, twice',
        open: 0,
        also: () => batchesAddUp(stage, send),
      }),
    ];
  },
};

/** The ledger was cut into batches once: their sizes make up the audience, and each row lies in one of them. */
async function batchesAddUp({ wiring }: Stage, send: Send): Promise<string[]> {
  const [counts] = await wiring.sql<{ planned: number; batched: number }[]>`
    select (select coalesce(sum(size), 0)::int from batches where issue_id = ${send.issueId}) as planned,
      (select count(*)::int from recipients where issue_id = ${send.issueId} and batch_id is not null) as batched`;
  const { planned, batched } = counts!;
  const readers = send.addresses.length;
  return planned === readers && batched === readers
    ? []
    : [`batches hold ${planned}, rows in batches ${batched}, readers ${readers}`];
}
