/** What the room looks like after a send, against what it must look like. Each check: how many were looked at, and what did not hold. */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { isSuppressed } from '../../src/db/suppressions.ts';
import { openNames } from './dns.ts';
import { domains, type Reader } from './readers.ts';
import type { Room } from './room.ts';

export interface Check {
  what: string;
  looked: number;
  problems: string[];
}

/** As many logins at once. */
const atOnce = 8;

async function each<T>(
  what: string,
  items: readonly T[],
  look: (item: T) => Promise<string | undefined>,
): Promise<Check> {
  const problems: string[] = [];
  const rest = [...items];
  const walk = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) {
      const problem = await look(item);
      if (problem) problems.push(problem);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, walk));
  return { what, looked: items.length, problems };
}

const asSent = (file: Buffer): string => file.toString('latin1').replace(/\r?\n/g, '\r\n');
const subjectOf = (raw: string): string => /^Subject: (.*(?:\r\n[ \t].*)*)/im.exec(raw)?.[1] ?? '';

/** Every Maildir holds as many messages as it must, and IMAP shows the same bytes. */
export async function inMaildirs(
  { mailboxes }: Room,
  readers: Reader[],
  copies: (reader: Reader) => number,
): Promise<Check> {
  const withBox = readers.filter(({ kind }) => kind.hasMailbox);
  return each('Maildirs with exactly what was sent, the same bytes over IMAP', withBox, async reader => {
    const files = (await mailboxes.files(reader.address)).map(asSent).sort();
    if (files.length !== copies(reader)) return `${reader.address} has ${files.length} messages`;
    if (new Set(files.map(subjectOf)).size !== files.length) return `${reader.address} has one message twice`;
    const read = (await mailboxes.read(reader.address)).map(asSent).sort();
    return files.join() === read.join()
      ? undefined
      : `${reader.address}: IMAP shows other bytes than the Maildir holds`;
  });
}

/** Both signatures of every message hold, with the keys from our own table. */
export async function byMailauth({ mailboxes, records }: Room, readers: Reader[]): Promise<Check> {
  const resolver = async (name: string) => (records[name] ? [[records[name]]] : []);
  return each('DKIM by mailauth: RSA and Ed25519', readers, async ({ address }) => {
    for (const file of await mailboxes.files(address)) {
      const { results } = await dkimVerify(Buffer.from(asSent(file), 'latin1'), { resolver });
      const said = results.map((one: { status: { result: string } }) => one.status.result).join(', ');
      if (said !== 'pass, pass') return `${address}: ${said || 'not signed'}`;
    }
    return undefined;
  });
}

/** A second judge, written in C by others; and it must find a fault in a message that was changed. */
export async function byOpendkim({ mailboxes, records, folder }: Room, readers: Reader[]): Promise<Check> {
  const names = await openNames(folder, records);
  try {
    const check = await each('DKIM by opendkim-testmsg', readers, async ({ address }) => {
      const [file] = await mailboxes.files(address);
      if (!file) return `${address} has nothing`;
      const { code, said } = await names.run('opendkim-testmsg', Buffer.from(asSent(file), 'latin1'));
      return code === 0 && said === '' ? undefined : `${address}: ${said || code}`;
    });
    const [file] = await mailboxes.files(readers[0]!.address);
    const changed = Buffer.from(asSent(file!).replace(/^Subject: /m, 'Subject: x'), 'latin1');
    if ((await names.run('opendkim-testmsg', changed)).code === 0) check.problems.push('a changed message passed');
    return check;
  } finally {
    await names.close();
  }
}

interface Row {
  email: string;
  state: string;
  reply: string | null;
  reason: string | null;
  events: string[] | null;
}

export async function ledgerOf({ wiring }: Room, slug: string): Promise<Map<string, Row>> {
  const rows = await wiring.sql<Row[]>`
    select s.email, r.state, r.reply, r.reason,
      (select array_agg(e.kind order by e.kind) from events e where e.issue_id = r.issue_id and e.subscriber_id = r.subscriber_id
        and e.kind like 'bounce-%') as events
    from recipients r join subscribers s on s.id = r.subscriber_id join issues i on i.id = r.issue_id where i.slug = ${slug}`;
  return new Map(rows.map(row => [row.email, row]));
}

/** The ledger and the events of each reader. */
export async function inLedger(room: Room, slug: string, readers: Reader[]): Promise<Check> {
  const ledger = await ledgerOf(room, slug);
  return each('ledger: state, and what came back', readers, async ({ address, kind }) => {
    const row = ledger.get(address);
    const events = row?.events?.join(', ') ?? null;
    if (row?.state === kind.state && events === kind.event) return undefined;
    return `${address} (${kind.what}): ${row?.state}, ${events ?? 'nothing came back'}; ${row?.reply ?? row?.reason}`;
  });
}

export async function suppressed({ wiring }: Room, readers: Reader[]): Promise<Check> {
  const { sql, hasher } = wiring;
  return each('suppressed: the dead addresses and nobody else', readers, async ({ address, kind }) => {
    const is = await isSuppressed(sql, hasher.hash(address));
    return is === kind.isSuppressed ? undefined : `${address} (${kind.what}) is ${is ? '' : 'not '}suppressed`;
  });
}

/** What Postfix says to somebody outside: our return paths exist, invented ones do not, and it relays nothing. */
export async function fromOutside(room: Room, readers: Reader[]): Promise<Check> {
  const [file] = await room.mailboxes.files(readers.find(({ kind }) => kind.copies === 1)!.address);
  const path = /^Return-Path: <(.*)>/im.exec(asSent(file!))?.[1] ?? '';
  const flipped = path.replace(/^b-./, start => (start === 'b-a' ? 'b-b' : 'b-a'));
  const asked: [string, number][] = [
    [path, 250],
    [`complaints@${domains.bounces}`, 250],
    [flipped, 550],
    [`somebody@${domains.bounces}`, 550],
    ['somebody@elsewhere.test', 554],
  ];
  return each('Postfix asks the intake before it takes mail for the return path', asked, async ([address, code]) => {
    const said = await rcpt(room.postfix.port, address);
    return said.startsWith(String(code)) ? undefined : `${address}: ${said}, not ${code}`;
  });
}

/** @returns the answer to RCPT */
function rcpt(port: number, address: string): Promise<string> {
  const lines = ['EHLO outside.test', 'MAIL FROM:<>', `RCPT TO:<${address}>`, 'QUIT'];
  return new Promise((resolve, reject) => {
    let said = '';
    let answered = 0;
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(30_000, () => socket.destroy(new Error('no answer')));
    socket.setEncoding('utf8').on('data', chunk => {
      said += chunk;
      const finals = said.match(/^\d{3} .*$/gm) ?? [];
      for (; answered < finals.length && answered < lines.length; answered++) socket.write(`${lines[answered]}\r\n`);
      if (finals[3]) resolve(finals[3]);
    });
    socket.on('error', reject).on('close', () => reject(new Error(`closed after ${said}`)));
  });
}

const execute = promisify(execFile);

/** The system's own Postfix was neither started nor changed. */
export async function systemState(): Promise<string> {
  const { stdout } = await execute('sh', [
    '-c',
    'ls -lR --time-style=full-iso /etc/postfix 2>&1; postfix status 2>&1 | sed "s/[0-9]*//g"',
  ]);
  return stdout;
}
