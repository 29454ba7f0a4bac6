import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lookUpDomains } from '../../src/enqueue/mailbox-domains.ts';
import { createLogger } from '../../src/log.ts';
import { lanesOf } from '../../src/model/lanes.ts';
import { audience } from '../support/fixtures.ts';
import { openServices, type Services } from '../support/services.ts';

const lanes = lanesOf();
const log = createLogger('silent', 'test');

let services: Services;
let publicationId: number;
let asked: string[];
beforeEach(async () => {
  services = await openServices();
  asked = [];
});
afterEach(() => services.close());

async function readers(...domains: string[]): Promise<void> {
  const addresses = domains.map((domain, i) => `r${i}@${domain}`);
  ({ publicationId } = await audience(services, addresses));
}

type Records = { exchange: string; priority: number }[];

function lookUp(resolveMx: (domain: string) => Promise<Records>): Promise<void> {
  const counted = (domain: string) => {
    asked.push(domain);
    return resolveMx(domain);
  };
  return lookUpDomains({ sql: services.sql, lanes, log, resolveMx: counted }, publicationId);
}

async function kept(): Promise<Record<string, string | null>> {
  const rows = await services.sql<{ domain: string; lane: string | null }[]>`select domain, lane from mailbox_domains`;
  return Object.fromEntries(rows.map(row => [row.domain, row.lane]));
}

const mx = (exchange: string, priority = 10) => ({ exchange, priority });
const fail = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
const age = (domain: string, interval: string) =>
  services.sql`update mailbox_domains set looked_at = now() - ${interval}::interval where domain = ${domain}`;

test('domains in use get the lane of their most preferred exchanger; known ones are not asked', async () => {
  await readers('corp.example', 'corp.example', 'gmail.com', 'own.example', 'naver-backup.example');
  await services.sql`
    update subscriptions set state = 'unsubscribed'
    where subscriber_id = (select id from subscribers where domain = 'own.example')`;
  await lookUp(async domain =>
    domain === 'corp.example'
      ? [mx('aspmx.l.google.com', 1)]
      : [mx('mx1.naver.com', 20), mx('corp.mail.protection.outlook.com', 10)],
  );
  expect(asked).toEqual(['corp.example', 'naver-backup.example']);
  expect(await kept()).toEqual({ 'corp.example': 'google', 'naver-backup.example': 'microsoft' });
});

test('a found lane is asked for again after 7 days, none after 1 day', async () => {
  await readers('google.example', 'own.example');
  const answer = async (domain: string) => [mx(domain === 'google.example' ? 'aspmx.l.google.com' : 'mx.own.example')];
  await lookUp(answer);
  expect(await kept()).toEqual({ 'google.example': 'google', 'own.example': null });
  await lookUp(answer);
  expect(asked).toHaveLength(2);
  await age('google.example', '6 days 23 hours');
  await age('own.example', '25 hours');
  await lookUp(answer);
  expect(asked.slice(2)).toEqual(['own.example']);
  await age('google.example', '7 days 1 hour');
  await lookUp(async () => [mx('mx1.naver.com')]);
  expect(asked.slice(3)).toEqual(['google.example']);
  expect(await kept()).toEqual({ 'google.example': 'naver', 'own.example': null });
});

test('a domain without an answer keeps the lane it had, and is let rest', async () => {
  await readers('google.example', 'new.example', 'own.example');
  await lookUp(async domain => (domain === 'google.example' ? [mx('aspmx.l.google.com')] : [mx('mx.own.example')]));
  for (const domain of ['google.example', 'new.example', 'own.example']) await age(domain, '8 days');
  await services.sql`delete from mailbox_domains where domain = 'new.example'`;
  await lookUp(domain => (domain === 'own.example' ? Promise.resolve([mx('mx1.naver.com')]) : fail('ESERVFAIL')));
  expect(await kept()).toEqual({ 'google.example': 'google', 'new.example': null, 'own.example': 'naver' });
  asked = [];
  await lookUp(() => fail('ESERVFAIL'));
  expect(asked).toEqual([]);
});

test('no such domain and a null MX are answers: of no lane, and no reason to leave a reader out', async () => {
  await readers('gone.example', 'null.example');
  await lookUp(domain => (domain === 'gone.example' ? fail('ENOTFOUND') : Promise.resolve([mx('', 0)])));
  expect(await kept()).toEqual({ 'gone.example': null, 'null.example': null });
  expect(await services.sql`select from suppressions`).toHaveLength(0);
});

test('without DNS it stops after the first few, and nothing is kept', async () => {
  await readers(...Array.from({ length: 300 }, (_, i) => `d${i}.example`));
  await lookUp(() => fail('ECONNREFUSED'));
  expect(asked).toHaveLength(5);
  expect(await kept()).toEqual({});
});

test('name servers that never answer hold a send up for one time-out, not for each domain', async () => {
  await readers(...Array.from({ length: 200 }, (_, i) => `d${i}.example`));
  await lookUp(() => new Promise(() => {}));
  expect(asked).toHaveLength(5);
  expect(await kept()).toEqual({});
});

test('the domains with most readers come first, five hundred of them at most', async () => {
  const many = Array.from({ length: 520 }, (_, i) => `d${String(i).padStart(3, '0')}.example`);
  await readers(...many, 'd519.example');
  await lookUp(async () => []);
  expect(asked).toHaveLength(500);
  expect(asked[0]).toBe('d519.example');
  await lookUp(async () => []);
  expect(asked).toHaveLength(520);
});

test('a database that fails fails nobody', async () => {
  await readers('own.example');
  await services.sql`alter table mailbox_domains rename to elsewhere`;
  await lookUp(async () => [mx('mx1.naver.com')]);
});

test('MX_LOOKUP=off asks nothing', async () => {
  await readers('own.example');
  const off = { mxLookup: false };
  const resolveMx = async (domain: string) => {
    asked.push(domain);
    return [];
  };
  await lookUpDomains({ sql: services.sql, lanes, log, config: off, resolveMx }, publicationId);
  expect(asked).toEqual([]);
});

test('over real packets: records, a null MX, no such domain, no reply', async () => {
  const server = await startDns({
    'corp.example': [[10, 'aspmx.l.google.com']],
    'two.example': [
      [50, 'mx1.naver.com'],
      [5, 'two-example.mail.protection.outlook.com'],
    ],
    'null.example': [[0, '']],
    'silent.example': 'silent',
  });
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.port}`]);
  await readers('corp.example', 'two.example', 'null.example', 'gone.example', 'silent.example');
  await lookUp(domain => resolver.resolveMx(domain));
  expect(await kept()).toEqual({
    'corp.example': 'google',
    'two.example': 'microsoft',
    'null.example': null,
    'gone.example': null,
    'silent.example': null,
  });
  resolver.cancel();
  server.socket.close();
});

type Zone = Record<string, [preference: number, host: string][] | 'silent'>;

/** A name server that knows MX records only (RFC 1035 §4.1). */
async function startDns(zone: Zone): Promise<{ port: number; socket: Socket }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, client) => {
    const labels: string[] = [];
    let at = 12;
    for (; query[at] !== 0; at += 1 + query[at]!) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
    const records = zone[labels.join('.')];
    if (records === 'silent') return;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    // A response to a recursive query; NXDOMAIN when the zone has no such name.
    header.writeUInt16BE(records ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records?.length ?? 0, 6);
    const question = query.subarray(12, at + 5);
    socket.send(Buffer.concat([header, question, ...(records ?? []).map(mxRecord)]), client.port, client.address);
  });
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, socket };
}

function mxRecord([preference, host]: [number, string]): Buffer {
  const name = Buffer.concat([
    ...host
      .split('.')
      .filter(Boolean)
      .map(label => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
  const head = Buffer.alloc(14);
  // Its owner is the name at offset 12: the question's.
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(15, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(name.length + 2, 10);
  head.writeUInt16BE(preference, 12);
  return Buffer.concat([head, name]);
}
