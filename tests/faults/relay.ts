/**
 * The relay of the fault runs: a live SMTP server that stops at every step of every transaction to ask what it should do, and remembers
 * what it took. Its record is one half of the judgement; the ledger is the other.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A step of a transaction, seen from the relay: what has just arrived (or, last, what has just been said). */
export type Step = 'connect' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot' | 'accepted';

/** What it does instead of the usual: a reply line, a reset, an orderly end, or silence and then a reset. */
export type Act = string | 'rst' | 'fin' | { hangMs: number } | undefined;

export interface At {
  step: Step;
  /** The reader's address; '' before RCPT. */
  to: string;
  /** Which worker's entrance the connection came through. */
  door: string;
  /** Messages this connection has carried whole. */
  carried: number;
}

export interface Delivery {
  /** When MAIL was said; milliseconds of the relay's clock, as all times here. */
  mailAt: number;
  /** `accepted`: 250 was written to an open connection; `refused`: 4yz or 5yz was; `none`: it arrived whole and nobody was told. */
  answer: 'accepted' | 'refused' | 'none';
  /** The message's Subject as it was on the wire. */
  subject: string;
}

export interface Script {
  /** How long it thinks after the final dot. */
  thinkMs?: (to: string) => number;
  /** Asked at each step; runs before the answer goes out (at `accepted`: right after). */
  hook?: ((at: At) => Act | Promise<Act>) | undefined;
}

export class Relay {
  script: Script = {};
  /** Messages that arrived whole, by reader's address. */
  readonly deliveries = new Map<string, Delivery[]>();
  /** Moments of every RCPT by reader's address: who was spoken of at all. */
  readonly spokenOf = new Map<string, number[]>();
  /** Moments of all 250s, in order. */
  readonly acceptedAt: number[] = [];
  /** Transactions between MAIL and their end. */
  busy = 0;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #taken = new Map<string, number>();

  /** An entrance of its own for one worker. @returns its port on loopback */
  async door(name: string): Promise<number> {
    const server = createServer(socket => {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      new Session(this, socket, name).begin();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    this.#servers.push(server);
    return (server.address() as { port: number }).port;
  }

  /** Messages of one send that got a 250. */
  taken(send: string): number {
    return this.#taken.get(send) ?? 0;
  }

  /** Readers of a send who were spoken of (RCPT) in a stretch of time. */
  spokenBetween(send: string, from: number, to: number): string[] {
    return [...this.spokenOf]
      .filter(([address, moments]) => sendOf(address) === send && moments.some(moment => moment > from && moment < to))
      .map(([address]) => address);
  }

  arrived(to: string, mailAt: number, raw: string): Delivery {
    const header = raw.slice(0, raw.indexOf('\r\n\r\n'));
    const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/im.exec(header)?.[1] ?? '';
    const delivery: Delivery = { mailAt, answer: 'none', subject };
    push(this.deliveries, to, delivery);
    return delivery;
  }

  accepted(to: string, delivery: Delivery): void {
    delivery.answer = 'accepted';
    this.acceptedAt.push(performance.now());
    const send = sendOf(to);
    this.#taken.set(send, this.taken(send) + 1);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map(server => new Promise(resolve => server.close(resolve))));
  }
}

/** The send that an address belongs to: what stands before its first dot. */
export const sendOf = (address: string): string => address.slice(0, address.indexOf('.'));

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

class Session {
  readonly #relay: Relay;
  readonly #socket: Socket;
  readonly #door: string;
  #buffer = '';
  #isRunning = false;
  #isData = false;
  #wasBodySeen = false;
  #carried = 0;
  #open: { mailAt: number } | undefined;
  #to = '';

  constructor(relay: Relay, socket: Socket, door: string) {
    this.#relay = relay;
    this.#socket = socket.setNoDelay(true);
    this.#door = door;
  }

  begin(): void {
    this.#socket.on('close', () => this.#end());
    this.#socket.setEncoding('latin1').on('data', (chunk: string) => {
      this.#buffer += chunk;
      void this.#run(() => this.#step());
    });
    void this.#run(async () => {
      await this.#answer('connect', '220 relay ESMTP');
      return this.#step();
    });
  }

  /** One thing after the other, also while a hook takes its time. */
  async #run(step: () => Promise<boolean>): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let isMore = await step();
    while (isMore && !this.#socket.destroyed) isMore = await this.#step();
    this.#isRunning = false;
  }

  /** @returns whether there may be more to do */
  async #step(): Promise<boolean> {
    if (this.#isData) return this.#takeBody();
    const eol = this.#buffer.indexOf('\r\n');
    if (eol < 0) return false;
    const line = this.#buffer.slice(0, eol);
    this.#buffer = this.#buffer.slice(eol + 2);
    return this.#command(line);
  }

  async #command(line: string): Promise<boolean> {
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<(.*?)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO') return this.#say('250-relay\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES');
    if (verb === 'MAIL') {
      // RFC 5321 §4.1.1.2: no MAIL inside a transaction.
      if (this.#open) return this.#say('503 5.5.1 nested MAIL command');
      this.#to = '';
      this.#begin();
      const reply = await this.#answer('mail', '250 2.1.0 ok');
      if (!reply?.startsWith('2')) this.#end();
      return reply !== undefined;
    }
    if (verb === 'RCPT') {
      this.#to = address.toLowerCase();
      push(this.#relay.spokenOf, this.#to, performance.now());
      return (await this.#answer('rcpt', '250 2.1.5 ok')) !== undefined;
    }
    if (verb === 'DATA') {
      const reply = await this.#answer('data', '354 go on');
      this.#isData = reply?.startsWith('3') ?? false;
      this.#wasBodySeen = false;
      return reply !== undefined;
    }
    if (verb === 'RSET') this.#end();
    if (verb !== 'QUIT') return this.#say('250 2.0.0 ok');
    this.#socket.end('221 2.0.0 bye\r\n');
    return false;
  }

  async #takeBody(): Promise<boolean> {
    const end = this.#buffer.indexOf('\r\n.\r\n');
    if (end < 0) {
      if (this.#wasBodySeen || !this.#buffer.includes('\r\n\r\n')) return false;
      this.#wasBodySeen = true;
      const act = await this.#ask('body');
      return act === undefined || (await this.#do(act)) !== undefined;
    }
    const to = this.#to;
    const delivery = this.#relay.arrived(to, this.#open?.mailAt ?? performance.now(), this.#buffer.slice(0, end));
    this.#buffer = this.#buffer.slice(end + 5);
    this.#isData = false;
    const thinkMs = this.#relay.script.thinkMs?.(to) ?? 0;
    if (thinkMs > 0) await sleep(thinkMs);
    const reply = await this.#answer('dot', '250 2.0.0 queued');
    this.#carried++;
    if (reply?.startsWith('2')) this.#relay.accepted(to, delivery);
    else if (reply) delivery.answer = 'refused';
    this.#end();
    if (!reply?.startsWith('2')) return reply !== undefined;
    const act = await this.#ask('accepted');
    return act === undefined || (await this.#do(act)) !== undefined;
  }

  #begin(): void {
    this.#open = { mailAt: performance.now() };
    this.#relay.busy++;
  }

  #end(): void {
    if (this.#open) this.#relay.busy--;
    this.#open = undefined;
  }

  async #ask(step: Step): Promise<Act> {
    return this.#relay.script.hook?.({ step, to: this.#to, door: this.#door, carried: this.#carried });
  }

  /** @returns the reply that was written to a connection still open; undefined when none was */
  async #answer(step: Step, usual: string): Promise<string | undefined> {
    return this.#do((await this.#ask(step)) ?? usual);
  }

  async #do(act: NonNullable<Act>): Promise<string | undefined> {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return undefined;
    if (typeof act === 'object') await sleep(act.hangMs);
    if (typeof act === 'object' || act === 'rst') socket.resetAndDestroy();
    else if (act === 'fin') socket.end();
    else {
      socket.write(`${act}\r\n`);
      // RFC 5321 §3.8: 421 closes the channel.
      if (act.startsWith('421')) socket.end();
      return act;
    }
    return undefined;
  }

  #say(reply: string): boolean {
    this.#socket.write(`${reply}\r\n`);
    return true;
  }
}
