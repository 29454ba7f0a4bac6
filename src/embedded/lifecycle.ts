/**
 * One pair of servers per data directory, shared by every command that uses it: the first starts them, others adopt them, also after
 * the first was killed, and the last clean exit stops them. Users are counted by files named after live processes.
 */
import { mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import lockfile from 'proper-lockfile';
import { isAlive } from './alive.ts';
import { startPostgres, stopPostgres } from './postgres.ts';
import { startRedis, stopRedis } from './redis.ts';
import { socketFolder } from './socket-folder.ts';

export interface EmbeddedNeeds {
  postgres: boolean;
  redis: boolean;
  /** No durability: for tests. */
  throwaway?: boolean;
}

export interface EmbeddedServers {
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  /** Gives up this process's share; stops the servers when it was the last. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Starts or adopts the embedded servers of a data directory.
 * @throws BroadsheetError EMBEDDED_FAILED, REDIS_MISSING
 */
export async function acquireEmbedded(dataDir: string, needs: EmbeddedNeeds): Promise<EmbeddedServers> {
  await mkdir(join(dataDir, 'embedded', 'users'), { recursive: true, mode: 0o700 });
  // Two spellings of one folder are one pair of servers.
  const home = await realpath(join(dataDir, 'embedded'));
  const users = join(home, 'users');
  const own = join(users, String(process.pid));
  const servers = await underLock(home, async () => {
    await writeFile(own, '');
    const [database, redis] = await Promise.allSettled([
      needs.postgres ? startPostgres(home, needs.throwaway) : undefined,
      needs.redis ? startRedis(home) : undefined,
    ]);
    if (database.status === 'fulfilled' && redis.status === 'fulfilled') {
      return { databaseUrl: database.value, redisUrl: redis.value };
    }
    await leave(home, own);
    throw database.status === 'rejected' ? database.reason : (redis as PromiseRejectedResult).reason;
  });
  let released = false;
  return {
    ...servers,
    release: async () => {
      if (released) return;
      released = true;
      await underLock(home, () => leave(home, own));
    },
  };
}

/** Gives up a share under the lock; the last one stops what runs. */
async function leave(home: string, own: string): Promise<void> {
  await rm(own, { force: true });
  if (await hasLiveUser(dirname(own))) return;
  await Promise.all([stopPostgres(home), stopRedis(home)]);
  await rm(await socketFolder(home), { recursive: true, force: true });
}

async function hasLiveUser(users: string): Promise<boolean> {
  for (const name of await readdir(users)) {
    if (isAlive(Number(name))) return true;
    await rm(join(users, name), { force: true });
  }
  return false;
}

/** A killed holder's lock goes stale after 5 s; starting both servers takes about one, stopping is bounded below. */
async function underLock<T>(home: string, work: () => Promise<T>): Promise<T> {
  const unlock = await lockfile.lock(home, {
    lockfilePath: join(home, 'lock'),
    stale: 5000,
    update: 1000,
    retries: { retries: 600, factor: 1, minTimeout: 50, maxTimeout: 100 },
  });
  try {
    return await work();
  } finally {
    await unlock();
  }
}
