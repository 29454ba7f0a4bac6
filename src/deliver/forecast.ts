/** How long a send will take under the limits of its lanes and its relay. Pure arithmetic over counts; the relay's own queue is not in it. */
import { type Lanes, laneNamed } from '../model/lanes.ts';

/** What is measured of the relay, or assumed. Seconds. */
export interface Pace {
  /** From MAIL to the relay's word after the final dot. */
  secondsPerMessage: number;
  /** Connecting, TLS and login. */
  secondsPerConnection: number;
}

export interface ForecastGiven extends Pace {
  /** Readers by lane. */
  readers: Readonly<Record<string, number>>;
  lanes: Lanes;
  /** Connections of one process to one lane that has no limit of its own. */
  connectionsPerProcess: number;
  processes: number;
  /** Limits that the relay sets on each lane's connections, or all lanes together; null: none. */
  relay: { perSecond: number | null; connections: number | null; messages: number | null };
}

interface LaneForecast {
  lane: string;
  readers: number;
  /** From the start to its last reader. */
  seconds: number;
  /** What holds it back: its own connections, its own rate, or the relay's rate that it shares. */
  boundBy: 'connections' | 'rate' | 'relay';
}

export interface Forecast {
  seconds: number;
  /** Null when there is nobody to send to. */
  slowestLane: string | null;
  lanes: LaneForecast[];
}

interface Running {
  lane: string;
  readers: number;
  left: number;
  /** Messages a second that it could do alone. */
  most: number;
  boundBy: LaneForecast['boundBy'];
}

/** Lanes go side by side, each as fast as its limits let it; a relay's rate is shared out evenly among those that still have readers. */
export function forecast(given: ForecastGiven): Forecast {
  const perSecond = given.relay.perSecond ?? Number.POSITIVE_INFINITY;
  let running = Object.entries(given.readers)
    .filter(([, readers]) => readers > 0)
    .map(([lane, readers]): Running => ({ lane, readers, left: readers, ...ownPace(lane, given) }));
  const lanes: LaneForecast[] = [];
  let now = 0;
  // Each round ends with at least one lane done.
  while (running.length > 0) {
    const rates = share(running, perSecond);
    const step = Math.min(...running.map((lane, at) => lane.left / rates[at]!));
    now += step;
    running.forEach((lane, at) => {
      if (rates[at]! < lane.most) lane.boundBy = 'relay';
      lane.left -= rates[at]! * step;
    });
    const isDone = (lane: Running) => lane.left < 1e-6 * lane.readers;
    for (const { lane, readers, boundBy } of running.filter(isDone))
      lanes.push({ lane, readers, seconds: rounded(now), boundBy });
    running = running.filter(lane => !isDone(lane));
  }
  return { seconds: rounded(now), slowestLane: lanes.at(-1)?.lane ?? null, lanes: lanes.reverse() };
}

/** What a lane does when it has the relay for itself. */
function ownPace(name: string, given: ForecastGiven): Pick<Running, 'most' | 'boundBy'> {
  const lane = laneNamed(given.lanes, name);
  const { relay, processes, connectionsPerProcess } = given;
  const connections = Math.min(
    processes * connectionsPerProcess,
    lane.connections ?? Number.POSITIVE_INFINITY,
    relay.connections ?? Number.POSITIVE_INFINITY,
  );
  const messages = Math.min(lane.messagesPerConnection, relay.messages ?? lane.messagesPerConnection);
  const byConnections = connections / (given.secondsPerMessage + given.secondsPerConnection / messages);
  return lane.perSecond !== null && lane.perSecond < byConnections
    ? { most: lane.perSecond, boundBy: 'rate' }
    : { most: byConnections, boundBy: 'connections' };
}

/** Splits a rate evenly; what a lane cannot use goes to the others. */
function share(running: readonly Running[], perSecond: number): number[] {
  const rates = running.map(() => 0);
  let left = perSecond;
  const byNeed = running.map((_, at) => at).sort((a, b) => running[a]!.most - running[b]!.most);
  byNeed.forEach((at, place) => {
    rates[at] = Math.min(running[at]!.most, left / (byNeed.length - place));
    left -= rates[at]!;
  });
  return rates;
}

const rounded = (seconds: number): number => (seconds < 10 ? Math.round(seconds * 100) / 100 : Math.round(seconds));
