/** Where a fault is played: servers, relay and worker processes of its own in a temporary folder, gone afterwards. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { openWiring, type Wiring } from '../../src/wiring.ts';
import { environmentOf } from '../support/environment.ts';
import { Crew } from './crew.ts';
import type { Random } from './random.ts';
import { Relay } from './relay.ts';
import { Send, type SendOptions } from './send.ts';
import { Servers } from './servers.ts';

export interface StageOptions {
  /** How many processes of each role to begin with. */
  crew?: { deliver?: number; plan?: number; tick?: number };
  /** More environment for every worker. */
  env?: Record<string, string>;
  /** Prepares Postgres' data directory, as by mounting a small disk on it; returns how to undo it. */
  prepare?: (folder: string) => Promise<() => Promise<void>>;
}

export interface Stage {
  random: Random;
  servers: Servers;
  relay: Relay;
  crew: Crew;
  /** The run's own connections, straight to the servers: no fault of the network touches them. */
  wiring: Wiring;
  /** What a command of the project needs to work on this stage. */
  env: Record<string, string>;
  folder: string;
  send(options: SendOptions): Promise<Send>;
  /** The last lines of the workers' logs. */
  log(lines: number): Promise<string>;
  /** What a fault made besides is undone when the stage is closed, the last first, also when the run is broken off. */
  onClose(undo: () => Promise<unknown>): void;
  close(): Promise<void>;
}

/** Postgres has thirty seconds to stop; whatever hangs longer must not keep the rest from being closed. */
const closeMs = 40_000;

/** The stages that are open or being opened. */
const stages = new Set<{ opening: Promise<Stage>; close: () => Promise<void> }>();

/** For a run that is broken off: what is just being opened is closed when it is there, or half of it would stay. */
export async function closeStages(): Promise<void> {
  await Promise.all(
    [...stages].map(async ({ opening, close }) => {
      await Promise.race([opening.catch(() => {}), sleep(closeMs, undefined, { ref: false })]);
      await close();
    }),
  );
}

export async function openStage(random: Random, options: StageOptions = {}): Promise<Stage> {
  const undo: (() => Promise<unknown>)[] = [];
  let closing: Promise<void> | undefined;
  // Asked twice, by the fault's end and by whoever breaks off, both wait for the same.
  const close = () => {
    closing ??= undoAll(undo).finally(() => stages.delete(entry));
    return closing;
  };
  const opening = build(random, options, undo, close);
  const entry = { opening, close };
  stages.add(entry);
  try {
    return await opening;
  } catch (error) {
    await close();
    throw error;
  }
}

/** In the reverse order; one that fails or hangs does not keep the others. */
async function undoAll(undo: (() => Promise<unknown>)[]): Promise<void> {
  for (const step of undo.reverse()) {
    const late = sleep(closeMs, undefined, { ref: false }).then(() => Promise.reject(new Error('took too long')));
    await Promise.race([step(), late]).catch(error => process.stderr.write(`while closing a stage: ${error}\n`));
  }
}

/** @param undo gets how to undo each thing as soon as it is done */
async function build(
  random: Random,
  options: StageOptions,
  undo: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-faults-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const folders = { postgres: join(folder, 'disk'), redis: join(folder, 'redis') };
  await mkdir(folders.postgres);
  if (options.prepare) undo.push(await options.prepare(folders.postgres));
  const servers = new Servers(folders);
  undo.push(() => servers.stop());
  await servers.start();
  const relay = new Relay();
  undo.push(() => relay.close());
  const env = environment(servers, folder, await relay.door('commands'));
  const wiring = await openWiring(readConfig({ ...env, LOG_LEVEL: 'silent' }), 'faults');
  undo.push(() => wiring.close());
  const crew = new Crew({ servers, relay, env: environmentOf({ ...env, ...options.env }), folder });
  undo.push(() => crew.abandon());
  const { deliver = 1, plan = 1, tick = 1 } = options.crew ?? {};
  const roles = { 'deliver-batch': deliver, 'plan-issue': plan, tick } as const;
  for (const [role, count] of Object.entries(roles) as [keyof typeof roles, number][])
    await Promise.all(Array.from({ length: count }, () => crew.add(role)));
  let sends = 0;
  const stage: Stage = {
    random,
    servers,
    relay,
    crew,
    wiring,
    env,
    folder,
    send: sendOptions => Send.begin(stage, `s${++sends}`, sendOptions),
    log: async lines => {
      const text = await readFile(join(folder, 'workers.log'), 'utf8').catch(() => '');
      return text.trim().split('\n').slice(-lines).join('\n');
    },
    onClose: step => void undo.push(step),
    close,
  };
  return stage;
}

function environment(servers: Servers, folder: string, door: number): Record<string, string> {
  return {
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    SMTP_URL: `smtp://127.0.0.1:${door}`,
    SECRET_KEYS: randomBytes(24).toString('hex'),
    PUBLIC_URL: 'https://news.example.org',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'warn',
  };
}
