/** What Postfix asks about each client and recipient (its policy delegation protocol): greylisting, and a block of whoever sends. */
import { createServer, type Socket } from 'node:net';

export interface Policy {
  port: number;
  /** Addresses that are put off the first time. */
  greylisted: Set<string>;
  /** What every RCPT is refused with; undefined: nothing is. */
  block: string | undefined;
  /** How many were put off. */
  putOff: number;
  close(): Promise<void>;
}

export async function startPolicy(): Promise<Policy> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    let said = '';
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      for (let end = said.indexOf('\n\n'); end >= 0; end = said.indexOf('\n\n')) {
        const request = Object.fromEntries(
          said
            .slice(0, end)
            .split('\n')
            .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        );
        said = said.slice(end + 2);
        socket.write(`action=${actionFor(request.recipient ?? '')}\n\n`);
      }
    });
  });
  const actionFor = (recipient: string): string => {
    if (policy.block) return policy.block;
    if (!policy.greylisted.delete(recipient.toLowerCase())) return 'DUNNO';
    policy.putOff++;
    return '450 4.2.0 Greylisted, please come again later';
  };
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const policy: Policy = {
    port: (server.address() as { port: number }).port,
    greylisted: new Set(),
    block: undefined,
    putOff: 0,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
  return policy;
}
