/** A send whose every process reaches Postgres through PgBouncer in transaction mode: no statement may count on its connection. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectDatabase, type Sql } from '../../src/db/client.ts';
import { isPooled } from '../../src/db/server-facts.ts';
import { status } from '../../src/track/status.ts';
import { environmentOf } from '../support/environment.ts';
import { audience, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

const port = 20_000 + Math.floor(Math.random() * 20_000);

function isInstalled(): boolean {
  try {
    execFileSync('pgbouncer', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

// Debian: apt-get install pgbouncer.
describe.skipIf(!isInstalled())('PgBouncer, transaction mode, two server connections', () => {
  let folder: string;
  let bouncer: ChildProcess;
  let crew: ChildProcess | undefined;
  let services: Services;
  let relay: Relay;
  let through: Sql;

  beforeAll(async () => {
    services = await openServices();
    relay = await startRelay();
    const direct = new URL(services.env.DATABASE_URL!);
    const user = direct.searchParams.get('user') ?? direct.username;
    folder = mkdtempSync(join(tmpdir(), 'broadsheet-pgbouncer-'));
    chmodSync(folder, 0o755);
    const database = direct.pathname.slice(1);
    writeFileSync(
      join(folder, 'pgbouncer.ini'),
      `[databases]
${database} = host=${direct.searchParams.get('host') ?? direct.hostname} user=${user} dbname=${database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
`,
    );
    // It refuses to run as root; the folder of the embedded server's socket is open to its own user alone.
    const asUser = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
    bouncer = spawn('pgbouncer', ['-q', ...asUser, join(folder, 'pgbouncer.ini')], { stdio: 'ignore' });
    services.env.DATABASE_URL = `postgres://${user}@127.0.0.1:${port}/${database}?prepare=off`;
    through = connectDatabase(services.env.DATABASE_URL, 4);
    await vi.waitFor(() => through`select 1`, { timeout: 20_000, interval: 100 });
  }, 60_000);
  afterAll(async () => {
    if (crew) {
      crew.kill('SIGTERM');
      await once(crew, 'exit');
    }
    await through.end();
    bouncer.kill('SIGTERM');
    await services.close();
    await relay.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('everyone gets the issue once, and the books agree', async () => {
    const readers = Array.from({ length: 300 }, (_, i) => `reader${i}@example.net`);
    const { publicationId } = await audience(services, readers);
    const issue = await submitIssue(services, publicationId);
    crew = spawn(
      process.execPath,
      ['--import', 'tsx', fileURLToPath(new URL('../../src/cli.ts', import.meta.url)), 'work', '--processes', '2'],
      { env: environmentOf({ ...services.env, SMTP_URL: relay.url }), stdio: 'ignore' },
    );
    await expect.poll(async () => (await status(through, issue)).state, { timeout: 60_000 }).toBe('sent');
    expect(await status(through, issue)).toMatchObject({ audience: 300, accepted: 300, unknown: 0 });
    expect(relay.accepted.map(message => message.to).sort()).toEqual([...readers].sort());
  }, 90_000);

  test('doctor sees it, and that prepared statements work through it', async () => {
    // Others take its two connections in between.
    const others = Array.from({ length: 3 }, async () => {
      for (let i = 0; i < 200; i++) await through`select ${i}::int, pg_sleep(0.001)`;
    });
    let seen = false;
    for (let i = 0; i < 20 && !seen; i++) seen = await isPooled(through);
    await Promise.all(others);
    expect(seen).toBe(true);
  });
});
