/**
 * One SMTP connection that carries finished bytes and knows how far a transaction got (rule 2.4).
 *
 * nodemailer does the dialogue (greeting, TLS, login, envelope, replies). Two things are ours, by overriding the one method that makes its
 * data stream: our bytes are dot-safe and CRLF already, so they go to the socket without being scanned again; and the final dot leaves by
 * itself after the body, so that "the dot was not sent" is known rather than guessed (nodemailer reports a loss after the body as a
 * connection failure). The method is internal: `tests/deliver/wire-connection.test.ts` fails if an update of nodemailer changes it.
 */
import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

export interface RelayOptions {
  host: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  tls: 'require' | 'opportunistic' | 'off';
  auth?: { user: string; pass: string };
}

/** How far a transaction got: nothing, MAIL/RCPT/DATA under way, the body under way, or the final dot sent. */
export type Phase = 'connect' | 'envelope' | 'body' | 'dot';

export interface Outcome {
  phase: Phase;
  /** The relay's reply that ended the transaction, all its lines; undefined when the connection was lost without one. */
  reply: string | undefined;
  /** Set when the transaction failed without a reply. */
  error: string | undefined;
}

interface SendStream {
  outByteCount: number;
  write(body: Buffer): void;
  end(): void;
}

/** What of nodemailer's connection we reach into. */
interface Internals {
  /** False once it is closed. */
  _socket: Socket | false;
  _responseActions: ((reply: string) => void)[];
  _actionSMTPStream(reply: string, callback: (error: Error | null, reply?: string) => void): void;
}

const dot = Buffer.from('.\r\n');

export class WireConnection extends SMTPConnection {
  #phase: Phase = 'connect';
  #failed: Error | undefined;
  /** A refused envelope leaves the relay inside a transaction; it answers 503 to the next MAIL until told to forget this one. */
  #isTransactionOpen = false;
  /** Transactions carried so far. */
  used = 0;

  constructor(relay: RelayOptions) {
    super({
      host: relay.host,
      port: relay.port,
      secure: relay.secure,
      ignoreTLS: relay.tls === 'off',
      requireTLS: relay.tls === 'require' && !relay.secure,
      opportunisticTLS: relay.tls === 'opportunistic',
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: relay.tls === 'require' },
      connectionTimeout: 30_000,
      greetingTimeout: 30_000,
      // The relay may think for ten minutes after the final dot (RFC 5321 §4.5.3.2.6, rule 2.3).
      socketTimeout: 600_000,
    } as SMTPConnection.Options);
    this.on('error', error => {
      this.#failed = error;
    });
    this.on('end', () => {
      this.#failed ??= new Error('the relay closed the connection');
    });
  }

  /** Whether another transaction can begin on it. */
  get usable(): boolean {
    return !this.#failed;
  }

  /** Connects and logs in. Rejects with nodemailer's error, whose `response` is the relay's reply when there was one. */
  open(auth: RelayOptions['auth']): Promise<void> {
    return new Promise((resolve, reject) => {
      this.once('error', reject);
      this.once('end', () => reject(this.#failed ?? new Error('the relay closed the connection')));
      this.connect(error => {
        if (error) return reject(error);
        if (!auth) return resolve();
        this.login({ credentials: auth } as never, loginError => (loginError ? reject(loginError) : resolve()));
      });
    });
  }

  /** Sends one message; never rejects. @param raw CRLF lines, dot-safe, without the final dot */
  deliver(from: string, to: string, raw: Buffer): Promise<Outcome> {
    this.#phase = 'envelope';
    this.used++;
    return new Promise(resolve => {
      const send = () =>
        this.send({ from, to, size: raw.length }, raw, (error, info) => {
          if (!error) return resolve({ phase: 'dot', reply: info.response, error: undefined });
          // A dialogue that failed without closing leaves the session in an unknown place unless the relay refused in plain words.
          const reply = error.response || undefined;
          if (!reply) this.#failed ??= error;
          this.#isTransactionOpen = this.#phase === 'envelope';
          resolve({ phase: this.#phase, reply, error: reply ? undefined : error.message });
        });
      if (!this.#isTransactionOpen) return send();
      this.#isTransactionOpen = false;
      // nodemailer forgets a RSET whose connection ends: then only `end` tells.
      const lost = () => resolve({ phase: 'envelope', reply: undefined, error: this.#failed?.message });
      this.once('end', lost);
      this.reset(error => {
        this.off('end', lost);
        if (!error) return send();
        this.#failed ??= error;
        lost();
      });
    });
  }

  /** Ends the session politely; never waits. */
  leave(): void {
    if (this.#failed) this.close();
    else {
      this.quit();
      // A relay that ignores QUIT must not keep a finished process alive.
      setTimeout(() => this.close(), 2000).unref();
      const { _socket: socket } = this as unknown as Internals;
      if (socket) socket.unref();
    }
    this.#failed ??= new Error('left');
  }

  /** Overrides nodemailer's: same contract (`write`, `end`, `outByteCount`), no second scan. */
  _createSendStream(callback: (error: Error | null, reply?: string) => void): SendStream {
    const inner = this as unknown as Internals;
    const socket = inner._socket as Socket;
    inner._responseActions.push(reply => inner._actionSMTPStream(reply, callback));
    const stream: SendStream = {
      outByteCount: 0,
      write: body => {
        this.#phase = 'body';
        stream.outByteCount = body.length + dot.length;
        // Called when the kernel took all of the body; only then may the dot follow.
        socket.write(body, error => {
          if (error) return;
          this.#phase = 'dot';
          socket.write(dot);
        });
      },
      end: () => {},
    };
    return stream;
  }
}
