/** What the operations page tells, read at once and kept for a moment: many may watch, and Postgres and Redis are asked for one. */
import { countStates } from '../../../db/accounting.ts';
import { type AlertRow, listAlerts } from '../../../db/alerts.ts';
import { countOutcomes, type Outcomes } from '../../../db/events.ts';
import { latestBegun, openIssues } from '../../../db/issues.ts';
import { listWorkers, type WorkerRow } from '../../../db/workers.ts';
import { type LaneState, slowedLanes } from '../../../deliver/rates.ts';
import { relayChoice } from '../../../deliver/relay.ts';
import { type Minute, readMinutes } from '../../../deliver/tally.ts';
import { relayTroubles } from '../../../deliver/troubles.ts';
import { messageOf } from '../../../errors.ts';
import { Memo } from '../../../memo.ts';
import { type Accounting, account } from '../../../track/status.ts';
import type { Wiring } from '../../../wiring.ts';

/** Minutes of the curves. */
export const curveMinutes = 120;
/** Issues of which bounces and complaints are compared. */
const comparedIssues = 8;
const patienceMs = 3000;

interface Queue {
  name: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  oldestMs: number;
}

interface Relay {
  key: string;
  name: string | null;
  weight: number;
  /** Why it cannot be used now. */
  trouble: string | undefined;
}

/** What came back of an issue. */
export type Returns = Outcomes & { id: number; title: string; startedAt: Date };

/** A part that could not be read says why. */
type Read<T> = { value: T } | { error: string };

export interface Operations {
  at: Date;
  alerts: Read<AlertRow[]>;
  issues: Read<(Accounting & { id: number })[]>;
  workers: Read<WorkerRow[]>;
  slowed: Read<LaneState[]>;
  minutes: Read<Minute[]>;
  queues: Read<Queue[]>;
  relays: Read<Relay[]>;
  returns: Read<Returns[]>;
}

/** Of closed issues hardly anything changes: counted this often at most. */
const returnsMs = 30_000;

export class Gatherer {
  readonly #wiring: Wiring;
  readonly #returns = new Memo<'', Returns[]>(1, returnsMs);

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
  }

  async gather(): Promise<Operations> {
    const wiring = this.#wiring;
    const { sql, queues, config } = wiring;
    const [alerts, issues, workers, slowed, minutes, counted, relays, returns] = await Promise.all([
      read(listAlerts(sql)),
      read(runningIssues(wiring)),
      read(listWorkers(sql)),
      read(slowedLanes(queues.redis, config.queuePrefix)),
      read(readMinutes(queues.redis, config.queuePrefix, curveMinutes)),
      read(countQueues(wiring)),
      read(relaysOf(wiring)),
      read(this.#returns.get('', () => latestReturns(wiring))),
    ]);
    return { at: new Date(), alerts, issues, workers, slowed, minutes, queues: counted, relays, returns };
  }
}

/** A service that is away must not hold the page: it is what people open the page for. */
async function read<T>(value: Promise<T>): Promise<Read<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('took too long')), patienceMs);
  });
  try {
    return { value: await Promise.race([value, late]) };
  } catch (error) {
    return { error: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

async function latestReturns({ sql }: Wiring): Promise<Returns[]> {
  const latest = await latestBegun(sql, comparedIssues);
  return Promise.all(latest.map(async issue => ({ ...issue, ...(await countOutcomes(sql, issue.id)) })));
}

async function runningIssues({ sql }: Wiring): Promise<(Accounting & { id: number })[]> {
  const open = await openIssues(sql);
  return Promise.all(
    open.map(async ({ id }) => {
      const { row, counts } = await countStates(sql, id);
      return { ...account(row, counts), id };
    }),
  );
}

async function countQueues({ queues }: Wiring): Promise<Queue[]> {
  const oldest = new Map((await queues.oldestWaiting()).map(({ queue, waitedMs }) => [queue, waitedMs]));
  return Promise.all(
    queues.all().map(async queue => {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'prioritized');
      return {
        name: queue.name,
        waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
        active: counts.active ?? 0,
        delayed: counts.delayed ?? 0,
        failed: counts.failed ?? 0,
        oldestMs: oldest.get(queue.name) ?? 0,
      };
    }),
  );
}

async function relaysOf({ queues, config }: Wiring): Promise<Relay[]> {
  const troubles = await relayTroubles(queues.redis, config.queuePrefix, config.smtpUrls);
  return config.smtpUrls.map(url => {
    const { key, name, weight } = relayChoice(url);
    return { key, name, weight, trouble: troubles.find(one => one.relay === key)?.trouble };
  });
}
