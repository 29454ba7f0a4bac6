/** What tests that start a mail server of the system need. */
import { execFileSync } from 'node:child_process';
import { connect, createServer } from 'node:net';

/** @returns user id and main group's id */
export function idsOf(user: string): [uid: number, gid: number] {
  const of = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  return [of('-u'), of('-g')];
}

/** A port of loopback that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Whether a server that speaks first does so. */
export function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
