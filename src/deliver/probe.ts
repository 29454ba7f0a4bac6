/** What a relay is like: for `doctor`, which connects as a send does and looks around. */
import { TLSSocket } from 'node:tls';
import { BroadsheetError, messageOf } from '../errors.ts';
import { withoutAddresses } from '../log.ts';
import { parseRelay } from './relay.ts';
import { openSession, type Session } from './session.ts';

export interface Probe extends Omit<Session, 'socket'> {
  host: string;
  port: number;
  /** The login went out and was taken. */
  isLoggedIn: boolean;
  /** Undefined: the session is in the clear. */
  tls:
    | {
        protocol: string;
        /** Whether the certificate is good for this host, by the authorities that this machine trusts. */
        isVerified: boolean;
        /** Undefined: it cannot be read. */
        validTo: Date | undefined;
      }
    | undefined;
}

/** Connects, logs in, looks and leaves. @throws BroadsheetError CONFIG_INVALID, SMTP_UNREACHABLE with the relay's words */
export async function probeRelay(url: string): Promise<Probe> {
  const relay = parseRelay(url);
  const { host, port } = relay;
  try {
    const { socket, ...offers } = await openSession(relay, relay.auth);
    socket.on('error', () => {});
    const tls = socket instanceof TLSSocket ? tlsOf(socket) : undefined;
    socket.end('QUIT\r\n');
    setTimeout(() => socket.destroy(), 2000).unref();
    socket.unref();
    return { host, port, ...offers, isLoggedIn: relay.auth !== undefined, tls };
  } catch (error) {
    throw new BroadsheetError('SMTP_UNREACHABLE', `${host}:${port}: ${withoutAddresses(messageOf(error))}`, {
      cause: error,
    });
  }
}

function tlsOf(socket: TLSSocket): Probe['tls'] {
  const validTo = new Date(socket.getPeerCertificate()?.valid_to ?? Number.NaN);
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    isVerified: socket.authorized,
    validTo: Number.isNaN(validTo.getTime()) ? undefined : validTo,
  };
}
