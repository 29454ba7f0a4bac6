/** Runs the command line as a person does: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { environmentOf } from './environment.ts';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
  /** The JSON object on the last line. */
  // biome-ignore lint/suspicious/noExplicitAny: each command has a shape of its own, and the tests state it
  json: Record<string, any>;
}

const root = new URL('../../', import.meta.url).pathname;

function start(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', ...args], {
    cwd: root,
    env: environmentOf(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function broadsheet(args: string[], env: Record<string, string>): Promise<Ran> {
  const child = start(args, env);
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  let json = {};
  try {
    json = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    // Not every command was asked for JSON.
  }
  return { code, stdout, stderr, json };
}

/** A command that stays: resolves when `ready` appears in its output. */
export async function background(
  args: string[],
  env: Record<string, string>,
  ready: RegExp,
): Promise<{ output: string; ended: Promise<number>; stop(): Promise<number> }> {
  const child = start(args, env);
  let output = '';
  const ended = once(child, 'close').then(([code]) => code as number);
  await new Promise<void>((resolve, reject) => {
    const onText = (text: string) => {
      output += text;
      if (ready.test(output)) resolve();
    };
    child.stdout!.setEncoding('utf8').on('data', onText);
    child.stderr!.setEncoding('utf8').on('data', onText);
    child.once('exit', code => reject(new Error(`ended with ${code}: ${output}`)));
  });
  return {
    get output() {
      return output;
    },
    ended,
    stop: async () => {
      child.removeAllListeners('exit');
      child.kill('SIGTERM');
      const [code] = (await once(child, 'exit')) as [number];
      return code;
    },
  };
}
