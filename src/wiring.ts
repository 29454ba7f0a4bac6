/** The only place that builds connections; everything else is handed what it needs. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { connectDatabase, type Sql } from './db/client.ts';
import { instanceKey } from './db/instance.ts';
import { migrate } from './db/migrate.ts';
import { acquireEmbedded } from './embedded/lifecycle.ts';
import { BroadsheetError, messageOf } from './errors.ts';
import { createLogger, type Logger } from './log.ts';
import { type Lanes, lanesFileSchema, lanesOf } from './model/lanes.ts';
import { Queues } from './queue/queues.ts';
import { checkRedis } from './queue/redis.ts';
import { AddressHasher } from './subscribers/hash.ts';
import { TokenSigner } from './track/tokens.ts';
import { Vault } from './webhooks/vault.ts';
import { readYamlFile } from './yaml-file.ts';

export interface Wiring {
  config: Config;
  log: Logger;
  sql: Sql;
  queues: Queues;
  redisUrl: string;
  lanes: Lanes;
  tokens: TokenSigner;
  hasher: AddressHasher;
  /** Seals secrets that are kept in Postgres. */
  vault: Vault;
  /** Ends connections; stops embedded servers when this was their last user. */
  close(): Promise<void>;
}

/**
 * Opens what a command or process needs, starting embedded servers where no URL is configured.
 * @param name for logs and heartbeats
 * @param connections Postgres connections of this process
 * @param needsRedis whether it can do nothing without Redis
 */
export async function openWiring(config: Config, name: string, connections = 5, needsRedis = false): Promise<Wiring> {
  const log = createLogger(config.logLevel, name);
  const lanes = readLanes(config.lanesFile);
  // Holds keys, mails and the embedded servers' data.
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const embedded = await acquireEmbedded(config.dataDir, { postgres: !config.databaseUrl, redis: !config.redisUrl });
  const databaseUrl = config.databaseUrl ?? embedded.databaseUrl!;
  const redisUrl = config.redisUrl ?? embedded.redisUrl!;
  const sql = connectDatabase(databaseUrl, connections);
  let queues: Queues | undefined;
  const close = async () => {
    await queues?.close();
    await sql.end({ timeout: 5 });
    await embedded.release();
  };
  try {
    await migrate(sql).catch(unreachable);
    queues = new Queues(redisUrl, config.queuePrefix);
    // Without Redis a send can still be stored, paused or cancelled: Postgres is the truth, and the tick catches up.
    await checkRedis(queues.redis).catch(error => {
      if (error instanceof BroadsheetError && error.code === 'REDIS_UNREACHABLE' && !needsRedis)
        log.warn({ error: error.message }, 'Redis is away');
      else throw error;
    });
    const secretKeys = await signingSecrets(config);
    const tokens = new TokenSigner(secretKeys);
    const vault = new Vault(secretKeys);
    const hasher = new AddressHasher(await instanceKey(sql, 'address-hash'));
    return { config, log, sql, queues, redisUrl, lanes, tokens, hasher, vault, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export type Database = Pick<Wiring, 'sql' | 'close'>;

/**
 * Opens the database as it is, without a migration, and nothing else: one connection.
 * @throws BroadsheetError DATABASE_UNREACHABLE, EMBEDDED_FAILED
 */
export async function openDatabase(config: Config): Promise<Database> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const embedded = await acquireEmbedded(config.dataDir, { postgres: !config.databaseUrl, redis: false });
  const sql = connectDatabase(config.databaseUrl ?? embedded.databaseUrl!, 1);
  const close = async () => {
    await sql.end({ timeout: 5 });
    await embedded.release();
  };
  try {
    await sql`select`.catch(unreachable);
    return { sql, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function unreachable(error: unknown): never {
  if (error instanceof Error && 'severity' in error) throw error;
  throw new BroadsheetError('DATABASE_UNREACHABLE', messageOf(error), { cause: error });
}

/** The keys that sign readers' links, newest first. @throws BroadsheetError SECRET_KEYS_MISSING */
export async function signingSecrets(config: Config): Promise<string[]> {
  return config.secretKeys ?? [await generatedSecret(config)];
}

/** @throws BroadsheetError FILE_UNREADABLE, LANES_INVALID */
function readLanes(file: string | undefined): Lanes {
  if (!file) return lanesOf();
  const kind = { code: 'LANES_INVALID', of: 'a lane', example: 'google: { connections: 10 }' } as const;
  return lanesOf(readYamlFile(file, lanesFileSchema, kind));
}

/** With an embedded database the signing key is made once and kept beside it. */
async function generatedSecret(config: Config): Promise<string> {
  if (config.databaseUrl) throw new BroadsheetError('SECRET_KEYS_MISSING', 'DATABASE_URL is set, SECRET_KEYS is not');
  const file = join(config.dataDir, 'secret-key');
  const read = () =>
    readFile(file, 'utf8').then(
      text => text.trim(),
      () => undefined,
    );
  const existing = await read();
  if (existing) return existing;
  // Written whole under another name, then linked: of several processes at once, one wins and all read its key.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  return (await read())!;
}
