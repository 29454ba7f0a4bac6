/**
 * One provider asks to slow down while others go on (rule 1.9): two delivering processes send to three lanes at once, at the lanes' standard
 * limits; for a while the sink, in a process of its own, answers every RCPT of one lane as Gmail does. How soon that lane slows down and
 * recovers, what the others notice, and a plot of it.
 *
 * options: --storm SECONDS (default 30), --plot FILE (docs/throttle.svg)
 */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { planAndQueue } from '../src/enqueue/plan.ts';
import { ask, heard, start, stop } from './delivery/child.ts';
import { fillReaders, openStage, type Stage, submitSource } from './stage.ts';
import { shortIssue, table } from './support.ts';
import {
  before,
  fallSeconds,
  type Lane,
  laneNames,
  lanes,
  type Run,
  rate,
  recoverySeconds,
  type Seen,
} from './throttle/figures.ts';
import { plot } from './throttle/plot.ts';

/** Seconds: to get going, that count as "before", after the lane is back, and the longest wait for that. */
const phases = { warmUp: 10, before: 15, after: 10, longest: 240 };
/** So many that no lane is through before the run is. */
const readersEach = 20_000;

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { storm: { type: 'string', default: '30' }, plot: { type: 'string', default: 'docs/throttle.svg' } },
  });
  const sink = start('../throttle/sink.ts');
  try {
    const { url } = await heard<{ url: string }>(sink);
    const stage = await openStage({ SMTP_URL: url, LOG_LEVEL: 'warn' });
    try {
      await send(stage);
      const run = await observe(sink, Number(values.storm));
      print(run);
      writeFileSync(values.plot, plot(run));
      process.stdout.write(`\nplot: ${values.plot}\n`);
    } finally {
      await stage.close();
    }
  } finally {
    await stop(sink);
  }
}

/** An issue to readers in all lanes, once the processes that take it there are ready. */
async function send({ wiring, start: startOnStage }: Stage): Promise<void> {
  const domains = Object.values(lanes).map(lane => lane.domain);
  const publicationId = await fillReaders(wiring, readersEach * domains.length, domains);
  for (const name of ['deliver-batch', 'deliver-batch', 'tick']) await startOnStage(`../workers/${name}.ts`);
  const issue = await submitSource(wiring, publicationId, shortIssue());
  await planAndQueue(wiring, issue.id);
}

/** What the sink says of itself. */
type Answer = { atMs: number; seen: Seen };

async function observe(sink: ChildProcess, stormSeconds: number): Promise<Run> {
  let look = await ask<Answer>(sink, {});
  while (!look.seen.accepted.google.some(Boolean)) {
    await sleep(200);
    look = await ask<Answer>(sink, {});
  }
  await sleep((phases.warmUp + phases.before) * 1000);
  const storm = { from: (await ask<Answer>(sink, { storm: true })).atMs / 1000, to: 0 };
  process.stderr.write('the storm begins\n');
  await sleep(stormSeconds * 1000);
  look = await ask<Answer>(sink, { storm: false });
  storm.to = look.atMs / 1000;
  process.stderr.write('the storm is over\n');
  const run = (): Run => ({ seen: look.seen, from: storm.from - phases.before, storm, to: look.atMs / 1000 });
  while (recoverySeconds(run()) === undefined && look.atMs / 1000 < storm.to + phases.longest) {
    await sleep(1000);
    look = await ask<Answer>(sink, {});
  }
  await sleep(phases.after * 1000);
  look = await ask<Answer>(sink, {});
  return run();
}

function print(run: Run): void {
  const { seen, storm, to } = run;
  const seconds = (n: number | undefined) => (n === undefined ? 'never' : `${n.toFixed(1)} s`);
  const row = (lane: Lane) => {
    const [was, during] = [before(run, lane), rate(seen.accepted[lane], storm.from, storm.to)];
    const after = rate(seen.accepted[lane], to - phases.after, to);
    return [lane, was.toFixed(1), during.toFixed(1), `${((during / was) * 100).toFixed(0)} %`, after.toFixed(1)];
  };
  const refused = seen.refused.google.reduce((sum, n) => sum + (n ?? 0), 0);
  process.stdout.write(
    `two delivering processes, a storm of ${(storm.to - storm.from).toFixed(0)} s in lane google, Node ${process.version}\n\n`,
  );
  const head = ['lane', 'accepted a second before', 'during the storm', 'of before', 'at the end'];
  process.stdout.write(`${table(head, laneNames.map(row))}\n\n`);
  process.stdout.write(`from the storm's begin to a tenth of the rate: ${seconds(fallSeconds(run))}\n`);
  process.stdout.write(`from its end to nine tenths: ${seconds(recoverySeconds(run))}\n`);
  process.stdout.write(`messages refused in it: ${refused}\n`);
}
