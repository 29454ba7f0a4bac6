/** Worker processes as children: started, restarted when they die, ended in order. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';

/** What a process can be for, as operators name it → its entry in workers/. */
export const roles = {
  plan: 'plan-issue',
  deliver: 'deliver-batch',
  events: 'record-events',
  tick: 'tick',
  intake: 'intake',
  webhooks: 'send-webhooks',
} as const;
export type Role = keyof typeof roles;

export interface CrewOptions {
  /** Default: what a send needs. */
  only?: readonly Role[];
  /** Delivering processes; the other roles need one each, on as many hosts as wanted. */
  processes?: number;
}

/** What a send needs. */
const sendingRoles: readonly Role[] = ['plan', 'deliver', 'events', 'tick'];

/** Without these nothing leaves. */
const urgentRoles: readonly Role[] = ['plan', 'deliver'];

/** What `work` and `dev` run: also what tells others, and the intake, where one is configured. */
export function usualRoles({ intake }: Pick<Config, 'intake'>): readonly Role[] {
  return [...sendingRoles, 'webhooks', ...(intake.listen || intake.imap ? (['intake'] as const) : [])];
}

/** A process drains within 20 s or ends itself; one that stands still is ended. */
const stopMs = 25_000;

export interface Crew {
  /** Asks every process to drain and waits for its end. */
  stop(): Promise<void>;
}

/**
 * Starts the worker processes. They share the terminal's process group, so Ctrl-C reaches them too; that only makes them drain.
 * Resolves when all are at work.
 */
export async function startCrew(log: Logger, { only = sendingRoles, processes = 1 }: CrewOptions = {}): Promise<Crew> {
  let stopping = false;
  // Ctrl-C reaches the children too: their end is then no failure.
  askedToEnd().then(() => {
    stopping = true;
  });
  const children = new Set<ChildProcess>();
  const launch = (name: string, failures: number): Promise<void> => {
    const startedAt = Date.now();
    const child = fork(fileURLToPath(new URL(`../../workers/${name}.ts`, import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.add(child);
    child.on('exit', code => {
      children.delete(child);
      if (stopping) return;
      // One that ran for a while starts afresh at once; one that fails at once waits longer each time.
      const again = Date.now() - startedAt > 30_000 ? 0 : failures + 1;
      log.error({ worker: name, code }, 'a worker process ended; starting it again');
      setTimeout(() => !stopping && launch(name, again), Math.min(500 * 2 ** again, 30_000)).unref();
    });
    return new Promise(resolve => {
      child.once('message', () => resolve());
      child.once('exit', () => resolve());
    });
  };
  const launchAll = (some: readonly Role[]) =>
    Promise.all(
      some.flatMap(role =>
        Array.from({ length: role === 'deliver' ? processes : 1 }, () => !stopping && launch(roles[role], 0)),
      ),
    );
  // Starting takes a core half a second each. What sends comes first: after a crash every second counts.
  await launchAll(only.filter(role => urgentRoles.includes(role)));
  await launchAll(only.filter(role => !urgentRoles.includes(role)));
  return {
    stop: async () => {
      stopping = true;
      await Promise.all(
        [...children].map(
          child =>
            new Promise<void>(resolve => {
              const late = setTimeout(() => child.kill('SIGKILL'), stopMs);
              child.once('exit', () => {
                clearTimeout(late);
                resolve();
              });
              child.kill('SIGTERM');
            }),
        ),
      );
    },
  };
}

let isStaying = false;

/** Whether this process has a way of its own to end when asked. */
export const endsInOrder = (): boolean => isStaying;

/** Resolves at the first SIGINT or SIGTERM; the caller then ends in order. */
export function askedToEnd(): Promise<NodeJS.Signals> {
  isStaying = true;
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(signal));
  });
}
