/** An SMTP server on loopback that accepts everything and keeps only counts: the relay of a rehearsal. */
import { createServer, type Socket } from 'node:net';

export interface SinkReport {
  messages: number;
  bytes: number;
  /** Bytes of one message on the wire; 0 when there was none. */
  smallest: number;
  largest: number;
  /** From the first message to the last. */
  seconds: number;
}

export async function startSink(): Promise<{ url: string; report(): SinkReport; close(): Promise<void> }> {
  const counts = { messages: 0, bytes: 0, smallest: Number.POSITIVE_INFINITY, largest: 0, firstAt: 0, lastAt: 0 };
  const sockets = new Set<Socket>();
  // Replies to pipelined commands must not wait for each other's acknowledgement (40 ms of Nagle's and the client's delays).
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    converse(socket, bytes => {
      counts.messages++;
      counts.bytes += bytes;
      counts.smallest = Math.min(counts.smallest, bytes);
      counts.largest = Math.max(counts.largest, bytes);
      counts.lastAt = performance.now();
      counts.firstAt ||= counts.lastAt;
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}?tls=off`,
    report: () => ({
      messages: counts.messages,
      bytes: counts.bytes,
      smallest: counts.messages > 0 ? counts.smallest : 0,
      largest: counts.largest,
      seconds: Math.round((counts.lastAt - counts.firstAt) / 10) / 100,
    }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

const end = Buffer.from('\r\n.\r\n');

function converse(socket: Socket, onMessage: (bytes: number) => void): void {
  let isData = false;
  let size = 0;
  let rest: Buffer = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.write('220 rehearsal ESMTP\r\n');
  socket.on('data', chunk => {
    // Replies to commands that came together leave together (RFC 2920 §3.2).
    socket.cork();
    process.nextTick(() => socket.uncork());
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      if (isData) {
        const at = rest.indexOf(end);
        // Only the last bytes can be the beginning of the end; the others are counted and let go.
        const taken = at < 0 ? Math.max(0, rest.length - end.length + 1) : at + end.length;
        size += taken;
        rest = rest.subarray(taken);
        if (at < 0) return;
        isData = false;
        onMessage(size);
        socket.write('250 2.0.0 counted\r\n');
        continue;
      }
      const eol = rest.indexOf('\r\n');
      if (eol < 0) return;
      const verb = rest.toString('latin1', 0, Math.min(eol, 4)).toUpperCase();
      rest = rest.subarray(eol + 2);
      if (verb === 'QUIT') return void socket.end('221 2.0.0 bye\r\n');
      if (verb === 'DATA') {
        isData = true;
        size = 0;
      }
      const reply =
        verb === 'EHLO'
          ? '250-rehearsal\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 8BITMIME'
          : verb === 'DATA'
            ? '354 go on'
            : '250 2.0.0 ok';
      socket.write(`${reply}\r\n`);
    }
  });
}
