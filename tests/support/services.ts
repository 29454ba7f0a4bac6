/** A fresh, migrated database and an own corner of Redis for one test file. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import { connectDatabase } from '../../src/db/client.ts';
import { openWiring, type Wiring } from '../../src/wiring.ts';

export interface Services extends Wiring {
  /** Environment with which a child process reaches the same services. */
  env: Record<string, string>;
  /** Forgets this file's corner of Redis, as a lost Redis would. */
  redisFlush(): Promise<void>;
  /** Ends every connection to this file's database from the server's side, as a restart does. */
  cutConnections(): Promise<void>;
}

/**
 * @param extra more environment, as `SMTP_URL`
 * @returns wiring on a database of its own; `close()` also drops it
 */
export async function openServices(extra: Record<string, string> = {}): Promise<Services> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const mainUrl = inject('databaseUrl');
  const admin = connectDatabase(mainUrl.replace('/broadsheet?', '/postgres?'), 1);
  await admin.unsafe(`create database ${name} template broadsheet`);
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-data-'));
  const env = {
    DATABASE_URL: mainUrl.replace('/broadsheet?', `/${name}?`),
    REDIS_URL: inject('redisUrl'),
    QUEUE_PREFIX: `{${name}}`,
    SECRET_KEYS: randomBytes(24).toString('hex'),
    PUBLIC_URL: 'https://news.example.org',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    ...extra,
  };
  const config: Config = readConfig(env);
  const wiring = await openWiring(config, 'test');
  return {
    ...wiring,
    env,
    cutConnections: async () => {
      await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    },
    redisFlush: async () => {
      const keys = await wiring.queues.redis.keys(`{${name}}*`);
      if (keys.length > 0) await wiring.queues.redis.del(...keys);
    },
    close: async () => {
      await wiring.close();
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
