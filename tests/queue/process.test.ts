/** How a worker process ends when it is asked to, on a real child process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { environmentOf } from '../support/environment.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let child: ChildProcess | undefined;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());
// One that did not end by itself, in a test that ran out of time.
afterEach(() => void child?.kill('SIGKILL'));

const entry = fileURLToPath(new URL('./draining.ts', import.meta.url));

/** @param kind how its drain behaves: see draining.ts */
async function ended(kind: string): Promise<{ code: number | null; said: string[]; workers: number }> {
  const started = spawn(process.execPath, ['--import', 'tsx', entry, kind], {
    env: environmentOf(services.env),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child = started;
  let said = '';
  started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    // Asked to end as soon as it is at work.
    if (!said && chunk.includes('at work')) started.kill('SIGTERM');
    said += chunk;
  });
  // Not `exit`: what it said last may be in the pipe still.
  const [code] = (await once(started, 'close')) as [number | null];
  const rows = await services.sql`delete from workers where role = ${kind} returning 1`;
  return { code, said: said.trim().split('\n'), workers: rows.length };
}

test('one that drains in time ends with 0 and takes its name off the list', async () => {
  expect(await ended('quick')).toEqual({ code: 0, said: ['at work', 'ending', 'drained'], workers: 0 });
});

test('one that takes long is hurried, and then ends in order', async () => {
  expect(await ended('slow')).toEqual({ code: 0, said: ['at work', 'ending', 'hurried', 'drained'], workers: 0 });
});

test('one that never drains ends all the same; its heartbeat stays for the tick to find', async () => {
  expect(await ended('stuck')).toEqual({ code: 1, said: ['at work', 'ending', 'hurried'], workers: 1 });
});
