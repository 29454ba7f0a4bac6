/** The receiving process: three mailbox providers behind one relay, one of which asks to slow down when told to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startRelay } from '../../tests/support/relay.ts';
import { binMs, type Lane, laneNames, lanes, type Seen } from './figures.ts';

const storm =
  '421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating\r\n421-4.7.28 from your network. To protect our users from spam, mail has been\r\n421 4.7.28 temporarily rate limited.';

const startedAt = performance.now();
const seen: Seen = { accepted: empty(), refused: empty() };
let isStorm = false;

function empty(): Record<Lane, number[]> {
  return Object.fromEntries(laneNames.map(lane => [lane, []])) as never;
}

function count(bins: Record<Lane, number[]>, lane: Lane): void {
  const bin = Math.floor((performance.now() - startedAt) / binMs);
  bins[lane][bin] = (bins[lane][bin] ?? 0) + 1;
}

function laneOf(address: string): Lane {
  return laneNames.find(lane => address.endsWith(`@${lanes[lane].domain}`))!;
}

const relay = await startRelay({
  rcpt: to => {
    const lane = laneOf(to);
    if (!isStorm || lane !== 'google') return '250 2.1.5 ok';
    count(seen.refused, lane);
    return storm;
  },
  // A provider takes its time; with its connections, that makes its natural rate.
  done: async ({ to }) => {
    const lane = laneOf(to);
    relay.accepted.length = 0;
    relay.arrived.length = 0;
    await sleep(lanes[lane].takesMs);
    count(seen.accepted, lane);
    return '250 2.0.0 ok';
  },
});

process.on('message', (task: { storm?: boolean }) => {
  if (task.storm !== undefined) isStorm = task.storm;
  process.send!({ atMs: performance.now() - startedAt, seen });
});
process.send!({ url: relay.url });
