/** The judgement over stored events, as a job: one per issue while its readers click. */
import type { Sql } from '../db/client.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Queues } from '../queue/queues.ts';
import { judgeSweeps, sweepRule } from './judge.ts';

/** A job comes seconds after the clicks it is for; this bears a queue that stood still for a while. */
const recentMs = 120_000;

/** The work of a `record-events` job; reports judge for themselves, so a lost job only delays the dashboards. */
export async function recordEvents(deps: { sql: Sql; log: Logger }, issueId: number): Promise<void> {
  const marked = await judgeSweeps(deps.sql, issueId, recentMs);
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
      this.#queues.add('record-events', [issueId], { delayMs: sweepRule.withinMs }).catch(error => {
        this.#log.warn({ issue: issueId, error: messageOf(error) }, 'no judgement job; the next report judges');
      });
    }, gatherMs).unref();
  }
}
