/**
 * Planning a large audience: seconds from the send to the last batch, what the ledger and Redis take, and the memory of every process,
 * for a small and a large audience in one run. With `--send` the issue also goes out, to a sink in a process of its own.
 *
 * options: --readers N (default 1000000), --small N (10000), --send, --issue FILE (default: a short one)
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Sql } from '../src/db/client.ts';
import type { Wiring } from '../src/wiring.ts';
import { type Cost, startCost } from './cost.ts';
import { fillReaders, memoryOf, openStage, type Stage, startSinkProcess, submitSource, until } from './stage.ts';
import { shortIssue, table } from './support.ts';

const workers = ['plan-issue', 'tick', 'deliver-batch'] as const;
type Worker = (typeof workers)[number];
const scriptOf = (worker: Worker) => `../workers/${worker}.ts`;

interface Measured {
  readers: number;
  planSeconds: number;
  batches: number;
  ledgerBytes: number;
  redisBytes: number;
  redisJobs: number;
  /** Highest resident memory in MiB. */
  peaks: Partial<Record<Worker | 'postgres', number>>;
  sendSeconds: number | undefined;
  /** From the send to the last result; the sink's own is not in it. */
  cost: Cost;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      readers: { type: 'string', default: '1000000' },
      small: { type: 'string', default: '10000' },
      send: { type: 'boolean', default: false },
      issue: { type: 'string' },
    },
  });
  const source = values.issue ? readFileSync(values.issue, 'utf8') : shortIssue();
  const results: Measured[] = [];
  for (const readers of [Number(values.small), Number(values.readers)]) {
    results.push(await measure(readers, source, values.send));
    process.stderr.write(`${readers} readers: planned in ${results.at(-1)!.planSeconds.toFixed(1)} s\n`);
  }
  print(results);
}

function print(results: Measured[]): void {
  const each = (r: Measured, bytes: number) => (bytes / r.readers).toFixed(1);
  const row = (r: Measured) => [
    r.readers,
    r.planSeconds.toFixed(1),
    r.batches,
    each(r, r.ledgerBytes),
    `${(r.redisBytes / 1024).toFixed(0)} KiB (${r.redisJobs} jobs)`,
    ...workers.map(worker => r.peaks[worker] ?? '–'),
    r.peaks.postgres ?? '–',
    r.sendSeconds === undefined ? '–' : `${r.sendSeconds.toFixed(0)} s, ${Math.round(r.readers / r.sendSeconds)}/s`,
  ];
  const head = [
    'readers',
    'planned in, s',
    'batches',
    'ledger bytes each',
    'Redis',
    ...workers.map(w => `${w}, MiB`),
    'Postgres backend, MiB',
    'sent in',
  ];
  process.stdout.write(`${table(head, results.map(row))}\n\n`);
  const parties = Object.keys(results.at(-1)!.cost.cpu);
  const perMillion = (r: Measured) => [
    r.readers,
    ...parties.map(party => (((r.cost.cpu[party] ?? 0) * 1e6) / r.readers).toFixed(0)),
    `${(r.cost.walBytes / r.readers / 1e3).toFixed(2)} GB`,
  ];
  const costHead = ['readers', ...parties.map(party => `${party}, CPU s per million`), 'WAL per million'];
  process.stdout.write(`${table(costHead, results.map(perMillion))}\n`);
}

async function measure(readers: number, source: string, isSent: boolean): Promise<Measured> {
  const sink = isSent ? await startSinkProcess() : undefined;
  const stage = await openStage({ SMTP_URL: sink?.url ?? 'smtp://127.0.0.1:9' });
  const { sql, queues } = stage.wiring;
  try {
    const publicationId = await fillReaders(stage.wiring, readers, domains);
    await sql`insert into suppressions (address_hash, reason) select address_hash, 'hard-bounce' from subscribers where id % 500 = 1`;
    const redisBefore = await redisBytes(queues.redis);
    await stage.start(scriptOf('plan-issue'));
    const row = await submitSource(stage.wiring, publicationId, source);
    const startedAt = performance.now();
    const spent = await startCost(sql, queues.redis, () =>
      Object.fromEntries(workers.map(worker => [worker, stage.pid(scriptOf(worker))])),
    );
    const backend = watchBackends(sql);
    await until(async () => (await sql`select from issues where id = ${row.id} and planned_at is not null`).count > 0);
    const planSeconds = (performance.now() - startedAt) / 1000;
    const jobs = queues.all().find(queue => queue.name === 'deliver-batch')!;
    // The first jobs follow the plan.
    await until(async () => (await jobs.getWaitingCount()) > 0);
    const redisJobs = await jobs.getWaitingCount();
    const redis = (await redisBytes(queues.redis)) - redisBefore;
    const [sizes] = await sql<{ bytes: number; batches: number }[]>`
      select pg_total_relation_size('recipients') + pg_total_relation_size('batches') as bytes,
        (select count(*) from batches where issue_id = ${row.id}) as batches`;
    const sendSeconds = isSent ? await send(stage, row.id) : undefined;
    return {
      readers,
      planSeconds,
      batches: sizes!.batches,
      ledgerBytes: sizes!.bytes,
      redisBytes: redis,
      redisJobs,
      peaks: {
        ...Object.fromEntries(workers.map(worker => [worker, stage.peak(scriptOf(worker))])),
        postgres: await backend.stop(),
      },
      sendSeconds,
      cost: await spent(),
    };
  } finally {
    await stage.close();
    sink?.close();
  }
}

async function send(stage: Stage, issueId: number): Promise<number> {
  const startedAt = performance.now();
  await stage.start(scriptOf('tick'));
  await stage.start(scriptOf('deliver-batch'));
  const { sql } = stage.wiring;
  await until(async () => (await sql`select from issues where id = ${issueId} and state = 'sent'`).count > 0);
  return (performance.now() - startedAt) / 1000;
}

const domains = [
  'gmail.com',
  'naver.com',
  'daum.net',
  'outlook.com',
  'example.net',
  'example.org',
  'example.com',
  'icloud.com',
];

/** Highest private memory of one Postgres backend: shared buffers are the server's, not the statement's. */
function watchBackends(sql: Sql): { stop(): Promise<number> } {
  let peak = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const rows = await sql<{ pid: number }[]>`select pid from pg_stat_activity where backend_type = 'client backend'`;
      for (const { pid } of rows) {
        try {
          peak = Math.max(peak, memoryOf(pid, 'RssAnon'));
        } catch {
          // It has ended, or runs on another host.
        }
      }
      await sleep(200);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return peak;
    },
  };
}

async function redisBytes(redis: Wiring['queues']['redis']): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0);
}
