/** A send over a real Redis Cluster whose master dies in the middle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { status } from '../../src/track/status.ts';
import { environmentOf } from '../support/environment.ts';
import { audience, submitIssue } from '../support/fixtures.ts';
import { startCluster, type TestCluster } from '../support/redis-cluster.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

const prefix = '{cluster-test}';
let cluster: TestCluster;
let services: Services;
let relay: Relay;
let crew: ChildProcess | undefined;

beforeAll(async () => {
  cluster = await startCluster(`${prefix}:x`);
  relay = await startRelay({
    done: async () => {
      await sleep(20);
      return '250 2.0.0 ok';
    },
  });
  services = await openServices({ REDIS_URL: cluster.url, QUEUE_PREFIX: prefix, SMTP_URL: relay.url });
}, 60_000);
afterAll(async () => {
  if (crew) {
    crew.kill('SIGTERM');
    await once(crew, 'exit');
  }
  await services.close();
  await relay.close();
  await cluster.close();
}, 60_000);

test('the master that holds the queues dies in the middle of a send: nobody is lost, nobody doubled', async () => {
  const readers = Array.from({ length: 400 }, (_, i) => `reader${i}@example.net`);
  const { publicationId } = await audience(services, readers);
  const issue = await submitIssue(services, publicationId);
  crew = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('../../src/cli.ts', import.meta.url)), 'work'],
    {
      env: environmentOf({ ...services.env, SMTP_CONNECTIONS: '4' }),
      stdio: 'ignore',
    },
  );
  await expect.poll(() => relay.accepted.length, { timeout: 30_000 }).toBeGreaterThan(50);
  await cluster.failOver();
  expect(relay.accepted.length).toBeLessThan(400);
  await expect.poll(async () => (await status(services.sql, issue)).state, { timeout: 60_000 }).toBe('sent');
  expect(await status(services.sql, issue)).toMatchObject({ accepted: 400, unknown: 0, rejected: 0 });
  expect(relay.accepted.map(message => message.to).sort()).toEqual([...readers].sort());
}, 120_000);
