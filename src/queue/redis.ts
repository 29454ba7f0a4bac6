/** Redis connections; the only place that imports ioredis. */
import { Redis, type RedisOptions } from 'ioredis';
import { BroadsheetError, messageOf } from '../errors.ts';

export type { Redis };

/**
 * @param url redis://, rediss:// or redis+unix:///path
 * @param use `queue` fails fast when Redis is away; `worker` waits for it without end, as BullMQ's blocking reads need
 */
export function connectRedis(url: string, use: 'queue' | 'worker'): Redis {
  const options: RedisOptions = {
    maxRetriesPerRequest: use === 'worker' ? null : 3,
    enableOfflineQueue: true,
    retryStrategy: attempt => Math.min(attempt * 100, 2000),
  };
  const redis = url.startsWith('redis+unix://')
    ? new Redis({ ...options, path: url.slice('redis+unix://'.length) })
    : new Redis(url, options);
  // Each failed command rejects by itself; without a listener a lost connection would end the process.
  redis.on('error', () => {});
  return redis;
}

/**
 * Refuses a Redis that may evict queued work (rule 6.3).
 * @throws BroadsheetError REDIS_UNREACHABLE, REDIS_UNSAFE
 */
export async function checkRedis(redis: Redis): Promise<void> {
  let policy: string | undefined;
  try {
    policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
  } catch (error) {
    throw new BroadsheetError('REDIS_UNREACHABLE', messageOf(error), { cause: error });
  }
  if (policy && policy !== 'noeviction') throw new BroadsheetError('REDIS_UNSAFE', `maxmemory-policy is ${policy}`);
}
