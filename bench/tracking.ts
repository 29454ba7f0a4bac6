/**
 * Readers' requests and reports over a large database: what a click, a one-click unsubscription and a like cost the web process, held to one
 * core; what a report costs; and whether everything that was answered is there after the web process was killed in the middle.
 *
 * options: --readers N (default 1000000), --events N (10000000), --requests N of each kind (20000), --connections N (32)
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { countStates } from '../src/db/accounting.ts';
import { countClicks } from '../src/db/clicks.ts';
import { countOutcomes } from '../src/db/events.ts';
import { countLikes } from '../src/db/likes.ts';
import { countJudged } from '../src/track/count.ts';
import { judgeJointly } from '../src/track/judge.ts';
import { readReport } from '../src/track/report.ts';
import type { Wiring } from '../src/wiring.ts';
import { ask } from './delivery/child.ts';
import { openStage, type Stage } from './stage.ts';
import { median, table } from './support.ts';
import type { Act, LoadOrder, LoadResult } from './tracking/load.ts';
import { type Seeded, seed } from './tracking/seed.ts';

const acts: readonly Act[] = ['click', 'unsubscribe', 'like'];

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      readers: { type: 'string', default: '1000000' },
      events: { type: 'string', default: '10000000' },
      requests: { type: 'string', default: '20000' },
      connections: { type: 'string', default: '32' },
    },
  });
  const size = { requests: Number(values.requests), connections: Number(values.connections) };
  const stage = await openStage({ SMTP_URL: 'smtp://127.0.0.1:9' });
  try {
    const began = performance.now();
    const seeded = await seed(stage.wiring, Number(values.readers), Number(values.events));
    process.stderr.write(`seeded in ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
    await reports(stage.wiring, seeded.issueId);
    await requests(stage, seeded, size);
    await kills(stage, seeded, size);
  } finally {
    await stage.close();
  }
}

/** Each part of a report, after the backlog was counted once. */
async function reports({ sql }: Wiring, issueId: number): Promise<void> {
  const time = async (work: () => Promise<unknown>, rounds = 5) => {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const at = performance.now();
      await work();
      times.push(performance.now() - at);
    }
    return median(times).toFixed(1);
  };
  const rows: [string, string][] = [
    ['clicks, from their rows', await time(() => countClicks(sql, issueId), 1)],
    ['judging and counting all of them for good, once', await time(() => countJudged(sql, issueId), 1)],
    ['judging what is new: nothing', await time(() => judgeJointly(sql, issueId))],
    ['clicks, from the counts', await time(() => countClicks(sql, issueId))],
    ['likes', await time(() => countLikes(sql, issueId))],
    ['outcomes', await time(() => countOutcomes(sql, issueId))],
    ['ledger by state', await time(() => countStates(sql, issueId))],
    ['the report (API)', await time(() => readReport(sql, issueId))],
  ];
  process.stdout.write(`${table(['', 'ms'], rows)}\n\n`);
}

async function openWeb(stage: Stage): Promise<{ port: number; child: Awaited<ReturnType<Stage['start']>> }> {
  const { child, first } = await stage.startTalking<{ port: number }>('./tracking/web.ts');
  // The other core is for whoever asks, and for Postgres.
  execFileSync('taskset', ['-acp', '0', String(child.pid)]);
  return { port: first.port, child };
}

async function requests(stage: Stage, seeded: Seeded, size: { requests: number; connections: number }): Promise<void> {
  const { port, child } = await openWeb(stage);
  const load = await stage.start('./tracking/load.ts');
  const rows: (string | number)[][] = [];
  for (const act of acts) {
    const order: LoadOrder = { port, act, ...size, issueId: seeded.issueId, firstReader: seeded.firstReader };
    await ask<LoadResult>(load, { ...order, requests: 500 });
    const before = await ask<{ cpuMs: number }>(child, {});
    const result = await ask<LoadResult>(load, { ...order, firstReader: seeded.firstReader + 500 });
    const after = await ask<{ cpuMs: number }>(child, {});
    const at = (share: number) => result.times[Math.floor((result.times.length - 1) * share)]!.toFixed(1);
    rows.push([
      act,
      ((after.cpuMs - before.cpuMs) / size.requests).toFixed(3),
      Math.round((size.requests / (after.cpuMs - before.cpuMs)) * 1000),
      Math.round(size.requests / result.seconds),
      at(0.5),
      at(0.99),
      result.failed,
    ]);
  }
  const head = ['', 'CPU ms each', 'per CPU-second', 'per second', 'median, ms', 'p99, ms', 'failed'];
  process.stdout.write(`${table(head, rows)}\n\n`);
  child.kill('SIGKILL');
  load.kill();
}

/** What was answered before the kill against the rows there are. */
async function kills(stage: Stage, seeded: Seeded, size: { requests: number; connections: number }): Promise<void> {
  const rows: (string | number)[][] = [];
  const { sql } = stage.wiring;
  const { issueId } = seeded;
  for (const [place, act] of acts.entries()) {
    const { port, child } = await openWeb(stage);
    const load = await stage.start('./tracking/load.ts');
    const [clock] = await sql<{ at: string }[]>`select now()::text as at`;
    const firstReader = seeded.firstReader + 100_000 * (place + 1);
    const loading = ask<LoadResult>(load, { port, act, ...size, requests: 100_000, issueId, firstReader });
    await sleep(5000);
    child.kill('SIGKILL');
    const { answered } = await loading;
    const missing =
      act === 'click'
        ? sql`not exists (select from events e where e.issue_id = ${issueId} and e.kind = 'click' and e.subscriber_id = asked.id and e.at >= ${clock!.at}::text::timestamptz)`
        : act === 'like'
          ? sql`not exists (select from likes l where l.issue_id = ${issueId} and l.summary = 0 and l.subscriber_id = asked.id)`
          : sql`not exists (select from subscriptions n where n.subscriber_id = asked.id and n.state = 'unsubscribed')`;
    const [lost] = await sql<{ n: number }[]>`
      select count(*) as n from unnest(${answered}::bigint[]) as asked (id) where ${missing}`;
    rows.push([act, answered.length, lost!.n]);
    load.kill();
  }
  process.stdout.write(`${table(['killed in the middle', 'answered', 'of those lost'], rows)}\n`);
}
