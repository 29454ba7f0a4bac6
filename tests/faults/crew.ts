/** Worker processes, each with a network of its own that can fail for it alone; started again when they die, as `work` does. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FaultyPath, startProxy } from './proxy.ts';
import type { Relay } from './relay.ts';
import type { Servers } from './servers.ts';

export type Role = 'deliver-batch' | 'plan-issue' | 'tick';

/** The pause of src/commands/processes.ts before a process that ran for a while is started again. */
const againMs = 500;
/** A worker drains within 20 s or ends itself. */
const stopMs = 25_000;

export class Worker {
  readonly name: string;
  readonly role: Role;
  readonly network: { postgres: FaultyPath; redis: FaultyPath; smtp: FaultyPath };
  readonly #env: Record<string, string>;
  readonly #log: number;
  #child: ChildProcess | undefined;
  #again: NodeJS.Timeout | undefined;
  #isWanted = true;

  constructor(name: string, role: Role, network: Worker['network'], env: Record<string, string>, log: number) {
    this.name = name;
    this.role = role;
    this.network = network;
    this.#env = env;
    this.#log = log;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when it is at work (or has ended already). */
  start(): Promise<void> {
    const child = fork(fileURLToPath(new URL(`../../workers/${this.role}.ts`, import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: this.#env,
      stdio: ['ignore', this.#log, this.#log, 'ipc'],
    });
    this.#child = child;
    child.on('exit', () => {
      if (this.#child === child) this.#child = undefined;
      if (this.#isWanted) this.#again = setTimeout(() => void this.start(), againMs);
    });
    return new Promise(resolve => {
      child.once('message', () => resolve());
      child.once('exit', () => resolve());
    });
  }

  /**
   * SIGKILL, now; it is started again.
   * @returns connections to the relay that were open, undefined when there was no process to kill
   */
  kill(): number | undefined {
    const open = this.network.smtp.open();
    return this.#child?.kill('SIGKILL') ? open : undefined;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** Ends it in order, for good. @returns its exit code; null when it had to be killed */
  async end(): Promise<number | null | undefined> {
    this.#isWanted = false;
    clearTimeout(this.#again);
    const child = this.#child;
    if (!child) return undefined;
    const late = setTimeout(() => child.kill('SIGKILL'), stopMs);
    const gone = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const [code] = (await gone) as [number | null];
    clearTimeout(late);
    return code;
  }

  /** Ends it at once, for good. */
  async abandon(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#again);
    const child = this.#child;
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async closeNetwork(): Promise<void> {
    const { postgres, redis, smtp } = this.network;
    await Promise.all([postgres.close(), redis.close(), smtp.close()]);
  }
}

export class Crew {
  readonly #given: { servers: Servers; relay: Relay; env: Record<string, string>; folder: string };
  #workers: Worker[] = [];
  #count = 0;

  constructor(given: { servers: Servers; relay: Relay; env: Record<string, string>; folder: string }) {
    this.#given = given;
  }

  /** @param env more environment for this one */
  async add(role: Role, env: Record<string, string> = {}): Promise<Worker> {
    const { servers, relay, folder } = this.#given;
    const name = `${role}-${++this.#count}`;
    const door = await relay.door(name);
    const [postgres, redis, smtp] = await Promise.all([
      startProxy(() => ({ path: servers.postgresSocket })),
      startProxy(() => ({ path: servers.redisSocket })),
      startProxy(() => ({ host: '127.0.0.1', port: door })),
    ]);
    const reach = {
      DATABASE_URL: `postgres://broadsheet@127.0.0.1:${postgres.port}/broadsheet`,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
    };
    const log = openSync(join(folder, 'workers.log'), 'a');
    const worker = new Worker(name, role, { postgres, redis, smtp }, { ...this.#given.env, ...reach, ...env }, log);
    this.#workers.push(worker);
    await worker.start();
    if (worker.pid === undefined) throw new Error(`${name} ended at once: see workers.log`);
    return worker;
  }

  of(role: Role): Worker[] {
    return this.#workers.filter(worker => worker.role === role);
  }

  pids(): number[] {
    return this.#workers.flatMap(worker => worker.pid ?? []);
  }

  named(name: string): Worker | undefined {
    return this.#workers.find(worker => worker.name === name);
  }

  async remove(worker: Worker): Promise<number | null | undefined> {
    const code = await worker.end();
    this.#workers = this.#workers.filter(w => w !== worker);
    await worker.closeNetwork();
    return code;
  }

  /** Ends all at once, whatever they do. */
  async abandon(): Promise<void> {
    const workers = this.#workers;
    this.#workers = [];
    await Promise.all(workers.map(worker => worker.abandon()));
    await Promise.all(workers.map(worker => worker.closeNetwork()));
  }
}
