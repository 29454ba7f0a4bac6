/** A network that can fail: forwards TCP to a server, cuts connections, or swallows what is said without a word. */
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

export interface FaultyPath {
  port: number;
  /** Connections that the client's side has open now. */
  open(): number;
  /** Resets every connection; new ones are taken. */
  cut(): void;
  /** Black hole: connections stay, new ones are taken, nothing passes in either direction, nobody is told of anything. */
  hole(): void;
  /** Ends the black hole: what was held back arrives, as after a retransmission. */
  heal(): void;
  close(): Promise<void>;
}

/**
 * @param target where to connect, asked anew for each connection
 * @param host the address it listens on
 */
export async function startProxy(target: () => NetConnectOpts, host = '127.0.0.1'): Promise<FaultyPath> {
  const pairs = new Set<Pair>();
  let isHole = false;
  const server = createServer({ allowHalfOpen: true }, client => {
    const pair = new Pair(client, connect({ ...target(), allowHalfOpen: true }), () => pairs.delete(pair));
    pairs.add(pair);
    if (isHole) pair.hold();
  });
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  return {
    port: (server.address() as { port: number }).port,
    open: () => pairs.size,
    cut: () => {
      for (const pair of pairs) pair.cut();
    },
    hole: () => {
      isHole = true;
      for (const pair of pairs) pair.hold();
    },
    heal: () => {
      isHole = false;
      for (const pair of pairs) pair.pass();
    },
    close: () => {
      for (const pair of pairs) pair.cut();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

/** A client's connection and ours to the server. */
class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  #isHeld = false;
  /** What a side did while nothing passed; the other hears of it later. */
  #owed: (() => void)[] = [];

  constructor(client: Socket, server: Socket, onGone: () => void) {
    this.#client = client.setNoDelay(true);
    this.#server = server.setNoDelay(true);
    this.#forward(client, server);
    this.#forward(server, client);
    client.on('close', onGone);
  }

  #forward(from: Socket, to: Socket): void {
    from.on('data', chunk => {
      if (to.write(chunk) || this.#isHeld) return;
      from.pause();
      to.once('drain', () => !this.#isHeld && from.resume());
    });
    from.on('error', () => {});
    from.on('end', () => this.#tell(() => to.end()));
    from.on('close', hadError => this.#tell(() => (hadError ? reset(to) : to.destroySoon())));
  }

  #tell(act: () => void): void {
    if (this.#isHeld) this.#owed.push(act);
    else act();
  }

  hold(): void {
    this.#isHeld = true;
    this.#client.pause();
    this.#server.pause();
  }

  pass(): void {
    this.#isHeld = false;
    this.#client.resume();
    this.#server.resume();
    for (const act of this.#owed.splice(0)) act();
  }

  cut(): void {
    this.#isHeld = false;
    this.#owed = [];
    reset(this.#client);
    reset(this.#server);
  }
}

/** RST where the socket can; a Unix socket is only closed. */
function reset(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.remoteAddress) socket.resetAndDestroy();
  else socket.destroy();
}
