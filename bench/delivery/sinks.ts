/** The receiving process: our own sink, or Postfix' smtp-sink. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, start } from './child.ts';
import { findProgram } from './smtp-source.ts';

export interface Sink {
  name: string;
  url: string;
  close(): void;
}

export async function nodeSink(): Promise<Sink> {
  const child = start('./sink.ts');
  const { url } = await ask<{ url: string }>(child, {});
  return { name: 'our rehearsal sink (Node)', url, close: () => void child.kill() };
}

/** undefined when Postfix is not there. */
export async function postfixSink(): Promise<Sink | undefined> {
  const program = findProgram('smtp-sink');
  if (!program) return undefined;
  const port = await freePort();
  // As root it wants an account to become.
  const as = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(program, [...as, `127.0.0.1:${port}`, '1000'], { stdio: ['ignore', 'inherit', 'inherit'] });
  await listening(port);
  return { name: "Postfix' smtp-sink", url: `smtp://127.0.0.1:${port}?tls=off`, close: () => void child.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error('smtp-sink does not listen');
}
