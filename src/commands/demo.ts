/** `demo`: everything on one machine, with nothing configured: servers, workers, a local inbox, a sample issue sent at once. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../config.ts';
import { putPublication } from '../db/publications.ts';
import { createOwner, setupCode } from '../http/console/app.tsx';
import { createApp, listen } from '../http/server.ts';
import { startInbox } from '../inbox/inbox.ts';
import { importCsv } from '../subscribers/import.ts';
import { readPublicationFile } from '../subscribers/publication-file.ts';
import { openWiring, type Wiring } from '../wiring.ts';
import type { Output } from './output.ts';
import { askedToEnd, startCrew } from './processes.ts';
import { send } from './send.ts';

const sample = (name: string) => fileURLToPath(new URL(`../../templates/sample/${name}`, import.meta.url));
const readers = 120;
const owner = 'owner@broadsheet.example';

/** @returns exit code of the send with --once, 0 otherwise */
export async function demoCommand(options: { once?: boolean }, output: Output): Promise<number> {
  const dataDir = leaveRealThingsAlone();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  let asked: NodeJS.Signals | undefined;
  const ended = askedToEnd().then(signal => {
    asked = signal;
  });
  // Closed in reverse, whatever fails on the way.
  const opened: (() => Promise<void>)[] = [];
  try {
    const inbox = await startInbox({ folder: join(dataDir, 'inbox') });
    opened.push(inbox.close);
    const port = await freePort(readConfig().port);
    // What configuration says goes for people who configure; the demo brings its own relay, address and keys.
    Object.assign(process.env, {
      SMTP_URL: inbox.smtpUrl,
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      ...(await demoKey(dataDir)),
    });
    const config = readConfig();
    const wiring = await openWiring(config, 'demo');
    opened.push(wiring.close);
    const web = await listen(await createApp(wiring), { host: config.host, port });
    opened.push(web.close);
    const crew = await startCrew(wiring.log);
    opened.push(crew.stop);
    const password = await ownerPassword(wiring);
    await fill(wiring);
    if (asked) return 0;
    output.say(`Sending the sample issue to ${readers} readers of the local inbox …`);
    const code = await send(wiring, sample('issue.ko.md'), { publication: 'demo', wait: true, again: true }, output);
    if (options.once || asked) return code;
    output.say(urls(config, inbox, password));
    await ended;
    return 0;
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

/** The demo never touches what is configured: it keeps servers, keys and data of its own below DATA_DIR. */
function leaveRealThingsAlone(): string {
  for (const name of [
    'DATABASE_URL',
    'REDIS_URL',
    'SECRET_KEYS',
    'QUEUE_PREFIX',
    'BOUNCE_DOMAIN',
    'DKIM_ED25519_SELECTOR',
    'DKIM_ED25519_PRIVATE_KEY_FILE',
  ]) {
    delete process.env[name];
  }
  const dataDir = join(readConfig().dataDir, 'demo');
  process.env.DATA_DIR = dataDir;
  return dataDir;
}

function urls(
  { publicUrl, dataDir }: { publicUrl: string; dataDir: string },
  inbox: { url: string; smtpUrl: string },
  password: string,
): string {
  return [
    '',
    `  Inbox     ${inbox.url}   what the readers got`,
    `  Archive   ${publicUrl}/p/demo`,
    `  Console   ${publicUrl}/console   ${owner} · ${password}`,
    `  Queues    ${publicUrl}/console/queues`,
    '',
    '  Send your own from another terminal:',
    `    DATA_DIR=${relative(process.cwd(), dataDir)} SMTP_URL=${inbox.smtpUrl} npm run broadsheet -- send issue.md --publication demo --wait`,
    '  Ctrl-C ends everything; the data stays in .data/demo for the next time.',
    '',
  ].join('\n');
}

/** The usual port when it is free, otherwise any. */
async function freePort(preferred: number): Promise<number> {
  const tryPort = (port: number) =>
    new Promise<number | undefined>(resolve => {
      const probe = createServer();
      probe.once('error', () => resolve(undefined));
      probe.listen(port, '127.0.0.1', () => {
        const { port: got } = probe.address() as { port: number };
        probe.close(() => resolve(got));
      });
    });
  return (await tryPort(preferred)) ?? (await tryPort(0))!;
}

/** A signing key of the demo's own: its mails are signed as real ones are. */
async function demoKey(dataDir: string): Promise<Record<string, string>> {
  const file = join(dataDir, 'demo-dkim.pem');
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  return { DKIM_DOMAIN: 'broadsheet.example', DKIM_SELECTOR: 'demo', DKIM_PRIVATE_KEY_FILE: file };
}

/** The demo's owner signs in with a password made once and kept in the data directory. */
async function ownerPassword(wiring: Wiring): Promise<string> {
  const file = join(wiring.config.dataDir, 'demo-password');
  if ((await setupCode(wiring)) !== undefined) {
    const password = randomBytes(9).toString('base64url');
    await createOwner(wiring.sql, { email: owner, password });
    await writeFile(file, password, { mode: 0o600 });
  }
  return existsSync(file) ? readFile(file, 'utf8') : '(the password you chose)';
}

async function fill(wiring: Wiring): Promise<void> {
  const publication = readPublicationFile(sample('publication.yaml'));
  const { id } = await putPublication(wiring.sql, publication);
  const file = join(wiring.config.dataDir, 'demo-readers.csv');
  const domains = ['example.com', 'example.net', 'example.org'];
  const rows = Array.from({ length: readers }, (_, i) => `reader${i + 1}@${domains[i % 3]},독자 ${i + 1}`);
  await writeFile(file, `이메일,이름\n${rows.join('\n')}\n`, { mode: 0o600 });
  await importCsv(wiring, { file, publicationId: id, publication });
}
