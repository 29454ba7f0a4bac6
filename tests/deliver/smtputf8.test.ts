/** Addresses beyond ASCII (RFC 6531) over relays that offer SMTPUTF8 and such that do not: the bytes that left, and what the ledger says. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deliverBatch } from '../../src/deliver/batch.ts';
import { openDeliverer } from '../../src/deliver/delivery.ts';
import { readDkim } from '../../src/deliver/presses.ts';
import { openConnection, parseRelay } from '../../src/deliver/relay.ts';
import { planAndQueue } from '../../src/enqueue/plan.ts';
import { dkimRecord } from '../../src/personalise/dkim.ts';
import { status } from '../../src/track/status.ts';
import { audience, publicationOf, submitIssue } from '../support/fixtures.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let relays: Relay[] = [];
let publications = 0;

beforeAll(async () => {
  services = await openServices();
  const file = join(services.config.dataDir, 'dkim.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  services.config.dkim = { domain: 'example.org', selector: 's1', privateKeyFile: file };
});
afterAll(() => services.close());
afterEach(async () => {
  await Promise.all(relays.map(relay => relay.close()));
  relays = [];
});

const utf8 = (text: string) => Buffer.from(text).toString('latin1');
const korean = '한글@xn--3e0b707e.example';
const modern = ['PIPELINING', 'SIZE 10000000', '8BITMIME', 'SMTPUTF8'];
const plain = ['PIPELINING', 'SIZE 10000000', '8BITMIME'];

/** Relays that offer these extensions, each with the MAIL commands that it heard. */
async function relaysOf(...offers: string[][]): Promise<{ relay: Relay; heard: string[] }[]> {
  const made = await Promise.all(
    offers.map(async extensions => {
      const heard: string[] = [];
      const relay = await startRelay({
        extensions,
        mail: (_from, line) => {
          heard.push(line);
          return '250 ok';
        },
      });
      return { relay, heard };
    }),
  );
  relays = made.map(({ relay }) => relay);
  return made;
}

async function send(urls: string[], addresses: string[]) {
  const { sql } = services;
  const { publicationId } = await audience(services, addresses, publicationOf({ slug: `utf8-${++publications}` }));
  const issue = await submitIssue(services, publicationId);
  await planAndQueue(services, issue.id);
  const id = '00000000-0000-4000-8000-000000000001';
  const config = { ...services.config, smtpUrls: urls, smtpConnections: 2 };
  const deliverer = openDeliverer({ ...services, config }, id, new AbortController().signal);
  const batches = await sql<{ id: number }[]>`select id from batches where issue_id = ${issue.id}`;
  await Promise.all(batches.map(batch => deliverBatch(deliverer.delivery, batch.id)));
  deliverer.close();
  return status(sql, issue);
}

test('a relay that offers SMTPUTF8 gets the address as UTF-8, in the envelope and in a header that DKIM covers', async () => {
  const [{ relay, heard }] = (await relaysOf(modern)) as [{ relay: Relay; heard: string[] }];
  const accounting = await send([relay.url], [korean, 'kim@example.net']);
  expect(accounting).toMatchObject({ state: 'sent', accepted: 2 });
  const message = relay.accepted.find(m => m.to !== 'kim@example.net')!;
  expect(message.to).toBe(utf8(korean));
  expect(message.from).toMatch(/^b-[a-z2-7]+@example\.org$/);
  expect(message.raw).toContain(`\r\nTo: <${utf8(korean)}>\r\n`);
  // Only this address may stand beyond ASCII.
  expect(message.raw.replace(utf8('한글'), '')).not.toMatch(/[^\p{ASCII}]/u);
  expect(heard.filter(line => line.endsWith(' BODY=8BITMIME SMTPUTF8'))).toHaveLength(1);
  expect(heard.filter(line => / SIZE=\d+$/.test(line))).toHaveLength(1);
  const key = readDkim(services.config)!.keys[0]!;
  for (const each of relay.accepted) {
    const { results } = await dkimVerify(Buffer.from(each.raw, 'latin1'), {
      resolver: async () => [dkimRecord(key).match(/.{1,255}/g)!],
    });
    expect(results.map(one => [one.status.result, one.status.aligned])).toEqual([['pass', 'example.org']]);
  }
});

test('over a relay that does not offer it such a reader is excluded with that reason, and nobody else', async () => {
  const [{ relay, heard }] = (await relaysOf(plain)) as [{ relay: Relay; heard: string[] }];
  const accounting = await send([relay.url], ['a@example.net', '김@example.net', 'z@example.net', 'Björn@example.se']);
  expect(accounting).toMatchObject({ state: 'sent', accepted: 2, excluded: { 'needs SMTPUTF8': 2 } });
  expect(relay.arrived.map(m => m.to).sort()).toEqual(['a@example.net', 'z@example.net']);
  expect(heard).toHaveLength(2);
  const [row] = await services.sql`select count(*)::int as n from suppressions`;
  expect(row!.n).toBe(0);
});

test('of several relays one that offers it carries such a mail, whichever the batch goes by', async () => {
  const [old, modernOne] = (await relaysOf(plain, modern)) as { relay: Relay }[];
  const urls = [`${old!.relay.url}?weight=1000`, `${modernOne!.relay.url}?weight=0`];
  const accounting = await send(urls, ['a@example.net', '김@example.net', 'z@example.net']);
  expect(accounting).toMatchObject({ state: 'sent', accepted: 3 });
  expect(old!.relay.accepted.map(m => m.to).sort()).toEqual(['a@example.net', 'z@example.net']);
  expect(modernOne!.relay.accepted.map(m => m.to)).toEqual([utf8('김@example.net')]);
});

test('while the relay that may offer it is away the reader waits', async () => {
  const [old, away] = (await relaysOf(plain, modern)) as { relay: Relay }[];
  const urls = [`${old!.relay.url}?weight=1000`, `${away!.relay.url}?weight=0`];
  await away!.relay.close();
  relays.pop();
  const accounting = await send(urls, ['a@example.net', '김@example.net']);
  expect(accounting).toMatchObject({ state: 'sending', accepted: 1, deferred: 1, excluded: {} });
});

test.each([
  ['to a relay that does not offer it', plain, utf8('김@example.net')],
  ['with a character that ends a path', modern, `${utf8('김')}>@example.net`],
  ['with a line break', modern, `${utf8('김')}\r\n@example.net`],
])('an address beyond ASCII never gets onto the wire %s', async (_what, extensions, to) => {
  const [{ relay, heard }] = (await relaysOf(extensions)) as [{ relay: Relay; heard: string[] }];
  const connection = await openConnection(parseRelay(relay.url));
  const outcome = await connection.deliver('f@example.org', to, Buffer.from('Subject: x\r\n\r\nx\r\n'));
  connection.leave();
  expect(outcome).toMatchObject({
    phase: 'envelope',
    reply: undefined,
    error: expect.stringContaining('cannot carry'),
  });
  expect(heard).toEqual([]);
});
