/** The judgement over stored events, as a job: one per issue while its readers click. */
import type { Sql } from '../db/client.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Queues } from '../queue/queues.ts';
import { countJudged } from './count.ts';
import { judgeJointly } from './judge.ts';

/** A short sweep that has just begun is over after this. */
const jobDelayMs = 10_000;

/** The work of a `record-events` job. A lost one delays the figures: the next does its work, or the retention within minutes. */
export async function recordEvents(deps: { sql: Sql; log: Logger }, issueId: number): Promise<void> {
  await countJudged(deps.sql, issueId);
  const marked = await judgeJointly(deps.sql, issueId);
  if (marked > 0) deps.log.info({ issue: issueId, marked }, 'clicks of machines that open every link');
}

/** Clicks of one issue within this time ask for one job together. */
const gatherMs = 1000;

/**
 * Asks for a judgement after clicks, without ever holding up the reader: a burst becomes one job, and a Redis that is away is logged.
 * The job waits until a sweep that has just begun is over.
 */
export class JudgementBell {
  readonly #queues: Queues;
  readonly #log: Logger;
  /** Issues with a timer running: as many as are clicked within a second. */
  readonly #rung = new Set<number>();

  constructor(deps: { queues: Queues; log: Logger }) {
    this.#queues = deps.queues;
    this.#log = deps.log;
  }

  ring(issueId: number): void {
    if (this.#rung.has(issueId)) return;
    this.#rung.add(issueId);
    setTimeout(() => {
      this.#rung.delete(issueId);
      this.#queues.add('record-events', [issueId], { delayMs: jobDelayMs }).catch(error => {
        this.#log.warn(
          { issue: issueId, error: messageOf(error) },
          'no judgement job; the next click, or the retention, asks again',
        );
      });
    }, gatherMs).unref();
  }
}
