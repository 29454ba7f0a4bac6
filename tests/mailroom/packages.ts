/** What the mail room needs of Debian, and getting it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { dovecotVersion } from '../track/intake/dovecot.ts';

const run = promisify(execFile);

/** A file of each package that tells whether it is there. */
const files = {
  postfix: '/usr/sbin/postfix',
  'dovecot-imapd': '/usr/lib/dovecot/imap',
  'dovecot-lmtpd': '/usr/lib/dovecot/lmtp',
  'opendkim-tools': '/usr/sbin/opendkim-testmsg',
};
/** Asked by Debian's packages before they start or restart a service. */
const policyFile = '/usr/sbin/policy-rc.d';

export function missingPackages(): string[] {
  return Object.entries(files).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
}

/** Why the room cannot be opened here; undefined: it can. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'Postfix starts as root only, on Linux';
  const missing = missingPackages();
  if (missing.length > 0) return `it needs Debian's ${missing.join(', ')} (apt-get install --no-install-recommends)`;
  return dovecotVersion() ? undefined : 'its configuration is written for Dovecot 2.3';
}

/** Installs without recommended packages, and without letting the system's own mail service start. */
export async function install(packages: string[]): Promise<void> {
  const isOurs = !existsSync(policyFile);
  if (isOurs) await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    // A fresh machine has no lists; where they cannot be had, those it has may do.
    await run('apt-get', ['update'], { env, maxBuffer: 1 << 24 }).catch(() => {});
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, maxBuffer: 1 << 24 });
  } finally {
    if (isOurs) await rm(policyFile, { force: true });
  }
}
