/** F2: a worker that stands still (SIGSTOP) longer than its job's lock, and longer than the silence after which it is taken for dead. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from './crew.ts';
import type { Step } from './relay.ts';
import { type Fault, type Row, rowOf, type Scale } from './rows.ts';
import type { Stage } from './stage.ts';

export const stops: Fault = {
  id: 'F2',
  name: 'SIGSTOP of a worker',
  stage: { crew: { deliver: 2 } },
  run: async (stage, scale) => [
    await stopped(stage, scale, 'rcpt', 12_000),
    await stopped(stage, scale, 'rcpt', 22_000),
    await stopped(stage, scale, 'dot', 22_000),
  ],
};

const phases: Partial<Record<Step, string>> = { rcpt: 'in the envelope', dot: 'after the dot' };

async function stopped(stage: Stage, scale: Scale, step: Step, stopMs: number): Promise<Row> {
  const send = await stage.send({ readers: scale.readers });
  let worker: Worker | undefined;
  let open = 0;
  await new Promise<void>(resolve => {
    stage.relay.script.hook = at => {
      if (worker || at.step !== step || send.taken < scale.readers * 0.1) return undefined;
      worker = stage.crew.named(at.door);
      worker?.signal('SIGSTOP');
      open = worker?.network.smtp.open() ?? 0;
      resolve();
      return undefined;
    };
  });
  await sleep(stopMs);
  worker!.signal('SIGCONT');
  // What it held it now finishes or gives back; the other may long be done with the rest.
  await sleep(3000);
  return rowOf('F2', stage, send, { what: `SIGSTOP ${phases[step]} for ${stopMs / 1000} s`, open });
}
