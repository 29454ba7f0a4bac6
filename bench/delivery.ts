/**
 * The send path beside two others, in turns in one run, to the same sink in a process of its own: Broadsheet's worker processes (claims,
 * results and all, on a real ledger), nodemailer's pooled transport with its own DKIM, and Postfix' smtp-source with the same bytes as ours,
 * which is the wire's limit. The same number of connections each, all warm. Rates are compared within a round; medians over rounds.
 *
 * options: --messages N (2000; nodemailer a quarter), --rounds N (3), --connections N (10), --issue FILE (in place of the seed-size one),
 * --size seed,short, --dkim on,off, --processes 1,2, --sink node|postfix (default: the faster), --profile
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBroadsheet } from './delivery/broadsheet.ts';
import { ask, start, stop } from './delivery/child.ts';
import { type Job, type Measured, perCpuSecond, perSecond, type Scenario } from './delivery/job.ts';
import { areasOf } from './delivery/profile.ts';
import { sampleMessage } from './delivery/sample.ts';
import { nodeSink, postfixSink, type Sink } from './delivery/sinks.ts';
import { findProgram, runSource } from './delivery/smtp-source.ts';
import { fillReaders, openStage, type Stage } from './stage.ts';
import { benchIssue, median, shortIssue, table } from './support.ts';

interface Options {
  messages: number;
  rounds: number;
  connections: number;
  profile: boolean;
}

/** What one round measured. smtp-source is missing where Postfix is. */
interface Round {
  broadsheet: Measured;
  nodemailer: Measured;
  source: Measured | undefined;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      messages: { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '10' },
      issue: { type: 'string' },
      size: { type: 'string', default: 'seed,short' },
      dkim: { type: 'string', default: 'on,off' },
      processes: { type: 'string', default: '1,2' },
      sink: { type: 'string' },
      profile: { type: 'boolean', default: false },
    },
  });
  const options = {
    messages: Number(values.messages),
    rounds: Number(values.rounds),
    connections: Number(values.connections),
    profile: values.profile,
  };
  const sources = { seed: benchIssue(values.issue), short: shortIssue() };
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'));
  const dkimKeyFile = join(folder, 'dkim.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(dkimKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const sink = await chooseSink(values.sink, sources.seed, options.connections);
  const stage = await openStage({ SMTP_URL: sink.url });
  try {
    const publicationId = await fillReaders(stage.wiring, options.messages, ['example.net']);
    say(
      `sink: ${sink.name}; ${options.connections} connections, ${options.messages} messages a round, ${options.rounds} rounds in turns, ` +
        `tracked links on, Node ${process.version}`,
    );
    if (!findProgram('smtp-source')) say('smtp-source is left out: install Postfix (Debian: apt-get install postfix)');
    for (const scenario of scenariosOf(values)) {
      const job: Job = {
        url: sink.url,
        source: sources[scenario.size],
        dkimKeyFile: scenario.dkim ? dkimKeyFile : undefined,
        connections: options.connections,
      };
      await measure(stage, scenario, job, publicationId, options);
    }
  } finally {
    await stage.close();
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function scenariosOf(values: { size: string; dkim: string; processes: string }): Scenario[] {
  const { size, dkim, processes } = values;
  return size.split(',').flatMap(one =>
    dkim.split(',').flatMap(signed =>
      processes.split(',').map(count => ({
        size: one === 'short' ? ('short' as const) : ('seed' as const),
        dkim: signed === 'on',
        processes: Number(count),
      })),
    ),
  );
}

/** The sink that the wire's limit is not limited by, unless one is asked for. */
async function chooseSink(wanted: string | undefined, source: string, connections: number): Promise<Sink> {
  const ours = await nodeSink();
  const theirs = wanted === 'node' ? undefined : await postfixSink();
  if (!theirs) return ours;
  const program = findProgram('smtp-source');
  let isTheirs = wanted === 'postfix';
  if (!wanted && program) {
    const { raw } = await sampleMessage({ url: '', source, dkimKeyFile: undefined, connections });
    const rate = async ({ url }: Sink) =>
      perSecond(await runSource(program, { url, raw, messages: 2000, connections }));
    const [rateOfOurs, rateOfTheirs] = [await rate(ours), await rate(theirs)];
    say(`smtp-source into ${ours.name}: ${round(rateOfOurs)} a second, into ${theirs.name}: ${round(rateOfTheirs)}`);
    isTheirs = rateOfTheirs > rateOfOurs;
  }
  (isTheirs ? ours : theirs).close();
  return isTheirs ? theirs : ours;
}

async function measure(
  stage: Stage,
  scenario: Scenario,
  job: Job,
  publicationId: number,
  options: Options,
): Promise<void> {
  const { messages, connections, profile } = options;
  const { raw } = await sampleMessage(job);
  const program = findProgram('smtp-source');
  const ours = await startBroadsheet(stage, { job, processes: scenario.processes, publicationId, messages, profile });
  const theirs = start('./nodemailer.ts');
  const rounds: Round[] = [];
  try {
    await ask(theirs, job);
    while (rounds.length < options.rounds) {
      rounds.push({
        broadsheet: await ours.send(),
        nodemailer: await ask<Measured>(theirs, { messages: Math.ceil(messages / 4) }),
        source: program ? await runSource(program, { url: job.url, raw, messages, connections }) : undefined,
      });
    }
    print(scenario, rounds);
    if (profile) printProfile(ours.profiles(), rounds.at(-1)!.broadsheet);
  } finally {
    await stop(theirs);
    await ours.close();
  }
}

function print({ size, dkim, processes }: Scenario, rounds: Round[]): void {
  const row = (name: string, of: (one: Round) => Measured | undefined): (string | number)[][] => {
    const runs = rounds.flatMap(one => of(one) ?? []);
    if (runs.length === 0) return [];
    const middle = (value: (run: Measured) => number) => median(runs.map(value));
    const cpu = middle(run => run.cpuMs / run.messages).toFixed(2);
    return [[name, runs[0]!.bytesEach, cpu, round(middle(perCpuSecond)), round(middle(perSecond))]];
  };
  const title = `${size === 'seed' ? 'seed-size issue' : '5 KB issue'}, DKIM ${dkim ? 'on' : 'off'}, ${processes} process${processes > 1 ? 'es' : ''}`;
  say(
    `\n${table(
      [title, 'bytes each', 'CPU ms each', 'per CPU-second', 'per second'],
      [
        ...row('Broadsheet', one => one.broadsheet),
        ...row('nodemailer, pooled', one => one.nodemailer),
        ...row('smtp-source', one => one.source),
      ],
    )}\n`,
  );
  const spread = (name: string, values: number[], show: (value: number) => string) =>
    say(`${name}: ${show(median(values))} (${show(Math.min(...values))} to ${show(Math.max(...values))})`);
  const cpu = rounds.map(one => perCpuSecond(one.broadsheet) / perCpuSecond(one.nodemailer));
  spread('messages per CPU-second, times nodemailer', cpu, value => value.toFixed(1));
  const wire = rounds.flatMap(({ broadsheet, source }) => (source ? perSecond(broadsheet) / perSecond(source) : []));
  if (wire.length > 0) spread("messages per second, of smtp-source's", wire, value => `${round(100 * value)} %`);
}

function printProfile(profiles: Parameters<typeof areasOf>[0], { cpuMs, messages }: Measured): void {
  const areas = areasOf(profiles, cpuMs);
  const all = areas.reduce((sum, [, ms]) => sum + ms, 0);
  const rows = areas.map(([area, ms]) => [
    area,
    (ms / messages).toFixed(3),
    `${round((100 * ms) / all)} %`,
    '█'.repeat(Math.max(1, round((40 * ms) / all))),
  ]);
  say(`\n${table(['where the CPU goes', 'ms each', 'share', ''], rows)}`);
}

const round = Math.round;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
