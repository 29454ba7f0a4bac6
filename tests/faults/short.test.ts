/** The short version of `npm run faults` (docs/faults.md): real processes killed, cut and emptied, each fault once, a few hundred readers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inEachPhase } from './kills.ts';
import { seeded } from './random.ts';
import { closedSession, lostAfterDot } from './relay-faults.ts';
import type { Fault, Row, Scale } from './rows.ts';
import { schedulers } from './schedulers.ts';
import { postgresFaults, redisFaults } from './server-faults.ts';
import { isRunning } from './servers.ts';
import { openStage, type Stage } from './stage.ts';

const seed = 20_240;
const scale: Scale = { readers: 240, kills: 0, isShort: true };

let stage: Stage;
let phases: Promise<Row>;

beforeAll(async () => {
  stage = await openStage(seeded(seed), { crew: { deliver: 2 } });
  // What the killed workers held is given up after fifteen seconds of silence; the other faults need not wait for that.
  await new Promise<void>(resolve => {
    phases = inEachPhase(stage, scale, resolve);
    phases.then(
      () => resolve(),
      () => resolve(),
    );
  });
});

afterAll(async () => {
  const pids = [...stage.crew.pids(), ...stage.servers.pids()];
  await stage.close();
  expect(pids.length).toBeGreaterThan(5);
  expect(pids.filter(isRunning)).toEqual([]);
});

async function holds(fault: Fault): Promise<void> {
  for (const row of await fault.run(stage, scale))
    expect(row.problems, `${row.what}\n${await stage.log(10)}`).toEqual([]);
}

test('F3: reset, FIN or silence after the dot: unknown, exactly those', () => holds(lostAfterDot));

test('F5: 421 in the middle of a session', () => holds(closedSession));

test('F6: Redis emptied, again and again', () => holds(redisFaults));

test('F7: Postgres killed between a 250 and its commit', () => holds(postgresFaults));

test('F17: three ticks, two planners', () => holds(schedulers));

test('F1: a worker killed in each phase of a transaction', async () => {
  const row = await phases;
  expect(row.problems, await stage.log(10)).toEqual([]);
});
