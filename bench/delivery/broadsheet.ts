/** Broadsheet's side: the product's own worker processes on an embedded Postgres and Redis, whose CPU is not theirs. */
import type { Profiler } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssueRow } from '../../src/db/issues.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { status } from '../../src/track/status.ts';
import { type Stage, submitSource } from '../stage.ts';
import { ask, heard, start, stop } from './child.ts';
import type { Job, Measured } from './job.ts';
import type { Metered } from './meter.ts';
import { sampleMessage } from './sample.ts';

export interface Sender {
  send(): Promise<Measured>;
  /** CPU profiles of the last send, when they were asked for. */
  profiles(): Profiler.Profile[];
  close(): Promise<void>;
}

/** Starts the workers and sends one issue through them, so that what is measured after it is warm. */
export async function startBroadsheet(
  stage: Stage,
  given: { job: Job; processes: number; publicationId: number; messages: number; profile: boolean },
): Promise<Sender> {
  const { job, processes, publicationId, messages } = given;
  const { wiring } = stage;
  const env = {
    DATA_DIR: wiring.config.dataDir,
    PUBLIC_URL: wiring.config.publicUrl,
    SMTP_URL: job.url,
    SMTP_CONNECTIONS: String(Math.max(1, Math.floor(job.connections / processes))),
    LOG_LEVEL: 'warn',
    ...(job.dkimKeyFile
      ? { DKIM_DOMAIN: 'example.org', DKIM_SELECTOR: 'bench', DKIM_PRIVATE_KEY_FILE: job.dkimKeyFile }
      : {}),
  };
  const workers = Array.from({ length: processes }, () => start('../../workers/deliver-batch.ts', env, './meter.ts'));
  await Promise.all(workers.map(heard));
  const bytesEach = (await sampleMessage(job)).raw.length;
  let last: Metered[] = [];
  const send = async (profile = false): Promise<Measured> => {
    const row = await submitSource(wiring, publicationId, job.source);
    await Promise.all(workers.map(worker => ask(worker, { meter: 'start', profile })));
    await planAndQueue(wiring, row.id);
    while ((await status(wiring.sql, row)).state !== 'sent') await sleep(100);
    last = await Promise.all(workers.map(worker => ask<Metered>(worker, { meter: 'stop' })));
    const cpuMs = last.reduce((sum, one) => sum + one.cpuMs, 0);
    return { messages, cpuMs, wallMs: await firstToLastMs(wiring, row), bytesEach };
  };
  await send();
  return {
    send: () => send(given.profile),
    profiles: () => last.flatMap(one => one.profile ?? []),
    close: async () => void (await Promise.all(workers.map(stop))),
  };
}

/** As the ledger saw it: a result's commit. */
async function firstToLastMs({ sql }: Stage['wiring'], issue: IssueRow): Promise<number> {
  const [row] = await sql<{ ms: number }[]>`
    select (extract(epoch from max(updated_at) - min(updated_at)) * 1000)::float8 as ms from recipients
    where issue_id = ${issue.id} and state = 'accepted'`;
  return row!.ms;
}
