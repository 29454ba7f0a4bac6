/** Several processes on one data directory: they share a pair of servers, survive each other's death, and leave nothing running. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from '../../src/db/client.ts';
import { acquireEmbedded } from '../../src/embedded/lifecycle.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-embedded-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const needs = { postgres: true, redis: true, throwaway: true };

/** A process of its own that acquires the servers, says so, and waits for its end. */
async function holder(): Promise<ChildProcess> {
  const file = join(folder, 'holder.mts');
  const module = new URL('../../src/embedded/lifecycle.ts', import.meta.url).href;
  await writeFile(
    file,
    `import { acquireEmbedded } from '${module}';
     const servers = await acquireEmbedded(${JSON.stringify(join(folder, 'data'))}, ${JSON.stringify(needs)});
     process.on('SIGTERM', () => servers.release().then(() => process.exit(0)));
     setInterval(() => {}, 1000);
     process.stdout.write('ready\\n');`,
  );
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: process.cwd(),
  });
  await once(child.stdout!, 'data');
  return child;
}

async function answers(databaseUrl: string): Promise<boolean> {
  const sql = connectDatabase(databaseUrl, 1);
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

test('the first starts, others adopt, also after the first was killed; the last clean exit stops them', async () => {
  const first = await holder();
  const servers = await acquireEmbedded(join(folder, 'data'), needs);
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(await answers(servers.databaseUrl!)).toBe(true);
  const second = await holder();
  await servers.release();
  await servers.release();
  expect(await answers(servers.databaseUrl!)).toBe(true);
  second.kill('SIGTERM');
  await once(second, 'exit');
  expect(await answers(servers.databaseUrl!)).toBe(false);
});

test('data outlives the servers', async () => {
  const one = await acquireEmbedded(join(folder, 'data'), needs);
  const sql = connectDatabase(one.databaseUrl!, 1);
  await sql`create table kept (n int)`;
  await sql`insert into kept values (7)`;
  await sql.end();
  await one.release();
  const two = await acquireEmbedded(join(folder, 'data'), needs);
  const again = connectDatabase(two.databaseUrl!, 1);
  expect(await again`select n from kept`).toEqual([{ n: 7 }]);
  await again.end();
  await two.release();
});
