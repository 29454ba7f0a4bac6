/** A relay's URL → connection options; opening and testing connections to it. */
import { isIP } from 'node:net';
import { BroadsheetError, messageOf } from '../errors.ts';
import { withoutAddresses } from '../log.ts';
import { type RelayOptions, WireConnection } from './wire-connection.ts';

/**
 * smtp://user:password@host:port or smtps://…; `?tls=require|opportunistic|off` (rule 2.10: verified TLS unless the URL says otherwise;
 * on loopback opportunistic).
 * @throws BroadsheetError CONFIG_INVALID
 */
export function parseRelay(url: string): RelayOptions {
  const parsed = new URL(url);
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const secure = parsed.protocol === 'smtps:';
  const tls = parsed.searchParams.get('tls') ?? (isLoopback(host) ? 'opportunistic' : 'require');
  if (tls !== 'require' && tls !== 'opportunistic' && tls !== 'off') {
    throw new BroadsheetError('CONFIG_INVALID', `SMTP_URL: tls=${tls} is not one of require, opportunistic, off`);
  }
  if (!host) throw new BroadsheetError('CONFIG_INVALID', 'SMTP_URL has no host');
  const port = Number(parsed.port) || (secure ? 465 : 587);
  const auth = parsed.username
    ? { user: decodeURIComponent(parsed.username), pass: decodeURIComponent(parsed.password) }
    : undefined;
  return { host, port, secure, tls, ...(auth ? { auth } : {}) };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '::1';
}

/** Opens a session ready for transactions. @throws BroadsheetError SMTP_UNREACHABLE with the relay's words */
export async function openConnection(relay: RelayOptions): Promise<WireConnection> {
  const connection = new WireConnection(relay);
  try {
    await connection.open(relay.auth);
    return connection;
  } catch (error) {
    connection.close();
    throw new BroadsheetError(
      'SMTP_UNREACHABLE',
      `${relay.host}:${relay.port}: ${withoutAddresses(messageOf(error))}`,
      { cause: error },
    );
  }
}

/** Connects, logs in and leaves: what a send does first (lesson 8). */
export async function testRelay(url: string): Promise<void> {
  (await openConnection(parseRelay(url))).leave();
}
