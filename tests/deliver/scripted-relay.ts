/** A relay that follows a script to the byte: what it waits for, and what it then sends, in the pieces given. */
import { createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/** `end` closes its side after what was sent; `hold` reads no more. */
export type Step = [awaited: RegExp, sent: string | (string | Buffer)[], then?: 'end' | 'hold'];

export interface ScriptedRelay {
  url: string;
  /** All that came since the greeting, as latin1. */
  received(): string;
  /** Resolves when the last step is done. */
  done: Promise<void>;
  close(): Promise<void>;
}

/** Steps after the client's EHLO; each waits until what came since the last one matches. */
export async function startScript(extensions: string[], steps: Step[]): Promise<ScriptedRelay> {
  const script: Step[] = [[/^EHLO .*\r\n$/, `${ehlo(extensions)}\r\n`], ...steps];
  const sockets = new Set<Socket>();
  let received = '';
  let finished = () => {};
  const done = new Promise<void>(resolve => {
    finished = resolve;
  });
  const server = createServer({ noDelay: true }, async socket => {
    sockets.add(socket);
    socket.on('error', () => {}).write('220 relay ESMTP\r\n');
    let heard = '';
    let wake = () => {};
    socket.on('data', chunk => {
      heard += chunk.toString('latin1');
      received += chunk.toString('latin1');
      wake();
    });
    for (const [awaited, sent, then] of script) {
      while (!awaited.test(heard)) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
      heard = '';
      if (then === 'hold') socket.pause();
      for (const piece of typeof sent === 'string' ? [sent] : sent) {
        if (piece.length > 0) await new Promise(resolve => socket.write(piece, resolve));
        await turn();
      }
      if (then === 'end') socket.end();
    }
    finished();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}?tls=off`,
    received: () => received,
    done,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function ehlo(extensions: string[]): string {
  return ['relay', ...extensions].map((line, i, all) => `250${i < all.length - 1 ? '-' : ' '}${line}`).join('\r\n');
}
