/** A real Redis Cluster on loopback: three masters, and a replica for the one that holds a given key. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

const slots = 16_384;

export interface TestCluster {
  url: string;
  /** SIGKILLs the master that holds the key. @returns when its replica has taken over */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

interface Node {
  port: number;
  child: ChildProcess;
  redis: Redis;
}

/** @param key any key of those that matter; they share a slot */
export async function startCluster(key: string): Promise<TestCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-cluster-'));
  const ports = await freePorts(4);
  const nodes = await Promise.all(ports.map(port => startNode(folder, port)));
  const replica = nodes[3]!;
  const masters = nodes.slice(0, 3);
  const own = Number(await masters[0]!.redis.cluster('KEYSLOT', key));
  await Promise.all(
    masters.map(({ redis }, i) => {
      const [from, to] = [Math.ceil((slots / 3) * i), Math.ceil((slots / 3) * (i + 1)) - 1];
      return redis.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
    }),
  );
  for (const { port } of nodes.slice(1)) await masters[0]!.redis.call('CLUSTER', 'MEET', '127.0.0.1', port);
  const holder = masters[Math.floor(own / (slots / 3))]!;
  const holderId = String(await holder.redis.call('CLUSTER', 'MYID'));
  await until(async () => String(await replica.redis.call('CLUSTER', 'NODES')).includes(holderId));
  await until(() => replica.redis.call('CLUSTER', 'REPLICATE', holderId).then(() => true));
  await until(async () => {
    const states = await Promise.all(nodes.map(({ redis }) => redis.call('CLUSTER', 'INFO')));
    const isLinked = /master_link_status:up/.test(await replica.redis.info('replication'));
    return isLinked && states.every(state => String(state).includes('cluster_state:ok'));
  });
  return {
    url: `redis-cluster://${ports.map(port => `127.0.0.1:${port}`).join(',')}`,
    failOver: async () => {
      holder.child.kill('SIGKILL');
      await until(async () => /role:master/.test(await replica.redis.info('replication')));
    },
    close: async () => {
      for (const { redis, child } of nodes) {
        redis.disconnect();
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startNode(folder: string, port: number): Promise<Node> {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    'cluster-enabled': 'yes',
    'cluster-config-file': `nodes-${port}.conf`,
    'cluster-node-timeout': '1000',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 100 });
  redis.on('error', () => {});
  await redis.ping();
  return { port, child, redis };
}

/** Ports whose bus port (10,000 higher) is a port too. */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let port = 20_000 + Math.floor(Math.random() * 20_000); ports.length < count; port++)
    if ((await isFree(port)) && (await isFree(port + 10_000))) ports.push(port);
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await isDone().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error('the cluster does not come about');
}
