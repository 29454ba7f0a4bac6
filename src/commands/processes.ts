/** Worker processes as children: started, restarted when they die, ended in order. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';

const workerNames = ['plan-issue', 'deliver-batch', 'record-events', 'tick'] as const;

/** Processes of `work` and `dev` beside those of every crew: the intake, where one is configured. */
export function moreWorkers({ intake }: Pick<Config, 'intake'>): string[] {
  return intake.listen || intake.imap ? ['intake'] : [];
}

/** A process drains within 20 s or ends itself; one that stands still is ended. */
const stopMs = 25_000;

export interface Crew {
  /** Asks every process to drain and waits for its end. */
  stop(): Promise<void>;
}

/**
 * Starts one process per worker entry. They share the terminal's process group, so Ctrl-C reaches them too; that only makes them drain.
 * Resolves when all are at work.
 * @param more entries beside those that sending needs
 */
export async function startCrew(log: Logger, more: readonly string[] = []): Promise<Crew> {
  let stopping = false;
  // Ctrl-C reaches the children too: their end is then no failure.
  askedToEnd().then(() => {
    stopping = true;
  });
  const children = new Map<string, ChildProcess>();
  const ready: Promise<void>[] = [];
  const launch = (name: string, failures: number): Promise<void> => {
    const startedAt = Date.now();
    const child = fork(fileURLToPath(new URL(`../../workers/${name}.ts`, import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.set(name, child);
    child.on('exit', code => {
      children.delete(name);
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
  for (const name of [...workerNames, ...more]) ready.push(launch(name, 0));
  await Promise.all(ready);
  return {
    stop: async () => {
      stopping = true;
      await Promise.all(
        [...children.values()].map(
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
