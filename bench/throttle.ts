/**
 * One provider asks to slow down while others go on (rule 1.9): two delivering processes send to three lanes at once, at the lanes' standard
 * limits; for a while the sink, in a process of its own, answers every RCPT of one lane as Gmail does. How soon that lane slows down and
 * recovers, what the others notice, and a plot of it.
 *
 * options: --storm SECONDS (default 30), --plot FILE (docs/throttle.svg)
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compose } from '../src/compose/compose.ts';
import { readConfig } from '../src/config.ts';
import type { Sql } from '../src/db/client.ts';
import { putPublication } from '../src/db/publications.ts';
import { planAndQueue } from '../src/enqueue/plan.ts';
import { submit } from '../src/enqueue/submit.ts';
import { render } from '../src/render/render.ts';
import { openWiring, type Wiring } from '../src/wiring.ts';
import { ask, heard, stop } from './delivery/child.ts';
import { benchPublication as publication, shortIssue, table } from './support.ts';
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

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { storm: { type: 'string', default: '30' }, plot: { type: 'string', default: 'docs/throttle.svg' } },
  });
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  const crew: ChildProcess[] = [];
  const sink = start('./throttle/sink.ts', process.env, crew);
  const { url } = await heard<{ url: string }>(sink);
  const env = {
    ...process.env,
    DATA_DIR: join(folder, 'data'),
    SMTP_URL: url,
    PUBLIC_URL: 'https://news.example.org',
    SECRET_KEYS: randomBytes(24).toString('hex'),
    MX_LOOKUP: 'off',
    LOG_LEVEL: 'warn',
  };
  const wiring = await openWiring(readConfig(env), 'bench', 3);
  try {
    const publicationId = await fillLanes(wiring.sql);
    for (const name of ['deliver-batch', 'deliver-batch', 'tick']) {
      await heard(start(`../workers/${name}.ts`, env, crew));
    }
    await send(wiring, publicationId);
    const run = await observe(sink, Number(values.storm));
    print(run);
    writeFileSync(values.plot, plot(run));
    process.stdout.write(`\nplot: ${values.plot}\n`);
  } finally {
    // Workers first: they use the servers that this process started.
    for (const child of crew.toReversed()) await stop(child);
    await wiring.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns a publication with readers in all lanes */
async function fillLanes(sql: Sql): Promise<number> {
  const { id } = await putPublication(sql, publication);
  for (const { domain, readers } of Object.values(lanes)) await fill(sql, id, domain, readers);
  await sql`analyze`;
  return id;
}

async function send(wiring: Wiring, publicationId: number): Promise<void> {
  const source = shortIssue();
  const { issue } = compose(source, { publication });
  const edition = await render(issue, { publication });
  const row = await submit(wiring, { publicationId, source, issue, edition, slug: 'bench', again: true });
  await planAndQueue(wiring, row.id);
}

async function fill(sql: Sql, publicationId: number, domain: string, readers: number): Promise<void> {
  await sql`
    with people as (
      insert into subscribers (email, email_key, domain, address_hash)
      select address, address, ${domain}, sha256(address::bytea)
      from (select 'reader' || n || '@' || ${domain} as address from generate_series(1, ${readers}::int) n) addressed returning id
    )
    insert into subscriptions (publication_id, subscriber_id, state, source) select ${publicationId}, id, 'active', 'import' from people`;
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

function start(file: string, env: NodeJS.ProcessEnv, crew: ChildProcess[]): ChildProcess {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  crew.push(child);
  return child;
}
