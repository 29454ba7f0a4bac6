/** `/metrics` for Prometheus: this process, its requests, and what it can see of the others. No address, no token in any label. */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { alertKinds } from '../alerts/kinds.ts';
import { countEvents, countStates } from '../db/accounting.ts';
import { countOpenAlerts } from '../db/alerts.ts';
import { openIssues } from '../db/issues.ts';
import { countWorkers } from '../db/workers.ts';
import { slowedLanes } from '../deliver/rates.ts';
import { readTally } from '../deliver/tally.ts';
import { relayTroubles } from '../deliver/troubles.ts';
import { messageOf } from '../errors.ts';
import { queueNames } from '../queue/queues.ts';
import type { Wiring } from '../wiring.ts';

type Deps = Pick<Wiring, 'sql' | 'queues' | 'log' | 'config'>;

/** Counting a large ledger costs tenths of a second: however often we are asked, it is counted this often at most. */
const freshMs = 10_000;
/** Letters are the delivering processes', too. */
const roles = [...queueNames.filter(name => name !== 'deliver-letter'), 'tick', 'send-webhooks'] as const;
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export interface Metrics {
  /** Counts every request; goes first. */
  watch: MiddlewareHandler;
  /** The `/metrics` route. */
  app: Hono;
}

export function createMetrics(deps: Deps): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const refresh = gauges(deps, registry);
  const app = new Hono().get('/metrics', async c => {
    await refresh();
    return c.text(await registry.metrics(), 200, { 'content-type': registry.contentType });
  });
  return { watch: requestWatch(registry), app };
}

function requestWatch(registry: Registry): MiddlewareHandler {
  const labelNames = ['route', 'method', 'status'] as const;
  const requests = new Counter({
    name: 'broadsheet_http_requests_total',
    help: 'HTTP requests by route.',
    labelNames,
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'broadsheet_http_request_seconds',
    help: 'Time to answer, by route.',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return async (c, next) => {
    const started = performance.now();
    await next();
    const route = routeOf(c);
    requests.inc({ route, method: methods.has(c.req.method) ? c.req.method : 'other', status: String(c.res.status) });
    seconds.observe({ route }, (performance.now() - started) / 1000);
  };
}

/** The pattern, never the path: paths carry tokens and are without number. */
function routeOf(c: Context): string {
  const route = routePath(c, -1);
  return route === '*' || route === '/*' ? 'none' : route;
}

/** @returns reads the figures anew when they are old; a service that is away leaves its figures out and is named */
function gauges(deps: Deps, registry: Registry): () => Promise<void> {
  const { sql, queues, log, config } = deps;
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[]) =>
    new Gauge<T>({ name, help, labelNames, registers: [registry] });
  const recipients = gauge('broadsheet_recipients', 'Ledger rows of issues being sent, by state.', ['issue', 'state']);
  const jobs = gauge('broadsheet_queue_jobs', 'Jobs by queue and state.', ['queue', 'state']);
  const workers = gauge('broadsheet_workers', 'Worker processes with a heartbeat in the last 15 s.', ['role']);
  const age = gauge('broadsheet_queue_oldest_seconds', 'Age of the job that waits longest.', ['queue']);
  const events = gauge('broadsheet_events', 'Bounces, complaints and unsubscribes of issues being sent.', [
    'issue',
    'kind',
  ]);
  const lanes = gauge(
    'broadsheet_slowed_lane_rate',
    'Messages a second of a lane that its provider slowed; 0 while it is held.',
    ['relay', 'lane'],
  );
  const alerts = gauge('broadsheet_alerts_open', 'Open alerts by kind.', ['kind']);
  const troubles = gauge('broadsheet_relay_trouble', '1 while a relay cannot be used.', ['relay']);
  const outcomes = gauge('broadsheet_outcomes_total', 'Transactions by lane and what their reply meant.', [
    'lane',
    'outcome',
  ]);
  const seconds = {
    bucket: gauge('broadsheet_delivery_seconds_bucket', 'Time of a message by phase: claim, prepare, smtp.', [
      'phase',
      'le',
    ]),
    sum: gauge('broadsheet_delivery_seconds_sum', 'All of it.', ['phase']),
    count: gauge('broadsheet_delivery_seconds_count', 'How many.', ['phase']),
  };
  const missing = gauge('broadsheet_figures_missing', '1 while these figures cannot be read.', ['figures']);
  const readers: [string, Gauge[], () => Promise<void>][] = [
    [
      'recipients',
      [recipients, events],
      async () => {
        for (const { id } of await openIssues(sql)) {
          const { counts } = await countStates(sql, id);
          for (const { state, n } of counts) recipients.inc({ issue: String(id), state }, n);
          for (const { kind, n } of await countEvents(sql, id)) events.set({ issue: String(id), kind }, n);
        }
      },
    ],
    [
      'queues',
      [jobs, age],
      async () => {
        for (const queue of queues.all()) {
          const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'prioritized');
          for (const [state, n] of Object.entries(counts)) jobs.set({ queue: queue.name, state }, n);
        }
        for (const { queue, waitedMs } of await queues.oldestWaiting()) age.set({ queue }, waitedMs / 1000);
      },
    ],
    [
      'lanes',
      [lanes, troubles],
      async () => {
        const [slowed, away] = await Promise.all([
          slowedLanes(queues.redis, config.queuePrefix),
          relayTroubles(queues.redis, config.queuePrefix, config.smtpUrls),
        ]);
        for (const { relay, lane, perSecond, holdSeconds } of slowed)
          lanes.set({ relay, lane }, holdSeconds > 0 ? 0 : perSecond);
        for (const { relay } of away) troubles.set({ relay }, 1);
      },
    ],
    [
      'deliveries',
      [outcomes, seconds.bucket, seconds.sum, seconds.count],
      async () => {
        const tallied = await readTally(queues.redis, config.queuePrefix);
        for (const { lane, outcome, n } of tallied.outcomes) outcomes.set({ lane, outcome }, n);
        for (const { phase, buckets, sum, count } of tallied.times) {
          for (const { most, n } of buckets) seconds.bucket.set({ phase, le: most }, n);
          seconds.sum.set({ phase }, sum);
          seconds.count.set({ phase }, count);
        }
      },
    ],
    [
      'alerts',
      [alerts],
      async () => {
        for (const kind of alertKinds) alerts.set({ kind }, 0);
        for (const { kind, n } of await countOpenAlerts(sql)) alerts.set({ kind }, n);
      },
    ],
    [
      'workers',
      [workers],
      async () => {
        for (const role of roles) workers.set({ role }, await countWorkers(sql, role));
      },
    ],
  ];
  const readAll = () =>
    Promise.all(
      readers.map(async ([figures, targets, read]) => {
        for (const target of targets) target.reset();
        const error = await timely(read()).then(() => undefined, messageOf);
        missing.set({ figures }, error === undefined ? 0 : 1);
        if (error !== undefined) log.warn({ figures, error }, 'figures not read');
      }),
    );
  let reading: Promise<unknown> | undefined;
  let until = 0;
  return async () => {
    if (Date.now() > until) {
      until = Date.now() + freshMs;
      reading = readAll();
    }
    await reading;
  };
}

const patienceMs = 5000;

function timely(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('took too long')), patienceMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
