/** The readers' mailboxes: a Dovecot of the room's own, which takes mail by LMTP, keeps Maildirs with quotas and shows them over IMAP. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { answers, freePort, idsOf } from '../support/servers.ts';

export interface Account {
  address: string;
  /** KiB; undefined: as much as may come. */
  quotaKiB?: number;
}

export interface Mailboxes {
  lmtpPort: number;
  /** The messages of a reader as files of the Maildir. */
  files(address: string): Promise<Buffer[]>;
  /** The same as a mail program reads them. */
  read(address: string): Promise<Buffer[]>;
  close(): Promise<void>;
}

const password = 'a-password-of-the-room';

export async function startMailboxes(folder: string, accounts: Account[]): Promise<Mailboxes> {
  const [imapPort, lmtpPort] = [await freePort(), await freePort()];
  const [uid, gid] = idsOf('nobody');
  const mail = join(folder, 'mail');
  await mkdir(mail, { recursive: true });
  await chown(mail, uid, gid);
  const lines = accounts.map(({ address, quotaKiB }) => {
    const quota = quotaKiB === undefined ? '' : `userdb_quota_rule=*:storage=${quotaKiB}K`;
    return `${address}:{PLAIN}${password}:${uid}:${gid}::${join(mail, address)}::${quota}\n`;
  });
  await writeFile(join(folder, 'users'), lines.join(''));
  const file = join(folder, 'dovecot.conf');
  await writeFile(file, configuration(folder, imapPort, lmtpPort));
  const child = spawn('dovecot', ['-F', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', text => {
    said += text;
  });
  for (const port of [imapPort, lmtpPort]) {
    for (let tries = 0; !(await answers(port)); tries++) {
      if (child.exitCode !== null || tries > 200) {
        await stop(child);
        throw new Error(
          `dovecot does not start: ${said}${await readFile(join(folder, 'log'), 'utf8').catch(() => '')}`,
        );
      }
      await sleep(50);
    }
  }
  return {
    lmtpPort,
    files: async address => {
      const all: Buffer[] = [];
      for (const box of ['new', 'cur']) {
        const path = join(mail, address, 'Maildir', box);
        for (const name of await readdir(path).catch(() => [])) all.push(await readFile(join(path, name)));
      }
      return all;
    },
    read: address => readAll(imapPort, address),
    close: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(late);
}

async function readAll(port: number, user: string): Promise<Buffer[]> {
  const auth = { user, pass: password };
  const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth, logger: false });
  await client.connect();
  try {
    const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
    const all: Buffer[] = [];
    if (exists > 0) for await (const { source } of client.fetch('1:*', { source: true })) all.push(source!);
    return all;
  } finally {
    await client.logout();
  }
}

function configuration(folder: string, imapPort: number, lmtpPort: number): string {
  const group = execFileSync('id', ['-gn', 'nobody'], { encoding: 'utf8' }).trim();
  return `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
default_internal_user = nobody
default_internal_group = ${group}
default_login_user = nobody
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_plugins = quota
plugin {
  quota = count:reader
  quota_vsizes = yes
  quota_rule = *:storage=1G
  quota_grace = 0
}
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${imapPort}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
}
`;
}
