/** A real IMAP server of a test's own: Dovecot 2.3 on loopback, its files in a temporary folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers, freePort, idsOf } from '../../support/servers.ts';

export const password = 'a-password-of-the-test';

export interface Dovecot {
  port: number;
  /** Ends the server as a crash does, and starts it anew on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Undefined when there is none of the version whose configuration is written here. */
export function dovecotVersion(): string | undefined {
  try {
    const version = execFileSync('dovecot', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim();
    return version.startsWith('2.3') ? version : undefined;
  } catch {
    return undefined;
  }
}

/** @param acl lines of a global ACL file; undefined: everything is allowed */
export async function startDovecot(acl?: string): Promise<Dovecot> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-imap-'));
  const port = await freePort();
  // Nobody's mail may be the superuser's.
  const isRoot = userInfo().uid === 0;
  const user = isRoot ? 'nobody' : userInfo().username;
  const [uid, gid] = isRoot ? idsOf('nobody') : [userInfo().uid, userInfo().gid];
  const home = join(folder, 'home');
  await mkdir(home);
  await Promise.all([folder, home].map(path => chown(path, uid, gid)));
  const group = execFileSync('id', ['-gn', user], { encoding: 'utf8' }).trim();
  const file = join(folder, 'dovecot.conf');
  if (acl) await writeFile(join(folder, 'acl'), acl);
  await writeFile(
    file,
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
${acl ? `mail_plugins = acl\nplugin {\n acl = vfile:${folder}/acl\n}\n` : ''}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${home}
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
`,
  );
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn('dovecot', ['-F', '-c', file], { stdio: 'pipe' });
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', text => {
      said += text;
    });
    for (let tries = 0; !(await answers(port)); tries++) {
      if (child.exitCode !== null || tries > 200)
        throw new Error(`dovecot: ${said}${await readFile(join(folder, 'log'), 'utf8').catch(() => '')}`);
      await sleep(50);
    }
  };
  const stop = async () => {
    if (child && child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  };
  await start();
  return {
    port,
    restart: async () => {
      await stop();
      await start();
    },
    close: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
