/** Where the embedded servers' sockets lie: a folder of our own that nobody else may enter. */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BroadsheetError } from '../errors.ts';

export interface Owner {
  uid: number;
  gid: number;
}

/**
 * Socket paths are limited to about 100 bytes while data directories are not: the folder has a short name made from the long one,
 * in /tmp whatever TMPDIR says, so that all commands find it.
 * @throws BroadsheetError EMBEDDED_FAILED when somebody else made it first, in a place open to all
 */
export async function socketFolder(home: string): Promise<string> {
  const folder = join('/tmp', `broadsheet-${createHash('sha256').update(home).digest('hex').slice(0, 16)}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(folder);
  const allowed = [process.getuid?.(), process.getuid?.() === 0 ? (await serverUser()).uid : undefined];
  if (!allowed.includes(uid) || (mode & 0o077) !== 0) {
    throw new BroadsheetError('EMBEDDED_FAILED', `${folder} belongs to somebody else or is open to others`, {
      help: 'Remove that folder and start again.',
    });
  }
  return folder;
}

/** Who runs Postgres when we are root, which it refuses: `postgres` where the system has that user, otherwise `nobody`. */
export async function serverUser(): Promise<Owner> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'));
  const entry = lines.find(f => f[0] === 'postgres') ?? lines.find(f => f[0] === 'nobody');
  if (!entry) throw new Error('root may not run Postgres, and there is neither a user postgres nor nobody');
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}
