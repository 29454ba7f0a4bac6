/** F13: a new version is put into service in the middle of a send. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, rowOf } from './rows.ts';
import type { Stage } from './stage.ts';

export const deploy: Fault = {
  id: 'F13',
  name: 'deploy mid-send',
  stage: { crew: { deliver: 2 } },
  run: async (stage, scale) => {
    const send = await stage.send({ readers: scale.readers, thinkMs: [100, 300] });
    await send.untilTaken(scale.readers * stage.random.between(0.1, 0.2));
    await futureJob(stage, send.issueId);
    const at = performance.now();
    const codes: (number | null | undefined)[] = [];
    for (const worker of [
      ...stage.crew.of('deliver-batch'),
      ...stage.crew.of('plan-issue'),
      ...stage.crew.of('tick'),
    ]) {
      codes.push(await stage.crew.remove(worker));
      await migrateFurther(stage, codes.length);
      await stage.crew.add(worker.role);
      await sleep(stage.random.between(0, 1000));
    }
    return [
      await rowOf('F13', stage, send, {
        what: 'each process ended by SIGTERM and replaced; columns and an index added; a job of a later version in the queue',
        open: 0,
        moments: [{ at }],
        also: ({ accepted }) => [
          ...(codes.every(code => code === 0) ? [] : [`exit codes ${codes.join(', ')}: not drained in order`]),
          ...(accepted === scale.readers ? [] : [`only ${accepted} accepted`]),
        ],
      }),
    ];
  },
};

/** As a newer process would leave it: its payload says so. */
async function futureJob(stage: Stage, issueId: number): Promise<void> {
  for (const queue of stage.wiring.queues.all())
    await queue.add(queue.name, { v: 2, id: issueId, more: 'unknown here' }, { jobId: `later-${issueId}` });
}

/** Additive, as a migration that older processes must bear. */
async function migrateFurther({ wiring: { sql } }: Stage, step: number): Promise<void> {
  if (step === 1) await sql`alter table recipients add column later_note text`;
  if (step === 2) await sql`alter table issues add column later_note text not null default ''`;
  if (step === 3) await sql`create index concurrently recipients_later on recipients (updated_at)`;
}
