/**
 * One SMTP connection that carries finished bytes and knows how far a transaction got (rule 2.4).
 *
 * The transactions are ours, and small: MAIL, RCPT and DATA in one write when the relay offers PIPELINING (RFC 2920), the bytes as they are
 * (dot-safe and CRLF already), then the final dot in a write of its own once the kernel took the body, so that "the dot was not sent" is known
 * rather than guessed. nodemailer's `send` was rejected: it takes an answer that comes in mid-body for the end of the transaction and goes on
 * sending, and it costs 0.03 ms of CPU more a message. A relay that speaks out of turn ends the connection: an answer must never be taken for another's.
 */
import type { Socket } from 'node:net';
import { ReplyReader } from './replies.ts';
import { openSession, type RelayOptions, type Session } from './session.ts';

export type { RelayOptions } from './session.ts';

/** How far a transaction got: nothing, MAIL/RCPT/DATA under way, the body under way, or the final dot sent. */
export type Phase = 'connect' | 'envelope' | 'body' | 'dot';

export interface Outcome {
  phase: Phase;
  /** The relay's reply that ended the transaction, all its lines; undefined when the connection was lost without one. */
  reply: string | undefined;
  /** Set when the transaction failed without a reply. */
  error: string | undefined;
  /** The command that the reply refuses, when that is known. */
  refused?: Step | undefined;
}

/** How long the relay may take, in ms. */
export interface Patience {
  /** For the answer to a command, DATA's included (RFC 5321 §4.5.3.2: 5, 5 and 2 minutes). */
  command: number;
  /** To take the whole body. */
  body: number;
  /** To answer after the final dot (§4.5.3.2.6, rule 2.3). */
  dot: number;
}

export const patience: Patience = { command: 300_000, body: 600_000, dot: 600_000 };

/** What an expected reply answers. `nothing`: the dot of a body that has no recipient. */
type Step = 'rset' | 'mail' | 'rcpt' | 'data' | 'dot' | 'nothing';

interface Transaction {
  raw: Buffer;
  onTaken: () => void;
  resolve: (outcome: Outcome) => void;
  phase: Phase;
  /** The first refusal in the envelope: it is what the recipient's row is told. */
  refusal: { step: Step; reply: string } | undefined;
  /** Commands not yet sent. */
  unsent: [Step, string][];
  /** Commands whose replies are due, in order. */
  due: Step[];
}

const dot = '.\r\n';

export class WireConnection {
  readonly #relay: RelayOptions;
  readonly #patience: Patience;
  readonly #replies = new ReplyReader();
  #socket: Socket | undefined;
  #offers: Pick<Session, 'pipelining' | 'size' | 'smtpUtf8' | 'eightBit'> = {
    pipelining: false,
    size: false,
    smtpUtf8: false,
    eightBit: false,
  };
  #failed: Error | undefined;
  #current: Transaction | undefined;
  #deadline: NodeJS.Timeout | undefined;
  /** A refused envelope leaves the relay inside a transaction; it answers 503 to the next MAIL until told to forget this one. */
  #isTransactionOpen = false;
  /** Transactions carried so far. */
  used = 0;

  constructor(relay: RelayOptions, given: Patience = patience) {
    this.#relay = relay;
    this.#patience = given;
  }

  /** Whether another transaction can begin on it. */
  get usable(): boolean {
    return !this.#failed;
  }

  /** Connects and logs in. Rejects with nodemailer's error, whose `response` is the relay's reply when there was one. */
  async open(auth: RelayOptions['auth']): Promise<void> {
    const { socket, ...offers } = await openSession(this.#relay, auth);
    this.#socket = socket;
    this.#offers = offers;
    socket.on('data', chunk => this.#read(chunk));
    socket.on('error', error => this.#fail(error));
    const onEnd = () => this.#end();
    socket.on('end', onEnd).on('close', onEnd);
    if (socket.destroyed) onEnd();
  }

  /**
   * Sends one message; never rejects. One at a time.
   * @param to one character for each octet: UTF-8 beyond ASCII, when the relay offers SMTPUTF8
   * @param raw CRLF lines, dot-safe, ending with CRLF, without the final dot
   * @param onTaken called once when the kernel has all of `raw`, whose memory may then be used again; not called when it never has
   */
  deliver(from: string, to: string, raw: Buffer, onTaken: () => void = () => {}): Promise<Outcome> {
    this.used++;
    return new Promise(resolve => {
      const error =
        this.#failed?.message ??
        (isPath(from, false) && isPath(to, this.#offers.smtpUtf8)
          ? undefined
          : 'an address has characters that SMTP cannot carry');
      if (error !== undefined) return resolve({ phase: 'envelope', reply: undefined, error });
      const unsent: [Step, string][] = [
        ['mail', `MAIL FROM:<${from}>${this.#parameters(to, raw)}\r\n`],
        ['rcpt', `RCPT TO:<${to}>\r\n`],
        ['data', 'DATA\r\n'],
      ];
      if (this.#isTransactionOpen) unsent.unshift(['rset', 'RSET\r\n']);
      this.#isTransactionOpen = false;
      this.#current = { raw, onTaken, resolve, phase: 'envelope', refusal: undefined, unsent, due: [] };
      this.#command(this.#current);
    });
  }

  /** Whether the relay takes addresses beyond ASCII (RFC 6531). */
  get carriesUtf8(): boolean {
    return this.#offers.smtpUtf8;
  }

  /** Ends the session politely; never waits. */
  leave(): void {
    const socket = this.#socket;
    if (!socket || this.#failed || this.#current) {
      this.close();
      return;
    }
    this.#failed = new Error('left');
    socket.write('QUIT\r\n');
    // A relay that ignores QUIT must not keep a finished process alive.
    setTimeout(() => socket.destroy(), 2000).unref();
    socket.unref();
  }

  /** Ends a transaction whose final dot has not gone out; one that waits for its answer goes on. */
  giveUp(): void {
    if (this.#current && this.#current.phase !== 'dot') this.#fail(new Error('the process ends'));
  }

  /** Ends the connection at once. */
  close(): void {
    this.#fail(new Error('left'));
  }

  /** Of MAIL. A message to an international address has one in its header too, in octets above 127. */
  #parameters(to: string, raw: Buffer): string {
    const { size, smtpUtf8, eightBit } = this.#offers;
    const isInternational = smtpUtf8 && !isAscii(to);
    return [
      size ? ` SIZE=${raw.length}` : '',
      isInternational && eightBit ? ' BODY=8BITMIME' : '',
      isInternational ? ' SMTPUTF8' : '',
    ].join('');
  }

  /** Sends the next command, or all that are left when the relay takes them together. */
  #command(current: Transaction): void {
    const next = current.unsent.splice(0, this.#offers.pipelining ? current.unsent.length : 1);
    for (const [step] of next) current.due.push(step);
    this.#allow(this.#patience.command);
    this.#socket!.write(next.map(([, line]) => line).join(''), 'latin1');
  }

  #read(chunk: Buffer): void {
    if (this.#failed) return;
    try {
      this.#replies.push(chunk, reply => {
        if (!this.#failed) this.#hear(reply);
      });
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #hear(reply: string): void {
    const current = this.#current;
    const step = current?.due.shift();
    const kind = reply[0]!;
    if (!current || !step) this.#unasked(reply);
    else if (step === 'dot') {
      if (kind === '3') this.#fail(new Error('the relay did not understand the final dot'));
      else this.#finish(current, reply);
    } else if (step === 'nothing') this.#refuse(current);
    else if (kind === '3' && step !== 'data')
      this.#fail(new Error(`the relay answers ${reply.slice(0, 3)} to ${step.toUpperCase()}`));
    else if (step === 'rset' && kind !== '2') this.#fail(new Error('the relay does not forget a refused envelope'));
    else this.#proceed(current, step, reply);
    // RFC 5321 §3.8: it closes the connection, and answers to nothing more.
    if (reply.startsWith('421')) this.#fail(new Error('the relay closed the session'));
  }

  /** A reply in the envelope, of a kind that its command may have. */
  #proceed(current: Transaction, step: Step, reply: string): void {
    const isRefusal = reply[0]! > '3';
    if (isRefusal) current.refusal ??= { step, reply };
    // Some relays say 250 to DATA where 354 is meant.
    if (step === 'data' && !isRefusal) {
      if (current.refusal) this.#nobody(current, current.refusal.step);
      else this.#body(current);
    } else if (current.due.length === 0) {
      if (current.refusal) this.#refuse(current);
      else this.#command(current);
    }
  }

  /** A reply that nothing asked for. In mid-body a refusal still counts for this message; the relay is then inside its data. */
  #unasked(reply: string): void {
    const current = this.#current;
    if (current?.phase === 'body' && reply[0]! > '3') this.#finish(current, reply);
    this.#fail(new Error(`the relay spoke out of turn: ${reply.slice(0, 60)}`));
  }

  #body(current: Transaction): void {
    current.phase = 'body';
    this.#allow(this.#patience.body);
    // Called when the kernel took all of the body; only then may the dot follow.
    this.#socket!.write(current.raw, error => {
      if (error) return;
      current.onTaken();
      if (this.#current !== current) return;
      current.phase = 'dot';
      current.due.push('dot');
      this.#allow(this.#patience.dot);
      this.#socket!.write(dot, 'latin1');
    });
  }

  /** 354 although nobody is to get it: an empty body, for no one, keeps the session in step (RFC 2920 §3.1). */
  #nobody(current: Transaction, refused: Step): void {
    // Without a sender there is no transaction to end: such a relay is not to be trusted with an empty message either.
    if (refused === 'mail') {
      this.#fail(new Error('the relay takes data of a sender that it refused'));
      return;
    }
    current.due.push('nothing');
    this.#allow(this.#patience.command);
    this.#socket!.write(dot, 'latin1');
  }

  #refuse(current: Transaction): void {
    this.#isTransactionOpen = true;
    this.#finish(current, current.refusal?.reply);
  }

  #finish(current: Transaction, reply: string | undefined, error?: string): void {
    clearTimeout(this.#deadline);
    this.#current = undefined;
    const refused = current.phase === 'envelope' ? current.refusal?.step : undefined;
    current.resolve({ phase: current.phase, reply, error, ...(refused ? { refused } : {}) });
  }

  #end(): void {
    const unended = this.#replies.refusalLeft();
    if (unended !== undefined && this.#current && !this.#failed) this.#hear(unended);
    this.#fail(new Error('the relay closed the connection'));
  }

  /** The connection is of no use any more. A refusal that came before counts for the transaction under way. */
  #fail(error: Error): void {
    const current = this.#current;
    this.#failed ??= error;
    this.#socket?.destroy();
    if (!current) return;
    const reply = current.phase === 'envelope' ? current.refusal?.reply : undefined;
    this.#finish(current, reply, reply === undefined ? error.message : undefined);
  }

  /** Gives the relay this long for its next step. */
  #allow(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#fail(new Error(`the relay was silent for ${ms / 1000} s`)), ms);
  }
}

/** An address that can stand between angle brackets. @param isWide octets above 127 may be in it */
function isPath(address: string, isWide: boolean): boolean {
  return (isWide ? /^[\x20-\x7e\x80-\xff]+$/ : /^[\x20-\x7e]+$/).test(address) && !/[<>]/.test(address);
}

function isAscii(address: string): boolean {
  return /^[\x20-\x7e]*$/.test(address);
}
