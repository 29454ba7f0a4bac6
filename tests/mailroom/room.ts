/** The mail room: Broadsheet's own processes, a Postfix and a Dovecot in a temporary folder, all on loopback, gone afterwards. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/config.ts';
import { putPublication } from '../../src/db/publications.ts';
import { readDkim } from '../../src/deliver/presses.ts';
import { dkimRecord } from '../../src/personalise/dkim.ts';
import { importCsv } from '../../src/subscribers/import.ts';
import { openWiring, type Wiring } from '../../src/wiring.ts';
import { background, broadsheet, type Ran } from '../support/cli.ts';
import { publicationOf } from '../support/fixtures.ts';
import { freePort } from '../support/servers.ts';
import { type Mailboxes, startMailboxes } from './dovecot.ts';
import { type Policy, startPolicy } from './policy.ts';
import { type Postfix, startPostfix } from './postfix.ts';
import { beyond, domains, type Reader } from './readers.ts';
import type { Undoing } from './undoing.ts';

export const publicationSlug = 'mailroom';
/** Who gets what readers answer. */
export const editor = `editor@${domains.readers}`;

export interface Room {
  folder: string;
  readers: Reader[];
  postfix: Postfix;
  mailboxes: Mailboxes;
  policy: Policy;
  wiring: Wiring;
  /** Public keys as DNS would show them: name → TXT. */
  records: Record<string, string>;
  /** Runs a command of the project. @throws when it ends with another code than 0 */
  run(...args: string[]): Promise<Ran>;
  /** What the workers said, and Postfix. */
  log(): Promise<string>;
}

/** @param undoing gets how to undo each thing as soon as it is done */
export async function openRoom(readers: Reader[], undoing: Undoing): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-mailroom-'));
  undoing.add(() => rm(folder, { recursive: true, force: true }));
  // The servers' own users pass through it.
  await chmod(folder, 0o755);
  const [postfixFolder, dovecotFolder] = [join(folder, 'postfix'), join(folder, 'dovecot')];
  for (const path of [postfixFolder, dovecotFolder]) await mkdir(path);
  const policy = await startPolicy();
  undoing.add(() => policy.close());
  for (const { address, kind } of readers) if (kind.isGreylisted) policy.greylisted.add(address);
  const mailboxes = await startMailboxes(dovecotFolder, [{ address: editor }, ...accountsOf(readers)]);
  undoing.add(() => mailboxes.close());
  const intakePort = await freePort();
  const known = readers.filter(({ kind }) => kind.isListed && kind.domain === domains.readers);
  const postfix = await startPostfix(postfixFolder, {
    mailboxes: {
      domain: domains.readers,
      lmtpPort: mailboxes.lmtpPort,
      known: [editor, ...known.map(one => one.address)],
    },
    intake: { domains: [domains.bounces, domains.from], lmtpPort: intakePort },
    beyond,
    policyPort: policy.port,
  });
  undoing.add(() => postfix.close());
  const env = { ...(await keysIn(folder)), ...environment(folder, postfix.port, intakePort) };
  const config = readConfig({ ...env, LOG_LEVEL: 'silent' });
  const wiring = await openWiring(config, 'mailroom');
  undoing.add(() => wiring.close());
  const run = async (...args: string[]) => {
    const ran = await broadsheet(args, env);
    if (ran.code !== 0) throw new Error(`broadsheet ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`);
    return ran;
  };
  await fill(wiring, folder, readers);
  const work = await background(['work'], env, /Workers are at work/);
  undoing.add(() => work.stop());
  const { domain, keys } = readDkim(config)!;
  return {
    folder,
    readers,
    postfix,
    mailboxes,
    policy,
    wiring,
    records: Object.fromEntries(keys.map(key => [`${key.selector}._domainkey.${domain}`, dkimRecord(key)])),
    run,
    log: async () => `${work.output}\n${(await postfix.log()).trim().split('\n').slice(-30).join('\n')}`,
  };
}

function accountsOf(readers: Reader[]) {
  return readers
    .filter(({ kind }) => kind.hasMailbox)
    .map(({ address, kind: { quotaKiB } }) => ({ address, ...(quotaKiB === undefined ? {} : { quotaKiB }) }));
}

/** DKIM by two keys made on the spot. */
async function keysIn(folder: string): Promise<Record<string, string>> {
  const files = { rsa: join(folder, 'rsa.pem'), ed25519: join(folder, 'ed25519.pem') };
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey: ed25519 } = generateKeyPairSync('ed25519');
  await writeFile(files.rsa, rsa.export(pem), { mode: 0o600 });
  await writeFile(files.ed25519, ed25519.export(pem), { mode: 0o600 });
  return {
    DKIM_DOMAIN: domains.from,
    DKIM_SELECTOR: 'one',
    DKIM_PRIVATE_KEY_FILE: files.rsa,
    DKIM_ED25519_SELECTOR: 'two',
    DKIM_ED25519_PRIVATE_KEY_FILE: files.ed25519,
  };
}

function environment(folder: string, relayPort: number, intakePort: number): Record<string, string> {
  return {
    SMTP_URL: `smtp://127.0.0.1:${relayPort}`,
    BOUNCE_DOMAIN: domains.bounces,
    INTAKE_LISTEN: `lmtp://127.0.0.1:${intakePort}`,
    INTAKE_FORWARD_TO: editor,
    UNSUBSCRIBE_MAILTO: 'on',
    SECRET_KEYS: randomBytes(24).toString('hex'),
    PUBLIC_URL: 'https://news.mailroom.test',
    DATA_DIR: join(folder, 'data'),
    MX_LOOKUP: 'off',
    LOG_LEVEL: 'warn',
  };
}

async function fill(wiring: Wiring, folder: string, readers: Reader[]): Promise<void> {
  const from = { name: '우편실', address: `news@${domains.from}` };
  const publication = publicationOf({ slug: publicationSlug, from });
  const { id: publicationId } = await putPublication(wiring.sql, publication);
  const file = join(folder, 'readers.csv');
  await writeFile(file, `email,name\n${readers.map(({ address }, i) => `${address},독자 ${i + 1}`).join('\n')}\n`);
  const { imported } = await importCsv(wiring, { file, publicationId, publication });
  if (imported !== readers.length) throw new Error(`imported ${imported} of ${readers.length}`);
}

/** The project's sample issue under a slug and subject of its own. @returns the file */
export async function writeIssue(folder: string, slug: string): Promise<string> {
  const sample = await readFile(fileURLToPath(new URL('../../templates/sample/issue.ko.md', import.meta.url)), 'utf8');
  const file = join(folder, `${slug}.md`);
  const text = sample.replace(/^---\n/, `---\nslug: ${slug}\n`);
  await writeFile(file, text.replace(/^subject: .*$/m, `subject: "${slug} | {{name|독자}}님께"`));
  return file;
}
