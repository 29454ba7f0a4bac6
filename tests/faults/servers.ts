/** Postgres and Redis of a stage: the project's own embedded servers, with the means to kill them and start them again. */
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { acquireEmbedded, type EmbeddedServers } from '../../src/embedded/lifecycle.ts';

const deathMs = 10_000;

export class Servers {
  readonly #folders: { postgres: string; redis: string };
  readonly #held = new Map<'postgres' | 'redis', EmbeddedServers>();
  readonly #dying: number[] = [];
  #starting: Promise<void> | undefined;
  databaseUrl = '';
  redisUrl = '';

  /** @param folders a data directory each, so that one can lie on a disk of its own */
  constructor(folders: { postgres: string; redis: string }) {
    this.#folders = folders;
  }

  /** Starts what does not run. Postgres is durable, as in service: what it acknowledged must be there after a kill. */
  start(): Promise<void> {
    this.#starting = this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const [postgres, redis] = await Promise.all([this.#acquire('postgres'), this.#acquire('redis')]);
    this.databaseUrl = postgres.databaseUrl!;
    this.redisUrl = redis.redisUrl!;
  }

  get postgresSocket(): string {
    return join(new URL(this.databaseUrl).searchParams.get('host')!, '.s.PGSQL.5432');
  }

  get redisSocket(): string {
    return this.redisUrl.slice('redis+unix://'.length);
  }

  /** Ids of all server processes. */
  pids(): number[] {
    const postgres = firstNumber(this.#pidFile('postgres'));
    const redis = firstNumber(this.#pidFile('redis'));
    return [...(postgres ? [postgres, ...childrenOf(postgres)] : []), ...(redis ? [redis] : [])];
  }

  /** SIGKILL to every process of Postgres, at once; a later `start` begins it anew. */
  killPostgres(): void {
    const parent = firstNumber(this.#pidFile('postgres'));
    if (!parent) return;
    const children = childrenOf(parent);
    // The parent first, or it would only see to a crashed child.
    for (const pid of [parent, ...children]) kill(pid);
    this.#dying.push(parent, ...children);
  }

  killRedis(): void {
    const pid = firstNumber(this.#pidFile('redis'));
    if (!pid) return;
    kill(pid);
    this.#dying.push(pid);
  }

  /** Starts again what was killed. */
  async restart(): Promise<void> {
    const deadline = Date.now() + deathMs;
    for (const pid of this.#dying.splice(0)) {
      while (isRunning(pid)) {
        if (Date.now() > deadline) throw new Error(`process ${pid} survived SIGKILL`);
        await sleep(20);
      }
    }
    // A dead server whose parent has not collected it yet looks alive to whoever only asks for its id.
    for (const file of [this.#pidFile('postgres'), this.#pidFile('redis'), `${this.postgresSocket}.lock`]) {
      const pid = firstNumber(file);
      if (pid && !isRunning(pid)) await rm(file, { force: true });
    }
    await this.start();
  }

  /** What is just being started is stopped too. */
  async stop(): Promise<void> {
    await this.#starting?.catch(() => {});
    await Promise.all([...this.#held.values()].map(held => held.release()));
  }

  /** The last lines of Postgres' own log. */
  async postgresLog(lines: number): Promise<string> {
    const text = await readFile(join(this.#home('postgres'), 'postgres', 'server.log'), 'utf8').catch(() => '');
    return text.trim().split('\n').slice(-lines).join('\n');
  }

  async #acquire(server: 'postgres' | 'redis'): Promise<EmbeddedServers> {
    const needs = { postgres: server === 'postgres', redis: server === 'redis' };
    const held = await acquireEmbedded(this.#folders[server], needs);
    this.#held.set(server, held);
    return held;
  }

  #home(server: 'postgres' | 'redis'): string {
    return join(this.#folders[server], 'embedded');
  }

  #pidFile(server: 'postgres' | 'redis'): string {
    return join(this.#home(server), server, server === 'postgres' ? 'postmaster.pid' : 'server.pid');
  }
}

function firstNumber(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** Read in one go from Linux' process files: the moment matters. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Zombies do not count. */
export function isRunning(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}
