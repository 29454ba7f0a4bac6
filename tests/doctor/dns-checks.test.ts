/** What doctor says of records, each asked of a live DNS server: the state, and what is to be published. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkBounceDomain, checkReverse, sendingAddresses } from '../../src/doctor/addresses.ts';
import { Dns, reverseName, zoneLine } from '../../src/doctor/dns.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkKeys } from '../../src/doctor/keys.ts';
import { say } from '../../src/doctor/say.ts';
import { checkBimi, checkDmarc, checkSpf } from '../../src/doctor/sender.ts';
import { readSpf } from '../../src/doctor/spf.ts';
import { dkimRecord, loadDkim } from '../../src/personalise/dkim.ts';
import { type DnsServer, startDns, type Zone } from '../support/dns.ts';

let server: DnsServer;
let dns: Dns;
beforeEach(async () => {
  server = await startDns({});
  dns = new Dns([server.address]);
});
afterEach(async () => {
  dns.close();
  await server.close();
});

const domain = 'example.org';
const put = (zone: Zone) => Object.assign(server.zone, zone);
const txt = (...TXT: string[]) => ({ TXT });
const stateOf = (found: Finding[]) => found.map(each => each.state);
const english = (found: Finding | undefined) => say(found!, 'en');
/** The text of a zone line, as a name server would serve it. */
const served = (line: string) =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!.replace(/\\(.)/g, '$1'));

describe('SPF', () => {
  const own = { hosts: [], ips: ['192.0.2.25', '2001:db8::25'] };

  test.each<[string, Zone, string[], RegExp]>([
    ['no record', { [domain]: txt('hello') }, ['fail'], /no record/],
    ['two records', { [domain]: txt('v=spf1 -all', 'v=spf1 ~all') }, ['fail'], /2 records/],
    [
      'a record for all',
      { [domain]: txt('v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 +all') },
      ['fail', 'ok'],
      /everybody/,
    ],
    [
      'no end',
      { [domain]: txt('v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32') },
      ['warn', 'ok'],
      /nothing of everybody else/,
    ],
    ['ours, both kinds', { [domain]: txt('v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all') }, ['ok', 'ok'], /0 of 10/],
    ['only one kind', { [domain]: txt('v=spf1 ip4:192.0.2.0/24 ~all') }, ['ok', 'fail'], /2001:db8::25 may not send/],
    [
      'ours, forbidden',
      { [domain]: txt('v=spf1 -ip4:192.0.2.25 -ip6:2001:db8::25 ~all') },
      ['ok', 'fail'],
      /may not send/,
    ],
    [
      'ours, by includes, mx and a',
      {
        [domain]: txt('v=spf1 include:_spf.example.net mx -all'),
        '_spf.example.net': txt('v=spf1 a:out.example.net -all'),
        'out.example.net': { A: ['192.0.2.25'] },
        [`${domain}x`]: {},
      },
      ['ok', 'fail'],
      /3 of 10/,
    ],
    [
      'a redirect',
      {
        [domain]: txt('v=spf1 redirect=_spf.example.net'),
        '_spf.example.net': txt('v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 -all'),
      },
      ['ok', 'ok'],
      /1 of 10/,
    ],
    ['an include of nothing', { [domain]: txt('v=spf1 include:gone.example -all') }, ['fail', 'fail'], /no SPF record/],
    [
      'a term that is none',
      { [domain]: txt('v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ipv4:1.2.3.4 -all') },
      ['fail', 'ok'],
      /ipv4:1\.2\.3\.4/,
    ],
    [
      'an impossible address',
      { [domain]: txt('v=spf1 ip4:192.0.2.0/99 ip6:2001:db8::/32 -all') },
      ['fail', 'fail'],
      /is no address/,
    ],
  ])('%s', async (_name, zone, states, words) => {
    put(zone);
    const found = await checkSpf(dns, domain, own, 'g');
    expect(stateOf(found)).toEqual(states);
    expect(found.map(each => english(each).found).join('\n')).toMatch(words);
  });

  test('what it says to publish is a record that lets us send', async () => {
    for (const before of [[], ['v=spf1 include:_spf.example.net -all'], ['v=spf1 mx ~all']]) {
      server.zone[domain] = txt(...before);
      server.zone['_spf.example.net'] = txt('v=spf1 ip4:198.51.100.0/24 -all');
      const first = new Dns([server.address]);
      const found = await checkSpf(first, domain, own, 'g');
      const line = found.flatMap(each => english(each).fix).find(each => each.includes(' IN TXT '))!;
      server.zone[domain] = txt(served(line).join(''));
      const again = new Dns([server.address]);
      expect(stateOf(await checkSpf(again, domain, own, 'g')), line).toEqual(['ok', 'ok']);
    }
  });

  test('more than ten look-ups, a circle of includes and a deep chain end soon and are told', async () => {
    put({ [domain]: txt('v=spf1 include:example.org -all') });
    for (let i = 0; i < 100; i++) server.zone[`n${i}.example`] = txt(`v=spf1 include:n${i + 1}.example -all`);
    server.zone['deep.example'] = txt('v=spf1 include:n0.example -all');
    server.zone['wide.example'] = txt(
      `v=spf1 ${Array.from({ length: 60 }, (_, i) => `include:n${i}.example`).join(' ')} -all`,
    );
    for (const name of [domain, 'deep.example', 'wide.example']) {
      const [finding] = await checkSpf(dns, name, { hosts: [], ips: [] }, 'g');
      expect(finding).toMatchObject({ state: 'fail', code: 'spf-lookups', values: [10] });
    }
    expect(server.asked.length).toBeLessThan(40);
  });

  test('a provider’s relay is known by its include, another by its address; else there is something to publish', async () => {
    put({
      [domain]: txt('v=spf1 include:amazonses.com ~all'),
      'amazonses.com': txt('v=spf1 ip4:198.51.100.0/24 -all'),
      'relay.example.net': { A: ['198.51.100.7'] },
    });
    const hosts = ['email-smtp.eu-west-1.amazonaws.com', 'relay.example.net', 'smtp.sendgrid.net'];
    const found = (await checkSpf(dns, domain, { hosts, ips: [] }, 'g')).slice(1);
    expect(stateOf(found)).toEqual(['ok', 'ok', 'warn']);
    expect(english(found[2]).fix.at(-1)).toContain('include:sendgrid.net');
  });

  test('macros and exists are left open', async () => {
    put({ [domain]: txt('v=spf1 exists:%{i}._spf.example.net include:%{d}.example.net ptr -all') });
    expect(await readSpf(dns, domain)).toMatchObject({
      lookups: 3,
      all: '-',
      problems: [],
      open: [expect.any(String), expect.any(String), 'ptr'],
    });
  });
});

describe('DMARC', () => {
  const by = { signing: domain, returns: domain };
  test.each<[string, Zone, Parameters<typeof checkDmarc>[2], string[], RegExp]>([
    ['no record', {}, by, ['fail'], /no record/],
    ['two', { '_dmarc.example.org': txt('v=DMARC1; p=none', 'v=DMARC1; p=reject') }, by, ['fail'], /2 records/],
    ['fine', { '_dmarc.example.org': txt('v=DMARC1; p=none; rua=mailto:d@example.org') }, by, ['ok', 'ok'], /p=none/],
    ['no policy', { '_dmarc.example.org': txt('v=DMARC1; rua=mailto:d@example.org') }, by, ['fail', 'ok'], /no policy/],
    ['no reports', { '_dmarc.example.org': txt('v=DMARC1; p=reject') }, by, ['warn', 'ok'], /p=reject/],
    [
      'unsigned',
      { '_dmarc.example.org': txt('v=DMARC1; p=none; rua=mailto:d@x.example') },
      { signing: undefined, returns: domain },
      ['ok', 'warn'],
      /only by the return path/,
    ],
    [
      'neither',
      { '_dmarc.example.org': txt('v=DMARC1; p=none; rua=mailto:d@x.example') },
      { signing: undefined, returns: 'b.example.net' },
      ['ok', 'fail'],
      /neither/,
    ],
    [
      'strict',
      { '_dmarc.example.org': txt('v=DMARC1; p=none; adkim=s; rua=mailto:d@x.example') },
      by,
      ['ok', 'ok'],
      /signature/,
    ],
  ])('%s', async (_name, zone, given, states, words) => {
    put(zone);
    const found = await checkDmarc(dns, domain, given, 'g');
    expect(stateOf(found)).toEqual(states);
    expect(found.map(each => english(each).found).join('\n')).toMatch(words);
  });

  test('a domain below takes the record above it, with sp=; a strict one above refuses its parent’s signature', async () => {
    put({ '_dmarc.example.org': txt('v=DMARC1; p=none; sp=reject; adkim=s; aspf=s; rua=mailto:d@example.org') });
    const found = await checkDmarc(dns, 'news.example.org', { signing: domain, returns: domain }, 'g');
    expect(stateOf(found)).toEqual(['ok', 'fail']);
    expect(english(found[0]).found).toContain('(of example.org)');
    expect(english(found[1]).fix[0]).toContain('DKIM_DOMAIN=news.example.org');
  });
});

describe('BIMI', () => {
  const enforced = txt('v=DMARC1; p=quarantine; rua=mailto:d@example.org');
  test.each<[string, Zone, string]>([
    ['none', {}, 'not applicable'],
    ['declined', { 'default._bimi.example.org': txt('v=BIMI1; l=; a=') }, 'not applicable'],
    [
      'fine',
      { 'default._bimi.example.org': txt('v=BIMI1; l=https://example.org/logo.svg'), '_dmarc.example.org': enforced },
      'ok',
    ],
    [
      'not https',
      { 'default._bimi.example.org': txt('v=BIMI1; l=http://example.org/logo.svg'), '_dmarc.example.org': enforced },
      'fail',
    ],
    [
      'no SVG',
      { 'default._bimi.example.org': txt('v=BIMI1; l=https://example.org/logo.png'), '_dmarc.example.org': enforced },
      'fail',
    ],
    ['not enforced', { 'default._bimi.example.org': txt('v=BIMI1; l=https://example.org/logo.svg') }, 'warn'],
    [
      'in part',
      {
        'default._bimi.example.org': txt('v=BIMI1; l=https://example.org/logo.svg'),
        '_dmarc.example.org': txt('v=DMARC1; p=reject; pct=50'),
      },
      'warn',
    ],
  ])('%s', async (_name, zone, state) => {
    put(zone);
    expect(stateOf(await checkBimi(dns, domain, 'g'))).toEqual([state]);
  });
});

describe('DKIM', () => {
  let folder: string;
  const name = 's1._domainkey.example.org';
  const pem = (bits: number) =>
    generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const config = (file: string) => ({ dkim: { domain, selector: 's1', privateKeyFile: join(folder, file) } });
  const recordOf = (file: string) => dkimRecord(loadDkim(config(file).dkim, () => Buffer.from(pems[file]!)).keys[0]!);
  const pems: Record<string, string | Buffer> = {};
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'broadsheet-doctor-'));
    for (const [file, bits] of [
      ['good', 2048],
      ['short', 1024],
      ['other', 2048],
    ] as const) {
      pems[file] = pem(bits);
      writeFileSync(join(folder, file), pems[file]);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each<[string, () => string[], string, RegExp]>([
    ['published', () => [recordOf('good')], 'ok', /same as ours/],
    ['with blanks and no k=', () => [recordOf('good').replace('k=rsa; ', '').replace('p=', 'p= ')], 'ok', /same/],
    ['beside another text', () => ['unrelated', recordOf('good')], 'ok', /same/],
    ['not published', () => [], 'fail', /no key is published/],
    ['another key', () => [recordOf('other')], 'fail', /another key is published \(RSA of 2048 bits\)/],
    ['revoked', () => ['v=DKIM1; p='], 'fail', /revoked/],
    ['garbage', () => ['v=DKIM1; p=AAAA'], 'fail', /another key is published: /],
    ['in trial', () => [`${recordOf('good')}; t=y`], 'warn', /t=y/],
    ['of another kind', () => [recordOf('good').replace('rsa', 'ed25519')], 'fail', /k=ed25519/],
    ['twice', () => [recordOf('good'), recordOf('other')], 'fail', /2 records/],
    ['without sha256', () => [`${recordOf('good')}; h=sha1`], 'fail', /sha256/],
  ])('%s', async (_name, records, state, words) => {
    server.zone[name] = txt(...records());
    const { found } = await checkKeys(config('good'), dns);
    expect(found[0]).toMatchObject({ state: 'ok', code: 'key-good', values: [2048, false] });
    expect(found[1]).toMatchObject({ check: name, state });
    expect(english(found[1]).found).toMatch(words);
  });

  test('what is to be published is a zone line whose strings a name server takes, and make up our key', async () => {
    const { found } = await checkKeys(config('good'), dns);
    const strings = served(english(found[1]).fix.at(-1)!);
    expect(english(found[1]).fix.at(-1)).toMatch(/^s1\._domainkey\.example\.org\. 3600 IN TXT \( "/);
    expect(strings.length).toBeGreaterThan(1);
    expect(Math.max(...strings.map(text => text.length))).toBeLessThanOrEqual(255);
    const p = /p=(\S+)/.exec(strings.join(''))![1]!;
    const published = createPublicKey({ key: Buffer.from(p, 'base64'), format: 'der', type: 'spki' });
    expect(published.equals(createPublicKey(pems.good!))).toBe(true);
  });

  test('a short key, none, and one that cannot be read', async () => {
    server.zone[name] = txt(recordOf('short'));
    expect(stateOf((await checkKeys(config('short'), dns)).found)).toEqual(['warn', 'ok']);
    expect(stateOf((await checkKeys({ dkim: undefined }, dns)).found)).toEqual(['fail']);
    expect(stateOf((await checkKeys(config('missing'), dns)).found)).toEqual(['fail']);
  });
});

describe('addresses', () => {
  test('a name that leads back is fine; none, another or a home connection’s is not', async () => {
    put({
      '25.2.0.192.in-addr.arpa': { PTR: ['mail.example.org'] },
      'mail.example.org': { A: ['192.0.2.25'], AAAA: ['2001:db8::25'] },
      [reverseName('2001:db8:0::25')]: { PTR: ['mail.example.org'] },
      '27.2.0.192.in-addr.arpa': { PTR: ['mail.example.org'] },
      '28.2.0.192.in-addr.arpa': { PTR: ['host-192-0-2-28.isp.example'] },
      'host-192-0-2-28.isp.example': { A: ['192.0.2.28'] },
    });
    const ips = ['192.0.2.25', '2001:db8:0::25', '192.0.2.26', '192.0.2.27', '192.0.2.28'];
    const found = await checkReverse(dns, { isOurs: true, ips });
    expect(stateOf(found)).toEqual(['ok', 'ok', 'fail', 'fail', 'warn']);
    expect(english(found[3]).fix).toContain('mail.example.org. 3600 IN A 192.0.2.27');
  });

  test('of a provider’s relay they are not ours; of one on this machine they are this machine’s public ones', async () => {
    const card = (address: string, internal = false) => ({ address, internal }) as never;
    const cards = {
      lo: [card('127.0.0.1', true)],
      eth0: [card('10.0.0.5'), card('198.18.7.7'), card('fe80::1'), card('2a01:4f8::1')],
    };
    const at = (smtpUrls: string[], sendingIps: string[] = []) => sendingAddresses({ smtpUrls, sendingIps }, cards);
    expect(at(['smtp://relay.example.net'])).toEqual({ isOurs: false, ips: [] });
    expect(at(['smtp://relay.example.net'], ['192.0.2.1'])).toEqual({ isOurs: true, ips: ['192.0.2.1'] });
    expect(at(['smtp://127.0.0.1:25']).ips).toEqual(['198.18.7.7', '2a01:4f8::1']);
    expect(stateOf(await checkReverse(dns, { isOurs: false, ips: [] }))).toEqual(['not applicable']);
    expect(stateOf(await checkReverse(dns, { isOurs: true, ips: [] }))).toEqual(['warn']);
  });

  test.each<[string, Zone, string]>([
    ['fine', { [domain]: { MX: [[10, 'mx.example.org']] }, 'mx.example.org': { A: ['192.0.2.1'] } }, 'ok'],
    [
      'one of two lost',
      {
        [domain]: {
          MX: [
            [10, 'mx.example.org'],
            [20, 'gone.example.org'],
          ],
        },
        'mx.example.org': { A: ['192.0.2.1'] },
      },
      'warn',
    ],
    ['without address', { [domain]: { MX: [[10, 'gone.example.org']] } }, 'fail'],
    ['null MX', { [domain]: { MX: [[0, '.']] } }, 'fail'],
    ['only an address', { [domain]: { A: ['192.0.2.1'] } }, 'warn'],
    ['nothing', {}, 'fail'],
  ])('MX of the bounce domain: %s', async (_name, zone, state) => {
    put(zone);
    const intake = { listen: undefined, imap: undefined, forwardTo: undefined };
    expect(stateOf(await checkBounceDomain(dns, { bounceDomain: domain, intake }, domain))).toEqual([state]);
    expect(stateOf(await checkBounceDomain(dns, { bounceDomain: undefined, intake }, domain))).toEqual([
      'not applicable',
    ]);
  });
});

test('a DNS that fails says nothing of the records: warnings', async () => {
  put({ '!': {} });
  const intake = { listen: undefined, imap: undefined, forwardTo: undefined };
  const found = [
    ...(await checkSpf(dns, domain, { hosts: [], ips: ['192.0.2.1'] }, 'g')),
    ...(await checkDmarc(dns, domain, { signing: domain, returns: domain }, 'g')),
    ...(await checkBimi(dns, domain, 'g')),
    ...(await checkReverse(dns, { isOurs: true, ips: ['192.0.2.1'] })),
    ...(await checkBounceDomain(dns, { bounceDomain: domain, intake }, domain)),
  ];
  expect(new Set(stateOf(found))).toEqual(new Set(['warn']));
  expect(new Set(found.map(each => each.code))).toEqual(new Set(['dns-silent']));
}, 20_000);

test('zone lines escape what a zone file would misread', () => {
  expect(zoneLine('a.example', 'v="x\\')).toBe('a.example. 3600 IN TXT "v=\\"x\\\\"');
});
