/**
 * Messages per CPU-second: Broadsheet's delivery (claims, results and all, on a real ledger) beside nodemailer's pooled transport with its own
 * DKIM, the same content, in turns in one run, to a sink in a process of its own.
 *
 * options: --messages N (default 1500), --rounds N (3), --issue FILE
 */
import { type ChildProcess, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchIssue, median, table } from './support.ts';

/** What a sending process reports: its own CPU, from the first message to the last. */
export interface Measured {
  messages: number;
  cpuMs: number;
  wallMs: number;
  bytesEach: number;
}

export interface Job {
  url: string;
  source: string;
  messages: number;
  folder: string;
  connections: number;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      messages: { type: 'string', default: '1500' },
      rounds: { type: 'string', default: '3' },
      issue: { type: 'string' },
    },
  });
  const messages = Number(values.messages);
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-bench-'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'dkim.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const sink = start('sink');
  try {
    const { url } = await ask<{ url: string }>(sink, {});
    const job: Job = { url, source: benchIssue(values.issue), messages, folder, connections: 10 };
    const runs: { broadsheet: Measured; nodemailer: Measured }[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      const broadsheet = await once('broadsheet', job);
      const nodemailer = await once('nodemailer', job);
      runs.push({ broadsheet, nodemailer });
      const ratio = perCpuSecond(broadsheet) / perCpuSecond(nodemailer);
      process.stderr.write(
        `round ${round + 1}: ${perCpuSecond(broadsheet).toFixed(0)} against ${perCpuSecond(nodemailer).toFixed(0)} per CPU-second, ${ratio.toFixed(1)}×\n`,
      );
    }
    print(runs, messages);
  } finally {
    sink.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const perCpuSecond = ({ messages, cpuMs }: Measured) => (messages / cpuMs) * 1000;
const perSecond = ({ messages, wallMs }: Measured) => (messages / wallMs) * 1000;

function print(runs: { broadsheet: Measured; nodemailer: Measured }[], messages: number): void {
  const row = (name: 'broadsheet' | 'nodemailer') => [
    name,
    runs[0]![name].bytesEach,
    median(runs.map(r => r[name].cpuMs / r[name].messages)).toFixed(2),
    median(runs.map(r => perCpuSecond(r[name]))).toFixed(0),
    median(runs.map(r => perSecond(r[name]))).toFixed(0),
  ];
  const ratio = median(runs.map(r => perCpuSecond(r.broadsheet) / perCpuSecond(r.nodemailer)));
  process.stdout.write(
    `${messages} messages a round, ${runs.length} rounds in turns, DKIM RSA-2048 on, tracked links on, Node ${process.version}\n\n`,
  );
  process.stdout.write(
    `${table(['', 'bytes each', 'CPU ms each', 'per CPU-second', 'per second'], [row('broadsheet'), row('nodemailer')])}\n\n`,
  );
  process.stdout.write(`ratio of messages per CPU-second, median of rounds: ${ratio.toFixed(1)}\n`);
}

function start(role: string): ChildProcess {
  return fork(fileURLToPath(new URL(`./delivery/${role}.ts`, import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Sends a child its task and waits for the answer. */
function ask<T>(child: ChildProcess, task: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as T));
    child.once('exit', code => reject(new Error(`the process ended with code ${code}`)));
    child.send(task as object);
  });
}

async function once(role: 'broadsheet' | 'nodemailer', job: Job): Promise<Measured> {
  const child = start(role);
  const measured = await ask<Measured>(child, job);
  await new Promise(resolve => {
    child.removeAllListeners('exit');
    child.once('exit', resolve);
    child.disconnect();
  });
  return measured;
}
