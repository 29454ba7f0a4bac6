/** Processes of a measurement, and questions to them. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { environmentOf } from '../../tests/support/environment.ts';

/** @param script relative to this folder */
export function start(script: string, env: Record<string, string> = {}, preload?: string): ChildProcess {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  return fork(path(script), {
    execArgv: ['--import', 'tsx', ...(preload ? ['--import', path(preload)] : [])],
    env: environmentOf(env),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The next thing that a process says. */
export function heard<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process of the measurement ended with code ${code}`));
    child.once('exit', onExit);
    child.once('message', message => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}

export function ask<T>(child: ChildProcess, question: object): Promise<T> {
  const answer = heard<T>(child);
  child.send(question);
  return answer;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 25_000);
  await ended;
  clearTimeout(late);
}
