/** A name server for one program: answers TXT questions from a table. `opendkim-testmsg` asks whoever /etc/resolv.conf names. */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const port = 53;

export interface Names {
  /** Runs a program that sees this name server alone: its /etc/resolv.conf is ours, in a mount namespace of its own. */
  run(program: string, input: Buffer): Promise<{ code: number; said: string }>;
  close(): Promise<void>;
}

/** @param records name → text, each of at most 450 octets so that an answer fits into a datagram */
export async function openNames(folder: string, records: Readonly<Record<string, string>>): Promise<Names> {
  // Of loopback's many addresses one that neither a resolver of the machine's own nor a second run uses.
  const address = `127.53.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const answer = answerTo(query, records);
    if (answer) socket.send(answer, from.port, from.address);
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  const file = join(folder, 'resolv.conf');
  await writeFile(file, `nameserver ${address}\noptions timeout:5 attempts:2\n`);
  const script = 'mount --bind "$0" "$(readlink -f /etc/resolv.conf)" && exec "$1"';
  return {
    run: (program, input) =>
      new Promise(resolve => {
        const child = execFile('unshare', ['--mount', 'sh', '-c', script, file, program], (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
          resolve({ code, said: `${stdout}${stderr}`.trim() || (error?.message ?? '') });
        });
        child.stdin!.on('error', () => {}).end(input);
      }),
    close: async () => void socket.close(),
  };
}

/** RFC 1035 §4: header, question, and a TXT record pointing at the question's name; NXDOMAIN for what is not in the table. */
function answerTo(query: Buffer, records: Readonly<Record<string, string>>): Buffer | undefined {
  const question = questionOf(query);
  if (!question) return undefined;
  const text = question.type === 16 ? records[question.name.toLowerCase()] : undefined;
  const header = Buffer.alloc(12);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(text === undefined ? 0x8583 : 0x8580, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(text === undefined ? 0 : 1, 6);
  const asked = query.subarray(12, question.end);
  if (text === undefined) return Buffer.concat([header, asked]);
  const strings = (text.match(/[\s\S]{1,255}/g) ?? []).map(part => Buffer.from(` ${part}`, 'latin1'));
  for (const string of strings) string[0] = string.length - 1;
  const data = Buffer.concat(strings);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(16, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([header, asked, record, data]);
}

function questionOf(query: Buffer): { name: string; type: number; end: number } | undefined {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63 || at + length + 5 > query.length) return undefined;
    if (length === 0) return { name: labels.join('.'), type: query.readUInt16BE(at + 1), end: at + 5 };
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
}
