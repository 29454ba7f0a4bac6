/** F1: SIGKILL of workers, in each phase of a transaction and at random moments. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from './crew.ts';
import type { Strike } from './recovery.ts';
import type { Step } from './relay.ts';
import { type Fault, type Row, rowOf, type Scale, summed } from './rows.ts';
import type { Stage } from './stage.ts';

export const kills: Fault = {
  id: 'F1',
  name: 'SIGKILL of workers',
  stage: { crew: { deliver: 2 } },
  run: async (stage, scale) => {
    const phases: Row[] = [];
    for (let i = 0; i < (scale.isShort ? 1 : 3); i++) phases.push(await inEachPhase(stage, scale));
    const rows = [summed(`SIGKILL in each of ${steps.length} phases, ${phases.length}×`, phases)];
    if (!scale.isShort) rows.push(await allAtOnce(stage, scale));
    if (scale.kills > 0) rows.push(await atRandom(stage, scale));
    return rows;
  },
};

/** `connect` follows another, since a worker that was killed connects anew. */
const steps: Step[] = ['mail', 'connect', 'rcpt', 'data', 'body', 'dot', 'accepted'];

/**
 * The worker is killed while the relay holds its answer, so the phase is certain.
 * @param onStruck called when the last phase had its kill; what is left then takes care of itself
 */
export async function inEachPhase(stage: Stage, scale: Scale, onStruck = () => {}): Promise<Row> {
  const send = await stage.send({ readers: scale.readers, thinkMs: scale.isShort ? [200, 500] : [100, 300] });
  let next = 0;
  let open = 0;
  stage.relay.script.hook = at => {
    if (at.step !== steps[next] || send.taken < 5) return undefined;
    const connections = stage.crew.named(at.door)?.kill();
    if (connections === undefined) return undefined;
    next++;
    open += connections;
    // Few readers are few batches, and a dead process's jobs are locked for a while: an emptied Redis gives them back at the next tick.
    if (scale.isShort) void stage.wiring.queues.redis.flushall();
    if (next === steps.length) onStruck();
    return undefined;
  };
  return rowOf('F1', stage, send, {
    what: 'SIGKILL in each phase',
    open: () => open,
    also: () => (next === steps.length ? [] : [`the send was over before ${steps[next]} had its kill`]),
  });
}

/** Every delivering process at once, in the middle of a steady send: how long until the rate is back. */
async function allAtOnce(stage: Stage, scale: Scale): Promise<Row> {
  const rows: Row[] = [];
  for (let i = 0; i < 3; i++) {
    const send = await stage.send({ readers: scale.readers, thinkMs: [100, 300] });
    const moments: Strike[] = [];
    let open = 0;
    for (const part of [0.2, 0.6]) {
      await send.untilTaken(Math.floor(scale.readers * (part + stage.random.between(0, 0.1))));
      moments.push({ at: performance.now() });
      for (const worker of stage.crew.of('deliver-batch')) open += worker.kill() ?? 0;
    }
    rows.push(await rowOf('F1', stage, send, { what: 'SIGKILL of all', open, moments }));
  }
  return summed('SIGKILL of all delivering processes at once, 6×', rows);
}

/** Then the send is left to end by itself. */
const killsPerSend = 25;

/** Any worker at any moment, from before the plan to the last row, send after send. */
async function atRandom(stage: Stage, scale: Scale): Promise<Row> {
  const rows: Row[] = [];
  const random = stage.random.fork('kills');
  let done = 0;
  while (done < scale.kills) {
    const send = await stage.send({ readers: scale.readers, thinkMs: [50, 150] });
    const moments: Strike[] = [];
    let open = 0;
    const enough = Math.min(scale.kills, done + killsPerSend);
    while (done < enough && send.taken < scale.readers * 0.97) {
      await sleep(random.between(50, 1500));
      const victim = random.pick(victims(stage));
      const connections = victim.kill();
      if (connections === undefined) continue;
      done++;
      open += connections;
      if (victim.role === 'deliver-batch') moments.push({ at: performance.now() });
    }
    rows.push(await rowOf('F1', stage, send, { what: `send ${rows.length + 1}`, open, moments }));
    process.stderr.write(`  ${done} of ${scale.kills} kills ${rows.at(-1)!.problems.join('; ')}\n`);
  }
  return summed(`${done} random SIGKILLs over ${rows.length} sends`, rows);
}

function victims(stage: Stage): Worker[] {
  return [...stage.crew.of('deliver-batch'), ...stage.crew.of('tick'), ...stage.crew.of('plan-issue')];
}
