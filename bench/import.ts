/**
 * Import of a large list: rows per second and peak memory, into an embedded database of its own with durability on.
 * ROWS=1000000 npm run bench -- import
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../src/db/client.ts';
import { instanceKey } from '../src/db/instance.ts';
import { migrate } from '../src/db/migrate.ts';
import { putPublication } from '../src/db/publications.ts';
import { acquireEmbedded } from '../src/embedded/lifecycle.ts';
import { samplePublication } from '../src/model/publication.ts';
import { AddressHasher } from '../src/subscribers/hash.ts';
import { importCsv } from '../src/subscribers/import.ts';

const domains = ['gmail.com', 'naver.com', 'daum.net', 'example.net', 'outlook.com'];
const names = ['김민수', '이서연', '"박, 지훈"', 'Jane Doe', '최유진'];

/** Imports a generated file twice (new, then unchanged) and prints what it took. */
export async function main(): Promise<void> {
  const rows = Number(process.env.ROWS ?? 1_000_000);
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  const servers = await acquireEmbedded(folder, { postgres: true, redis: false });
  const sql = connectDatabase(servers.databaseUrl!, 2);
  try {
    await migrate(sql);
    const hasher = new AddressHasher(await instanceKey(sql, 'address-hash'));
    const publication = { ...samplePublication('ko'), fields: { 회사: '' } };
    const { id: publicationId } = await putPublication(sql, publication);
    const file = join(folder, 'readers.csv');
    await generate(file, rows);
    for (const pass of ['new', 'unchanged']) {
      const peak = samplePeakRss();
      const started = performance.now();
      const report = await importCsv({ sql, hasher }, { file, publicationId, publication });
      const seconds = (performance.now() - started) / 1000;
      const { imported, skipped, rejectedTotal } = report;
      console.log(
        `import, ${pass}: ${rows} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s, ` +
          `peak RSS ${peak.stop()} MiB (imported ${imported}, skipped ${skipped}, rejected ${rejectedTotal})`,
      );
    }
  } finally {
    await sql.end();
    await servers.release();
    await rm(folder, { recursive: true, force: true });
  }
}

async function generate(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  out.write('\ufeff이메일,이름,회사\r\n');
  for (let from = 0; from < rows; from += 10_000) {
    let text = '';
    for (let i = from; i < Math.min(rows, from + 10_000); i++) {
      // Scattered as real lists are: in the order of the index, inserting would look cheaper than it is.
      const scattered = Math.imul(i, 2_654_435_761) >>> 0;
      text += `reader${scattered.toString(36)}@${domains[i % 5]},${names[i % 5]},회사 ${i % 1000}\r\n`;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

function samplePeakRss(): { stop(): number } {
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(sample, 50);
  return {
    stop: () => {
      sample();
      clearInterval(timer);
      return Math.round(peak / 1_048_576);
    },
  };
}
