/** Redis connections; the only place that imports ioredis. */
import { Cluster, Redis as Single } from 'ioredis';
import { BroadsheetError, messageOf } from '../errors.ts';
import { parseRedisUrl, type RedisAddress } from '../redis-url.ts';

/** One server, also one that Sentinels watch, or a Cluster: all our keys are in one slot of it. */
export type Redis = Single | Cluster;

/**
 * @param url see `parseRedisUrl`
 * @param use `queue` fails fast when Redis is away; `worker` waits for it without end, as BullMQ's blocking reads need
 * @throws BroadsheetError CONFIG_INVALID
 */
export function connectRedis(url: string, use: 'queue' | 'worker'): Redis {
  const address = parseRedisUrl(url);
  if (!address) throw new BroadsheetError('CONFIG_INVALID', 'REDIS_URL cannot be read');
  const redis = open(address, use);
  // Each failed command rejects by itself; without a listener a lost connection would end the process.
  redis.on('error', () => {});
  return redis;
}

/**
 * So long a command waits for a word of Redis before the connection is given up and another one tried: longer than BullMQ's blocking reads (10 s).
 * After a cable was out for half a minute the kernel would try the old connection again only as much later.
 */
const silenceMs = 15_000;
const connectMs = 5000;
const pause = (attempt: number) => Math.min(attempt * 100, 2000);

function open(address: RedisAddress, use: 'queue' | 'worker'): Redis {
  const options = {
    maxRetriesPerRequest: use === 'worker' ? null : 3,
    enableOfflineQueue: true,
    retryStrategy: pause,
    socketTimeout: silenceMs,
    connectTimeout: connectMs,
  };
  if (address.kind === 'single') return new Single(address.url, options);
  if (address.kind === 'unix') return new Single({ ...options, path: address.path });
  const tls = address.tls ? { tls: {} } : {};
  if (address.kind === 'sentinel') {
    const { nodes: sentinels, master: name, db, login } = address;
    return new Single({
      ...options,
      ...tls,
      ...(address.tls ? { enableTLSForSentinelMode: true } : {}),
      ...login,
      sentinels,
      name,
      db,
      sentinelRetryStrategy: pause,
    });
  }
  return new Cluster(address.nodes, {
    redisOptions: { ...options, ...tls, ...address.login },
    clusterRetryStrategy: pause,
    // A slot without a master, for the seconds of a fail-over.
    retryDelayOnClusterDown: 300,
    retryDelayOnFailover: 200,
    // A worker waits as long as it takes; others fail after some seconds.
    maxRedirections: use === 'worker' ? 1000 : 16,
  });
}

/** Nodes that hold keys. */
export function masters(redis: Redis): Single[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis];
}

/**
 * Refuses a Redis that may evict queued work (rule 6.3).
 * @throws BroadsheetError REDIS_UNREACHABLE, REDIS_UNSAFE
 */
export async function checkRedis(redis: Redis): Promise<void> {
  let policies: (string | undefined)[];
  try {
    // A Cluster knows its nodes only after the first command.
    await redis.ping();
    policies = await Promise.all(
      masters(redis).map(async node => /maxmemory_policy:(\S+)/.exec(await node.info('memory'))?.[1]),
    );
  } catch (error) {
    throw new BroadsheetError('REDIS_UNREACHABLE', messageOf(error), { cause: error });
  }
  const unsafe = policies.find(policy => policy && policy !== 'noeviction');
  if (unsafe) throw new BroadsheetError('REDIS_UNSAFE', `maxmemory-policy is ${unsafe}`);
}
