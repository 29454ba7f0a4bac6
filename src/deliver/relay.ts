/** A relay's URL → connection options and limits; opening and testing connections to it. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { BroadsheetError, messageOf } from '../errors.ts';
import { withoutAddresses } from '../log.ts';
import { type RelayOptions, WireConnection } from './wire-connection.ts';

const parametersSchema = z.strictObject({
  tls: z.enum(['require', 'opportunistic', 'off']).optional(),
  perSecond: z.coerce.number().min(0.01).max(100_000).optional(),
  perDay: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
  connections: z.coerce.number().int().min(1).max(1000).optional(),
  messages: z.coerce.number().int().min(1).max(10_000).optional(),
  oauth2: z.string().min(1).max(1000).optional(),
  weight: z.coerce.number().int().min(0).max(1000).optional(),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
    .optional(),
});

/**
 * smtp://user:password@host:port or smtps://…; `?tls=require|opportunistic|off` (rule 2.10: verified TLS unless the URL says otherwise;
 * on loopback opportunistic); `?oauth2=FILE` in place of a password (see oauth2.ts); and the parameters of `relayLimits`.
 * @throws BroadsheetError CONFIG_INVALID
 */
export function parseRelay(url: string): RelayOptions {
  const { host, port, secure, parsed } = addressOf(url);
  const { tls = isLoopback(host) ? 'opportunistic' : 'require', oauth2 } = parametersOf(parsed);
  const user = decodeURIComponent(parsed.username);
  if (oauth2 !== undefined && (!user || parsed.password))
    throw new BroadsheetError('CONFIG_INVALID', 'SMTP_URL: oauth2 needs a user and no password');
  const login = oauth2 === undefined ? { user, pass: decodeURIComponent(parsed.password) } : { user, oauth2 };
  const auth = user ? login : undefined;
  const loginInClear = tls === 'off' || isLoopback(host);
  return { host, port, secure, tls, loginInClear, ...(auth ? { auth } : {}) };
}

/** What a relay lets us do; null: it sets no limit of its own. */
export interface RelayLimits {
  /** Names the account at the relay, without its credentials. */
  key: string;
  /** Messages a second, all lanes and processes together. */
  perSecond: number | null;
  /** Messages in any 24 hours, all lanes and processes together. */
  perDay: number | null;
  /** Connections. */
  connections: number | null;
  /** Messages after which a connection is left. */
  messages: number | null;
}

/** A relay as operators name and weigh it. */
export interface RelayChoice {
  url: string;
  /** See `RelayLimits`. */
  key: string;
  /** By which a publication may ask for it; null: it has none. */
  name: string | null;
  /** Its share of the batches beside the others'; 0: used only while all the others are away. */
  weight: number;
}

/**
 * `?name=bulk&weight=3`, both optional; without a weight 1.
 * @throws BroadsheetError CONFIG_INVALID naming the parameter
 */
export function relayChoice(url: string): RelayChoice {
  const { name = null, weight = 1 } = parametersOf(addressOf(url).parsed);
  return { url, key: relayLimits(url).key, name, weight };
}

/**
 * The limits in a relay's URL: `?perSecond=14&perDay=50000&connections=20&messages=50`, each optional.
 * @throws BroadsheetError CONFIG_INVALID naming the parameter
 */
export function relayLimits(url: string): RelayLimits {
  const { host, port, parsed } = addressOf(url);
  const { perSecond = null, perDay = null, connections = null, messages = null } = parametersOf(parsed);
  // Two accounts at one relay have quotas of their own. A digest: a user name is often an address.
  const user = parsed.username && `#${createHash('sha256').update(parsed.username).digest('hex').slice(0, 8)}`;
  return { key: `${host}:${port}${user}`, perSecond, perDay, connections, messages };
}

function addressOf(url: string): { host: string; port: number; secure: boolean; parsed: URL } {
  const parsed = new URL(url);
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (!host) throw new BroadsheetError('CONFIG_INVALID', 'SMTP_URL has no host');
  const secure = parsed.protocol === 'smtps:';
  return { host, port: Number(parsed.port) || (secure ? 465 : 587), secure, parsed };
}

/** A misspelt limit would be no limit, so nothing unknown is let pass. */
function parametersOf(url: URL): z.infer<typeof parametersSchema> {
  const given = [...url.searchParams];
  const checked = parametersSchema.safeParse(Object.fromEntries(given));
  if (checked.success && new Set(given.map(([name]) => name)).size === given.length) return checked.data;
  const detail = (checked.error?.issues ?? []).map(issue => {
    if (issue.code === 'unrecognized_keys') {
      return `${issue.keys.join(', ')} is not a parameter; use ${Object.keys(parametersSchema.shape).join(', ')}`;
    }
    const name = String(issue.path[0]);
    return `${name}=${url.searchParams.get(name)}: ${issue.message}`;
  });
  throw new BroadsheetError('CONFIG_INVALID', `SMTP_URL: ${detail.join('; ') || 'a parameter is given twice'}`);
}

/** This machine itself. */
export function isLoopback(host: string): boolean {
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

/** The relay's reply in an error of `openConnection`; undefined when none came. */
export function responseOf(error: unknown): string | undefined {
  const { cause } = error as { cause?: { response?: unknown } };
  return typeof cause?.response === 'string' ? cause.response : undefined;
}

/** Connects, logs in and leaves: what a send does first (lesson 8). */
export async function testRelay(url: string): Promise<void> {
  (await openConnection(parseRelay(url))).leave();
}
