/**
 * Large lists: rows per second and peak memory of `import` and `move-in`, each a process of its own as a person starts it, into an embedded
 * database with durability on. A small list beside it shows what does not grow.
 *
 * options: --rows N (default 1000000), --small N (50000)
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { putPublication } from '../src/db/publications.ts';
import { openWiring } from '../src/wiring.ts';
import { environmentOf } from '../tests/support/environment.ts';
import { memoryOf } from './stage.ts';
import { benchPublication, table } from './support.ts';

const domains = ['gmail.com', 'naver.com', 'daum.net', 'example.net', 'outlook.com'];
const names = ['김민수', '이서연', '"박, 지훈"', 'Jane Doe', '최유진'];
const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

/** Each kind of file: its header, and a row of it. */
const kinds = {
  import: {
    header: '이메일,이름,회사',
    row: (i: number, person: string) => `${person}@${domains[i % 5]},${names[i % 5]},회사 ${i % 1000}`,
  },
  listmonk: {
    header: 'uuid,email,name,attributes,status,created_at,updated_at',
    row: (i: number, person: string) =>
      `00000000-0000-4000-8000-${String(i).padStart(12, '0')},${person}@${domains[i % 5]},${names[i % 5]},` +
      `"{""회사"": ""회사 ${i % 1000}""}",enabled,2023-04-05T06:07:08.123456Z,2024-04-05T06:07:08.123456Z`,
  },
} as const;

/** What is run on the file of a kind, one after the other. */
const passes: { name: string; kind: keyof typeof kinds; command: string[] }[] = [
  { name: 'import, all new', kind: 'import', command: ['import'] },
  { name: 'import again, unchanged', kind: 'import', command: ['import'] },
  { name: 'move-in, dry run', kind: 'listmonk', command: ['move-in', 'listmonk'] },
  { name: 'move-in --apply, all new', kind: 'listmonk', command: ['move-in', 'listmonk', '--apply'] },
  { name: 'move-in --apply again', kind: 'listmonk', command: ['move-in', 'listmonk', '--apply'] },
];

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { rows: { type: 'string', default: '1000000' }, small: { type: 'string', default: '50000' } },
  });
  const results: (string | number)[][] = [];
  for (const rows of [Number(values.small), Number(values.rows)]) results.push(...(await measure(rows)));
  console.log(table(['pass', 'rows', 'rows per second', 'seconds', 'peak memory, MiB'], results));
}

/** @returns a line of the table for each pass */
async function measure(rows: number): Promise<(string | number)[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'));
  const env = { DATA_DIR: join(folder, 'data'), PUBLIC_URL: 'https://news.example.org' };
  const wiring = await openWiring(readConfig(env), 'bench', 2);
  try {
    await putPublication(wiring.sql, { ...benchPublication, fields: { 회사: '' } });
    const results: (string | number)[][] = [];
    for (const { name, kind, command } of passes) {
      const file = join(folder, `${kind}.csv`);
      if (!(await stat(file).catch(() => undefined))) await generate(file, kind, rows);
      const { seconds, peak, said } = await run(
        [...command, file, '--publication', benchPublication.slug, '--json'],
        env,
      );
      results.push([name, rows, Math.round(rows / seconds), seconds.toFixed(1), peak]);
      process.stderr.write(`${name}, ${rows}: ${seconds.toFixed(1)} s, ${peak} MiB, ${said.slice(0, 200)}\n`);
    }
    return results;
  } finally {
    await wiring.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a command. @returns seconds with its start, and the highest resident memory as the kernel noted it, MiB */
async function run(
  args: string[],
  env: Record<string, string>,
): Promise<{ seconds: number; peak: number; said: string }> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
    env: environmentOf(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    said += text;
  });
  let peak = 0;
  const timer = setInterval(() => {
    // It never falls, so what was read last stands; an ended process has none.
    if (child.pid) peak = Math.max(peak, memoryOf(child.pid, 'VmHWM'));
  }, 50);
  const [code] = (await once(child, 'close')) as [number];
  clearInterval(timer);
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${said}`);
  return { seconds: (performance.now() - started) / 1000, peak, said: said.trim() };
}

async function generate(file: string, kind: keyof typeof kinds, rows: number): Promise<void> {
  const { header, row } = kinds[kind];
  const out = createWriteStream(file);
  out.write(`\ufeff${header}\r\n`);
  for (let from = 0; from < rows; from += 10_000) {
    let text = '';
    for (let i = from; i < Math.min(rows, from + 10_000); i++) {
      // Scattered as real lists are: in the order of the index, inserting would look cheaper than it is.
      const scattered = Math.imul(i, 2_654_435_761) >>> 0;
      text += `${row(i, `${kind}${scattered.toString(36)}`)}\r\n`;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}
