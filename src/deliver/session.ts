/**
 * Opens a session with a relay and hands over its socket. nodemailer connects, greets, secures and logs in (rule 2.10); what follows, the
 * transactions, is ours (`wire-connection.ts`). The hand-over reaches into nodemailer, and fails at once when an update has moved things.
 */
import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { tokensOf } from './oauth2.ts';

export interface RelayOptions {
  host: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  tls: 'require' | 'opportunistic' | 'off';
  /** Whether the login may go out without TLS: asked for by `tls=off`, or to this machine itself. */
  loginInClear: boolean;
  /** A password, or the file that access tokens are fetched with (XOAUTH2). */
  auth?: { user: string; pass: string } | { user: string; oauth2: string };
}

/** A session ready for its first transaction. */
export interface Session {
  /** Only its own needs listen to it: the caller must listen for `error`. */
  socket: Socket;
  /** RFC 2920: commands may be sent without waiting for each reply. */
  pipelining: boolean;
  /** RFC 1870: MAIL may name the message's size. */
  size: boolean;
  /** RFC 6531: addresses and header fields may be UTF-8. */
  smtpUtf8: boolean;
  /** RFC 6152: a message may hold octets above 127. */
  eightBit: boolean;
  /** Octets that a message may have, when it says so (RFC 1870). */
  mostOctets: number | undefined;
}

/** What of nodemailer's connection we reach into. */
interface Internals {
  _socket: Socket;
  _supportedExtensions: string[];
  /** 0: not told. */
  _maxAllowedSize: number;
}

const ownListeners = {
  data: '_onSocketData',
  error: '_onSocketError',
  close: '_onSocketClose',
  end: '_onSocketEnd',
  timeout: '_onSocketTimeout',
};

/** Connects and logs in. Rejects with nodemailer's error, whose `response` is the relay's reply when there was one. */
export async function openSession(relay: RelayOptions, auth: RelayOptions['auth']): Promise<Session> {
  const credentials =
    auth && ('oauth2' in auth ? { user: auth.user, oauth2: tokensOf(auth.user, auth.oauth2) } : { credentials: auth });
  const opening = new SMTPConnection({
    host: relay.host,
    port: relay.port,
    secure: relay.secure,
    ignoreTLS: relay.tls === 'off',
    requireTLS: relay.tls === 'require' && !relay.secure,
    opportunisticTLS: relay.tls === 'opportunistic',
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: relay.tls === 'require' },
    connectionTimeout: 30_000,
    greetingTimeout: 30_000,
    // Silence of a relay that has greeted, during the login.
    socketTimeout: 60_000,
  } as SMTPConnection.Options);
  try {
    await new Promise<void>((resolve, reject) => {
      opening.on('error', reject);
      opening.once('end', () => reject(new Error('the relay closed the connection')));
      opening.connect(error => {
        if (error) return reject(error);
        if (!credentials) return resolve();
        // Whoever stands between could take STARTTLS out of the relay's answers.
        if (!opening.secure && !relay.loginInClear)
          return reject(
            new Error('the relay offers no TLS, and a login is not sent in the clear unless tls=off says so'),
          );
        // Nor when a relay takes back its STARTTLS: the password would go out for all to read.
        if (!opening.allowsAuth) return reject(new Error('the relay offers no login'));
        opening.login(credentials as never, loginError => (loginError ? reject(loginError) : resolve()));
      });
    });
    return handOver(opening);
  } catch (error) {
    opening.close();
    throw error;
  }
}

/** Takes nodemailer's listeners off its socket. */
function handOver(opening: SMTPConnection): Session {
  const inner = opening as unknown as Internals & Record<string, (...args: unknown[]) => void>;
  const { _socket: socket, _supportedExtensions: extensions, _maxAllowedSize: mostOctets } = inner;
  for (const [event, name] of Object.entries(ownListeners)) {
    const listener = inner[name]!;
    if (!socket.listeners(event).includes(listener))
      throw new Error(`nodemailer does not listen for ${event} as it did`);
    socket.off(event, listener);
  }
  socket.setTimeout(0);
  return {
    socket,
    pipelining: extensions.includes('PIPELINING'),
    size: extensions.includes('SIZE'),
    smtpUtf8: extensions.includes('SMTPUTF8'),
    eightBit: extensions.includes('8BITMIME'),
    mostOctets: mostOctets || undefined,
  };
}
