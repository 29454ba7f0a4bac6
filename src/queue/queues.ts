/**
 * The queues: names, payloads, options. A job carries an id and nothing else; what it stands for is read from Postgres,
 * so a lost or repeated job costs nothing. `v` is the version of the payload: a process that does not know it leaves the job to a newer
 * one, so that both kinds can run while a new version is rolled out.
 */
import { DelayedError, type Job, Queue, Worker } from 'bullmq';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { connectRedis, type Redis } from './redis.ts';

export const queueNames = ['plan-issue', 'deliver-batch', 'deliver-letter', 'record-events'] as const;
export type QueueName = (typeof queueNames)[number];

/** A failed job stays on the dashboard this long before it is tried anew. */
const failedVisibleMs = 10_000;

const version = 1;
const envelope = z.object({ v: z.number() });
const payload = z.object({ v: z.literal(version), id: z.number().int().positive() });

/** How long a job of a newer version is left for a process that knows it. */
const leftMs = 2000;

/** A job to add: a row's id, and what the dashboard calls it when not the queue's name. */
type Wanted = number | { id: number; label: string };

export class Queues {
  readonly #redis: Redis;
  readonly #queues: Record<QueueName, Queue>;

  constructor(redisUrl: string, prefix: string) {
    this.#redis = connectRedis(redisUrl, 'queue');
    const options = { connection: this.#redis, prefix };
    this.#queues = {
      'plan-issue': new Queue('plan-issue', options),
      'deliver-batch': new Queue('deliver-batch', options),
      'deliver-letter': new Queue('deliver-letter', options),
      'record-events': new Queue('record-events', options),
    };
    for (const queue of this.all()) queue.on('error', () => {});
  }

  all(): Queue[] {
    return Object.values(this.#queues);
  }

  get redis(): Redis {
    return this.#redis;
  }

  /** Adds jobs for these ids; one that is waiting or active already is left as it is (job id = row id). */
  async add(name: QueueName, wanted: readonly Wanted[], options: { delayMs?: number } = {}): Promise<void> {
    if (wanted.length === 0) return;
    const jobs = wanted
      .map(one => (typeof one === 'number' ? { id: one, label: name } : one))
      .map(({ id, label }) => ({
        name: label,
        data: { v: version, id },
        opts: {
          jobId: `${name}-${id}`,
          delay: options.delayMs ?? 0,
          attempts: 3,
          backoff: { type: 'fixed', delay: 1000 },
          removeOnComplete: true,
          removeOnFail: { count: 1000 },
        },
      }));
    await this.#queues[name].addBulk(jobs);
  }

  /** Removes jobs that failed some time ago: their ids become free, and what they stood for is found again in Postgres. */
  async clearFailed(name: QueueName): Promise<void> {
    for (const job of await this.#queues[name].getFailed(0, 99)) {
      if ((job.finishedOn ?? 0) < Date.now() - failedVisibleMs) await job.remove();
    }
  }

  /** For each queue how long the job that waits longest has waited, 0 when none does. */
  async oldestWaiting(): Promise<{ queue: string; waitedMs: number }[]> {
    return Promise.all(
      this.all().map(async queue => {
        const [oldest] = await queue.getWaiting(0, 0);
        return { queue: queue.name, waitedMs: oldest ? Math.max(0, Date.now() - oldest.timestamp) : 0 };
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.all().map(queue => queue.close()));
    this.#redis.disconnect();
  }
}

export interface QueueWorker {
  /** Takes no new jobs and waits for the running ones. */
  close(): Promise<void>;
}

/** Starts a worker on a queue. `work` must be safe to run again for the same id, at any time, beside itself. */
export function startQueueWorker(options: {
  name: QueueName;
  redisUrl: string;
  prefix: string;
  concurrency: number;
  log: Logger;
  work: (id: number) => Promise<void>;
}): QueueWorker {
  const { name, log } = options;
  const connection = connectRedis(options.redisUrl, 'worker');
  const worker = new Worker(
    name,
    async (job: Job, token?: string) => {
      if (envelope.parse(job.data).v > version) {
        await job.moveToDelayed(Date.now() + leftMs, token);
        throw new DelayedError();
      }
      await options.work(payload.parse(job.data).id);
    },
    {
      connection,
      prefix: options.prefix,
      concurrency: options.concurrency,
      // Renewed while the process lives; a dead one's jobs are taken over after this. Short, since taking one over too early does no harm:
      // rows are claimed apart from jobs.
      lockDuration: 4_000,
      // After a reply that failed; BullMQ itself would stand still for fifteen seconds.
      runRetryDelay: 1_000,
      stalledInterval: 2_000,
      maxStalledCount: 1000,
    },
  );
  worker.on('error', error => log.warn({ queue: name, error: error.message }, 'queue worker'));
  worker.on('failed', (job, error) =>
    log.error({ queue: name, job: job?.id, error: error.message, stack: error.stack }, 'job failed'),
  );
  return {
    close: async () => {
      await worker.close();
      connection.disconnect();
    },
  };
}
