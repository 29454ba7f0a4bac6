/** A small DNS server on a UDP port of loopback (RFC 1035): answers from a table, and says of all else that it does not exist. */
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';

export interface Zone {
  [name: string]: Partial<{ A: string[]; AAAA: string[]; TXT: string[]; PTR: string[]; MX: [number, string][] }>;
}

export interface DnsServer {
  /** As DNS_SERVERS takes it. */
  address: string;
  zone: Zone;
  /** `TXT example.org` of each question. */
  asked: string[];
  close(): Promise<void>;
}

const kinds = { 1: 'A', 28: 'AAAA', 16: 'TXT', 12: 'PTR', 15: 'MX' } as const;

/** @param zone names in small letters; a name `!` makes it answer SERVFAIL to everything */
export async function startDns(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  const server = { address: '', zone, asked, close: () => new Promise<void>(resolve => socket.close(() => resolve())) };
  socket.on('message', (query, from) => socket.send(answer(query, server), from.port, from.address));
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
  server.address = `127.0.0.1:${socket.address().port}`;
  return server;
}

function answer(query: Buffer, { zone, asked }: { zone: Zone; asked: string[] }): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const kind = kinds[query.readUInt16BE(at + 1) as keyof typeof kinds];
  const question = query.subarray(12, at + 5);
  const name = labels.join('.').toLowerCase();
  asked.push(`${kind} ${name}`);
  const data = ((zone[name]?.[kind] ?? []) as (string | [number, string])[]).map(value => rdata(kind, value));
  const header = Buffer.from(query.subarray(0, 12));
  // An answer, with authority; 3: no such name, 2: server failure.
  header.writeUInt16BE(0x8580 | (zone['!'] ? 2 : zone[name] ? 0 : 3), 2);
  header.writeUInt16BE(data.length, 6);
  header.writeUInt32BE(0, 8);
  const records = data.map(bytes => {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0);
    question.copy(head, 2, question.length - 4);
    head.writeUInt32BE(60, 6);
    head.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([head, bytes]);
  });
  return Buffer.concat([header, question, ...records]);
}

function rdata(kind: string, value: string | [number, string]): Buffer {
  if (typeof value !== 'string') return Buffer.concat([Buffer.from([value[0] >> 8, value[0] & 255]), nameOf(value[1])]);
  if (kind === 'A') return Buffer.from(value.split('.').map(Number));
  if (kind === 'AAAA') return v6(value);
  if (kind === 'PTR') return nameOf(value);
  const strings = value.match(/[\s\S]{1,255}/g) ?? [''];
  return Buffer.concat(strings.flatMap(text => [Buffer.from([text.length]), Buffer.from(text, 'latin1')]));
}

function nameOf(name: string): Buffer {
  const labels = name.split('.').filter(Boolean);
  return Buffer.concat([
    ...labels.flatMap(label => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);
}

function v6(ip: string): Buffer {
  if (isIP(ip) !== 6) throw new Error(`${ip} is no IPv6 address`);
  const [head = '', tail = ''] = ip.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const zeros = Array(8 - groups(head).length - groups(tail).length).fill('0');
  return Buffer.from([...groups(head), ...zeros, ...groups(tail)].map(group => group.padStart(4, '0')).join(''), 'hex');
}
