/**
 * What each page of the console costs the server on a large newsroom's database, and the readers' pages and the API's answers beside them: time
 * from request to last byte, in this process, for each role of the staff that may open the page. Exits with 1 and names the pages that are
 * slower than they may be. Cold: the first answer of a web server just started.
 *
 * options: --data DIR (of `npm run bench -- newsroom`), --rounds N (20), --limit MS (150), --only TEXT (routes that hold it)
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Hono } from 'hono';
import { createApp } from '../src/http/server.ts';
import type { Wiring } from '../src/wiring.ts';
import { collect } from './console/addresses.ts';
import { ask, logIn, nobody, program, type Visitor } from './console/visitor.ts';
import { addressOf, roles } from './newsroom/beside.ts';
import { openNewsroom, usualHome } from './newsroom/home.ts';
import { table } from './support.ts';

/** As `serve` has. */
const connections = 10;

/** Not lists of rows but work asked for: the issue is rendered again. The API counts each as twenty requests. */
const isWork = (path: string) => /^\/api\/.*\/(?:check|preview)$/.test(path);
const workLimit = 1000;

interface Measured {
  path: string;
  /** Who may open it. */
  visitors: string[];
  p50: number;
  p95: number;
  cold: number;
  bytes: number;
  statements: number;
}

export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: usualHome },
      rounds: { type: 'string', default: '20' },
      limit: { type: 'string', default: '150' },
      only: { type: 'string', default: '' },
    },
  });
  const { wiring, note } = await openNewsroom(resolve(values.data), connections);
  try {
    const limit = Number(values.limit);
    const { measured, unmeasured } = await measureAll(wiring, note.password, {
      rounds: Number(values.rounds),
      limit,
      only: values.only,
    });
    print(measured, unmeasured);
    const slow = measured.filter(page => page.p95 > (isWork(page.path) ? workLimit : limit));
    for (const { path, p95 } of slow)
      process.stdout.write(`slower than it may be: ${shown(path)} (p95 ${p95.toFixed(0)} ms)\n`);
    const broken = unmeasured.filter(({ why }) => /^answers 5/.test(why));
    if (slow.length + broken.length > 0) process.exitCode = 1;
  } finally {
    await wiring.close();
  }
}

function print(measured: Measured[], unmeasured: { path: string; why: string }[]): void {
  const ms = (n: number) => n.toFixed(n < 10 ? 1 : 0);
  const rows = measured.map(page => [
    shown(page.path),
    page.visitors.join(', '),
    ms(page.p50),
    ms(page.p95),
    ms(page.cold),
    page.bytes,
    page.statements,
  ]);
  process.stdout.write(`${table(['page', 'as', 'p50, ms', 'p95, ms', 'cold, ms', 'bytes', 'statements'], rows)}\n\n`);
  for (const { path, why } of unmeasured) process.stdout.write(`not measured: ${shown(path)}: ${why}\n`);
}

/** A reader's token is a key to their account, and long. */
const shown = (path: string): string => decodeURI(path).replace(/^\/r\/[\w-]{43}/, '/r/…');

async function measureAll(wiring: Wiring, password: string, how: { rounds: number; limit: number; only: string }) {
  const app = await createApp(wiring);
  const staff: Visitor[] = [];
  for (const role of roles) staff.push(await logIn(app, role, addressOf(role), password));
  const visitorsOf = async (route: string): Promise<Visitor[]> =>
    /^\/console(?!\/(login|setup))/.test(route)
      ? staff
      : route.startsWith('/api/')
        ? [await program(wiring)]
        : [nobody];
  const { pages, left } = await collect(app, wiring, async path => {
    const answer = await ask(app, path.startsWith('/console') ? staff[0]! : nobody, path);
    return answer.status === 200 ? answer.text : undefined;
  });
  const measured: Measured[] = [];
  const unmeasured = left.map(path => ({ path, why: 'no page' }));
  for (const { route, paths } of pages.filter(page => page.route.includes(how.only))) {
    if (paths.length === 0) unmeasured.push({ path: route, why: 'nothing is known to fill it with' });
    for (const path of paths) {
      const result = await measure(wiring, app, await visitorsOf(route), path, how);
      if (typeof result === 'string') unmeasured.push({ path, why: result });
      else measured.push(result);
      // Long waits are said at once.
      const isSlow = typeof result !== 'string' && result.p95 > how.limit;
      process.stderr.write(isSlow ? `\n${shown(path)}: ${result.p95.toFixed(0)} ms\n` : '.');
    }
  }
  process.stderr.write('\n');
  return { measured, unmeasured };
}

/** @returns why it could not be measured, when it could not */
async function measure(
  wiring: Wiring,
  app: Hono,
  visitors: Visitor[],
  path: string,
  { rounds, limit }: { rounds: number; limit: number },
): Promise<Measured | string> {
  // What a process keeps in memory is not there yet.
  const first = await ask(await createApp(wiring), visitors[0]!, path);
  const allowed: Visitor[] = [];
  let refused = first.status;
  for (const visitor of visitors) {
    const { status } = await ask(app, visitor, path);
    if (status < 400) allowed.push(visitor);
    else refused = status;
  }
  if (allowed.length === 0) return `answers ${refused}`;
  const statements = await countStatements(wiring, () => ask(app, allowed[0]!, path));
  const take = async () => {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) for (const visitor of allowed) times.push((await ask(app, visitor, path)).ms);
    return times.sort((a, b) => a - b);
  };
  const at = (times: number[], share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))]!;
  let times = await take();
  // Once more before it is called slow: something else may have had the machine.
  if (at(times, 0.95) > limit) {
    const again = await take();
    if (at(again, 0.95) < at(times, 0.95)) times = again;
  }
  const names = allowed.map(visitor => visitor.name);
  const isAll = names.length === roles.length;
  return {
    path,
    visitors: isAll ? ['all staff'] : names,
    p50: at(times, 0.5),
    p95: at(times, 0.95),
    cold: first.ms,
    bytes: first.bytes,
    statements,
  };
}

/** The driver tells its options' `debug` of each statement it sends. */
async function countStatements({ sql }: Wiring, work: () => Promise<unknown>): Promise<number> {
  const options = sql.options as { debug?: unknown };
  let n = 0;
  options.debug = () => n++;
  try {
    await work();
    return n;
  } finally {
    options.debug = false;
  }
}
