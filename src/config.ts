/** The only reader of process.env. Each option: purpose and default. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { BroadsheetError } from './errors.ts';
import { addressPattern } from './model/publication.ts';
import { parseRedisUrl } from './redis-url.ts';
import { keyOf } from './webhooks/sign.ts';

const port = z.coerce.number().int().min(0).max(65535);
const list = z.string().transform(s =>
  s
    .split(',')
    .map(x => x.trim())
    .filter(Boolean),
);

const months = z.union([z.literal('never').transform(() => null), z.coerce.number().int().min(1).max(1200)]);

const schema = z.object({
  /** Postgres. Unset: an embedded server with its data in DATA_DIR. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Redis or Valkey. Unset: an embedded server with its data in DATA_DIR. */
  REDIS_URL: z
    .string()
    .refine(
      text => parseRedisUrl(text) !== undefined,
      'not redis://host:port, redis-cluster://host:port,host:port or redis-sentinel://host:port,host:port/MASTER',
    )
    .optional(),
  /** Relays, comma-separated: smtp://user:password@host:587 or smtps://…:465, `?tls=require|opportunistic|off`. */
  SMTP_URL: list.pipe(z.array(z.url({ protocol: /^smtps?$/ }))).default([]),
  /** Where readers reach the web server; links in mails begin with it. Default: http://localhost:PORT. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Port of the web server. */
  PORT: port.default(3000),
  /** Address the web server listens on. */
  HOST: z.string().default('127.0.0.1'),
  /** DKIM: domain (d=), selector (s=) and PEM private key. All three or none; none: mail leaves unsigned. */
  DKIM_DOMAIN: z.string().optional(),
  DKIM_SELECTOR: z.string().optional(),
  DKIM_PRIVATE_KEY_FILE: z.string().optional(),
  /** Optional second signature: an Ed25519 key (RFC 8463) under its own selector. */
  DKIM_ED25519_SELECTOR: z.string().optional(),
  DKIM_ED25519_PRIVATE_KEY_FILE: z.string().optional(),
  /** Domain of the return path; bounces come back to it. Default: the From domain. */
  BOUNCE_DOMAIN: z.string().optional(),
  /** Where mail that comes back is taken: smtp://HOST:PORT or lmtp://HOST:PORT. Unset: nothing listens. */
  INTAKE_LISTEN: z.url({ protocol: /^(smtp|lmtp)$/ }).optional(),
  /** A mailbox that mail that comes back is collected from: imaps://user:password@host/FOLDER (INBOX). Unset: none. */
  INTAKE_IMAP_URL: z.url({ protocol: /^imaps?$/ }).optional(),
  /** Who gets readers' replies of publications that have no replyTo. */
  INTAKE_FORWARD_TO: z.string().trim().max(254).regex(addressPattern, 'is not an e-mail address').optional(),
  /** SNS topics whose SES events are taken at /hooks/ses, comma-separated ARNs. Unset: none. */
  HOOKS_SES_TOPICS: list
    .pipe(z.array(z.string().regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/, 'is not the ARN of an SNS topic')))
    .default([]),
  /** Verification key of SendGrid's signed event webhook, for /hooks/sendgrid. */
  HOOKS_SENDGRID_KEY: z.string().optional(),
  /** Mailgun's HTTP webhook signing key, for /hooks/mailgun. */
  HOOKS_MAILGUN_KEY: z.string().optional(),
  /** Password that Postmark is given in the webhook's URL, for /hooks/postmark: 16 or more characters. */
  HOOKS_POSTMARK_PASSWORD: z.string().min(16).optional(),
  /** Who is written to when something is in trouble, comma-separated. Unset: nobody. */
  ALERT_EMAIL: list
    .pipe(z.array(z.string().max(254).regex(addressPattern, 'is not an e-mail address')).max(20))
    .default([]),
  /** Where alerts are posted to, as JSON with a `text`. Unset: nowhere. */
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Signs them, as Standard Webhooks do: whsec_ and base64. Unset: unsigned. */
  ALERT_WEBHOOK_SECRET: z
    .string()
    .refine(text => keyOf(text) !== undefined, 'is not whsec_ and the base64 of 24 to 64 bytes')
    .optional(),
  /** Whether List-Unsubscribe also offers a mailto: to BOUNCE_DOMAIN; `on` only where an intake reads it. */
  UNSUBSCRIBE_MAILTO: z.enum(['on', 'off']).default('off'),
  /** Keys that sign readers' links, newest first: 32 or more characters each. Embedded: made and kept in DATA_DIR. */
  SECRET_KEYS: list.pipe(z.array(z.string().min(32)).min(1)).optional(),
  /** Embedded servers, the local inbox and generated keys live here. */
  DATA_DIR: z.string().default('.data'),
  /** Prefix of all Redis keys; `{…}` keeps them in one Cluster slot. */
  QUEUE_PREFIX: z.string().default('{broadsheet}'),
  /** YAML file with changes to lanes and their limits; docs/operating.md shows one. */
  LANES_FILE: z.string().optional(),
  /** Whether the MX records of readers' domains are looked up, so that a company's mail at Google counts as Google's. */
  MX_LOOKUP: z.enum(['on', 'off']).default('on'),
  /** Months after which what readers did with an issue is kept as counts only; `never`: it stays. */
  RETENTION_EVENTS_MONTHS: months.default(13),
  /** The same of an issue's ledger: who got it and who did not. */
  RETENTION_LEDGER_MONTHS: months.default(25),
  /** DNS servers that `doctor` asks, comma-separated: 9.9.9.9 or 127.0.0.1:5353. Unset: the system's. */
  DNS_SERVERS: list
    .pipe(
      z.array(
        z
          .string()
          .regex(/^(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|\[?[0-9a-f:]+\]?(?::\d{1,5})?)$/i, 'is not an address'),
      ),
    )
    .default([]),
  /** Public addresses that mail leaves from when the relay is ours, comma-separated. Unset: this machine's, when the relay is on it. */
  SENDING_IPS: list.pipe(z.array(z.union([z.ipv4(), z.ipv6()], 'is not an IP address')).max(50)).default([]),
  /** Networks whose clicks are machines', such as a mail filter's data centre: 203.0.113.0/24, comma-separated. Unset: none. */
  MACHINE_NETWORKS: list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'is not a network')).max(1000)).default([]),
  /** Connections per worker process and relay. */
  SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(200).default(10),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
});

export interface DkimConfig {
  domain: string;
  selector: string;
  privateKeyFile: string;
  ed25519?: { selector: string; privateKeyFile: string };
}

export interface IntakeConfig {
  listen: { protocol: 'smtp' | 'lmtp'; host: string; port: number } | undefined;
  imap: ImapConfig | undefined;
  forwardTo: string | undefined;
}

export interface ImapConfig {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS, which only loopback may do without. */
  secure: boolean;
  user: string;
  password: string;
  folder: string;
}

/** What proves a provider's webhook; undefined or empty: its route is closed. */
export interface HooksConfig {
  sesTopics: string[];
  sendgridKey: KeyObject | undefined;
  mailgunKey: string | undefined;
  postmarkPassword: string | undefined;
}

/** Who hears of trouble. */
export interface AlertsConfig {
  emails: string[];
  webhookUrl: string | undefined;
  webhookSecret: string | undefined;
}

export interface Config {
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  smtpUrls: string[];
  /** Without a trailing slash. */
  publicUrl: string;
  port: number;
  host: string;
  dkim: DkimConfig | undefined;
  bounceDomain: string | undefined;
  intake: IntakeConfig;
  hooks: HooksConfig;
  alerts: AlertsConfig;
  unsubscribeMailto: boolean;
  secretKeys: string[] | undefined;
  /** Absolute. */
  dataDir: string;
  queuePrefix: string;
  /** Absolute. */
  lanesFile: string | undefined;
  mxLookup: boolean;
  /** Empty: the system's. */
  dnsServers: string[];
  /** Empty: not told. */
  sendingIps: string[];
  /** CIDR. */
  machineNetworks: string[];
  smtpConnections: number;
  /** Months; null: never. */
  retention: { eventsMonths: number | null; ledgerMonths: number | null };
  logLevel: z.infer<typeof schema>['LOG_LEVEL'];
}

/**
 * Reads and checks the configuration.
 * @throws BroadsheetError CONFIG_INVALID, DKIM_INVALID
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`);
    throw new BroadsheetError('CONFIG_INVALID', lines.join('; '));
  }
  const e = parsed.data;
  return {
    databaseUrl: e.DATABASE_URL,
    redisUrl: e.REDIS_URL,
    smtpUrls: e.SMTP_URL,
    publicUrl: publicUrlOf(e.PUBLIC_URL ?? `http://localhost:${e.PORT}`),
    port: e.PORT,
    host: e.HOST,
    dkim: dkimOf(e),
    bounceDomain: e.BOUNCE_DOMAIN,
    intake: {
      listen: e.INTAKE_LISTEN ? listenOf(e.INTAKE_LISTEN) : undefined,
      imap: e.INTAKE_IMAP_URL ? imapOf(e.INTAKE_IMAP_URL) : undefined,
      forwardTo: e.INTAKE_FORWARD_TO,
    },
    hooks: {
      sesTopics: e.HOOKS_SES_TOPICS,
      sendgridKey: e.HOOKS_SENDGRID_KEY ? sendgridKeyOf(e.HOOKS_SENDGRID_KEY) : undefined,
      mailgunKey: e.HOOKS_MAILGUN_KEY,
      postmarkPassword: e.HOOKS_POSTMARK_PASSWORD,
    },
    alerts: { emails: e.ALERT_EMAIL, webhookUrl: e.ALERT_WEBHOOK_URL, webhookSecret: e.ALERT_WEBHOOK_SECRET },
    unsubscribeMailto: e.UNSUBSCRIBE_MAILTO === 'on',
    secretKeys: e.SECRET_KEYS,
    dataDir: isAbsolute(e.DATA_DIR) ? e.DATA_DIR : resolve(e.DATA_DIR),
    queuePrefix: e.QUEUE_PREFIX,
    lanesFile: e.LANES_FILE && resolve(e.LANES_FILE),
    mxLookup: e.MX_LOOKUP === 'on',
    dnsServers: e.DNS_SERVERS,
    sendingIps: e.SENDING_IPS,
    machineNetworks: e.MACHINE_NETWORKS,
    smtpConnections: e.SMTP_CONNECTIONS,
    retention: { eventsMonths: e.RETENTION_EVENTS_MONTHS, ledgerMonths: e.RETENTION_LEDGER_MONTHS },
    logLevel: e.LOG_LEVEL,
  };
}

/** As links carry it: ASCII (IDN host and path encoded), no trailing slash, nothing that a path could not be added to. */
function publicUrlOf(text: string): string {
  const url = new URL(text);
  if (url.search || url.hash || url.username || url.password) {
    throw new BroadsheetError(
      'CONFIG_INVALID',
      'PUBLIC_URL: give scheme, host and path only, like https://news.example.org',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function listenOf(text: string): IntakeConfig['listen'] {
  const url = new URL(text);
  const isPlain = !url.username && !url.search && !url.hash && /^\/?$/.test(url.pathname);
  if (!url.hostname || !url.port || !isPlain) {
    throw new BroadsheetError('CONFIG_INVALID', 'INTAKE_LISTEN: give host and port only, like lmtp://127.0.0.1:2424');
  }
  const protocol = url.protocol === 'lmtp:' ? 'lmtp' : 'smtp';
  return { protocol, host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
}

/** As SendGrid shows it: a public key on P-256, base64 of its DER. */
function sendgridKeyOf(text: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    throw new BroadsheetError('CONFIG_INVALID', 'HOOKS_SENDGRID_KEY: give the verification key as SendGrid shows it');
  }
}

/** The message never repeats the URL: it holds a password. */
function imapOf(text: string): ImapConfig {
  try {
    const url = new URL(text);
    const secure = url.protocol === 'imaps:';
    const folder = decodeURIComponent(url.pathname.slice(1)) || 'INBOX';
    const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    if (url.hostname && user && password && !url.search && !url.hash) {
      const port = Number(url.port) || (secure ? 993 : 143);
      return { host: url.hostname.replace(/^\[|\]$/g, ''), port, secure, user, password, folder };
    }
  } catch {
    // A stray percent sign, said below.
  }
  const form = 'imaps://user:password@host/INBOX, with % in names and passwords written as %25';
  throw new BroadsheetError('CONFIG_INVALID', `INTAKE_IMAP_URL: give ${form}`);
}

function dkimOf(e: z.infer<typeof schema>): DkimConfig | undefined {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_PRIVATE_KEY_FILE: privateKeyFile } = e;
  if (!domain && !selector && !privateKeyFile) return undefined;
  if (!domain || !selector || !privateKeyFile) {
    throw new BroadsheetError(
      'DKIM_INVALID',
      'DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY_FILE go together; one is missing',
    );
  }
  const config: DkimConfig = { domain, selector, privateKeyFile };
  const { DKIM_ED25519_SELECTOR: second, DKIM_ED25519_PRIVATE_KEY_FILE: secondFile } = e;
  if (second && secondFile) config.ed25519 = { selector: second, privateKeyFile: secondFile };
  else if (second || secondFile) {
    throw new BroadsheetError(
      'DKIM_INVALID',
      'DKIM_ED25519_SELECTOR and DKIM_ED25519_PRIVATE_KEY_FILE go together; one is missing',
    );
  }
  return config;
}
