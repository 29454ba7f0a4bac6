/** F9: Postgres' disk runs full in the middle of a send. */
import { execFile } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Fault, type Row, rowOf, type Scale, Skipped } from './rows.ts';
import type { Stage } from './stage.ts';

const run = promisify(execFile);
/** A fresh cluster takes about 60 MB, its log of changes grows by 16 MB at a time. */
const diskSize = '192m';

export const diskFull: Fault = {
  id: 'F9',
  name: 'disk full',
  stage: {
    crew: { deliver: 2 },
    prepare: async folder => {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${diskSize},mode=755`, 'tmpfs', folder]).catch(error => {
        throw new Skipped(`needs mount: ${String(error.stderr ?? error.message).trim()}`);
      });
      // Lazily: a server that is just ending may still hold a file.
      return async () => void (await run('umount', ['-l', folder]));
    },
  },
  run: async (stage, scale) => [
    await filled(stage, scale, 'tables cannot grow', false),
    await filled(stage, scale, 'the log of changes cannot grow', true),
  ],
};

async function filled(stage: Stage, scale: Scale, what: string, withLog: boolean): Promise<Row> {
  const { wiring, servers, crew, folder } = stage;
  const send = await stage.send({ readers: scale.readers, thinkMs: [50, 150] });
  await send.untilTaken(scale.readers * stage.random.between(0.1, 0.3));
  const ballast = join(folder, 'disk', 'ballast');
  const openAt = () => crew.of('deliver-batch').reduce((sum, worker) => sum + worker.network.smtp.open(), 0);
  const connections = openAt();
  const at = performance.now();
  await fill(ballast);
  const until = Date.now() + 8000;
  let refusals = 0;
  while (Date.now() < until) {
    // The server writes on into space it has already; a new segment it cannot get, and it ends itself.
    if (withLog) await wiring.sql`select pg_switch_wal()`.catch(() => refusals++);
    await wiring.sql`create table ballast as select repeat('x', 100) from generate_series(1, 20000)`.catch(
      () => refusals++,
    );
    await sleep(400);
  }
  await rm(ballast);
  await wiring.sql`drop table if exists ballast`.catch(() => {});
  await servers.restart();
  const moments = [{ at, over: performance.now() }];
  return rowOf('F9', stage, send, {
    what: `Postgres' disk full for 8 s: ${what}`,
    // A server that ended itself leaves what a killed one leaves.
    open: connections,
    moments,
    also: () => (refusals > 0 ? [] : ['nothing was refused: the disk was not full']),
  });
}

/** To the last block. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const size of [1 << 20, 1 << 12]) {
      const block = Buffer.alloc(size);
      for (;;) {
        const { bytesWritten } = await handle.write(block);
        if (bytesWritten < size) break;
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await handle.close();
  }
}
