/** A live SMTP server whose behaviour a test decides, message by message. */
import { createServer, type Server, type Socket } from 'node:net';

/** What it does at a step: a reply line, or a cut connection. */
export type Answer = string | 'drop';

export interface Received {
  from: string;
  to: string;
  /** As it was on the wire, dots unstuffed, without the final dot. */
  raw: string;
}

export interface Script {
  extensions?: string[];
  /** On connecting. */
  greet?: () => Answer;
  /** @param line the whole command */
  mail?: (from: string, line: string) => Answer;
  rcpt?: (to: string) => Answer;
  data?: (to: string) => Answer;
  /** When the header has arrived, before the end of the body. */
  body?: (to: string) => 'drop' | undefined;
  rset?: () => Answer;
  /** After the final dot. */
  done?: (message: Received) => Answer | Promise<Answer>;
}

export interface Relay {
  url: string;
  /** Messages whose 250 was given. */
  accepted: Received[];
  /** Messages that arrived whole, whatever was answered. */
  arrived: Received[];
  connections: number;
  script: Script;
  /** Ends all connections at once, and goes on. */
  cut(): void;
  close(): Promise<void>;
}

export async function startRelay(script: Script = {}): Promise<Relay> {
  const sockets = new Set<Socket>();
  const relay: Relay = {
    url: '',
    accepted: [],
    arrived: [],
    connections: 0,
    script,
    cut: () => {},
    close: async () => {},
  };
  const server: Server = createServer(socket => {
    relay.connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    converse(socket, relay);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  relay.url = `smtp://127.0.0.1:${(server.address() as { port: number }).port}`;
  relay.cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  relay.close = async () => {
    relay.cut();
    await new Promise(resolve => server.close(resolve));
  };
  return relay;
}

function converse(socket: Socket, relay: Relay): void {
  let buffer = '';
  let mail = { from: '', to: '' };
  let isData = false;
  let isBusy = false;
  let isOpen = false;
  const answer = (text: Answer): boolean => {
    if (text === 'drop') socket.destroy();
    else socket.write(`${text}\r\n`);
    return text !== 'drop';
  };
  socket.setEncoding('latin1');
  answer(relay.script.greet?.() ?? '220 relay ESMTP');
  const step = async (): Promise<boolean> => {
    if (isData) {
      if (relay.script.body?.(mail.to) === 'drop' && buffer.includes('\r\n\r\n')) return answer('drop');
      const end = buffer.indexOf('\r\n.\r\n');
      if (end < 0) return false;
      const message = { ...mail, raw: buffer.slice(0, end + 2).replace(/(^|\r\n)\.\./g, '$1.') };
      buffer = buffer.slice(end + 5);
      isData = false;
      isOpen = false;
      relay.arrived.push(message);
      const reply = (await relay.script.done?.(message)) ?? '250 2.0.0 queued';
      if (reply.startsWith('2')) relay.accepted.push(message);
      return answer(reply);
    }
    const eol = buffer.indexOf('\r\n');
    if (eol < 0) return false;
    const line = buffer.slice(0, eol);
    buffer = buffer.slice(eol + 2);
    const address = /<(.*?)>/.exec(line)?.[1] ?? '';
    if (/^EHLO/i.test(line))
      return answer(
        ['relay', ...(relay.script.extensions ?? ['8BITMIME', 'ENHANCEDSTATUSCODES'])]
          .map((e, i, all) => `250${i < all.length - 1 ? '-' : ' '}${e}`)
          .join('\r\n'),
      );
    if (/^MAIL/i.test(line)) {
      // RFC 5321 §4.1.1.2: no MAIL inside a transaction.
      if (isOpen) return answer('503 5.5.1 nested MAIL command');
      mail = { from: address, to: '' };
      const reply = relay.script.mail?.(address, line) ?? '250 2.1.0 ok';
      isOpen = reply.startsWith('2');
      return answer(reply);
    }
    if (/^RCPT/i.test(line)) {
      mail.to = address;
      return answer(relay.script.rcpt?.(address) ?? '250 2.1.5 ok');
    }
    if (/^DATA/i.test(line)) {
      const reply = relay.script.data?.(mail.to) ?? '354 go on';
      isData = reply.startsWith('3');
      return answer(reply);
    }
    if (/^RSET/i.test(line)) {
      isOpen = false;
      return answer(relay.script.rset?.() ?? '250 ok');
    }
    if (/^QUIT/i.test(line)) {
      socket.end('221 bye\r\n');
      return false;
    }
    return answer('250 ok');
  };
  socket.on('data', async (chunk: string) => {
    buffer += chunk;
    if (isBusy) return;
    isBusy = true;
    while (!socket.destroyed && (await step())) {}
    isBusy = false;
  });
}
