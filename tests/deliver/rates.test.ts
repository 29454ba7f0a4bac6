import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gate, Rates, slowedLanes } from '../../src/deliver/rates.ts';
import { relayLimits } from '../../src/deliver/relay.ts';
import { createLogger } from '../../src/log.ts';
import { type Lane, lanesOf } from '../../src/model/lanes.ts';
import { connectRedis, type Redis } from '../../src/queue/redis.ts';
import { openServices, type Services } from '../support/services.ts';

const storm = '421-4.7.28 Gmail has detected an unusual rate of mail\n421 4.7.28 from your network';
const never = new AbortController().signal;

let services: Services;
let redis: Redis;
let prefix: string;
let logged: { msg: string; [key: string]: unknown }[];
/** Two objects as two processes have them. */
let here: Rates;
let there: Rates;

beforeAll(async () => {
  services = await openServices();
  redis = connectRedis(services.redisUrl, 'worker');
  prefix = services.config.queuePrefix;
});
beforeEach(() => {
  logged = [];
  const log = pino({ level: 'info' }, { write: line => logged.push(JSON.parse(line)) });
  here = new Rates(redis, prefix, log);
  there = new Rates(redis, prefix, log);
});
afterEach(async () => {
  here.close();
  there.close();
  await services.redisFlush();
});
afterAll(async () => {
  redis.disconnect();
  await services.close();
});

const free = { key: 'relay.example:587', perSecond: null, perDay: null };
const laneOf = (name: string, perSecond: number | null = null): Lane => ({ ...lanesOf().get(name)!, perSecond });
const google = laneOf('google');
const stored = `${free.key}:google`;

async function redisMs(): Promise<number> {
  const [seconds, micros] = (await redis.time()) as unknown as [number, number];
  return Number(seconds) * 1000 + Number(micros) / 1000;
}

/** Takes as fast as it is let, with `takers` at once, until the signal. */
async function drain(gate: Gate, takers: number, signal: AbortSignal): Promise<number> {
  const each = async () => {
    let taken = 0;
    while (await gate.take(signal)) taken++;
    return taken;
  };
  const counts = await Promise.all(Array.from({ length: takers }, each));
  return counts.reduce((a, b) => a + b, 0);
}

/** Moves a lane's past: as if its hold had ended, and its bucket been looked at, so much earlier. */
async function rewind(seconds: number, name = stored): Promise<void> {
  const key = `${prefix}:rate:lane:${name}`;
  for (const field of ['hold', 'at']) await redis.hincrbyfloat(key, field, -seconds * 1000);
}

async function stateOf(lane = 'google') {
  return (await slowedLanes(redis, prefix)).find(state => state.lane === lane);
}

/** A lane whose measured throughput is about this many a second, and stays so while the test looks. */
async function measured(perSecond: number): Promise<void> {
  await redis.hset(`${prefix}:rate:lane:${stored}`, { use: perSecond, usedAt: (await redisMs()) + 60_000 });
}

describe('limits', () => {
  test.each([
    ['of a lane', free, laneOf('google', 40), laneOf('google', 40)],
    ['of a relay, whatever the lanes', { ...free, perSecond: 40 }, laneOf('google'), laneOf('naver')],
  ])('%s hold for all processes together', async (_, relay, one, other) => {
    const signal = AbortSignal.timeout(1500);
    const startedAt = await redisMs();
    const counts = await Promise.all([
      drain(here.gate(relay, one), 6, signal),
      drain(there.gate(relay, other), 6, signal),
    ]);
    const elapsed = ((await redisMs()) - startedAt) / 1000;
    const total = counts[0]! + counts[1]!;
    // A quarter of a second's worth may leave at once.
    expect(total).toBeLessThanOrEqual(40 * elapsed + 2 * 10);
    expect(total).toBeGreaterThan(5);
  });

  test('a fraction of a message a second is a limit too', async () => {
    const gate = here.gate(free, laneOf('google', 0.01));
    expect(await gate.take(never)).toBe(true);
    expect(gate.tryTake()).toBe(false);
    const second = gate.take(never);
    expect(await Promise.race([second, sleep(100, 'waits')])).toBe('waits');
    await redis.hincrbyfloat(`${prefix}:rate:lane:${stored}`, 'at', -100_000);
    expect(await second).toBe(true);
  });

  test('a lane without limits asks Redis once for many permits, and lets old ones go', async () => {
    let calls = 0;
    const counted = new Proxy(redis, {
      get: (target, name) => {
        if (name === 'evalsha') calls++;
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const rates = new Rates(counted, prefix, createLogger('silent', 'test'));
    const gate = rates.gate(free, google);
    const startedAt = performance.now();
    for (let i = 0; i < 250; i++) expect(await gate.take(never)).toBe(true);
    expect(calls).toBeLessThanOrEqual(11 + (performance.now() - startedAt) / 500);
    await gate.take(never);
    await sleep(510);
    expect(gate.tryTake()).toBe(false);
    rates.close();
  });

  test('the same names are the same gate; another lane is another', () => {
    expect(here.gate(free, google)).toBe(here.gate({ ...free }, { ...google }));
    expect(here.gate(free, google)).not.toBe(here.gate(free, laneOf('naver')));
  });
});

describe('when a provider asks to slow down', () => {
  test('every process stops within half a second, and other lanes never notice', async () => {
    const gate = there.gate(free, google);
    // Of the chunk that this took, permits are at hand.
    expect(await gate.take(never)).toBe(true);
    await here.gate(free, google).slowDown(storm);
    await sleep(510);
    expect(gate.tryTake()).toBe(false);
    expect(await gate.take(AbortSignal.timeout(300))).toBe(false);
    for (const name of ['naver', 'other']) expect(await there.gate(free, laneOf(name)).take(never)).toBe(true);
  });

  test('the permits at hand are void at once', async () => {
    const gate = here.gate(free, google);
    expect(await gate.take(never)).toBe(true);
    const report = gate.slowDown(storm);
    expect(gate.tryTake()).toBe(false);
    await report;
  });

  test('the replies of one storm count once, in the log as well', async () => {
    await measured(100);
    const gates = [here, there].map(rates => rates.gate(free, google));
    await Promise.all(Array.from({ length: 20 }, (_, i) => gates[i % 2]!.slowDown(storm)));
    for (const gate of gates) await gate.slowDown(storm);
    const state = (await stateOf())!;
    expect(state).toMatchObject({
      relay: free.key,
      reply: '421-4.7.28 Gmail has detected an unusual rate of mail',
    });
    expect(state.perSecond).toBeCloseTo(50, 5);
    expect(Math.abs(state.since.getTime() - (await redisMs()))).toBeLessThan(60_000);
    expect(logged).toEqual([
      expect.objectContaining({ msg: 'lane slowed down', lane: 'google', perSecond: 50, holdSeconds: 5, level: 40 }),
    ]);
  });

  test('the rate comes from what the lane did, or its limit when that is lower', async () => {
    const gate = here.gate(free, google);
    const taken = await drain(gate, 3, AbortSignal.timeout(500));
    await gate.slowDown(storm);
    const { perSecond } = (await stateOf())!;
    expect(perSecond).toBeGreaterThan(1);
    // A mean over two seconds, halved.
    expect(perSecond).toBeLessThanOrEqual(taken / 4);
    const naver = here.gate(free, laneOf('naver', 0.5));
    await naver.slowDown(storm);
    expect((await stateOf('naver'))!.perSecond).toBe(0.25);
  });

  test('while it is held nothing leaves; a storm that goes on halves the rate and doubles the hold, within bounds', async () => {
    await measured(100);
    const gate = here.gate(free, google);
    for (let i = 0; i < 12; i++) {
      await gate.slowDown(storm);
      // The hold is over, and the next message is refused again, before much is won back.
      await redis.hset(`${prefix}:rate:lane:${stored}`, 'hold', Math.floor(await redisMs()));
    }
    const rates = logged.map(line => line.perSecond as number);
    const holds = logged.map(line => line.holdSeconds as number);
    expect(holds).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300, 300]);
    for (const [i, rate] of rates.slice(1).entries()) expect(rate).toBeLessThan(rates[i]! * 0.75 + 1);
    expect(rates.at(-1)).toBeGreaterThanOrEqual(0.2);
    expect(await gate.take(never)).toBe(true);
  });

  test('it recovers by a sixtieth a second, says so once, and is forgotten a minute later', async () => {
    await measured(1000);
    const gates = [here, there].map(rates => rates.gate(free, google));
    await gates[0]!.slowDown(storm);
    await rewind(5 + 15);
    const halfway = (await stateOf())!;
    expect(halfway.holdSeconds).toBe(0);
    expect(halfway.perSecond).toBeGreaterThanOrEqual(750);
    expect(halfway.perSecond).toBeLessThan(1000);
    for (const gate of gates) expect(await gate.take(never)).toBe(true);
    expect(logged.map(line => line.msg)).toEqual(['lane slowed down']);
    await rewind(16);
    await Promise.all(gates.map(gate => gate.take(never)));
    expect(await stateOf()).toBeUndefined();
    expect(logged.map(line => line.msg)).toEqual(['lane slowed down', 'lane is back at its rate']);
    expect(await redis.hexists(`${prefix}:rate:lane:${stored}`, 'rate')).toBe(1);
    await rewind(61);
    // Old permits at hand tell nothing.
    await sleep(510);
    await gates[0]!.take(never);
    expect(await redis.hmget(`${prefix}:rate:lane:${stored}`, 'rate', 'hold', 'told')).toEqual([null, null, null]);
    expect(await redis.exists(`${prefix}:rate:slowed`)).toBe(0);
  });

  test('a rate won back and lost again begins with a short hold: a provider that allows part of it is not shut out', async () => {
    await measured(100);
    const gate = here.gate(free, google);
    await gate.slowDown(storm);
    await rewind(5);
    await gate.slowDown(storm);
    // From a quarter to more than the half at which the last cut came.
    await rewind(10 + 20);
    await gate.slowDown(storm);
    expect(logged.map(line => line.holdSeconds)).toEqual([5, 10, 5]);
  });

  test('a clock that was set back does not hold a lane for ever', async () => {
    const gate = here.gate(free, google);
    await gate.slowDown(storm);
    await rewind(-3600);
    expect(await gate.take(never)).toBe(true);
  });
});

describe('when Redis', () => {
  test('is emptied, all begin anew', async () => {
    const gate = here.gate(free, google);
    await gate.slowDown(storm);
    const waiting = gate.take(never);
    expect(await Promise.race([waiting, sleep(100, 'waits')])).toBe('waits');
    await services.redisFlush();
    expect(await waiting).toBe(true);
    expect(await slowedLanes(redis, prefix)).toEqual([]);
  });

  test('has forgotten its scripts, they are sent again', async () => {
    await redis.script('FLUSH');
    expect(await here.gate(free, google).take(never)).toBe(true);
    await here.gate(free, google).slowDown(storm);
    await redis.script('FLUSH');
    expect(await slowedLanes(redis, prefix)).toHaveLength(1);
  });

  test('is away, takers wait and go on when it is back; an abort and the end of the process are heard at once', async () => {
    const path = services.redisUrl.slice('redis+unix://'.length);
    const door = await openDoor(path);
    const remote = connectRedis(`redis://127.0.0.1:${door.port}`, 'worker');
    const rates = new Rates(remote, prefix, createLogger('silent', 'test'));
    const gate = rates.gate(free, laneOf('google', 10));
    expect(await gate.take(never)).toBe(true);
    await door.shut();
    const controller = new AbortController();
    const [aborted, patient] = [gate.take(controller.signal), gate.take(never)];
    controller.abort();
    expect(await aborted).toBe(false);
    expect(await gate.take(controller.signal)).toBe(false);
    await gate.slowDown(storm);
    await door.open();
    // The slow-down that Redis could not take down arrives with its return; the hold is over when the test says so.
    while (!(await stateOf())) await sleep(20);
    await rewind(6);
    expect(await patient).toBe(true);
    const left = gate.take(never);
    rates.close();
    expect(await left).toBe(false);
    expect(await rates.gate(free, google).take(never)).toBe(false);
    remote.disconnect();
    await door.shut();
  });
});

test('no credential and no address is in any key or value', async () => {
  const relay = relayLimits('smtp://boss%40corp.example:s3cret@relay.example:587?perSecond=500');
  const gate = here.gate(relay, google);
  await gate.take(never);
  await gate.slowDown('450 4.2.1 <kim.su@example.net>: too much mail\u0000\u001b[2J');
  const keys = await redis.keys(`${prefix}:rate:*`);
  expect(keys).toHaveLength(3);
  const values = await Promise.all(keys.map(key => (/slowed$/.test(key) ? redis.smembers(key) : redis.hgetall(key))));
  const all = JSON.stringify([keys, values]);
  expect(all).toContain('too much mail');
  expect(all).not.toMatch(/s3cret|boss|corp\.example|kim|@|\\u00/);
  for (const key of keys) expect(await redis.ttl(key)).toBeGreaterThan(0);
});

describe("a relay's URL", () => {
  test('names its limits, each optional', () => {
    const url = 'smtp://user:pw@relay.example';
    expect(relayLimits(url)).toMatchObject({ perSecond: null, connections: null, messages: null });
    expect(relayLimits(`${url}?tls=require&perSecond=0.5&perDay=50000&connections=20&messages=50`)).toEqual({
      key: expect.stringMatching(/^relay\.example:587#[0-9a-f]{8}$/),
      perSecond: 0.5,
      perDay: 50_000,
      connections: 20,
      messages: 50,
    });
    expect(relayLimits('smtps://relay.example').key).toBe('relay.example:465');
    expect(relayLimits('smtp://other:pw@relay.example').key).not.toBe(relayLimits(url).key);
    expect(relayLimits('smtp://user:rotated@relay.example').key).toBe(relayLimits(url).key);
  });

  test.each(['perSecond=0', 'perSecond=fast', 'connections=1.5', 'messages=-1', 'persecond=14', 'tls=maybe'])(
    'with %s is refused, and says why',
    parameter => {
      expect(() => relayLimits(`smtp://relay.example?${parameter}`)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining(parameter.split('=')[0]!),
        }),
      );
    },
  );
});

/** A way to Redis that can be shut. */
async function openDoor(path: string): Promise<{ port: number; open(): Promise<void>; shut(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    const inner = connect(path);
    for (const each of [socket, inner]) {
      sockets.add(each);
      each.on('error', () => {}).on('close', () => sockets.delete(each));
    }
    socket.pipe(inner).pipe(socket);
  });
  const listen = (port: number) => new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as { port: number };
  return {
    port,
    open: () => listen(port),
    shut: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
