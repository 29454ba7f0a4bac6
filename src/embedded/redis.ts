/** The embedded Redis or Valkey: the system's program as a detached child, append-only file on, never evicting, on a Unix socket. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { BroadsheetError } from '../errors.ts';
import { isAlive } from './alive.ts';
import { socketFolder } from './socket-folder.ts';

const run = promisify(execFile);
const startTimeoutMs = 30_000;

/** Starts the server in `home` unless it runs already. @returns its URL */
export async function startRedis(home: string): Promise<string> {
  const socket = await socketPath(home);
  const url = `redis+unix://${socket}`;
  if ((await ask(socket, 'PING')) === 'PONG') return url;
  const program = await findProgram();
  const data = join(home, 'redis');
  await mkdir(data, { recursive: true });
  // One that starts, or stands still, is waited for: two servers on one append-only file would ruin it.
  const pidFile = join(data, 'server.pid');
  const running = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (running > 0 && isAlive(running)) return answering(socket, url, data, () => undefined);
  await rm(socket, { force: true });
  const log = await open(join(data, 'server.log'), 'a');
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: data,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  // A group of its own: Ctrl-C in the terminal must reach the commands, which then stop the servers in order.
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  let failure: string | undefined;
  child.on('error', error => {
    failure = error.message;
  });
  child.on('exit', code => {
    failure ??= `it ended at once with code ${code}`;
  });
  child.unref();
  await log.close();
  await writeFile(pidFile, String(child.pid ?? ''));
  return answering(socket, url, data, () => failure);
}

async function answering(socket: string, url: string, data: string, failed: () => string | undefined): Promise<string> {
  const deadline = Date.now() + startTimeoutMs;
  while ((await ask(socket, 'PING')) !== 'PONG') {
    const failure = failed();
    if (failure || Date.now() > deadline) {
      throw new BroadsheetError(
        'EMBEDDED_FAILED',
        `Redis: ${failure ?? 'it does not answer'}; see ${join(data, 'server.log')}`,
      );
    }
    await sleep(20);
  }
  return url;
}

/** Stops the server; its append-only file is complete before it ends. */
export async function stopRedis(home: string): Promise<void> {
  const socket = await socketPath(home);
  if ((await ask(socket, 'PING')) === undefined) return;
  await ask(socket, 'SHUTDOWN');
  for (let i = 0; i < 500 && (await ask(socket, 'PING')) !== undefined; i++) await sleep(20);
  await rm(join(home, 'redis', 'server.pid'), { force: true });
}

async function socketPath(home: string): Promise<string> {
  return join(await socketFolder(home), 'redis.sock');
}

async function findProgram(): Promise<string> {
  for (const name of ['redis-server', 'valkey-server']) {
    if (
      await run(name, ['--version']).then(
        () => true,
        () => false,
      )
    )
      return name;
  }
  throw new BroadsheetError('REDIS_MISSING', 'redis-server was not found on this machine');
}

/** Sends one inline command; the first line of the answer, '' when the server hung up after it, undefined when nobody listens. */
async function ask(socket: string, command: string): Promise<string | undefined> {
  if (
    !(await stat(socket).then(
      () => true,
      () => false,
    ))
  )
    return undefined;
  return new Promise(resolve => {
    const client = connect(socket, () => client.write(`${command}\r\n`));
    client.setTimeout(5000, () => client.destroy(new Error('timeout')));
    client.once('data', answer => {
      client.destroy();
      resolve(answer.toString().replace(/^[+-]/, '').trim());
    });
    client.once('error', () => resolve(undefined));
    client.once('close', () => resolve(''));
  });
}
