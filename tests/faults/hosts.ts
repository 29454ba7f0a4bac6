/** F18: two hosts with addresses of their own, each with the `work` command, share a send; one is cut off in the middle and comes back. */
import type { ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Bridge, ended, type Host, missingNft, openBridge } from './host.ts';
import { type FaultyPath, startProxy } from './proxy.ts';
import { type Fault, type Row, rowOf, type Scale, summed } from './rows.ts';
import type { Send } from './send.ts';
import type { Stage } from './stage.ts';

/** A host at work, and the ways by which it reaches what it needs; they only forward, and count what is open. */
interface Working {
  host: Host;
  work: ChildProcess;
  ways: Record<From, FaultyPath>;
}
type From = 'postgres' | 'redis' | 'smtp';

interface Cut {
  what: string;
  begin(host: Host, ways: Working['ways']): Promise<unknown>;
  end(host: Host, ways: Working['ways']): Promise<unknown>;
  /** Redis decides nothing about a message. */
  mayBeUnknown: boolean;
  /** Seconds; undefined: until the other host has finished alone. */
  forS: [number, number] | undefined;
}

const cable = { begin: (host: Host) => host.unplug(), end: (host: Host) => host.plugIn(), mayBeUnknown: true };
const port = (from: From, what: string): Cut => ({
  what: `${what} out of its reach (packets dropped)`,
  begin: (host, ways) => host.drop(ways[from].port),
  end: host => host.pass(),
  mayBeUnknown: from !== 'redis',
  forS: [18, 26],
});
const cables: Cut[] = [
  { ...cable, what: 'its cable pulled', forS: [5, 8] },
  { ...cable, what: 'its cable pulled', forS: [20, 28] },
  {
    ...cable,
    what: 'its cable pulled, its connections given up at the other end',
    end: (host, ways) => {
      // The resets are lost; the host learns of them by its own next packet.
      for (const way of Object.values(ways)) way.cut();
      return host.plugIn();
    },
    forS: [18, 26],
  },
  { ...cable, what: 'its cable pulled until the other has finished', forS: undefined },
];
const ports = [port('postgres', 'Postgres'), port('redis', 'Redis'), port('smtp', 'the relay')];

/** Ten batches: with fewer, who takes one more has sent much more. */
const leastReaders = 2000;
/** Of what two hosts sent, the smaller part; half is fair, chance and a busy machine take something. */
const leastShare = 0.25;

export const hosts: Fault = {
  id: 'F18',
  name: 'two hosts, one cut off',
  stage: { crew: { deliver: 0, plan: 0, tick: 0 } },
  run: async (stage, scale) => {
    const bridge = await openBridge(stage.random);
    stage.onClose(() => bridge.close());
    const both = [await putToWork(stage, bridge, 1), await putToWork(stage, bridge, 2)];
    await untilBothBeat(stage, both);
    const noNft = await missingNft();
    const rows: Row[] = [];
    for (const cut of noNft ? cables : [...cables, ...ports]) rows.push(await cutOff(stage, scale, both, cut));
    rows.push(await leavesInOrder(stage, scale, both));
    if (noNft) rows.push(notPlayed(`dropping packets to one port needs nft: ${noNft}`));
    return rows;
  },
};

async function putToWork(stage: Stage, bridge: Bridge, nth: number): Promise<Working> {
  const host = await bridge.addHost(nth);
  const { servers, relay, folder } = stage;
  const door = await relay.door(host.name);
  const [postgres, redis, smtp] = await Promise.all([
    startProxy(() => ({ path: servers.postgresSocket }), bridge.address),
    startProxy(() => ({ path: servers.redisSocket }), bridge.address),
    startProxy(() => ({ host: '127.0.0.1', port: door }), bridge.address),
  ]);
  const ways = { postgres, redis, smtp };
  stage.onClose(() => Promise.all(Object.values(ways).map(way => way.close())));
  const env = {
    ...(process.env as Record<string, string>),
    ...stage.env,
    DATABASE_URL: `postgres://broadsheet@${bridge.address}:${postgres.port}/broadsheet`,
    REDIS_URL: `redis://${bridge.address}:${redis.port}`,
    SMTP_URL: `smtp://${bridge.address}:${smtp.port}?tls=off`,
    MX_LOOKUP: 'off',
  };
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
  const log = openSync(join(folder, 'workers.log'), 'a');
  return { host, work: host.start([process.execPath, '--import', 'tsx', cli, 'work'], env, log), ways };
}

/** Both are listed as alive, each under its own name. A connection that the kernel must first give up takes its time. */
async function untilBothBeat(stage: Stage, both: Working[]): Promise<void> {
  const names = both.map(({ host }) => host.name);
  const deadline = Date.now() + 240_000;
  for (;;) {
    const rows = await stage.wiring.sql<{ host: string }[]>`
      select host from workers where role = 'deliver-batch' and seen_at > now() - interval '5 seconds' and host = any(${names})`;
    if (new Set(rows.map(({ host }) => host)).size === both.length) return;
    if (Date.now() > deadline || both.some(({ work }) => work.exitCode !== null))
      throw new Error(`the hosts do not come to work: ${await stage.log(5)}`);
    await sleep(200);
  }
}

async function cutOff(stage: Stage, scale: Scale, both: Working[], cut: Cut): Promise<Row> {
  const readers = Math.max(scale.readers, leastReaders);
  const send = await stage.send({ readers, thinkMs: [100, 250] });
  const taken = watch(stage);
  await send.untilTaken(readers * stage.random.between(0.15, 0.3));
  const victim = stage.random.pick(both);
  const before = countsOf(taken, both);
  const open = victim.ways.smtp.open();
  const at = performance.now();
  await cut.begin(victim.host, victim.ways);
  try {
    if (cut.forS) await sleep(stage.random.between(...cut.forS) * 1000);
    else await untilFinishedAlone(send);
  } finally {
    await cut.end(victim.host, victim.ways);
  }
  const over = performance.now();
  await untilBothBeat(stage, both);
  // Its connections to the relay still wait for an answer after the dot, and the kernel's next try comes up to as much later as the cable was out.
  if (!cut.forS) await sleep(over - at);
  const what = `one of two hosts: ${cut.what}, ${Math.round((over - at) / 1000)} s`;
  const isOther = ({ door }: Taken) => door !== victim.host.name;
  const row = await rowOf('F18', stage, send, {
    what,
    open: cut.mayBeUnknown ? open : 0,
    also: () => [
      ...unfair('before the cut', before),
      ...(taken.some(one => isOther(one) && one.at > at && one.at < over) ? [] : ['the other host stood still']),
    ],
  });
  const rows = summed(what, [row, await bothWork(stage, both, taken)]);
  const again = taken.find(one => !isOther(one) && one.at > over);
  return { ...rows, recovery: again ? [(again.at - over) / 1000] : [] };
}

/** After it came back: a send that both must take part in. */
async function bothWork(stage: Stage, both: Working[], taken: Taken[]): Promise<Row> {
  const from = taken.length;
  const send = await stage.send({ readers: leastReaders, domains: ['example.net'], thinkMs: [50, 150] });
  watch(stage, taken);
  return rowOf('F18', stage, send, {
    what: 'the next send',
    open: 0,
    also: () => unfair('after it came back', countsOf(taken.slice(from), both)),
  });
}

/** SIGTERM to one host's `work` in the middle: it hands back, the other finishes. */
async function leavesInOrder(stage: Stage, scale: Scale, both: Working[]): Promise<Row> {
  const send = await stage.send({ readers: scale.readers, thinkMs: [50, 150] });
  await send.untilTaken(scale.readers * stage.random.between(0.15, 0.3));
  const code = await ended(both[0]!.work, 30_000);
  return rowOf('F18', stage, send, {
    what: 'one of two hosts ends its work in order (SIGTERM)',
    open: 0,
    also: () => (code === 0 ? [] : [`work ended with ${code}`]),
  });
}

/** A message that got its 250. */
interface Taken {
  /** The host's name. */
  door: string;
  /** Milliseconds of the relay's clock. */
  at: number;
}

/** Lists what is taken from now on, until the next send. */
function watch({ relay }: Stage, taken: Taken[] = []): Taken[] {
  relay.script.hook = ({ step, door }) => {
    if (step === 'accepted') taken.push({ door, at: performance.now() });
    return undefined;
  };
  return taken;
}

const countsOf = (taken: readonly Taken[], both: Working[]): number[] =>
  both.map(({ host }) => taken.filter(({ door }) => door === host.name).length);

function unfair(when: string, counts: number[]): string[] {
  const all = counts.reduce((sum, n) => sum + n, 0);
  return Math.min(...counts) >= leastShare * all ? [] : [`${when} the hosts sent ${counts.join(' and ')}`];
}

async function untilFinishedAlone(send: Send): Promise<void> {
  const problem = await send.ended({ hurry: true });
  if (problem) throw new Error(`the other host alone: ${problem}`);
}

function notPlayed(skipped: string): Row {
  const none = { readers: 0, lost: 0, doubled: 0, unknown: 0, open: 0, recovery: [], problems: [] };
  return { fault: 'F18', what: 'Postgres, Redis or the relay alone', ...none, skipped };
}
