/** What a rehearsal shows: how it went, how large the messages are, and how long the real send will take. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssueRow } from '../db/issues.ts';
import { countErrors, countLanes, type LaneCount, longestReaders } from '../db/rehearsals.ts';
import { warmUpOf } from '../db/warm-up.ts';
import { countWorkers } from '../db/workers.ts';
import { type Forecast, forecast, type Pace } from '../deliver/forecast.ts';
import { makePress, readDkim } from '../deliver/presses.ts';
import { openConnection, parseRelay } from '../deliver/relay.ts';
import { limitsTogether } from '../deliver/relays.ts';
import type { SinkReport } from '../deliver/sink.ts';
import type { Edition } from '../model/edition.ts';
import type { Publication } from '../model/publication.ts';
import { daysOf } from '../model/warm-up.ts';
import type { Wiring } from '../wiring.ts';
import { duration } from './progress.ts';

export interface Rehearsal {
  messages: number;
  bytes: number;
  /** From the first message to the last. */
  seconds: number;
  /** Messages a second that this machine writes, signs and hands over. */
  perSecond: number;
  /** Bytes of a message on the wire. */
  sizes: { smallest: number; mean: number; largest: number };
  /** Bytes of HTML that the reader with the longest values gets, and what Gmail shows whole. */
  html: { largest: number; limit: number };
  lanes: LaneCount[];
  errors: { reason: string; n: number }[];
}

export interface RehearsalForecast extends Forecast {
  /** Messages of today, tomorrow and so on, when the sending domain's warm-up spreads the send over days; null: it does not. */
  warmUpDays: number[] | null;
  assumed: Pace & {
    /** Where the pace comes from: a test connection to the relay just now, or a usual value. */
    pace: 'measured' | 'assumed';
    /** Delivering processes, and connections each may open to a lane without a limit of its own. */
    processes: number;
    connectionsPerProcess: number;
    /** Messages a second that the relay's URL allows. */
    relayPerSecond: number | null;
  };
}

/** Where Gmail cuts a message off (rule 1.8). */
const gmailBytes = 102_000;
const longestLooked = 20;
/** MAIL, RCPT, DATA and the message are each answered. */
const tripsPerMessage = 4;
const usualPace: Pace = { secondsPerMessage: 0.3, secondsPerConnection: 0.5 };
const measureMs = 15_000;

/** @param pace of the relay, when it was measured */
export async function describeRehearsal(
  wiring: Wiring,
  given: { issue: IssueRow; publication: Publication; edition: Edition; sink: SinkReport; pace: Pace | undefined },
): Promise<{ rehearsal: Rehearsal; forecast: RehearsalForecast }> {
  const { sql, config } = wiring;
  const { issue, sink } = given;
  const [lanes, errors, processes, warmUp] = await Promise.all([
    countLanes(sql, issue.id),
    countErrors(sql, issue.id),
    countWorkers(sql, 'deliver-batch'),
    warmUpOf(sql, issue.publicationId),
  ]);
  const days = warmUp && daysOf(sum(lanes), warmUp, warmUp);
  const { messages, bytes, smallest, largest, seconds } = sink;
  const relay =
    config.smtpUrls.length > 0 ? limitsTogether(config.smtpUrls, given.publication.delivery.relay) : noLimits;
  const pace = given.pace ?? usualPace;
  const means = { processes: Math.max(1, processes), connectionsPerProcess: config.smtpConnections };
  return {
    rehearsal: {
      messages,
      bytes,
      seconds,
      perSecond: seconds > 0 ? Math.round(messages / seconds) : messages,
      sizes: { smallest, mean: messages > 0 ? Math.round(bytes / messages) : 0, largest },
      html: { largest: await largestHtml(wiring, given), limit: gmailBytes },
      lanes,
      errors,
    },
    forecast: {
      ...forecast({
        readers: Object.fromEntries(lanes.map(({ lane, readers }) => [lane, readers])),
        lanes: wiring.lanes,
        relay,
        ...means,
        ...pace,
      }),
      warmUpDays: days && days.length > 1 ? days : null,
      assumed: { ...pace, pace: given.pace ? 'measured' : 'assumed', ...means, relayPerSecond: relay.perSecond },
    },
  };
}

const sum = (lanes: readonly LaneCount[]): number => lanes.reduce((all, { readers }) => all + readers, 0);

const noLimits = { perSecond: null, connections: null, messages: null };

async function largestHtml(
  { sql, config, tokens }: Wiring,
  { issue, publication, edition }: { issue: IssueRow; publication: Publication; edition: Edition },
): Promise<number> {
  const press = makePress({ edition, publication, issue, config, tokens, dkim: readDkim(config) });
  const readers = await longestReaders(sql, issue.id, longestLooked);
  return Math.max(0, ...readers.map(reader => Buffer.byteLength(press.html(reader))));
}

/**
 * Times the way to the relay, and the opening of a session with it; nothing is sent.
 * @returns undefined when the relay does not answer well
 */
export async function measurePace(url: string): Promise<Pace | undefined> {
  const measured = measureSession(url).catch(() => undefined);
  return Promise.race([measured, sleep(measureMs, undefined, { ref: false })]);
}

async function measureSession(url: string): Promise<Pace> {
  const relay = parseRelay(url);
  const tripSeconds = await secondsOf(async () => {
    // A TCP connection stands after one round trip.
    const socket = connect({ host: relay.host, port: relay.port, timeout: measureMs });
    socket.on('error', () => {});
    await once(socket, 'connect').finally(() => socket.destroy());
  });
  const sessionSeconds = await secondsOf(async () => (await openConnection(relay)).leave());
  return { secondsPerMessage: round(tripsPerMessage * tripSeconds), secondsPerConnection: round(sessionSeconds) };
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

const round = (seconds: number): number => Math.max(0.0001, Math.round(seconds * 10_000) / 10_000);

/** The same in words. */
export function rehearsalLines({ rehearsal: r, forecast: f }: Awaited<ReturnType<typeof describeRehearsal>>): string[] {
  const n = (x: number) => x.toLocaleString('en');
  const { assumed: a } = f;
  return [
    `Rehearsed ${n(r.messages)} messages in ${n(r.seconds)} s, ${n(r.perSecond)} a second; ${n(r.bytes)} bytes in all.`,
    `  A message has ${n(r.sizes.smallest)} to ${n(r.sizes.largest)} bytes, ${n(r.sizes.mean)} on average; HTML at most ${n(r.html.largest)} bytes` +
      ` (${r.html.largest < r.html.limit ? 'whole in Gmail' : 'Gmail cuts it off'}, near ${n(r.html.limit)}).`,
    ...r.lanes.map(
      ({ lane, readers, accepted, errors }) =>
        `  ${lane.padEnd(12)} ${n(readers).padStart(9)} readers, ${n(accepted)} taken${errors ? `, ${n(errors)} with errors` : ''}`,
    ),
    ...r.errors.map(({ reason, n: times }) => `  error, ${n(times)} times: ${reason}`),
    ...(f.warmUpDays ? warmUpLines(f.warmUpDays) : []),
    `The real send will take about ${duration(f.seconds)}${f.slowestLane ? `; ${f.slowestLane} is the last to finish` : ''}.`,
    ...f.lanes.map(
      ({ lane, seconds, boundBy }) => `  ${lane.padEnd(12)} ${duration(seconds).padStart(9)}, ${boundWords[boundBy]}`,
    ),
    `  Reckoned with ${a.secondsPerMessage} s a message (${a.pace === 'measured' ? 'measured at the relay just now' : 'assumed: the relay was not asked'}),` +
      ` ${n(a.processes)} delivering process${a.processes === 1 ? '' : 'es'} of ${n(a.connectionsPerProcess)} connections${a.relayPerSecond ? `, ${a.relayPerSecond} messages a second at the relay` : ''}.`,
  ];
}

/** Days that are told one by one. */
const daysTold = 10;

function warmUpLines(days: readonly number[]): string[] {
  const told = days.slice(0, daysTold).map(day => day.toLocaleString('en'));
  return [
    `The sending domain warms up: the real send spreads over ${days.length} days (${told.join(', ')}${days.length > daysTold ? ' …' : ''}).`,
    'Without the warm-up:',
  ];
}

const boundWords = {
  connections: 'as fast as its connections allow',
  rate: 'as fast as its rate allows',
  relay: 'as fast as the relay’s rate allows',
};
