/** A Postfix of the room's own: configuration, queue, data and log in one folder, ports on loopback. The system's is not touched. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { answers, freePort, idsOf } from '../support/servers.ts';

const run = promisify(execFile);

export interface PostfixOptions {
  /** Where the readers' mailboxes are, and whom Postfix knows there. */
  mailboxes: { domain: string; lmtpPort: number; known: string[] };
  /** What comes back goes by LMTP to the intake. */
  intake: { domains: string[]; lmtpPort: number };
  /** Domains behind a next hop that answers RCPT with this. */
  beyond: Record<string, string>;
  policyPort: number;
}

export interface Postfix {
  port: number;
  /** Messages in its queue. */
  queued(): Promise<number>;
  log(): Promise<string>;
  close(): Promise<void>;
}

export async function startPostfix(folder: string, options: PostfixOptions): Promise<Postfix> {
  const [port, hop] = [await freePort(), await freePort()];
  const conf = join(folder, 'conf');
  const log = join(folder, 'log');
  for (const path of [conf, join(folder, 'queue')]) await mkdir(path, { recursive: true });
  await mkdir(join(folder, 'data'));
  const [uid, gid] = idsOf('postfix');
  await run('chown', [`${uid}:${gid}`, join(folder, 'data')]);
  const { domain, known } = options.mailboxes;
  await writeFile(join(conf, 'mailboxes'), known.map(address => `${address} ${domain}\n`).join(''));
  await writeFile(join(conf, 'main.cf'), mainCf(folder, hop, options));
  await writeFile(join(conf, 'master.cf'), masterCf(port, hop, options.beyond));
  const child = spawn('postfix', ['-c', conf, 'start-fg'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const readLog = () => readFile(log, 'utf8').catch(() => '');
  for (let tries = 0; !(await answers(port)); tries++) {
    if (child.exitCode !== null || tries > 200) {
      await stop(conf, child);
      throw new Error(`postfix does not start: ${said}${await readLog()}`);
    }
    await sleep(50);
  }
  return {
    port,
    queued: async () => {
      const { stdout } = await run('postqueue', ['-c', conf, '-j'], { maxBuffer: 1 << 26 });
      return stdout.split('\n').filter(Boolean).length;
    },
    log: readLog,
    close: () => stop(conf, child),
  };
}

/** `postfix stop` waits for what is under way, five seconds at most. */
async function stop(conf: string, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  await run('postfix', ['-c', conf, 'stop']).catch(() => run('postfix', ['-c', conf, 'abort']).catch(() => {}));
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(late);
}

/**
 * What docs/bounces.md shows for an intake behind Postfix, and around it a host with mailboxes. Nothing leaves the machine. Times are short:
 * a queue that gives up after half a minute shows what a real one does in five days.
 */
function mainCf(folder: string, hop: number, { mailboxes, intake, beyond, policyPort }: PostfixOptions): string {
  const transports = [
    ...intake.domains.map(domain => `{ ${domain} = lmtp:inet:[127.0.0.1]:${intake.lmtpPort} }`),
    ...Object.keys(beyond).map(domain => `{ ${domain} = smtp:[127.0.0.1]:${hop} }`),
  ];
  const verified = intake.domains.map(domain => `{ ${domain} = reject_unverified_recipient }`);
  const settings = {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    maillog_file: join(folder, 'log'),
    maillog_file_prefixes: folder,
    myhostname: 'mx.mailroom.test',
    mydestination: '',
    alias_maps: '',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    mynetworks: '127.0.0.0/8',
    smtp_dns_support_level: 'disabled',
    smtpd_peername_lookup: 'no',
    default_transport: 'error:5.1.2 nothing leaves this machine',
    virtual_mailbox_domains: mailboxes.domain,
    virtual_mailbox_maps: `texthash:${join(folder, 'conf', 'mailboxes')}`,
    virtual_transport: `lmtp:inet:[127.0.0.1]:${mailboxes.lmtpPort}`,
    relay_domains: [...intake.domains, ...Object.keys(beyond)].join(' '),
    transport_maps: `inline:{ ${transports.join(' ')} }`,
    smtpd_client_restrictions: `check_policy_service inet:127.0.0.1:${policyPort}`,
    smtpd_relay_restrictions: 'reject_unauth_destination',
    // As docs/bounces.md says, for the intake's domains alone: the others are to bounce what they cannot take.
    smtpd_recipient_restrictions: `check_recipient_access inline:{ ${verified.join(' ')} }`,
    unverified_recipient_reject_code: '550',
    message_size_limit: '10485760',
    delay_warning_time: '6s',
    queue_run_delay: '3s',
    minimal_backoff_time: '3s',
    maximal_backoff_time: '5s',
    maximal_queue_lifetime: '20s',
  };
  return `${Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n')}\n`;
}

function masterCf(port: number, hop: number, beyond: Record<string, string>): string {
  const answers = Object.entries(beyond).map(([domain, answer]) => `{ ${domain} = ${answer} }`);
  return `127.0.0.1:${port} inet n - n - - smtpd
127.0.0.1:${hop} inet n - n - - smtpd
  -o myhostname=hop.mailroom.test
  -o smtpd_client_restrictions=
  -o { smtpd_recipient_restrictions = check_recipient_access inline:{ ${answers.join(' ')} }, reject }
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
