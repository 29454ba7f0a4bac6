/** One Postgres and one Redis for the whole run, in a folder that is gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { connectDatabase } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate.ts';
import { acquireEmbedded } from '../../src/embedded/lifecycle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
    redisUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-test-'));
  const servers = await acquireEmbedded(folder, { postgres: true, redis: true, throwaway: true });
  const sql = connectDatabase(servers.databaseUrl!, 1);
  await migrate(sql);
  await sql.end();
  project.provide('databaseUrl', servers.databaseUrl!);
  project.provide('redisUrl', servers.redisUrl!);
  return async () => {
    await servers.release();
    await rm(folder, { recursive: true, force: true });
  };
}
