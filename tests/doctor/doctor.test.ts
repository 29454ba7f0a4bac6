/** doctor as it is called, and its looks at relays, servers, clocks, disk and settings. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putPublication } from '../../src/db/publications.ts';
import { isPooled } from '../../src/db/server-facts.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkClocks, judgeDisk } from '../../src/doctor/machine.ts';
import { findingLines } from '../../src/doctor/print.ts';
import { checkRelays } from '../../src/doctor/relays.ts';
import { type SaidFinding, say } from '../../src/doctor/say.ts';
import { checkPublicUrl, checkSecrets } from '../../src/doctor/settings.ts';
import { broadsheet } from '../support/cli.ts';
import { startDns } from '../support/dns.ts';
import { publicationOf } from '../support/fixtures.ts';
import { startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
let folder: string;
beforeAll(async () => {
  services = await openServices();
  folder = mkdtempSync(join(tmpdir(), 'broadsheet-doctor-'));
});
afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true });
});

const english = (found: Finding | undefined) => say(found!, 'en');
const states = (found: Finding[]) =>
  found.map(english).map(({ check, state }) => [check.replace(/^.*?:\d+ ?/, ''), state]);

describe('relays', () => {
  test('what one offers, and that it is too small, slow or plain', async () => {
    const relay = await startRelay({ extensions: ['PIPELINING', 'SIZE 35000000', '8BITMIME', 'SMTPUTF8'] });
    const poor = await startRelay({ extensions: ['SIZE 1000'] });
    const [good, bad] = await Promise.all([checkRelays([relay.url]), checkRelays([poor.url])]);
    await relay.close();
    await poor.close();
    expect(states(good)).toEqual([
      ['', 'ok'],
      ['TLS', 'ok'],
    ]);
    expect(english(good[0]).found).toContain('offers PIPELINING, SIZE 35 MB, 8BITMIME, SMTPUTF8');
    expect(bad.map(each => each.state)).toEqual(['ok', 'ok', 'warn', 'warn', 'ok']);
    expect(bad.map(each => english(each).found).join('\n')).toMatch(
      /does not offer PIPELINING[\s\S]*takes 1000 bytes[\s\S]*SMTPUTF8/,
    );
  });

  test('one that is away, that refuses the login, and none at all', async () => {
    const away = await startRelay();
    await away.close();
    const strict = new SMTPServer({ onAuth: (_auth, _session, callback) => callback(new Error('no')), logger: false });
    await new Promise<void>(resolve => strict.listen(0, '127.0.0.1', () => resolve()));
    const { port } = strict.server.address() as AddressInfo;
    const found = await checkRelays([away.url, `smtp://news:secret@127.0.0.1:${port}`]);
    await new Promise<void>(resolve => strict.close(() => resolve()));
    expect(found.map(each => each.state)).toEqual(['fail', 'fail']);
    expect(english(found[0]).found).toContain('ECONNREFUSED');
    expect(english(found[1]).fix[0]).toMatch(/user and password/);
    expect(JSON.stringify(found)).not.toContain('secret');
    expect((await checkRelays([]))[0]).toMatchObject({ state: 'fail', check: 'SMTP_URL' });
  });

  test('a certificate of nobody we trust', async () => {
    const server = new SMTPServer({ authOptional: true, logger: false });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.server.address() as AddressInfo;
    const found = await checkRelays([`smtp://127.0.0.1:${port}`, `smtp://127.0.0.1:${port}?tls=require&name=strict`]);
    await new Promise<void>(resolve => server.close(() => resolve()));
    expect(found.map(each => each.state)).toEqual(['ok', 'warn', 'fail']);
    expect(english(found[1]).found).toMatch(/^TLSv1\.3, but nobody we trust/);
    expect(english(found[2]).fix[0]).toMatch(/certificate/);
  });

  test('a certificate that ends soon, looked at by a process that trusts it', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '5', '-keyout', key, '-out', cert, ...subject],
      { stdio: 'ignore' },
    );
    const server = new SMTPServer({
      authOptional: true,
      logger: false,
      key: readFileSync(key),
      cert: readFileSync(cert),
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
    const { port } = server.server.address() as AddressInfo;
    const dns = await startDns({});
    const env = {
      ...services.env,
      DNS_SERVERS: dns.address,
      NODE_EXTRA_CA_CERTS: cert,
      SMTP_URL: `smtp://127.0.0.1:${port}?tls=require`,
    };
    const { json } = await broadsheet(['doctor', '--json'], env);
    await new Promise<void>(resolve => server.close(() => resolve()));
    await dns.close();
    const found = (json.findings as SaidFinding[]).filter(each => each.check.endsWith(' TLS'));
    expect(found).toMatchObject([
      { state: 'warn', found: expect.stringMatching(/^TLSv1\.3, certificate for [45] more days$/) },
    ]);
  });
});

test('as a command: groups, a summary, and 1 when there is something to mend', async () => {
  const relay = await startRelay();
  const dns = await startDns({ 'example.org': { TXT: ['v=spf1 ip4:192.0.2.25 -all'] } });
  await putPublication(services.sql, publicationOf());
  const env = {
    ...services.env,
    SMTP_URL: relay.url,
    DNS_SERVERS: dns.address,
    SENDING_IPS: '192.0.2.25',
    PUBLIC_URL: 'http://localhost:1',
  };
  const ran = await broadsheet(['doctor'], env);
  const { json, code } = await broadsheet(['doctor', '--json', '--publication', 'weekly'], env);
  const unknown = await broadsheet(['doctor', '--json', '--publication', 'nobody'], env);
  await relay.close();
  await dns.close();
  expect(ran.code).toBe(1);
  expect(ran.stdout).not.toContain('\x1b');
  for (const group of [
    'Relays',
    'DKIM',
    'Sending domain example.org',
    'Addresses',
    'Postgres',
    'Redis',
    'Machine',
    'Settings',
  ])
    expect(ran.stdout).toMatch(new RegExp(`^${group}$`, 'm'));
  expect(ran.stdout).toMatch(/^ {2}✗ DMARC +no record/m);
  expect(ran.stdout).toMatch(
    /^ {6}_dmarc\.example\.org\. 3600 IN TXT "v=DMARC1; p=none; rua=mailto:dmarc@example\.org"$/m,
  );
  expect(ran.stdout).toMatch(/^\d+ fine, \d+ to look at, \d+ to mend, \d+ not applicable\n$/m);
  expect(code).toBe(1);
  const findings = json.findings as SaidFinding[];
  const of = (group: string, check: string) => findings.find(each => each.group === group && each.check === check);
  expect(of('Sending domain example.org', 'SPF names our relay')).toMatchObject({ state: 'ok', found: '192.0.2.25' });
  expect(of('Addresses', 'PTR of 192.0.2.25')?.state).toBe('fail');
  // The tests' server is a throwaway.
  expect(of('Postgres', 'Durability')).toMatchObject({
    state: 'fail',
    fix: expect.arrayContaining([expect.stringContaining('set fsync = on')]),
  });
  expect(of('Redis', 'Eviction')?.state).toBe('ok');
  expect(of('Machine', 'Clock of Postgres')?.state).toBe('ok');
  expect(json.summary.fail).toBe(findings.filter(each => each.state === 'fail').length);
  expect(unknown.json.findings).toContainEqual(expect.objectContaining({ check: 'Publication', state: 'fail' }));
});

test('without Postgres the rest is looked at all the same', async () => {
  const dns = await startDns({});
  const env = {
    ...services.env,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    DNS_SERVERS: dns.address,
    SMTP_URL: '',
  };
  const { json, code } = await broadsheet(['doctor', '--json'], env);
  await dns.close();
  expect(code).toBe(1);
  const checks = (json.findings as SaidFinding[]).map(({ group, check, state }) => `${group}: ${check}: ${state}`);
  expect(checks).toContain('Postgres and Redis: DATABASE_URL: fail');
  expect(checks).toContain('Relays: SMTP_URL: fail');
  expect(checks.some(each => each.startsWith('Machine: Disk'))).toBe(true);
}, 60_000);

test('clocks: what the way takes is not held against them', async () => {
  const off = (seconds: number) => async () => Date.now() + seconds * 1000;
  const found = await checkClocks([
    ['a', off(0)],
    ['b', off(-5)],
    ['c', off(3600)],
    ['d', async () => undefined],
    ['e', async () => Promise.reject(new Error('away'))],
  ]);
  expect(found.map(each => each.state)).toEqual(['ok', 'warn', 'fail', 'not applicable', 'not applicable']);
});

test.each([
  [100, true, 'ok'],
  [3, true, 'warn'],
  [0.5, true, 'fail'],
  [3, false, 'ok'],
  [0.3, false, 'warn'],
  [0.05, false, 'fail'],
] as const)('%d GB free, embedded Postgres %s: %s', (gb, isEmbedded, state) => {
  expect(judgeDisk({ free: gb * 1024 ** 3, total: 200 * 1024 ** 3 }, isEmbedded).state).toBe(state);
});

test.each([
  [undefined, 'ok'],
  [['q8Wm2kXz7Lr4Tn9Vb3Hs6Jd1Pf5Gc0Yx'], 'ok'],
  [['a'.repeat(40)], 'fail'],
  [['abcd'.repeat(10)], 'fail'],
  [['abcdefghijklmnopqrstuvwxyz0123456789'], 'fail'],
  [['changemechangemechangemechangeme'], 'fail'],
  [['q8Wm2kXz7Lr4Tn9Vb3Hs6Jd1Pf5Gc0Yx', 'a'.repeat(40)], 'warn'],
])('SECRET_KEYS %j: %s', (secretKeys, state) => {
  const found = checkSecrets({ secretKeys });
  expect(found.state).toBe(state);
  for (const key of secretKeys ?? []) expect(JSON.stringify(found)).not.toContain(key);
});

test('PUBLIC_URL: ours, somebody else’s, one that sends on, an endless one, and one that is not there', async () => {
  const answers: Record<string, (respond: import('node:http').ServerResponse) => void> = {
    '/ours/healthz': r => r.end('{"alive":true}'),
    '/theirs/healthz': r => r.end('<h1>Welcome</h1>'),
    '/on/healthz': r => r.writeHead(301, { location: 'https://www.example.org/' }).end(),
    '/endless/healthz': r => {
      const more = () => !r.destroyed && r.write('x'.repeat(10_000), () => setImmediate(more));
      more();
    },
  };
  const server = createServer((request, response) => answers[request.url!]!(response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const at = async (path: string) => (await checkPublicUrl(`${base}/${path}`)).found[1]!.state;
  expect([await at('ours'), await at('theirs'), await at('on'), await at('endless')]).toEqual([
    'ok',
    'fail',
    'warn',
    'fail',
  ]);
  expect((await checkPublicUrl(`${base}/ours`)).clock!() - Date.now()).toBeLessThan(2000);
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
  expect((await checkPublicUrl('http://127.0.0.1:1')).found.map(each => each.state)).toEqual(['warn', 'warn']);
  expect((await checkPublicUrl('http://news.invalid')).found.map(each => each.state)).toEqual(['fail', 'fail']);
});

test('a connection of its own is no pooler', async () => {
  expect(await isPooled(services.sql)).toBe(false);
});

test('in a narrow terminal words are wrapped and what is to be copied stays whole; colours only when asked for', () => {
  const record = `a.example. 3600 IN TXT "${'x'.repeat(150)}"`;
  const finding: SaidFinding = {
    group: 'DKIM',
    check: 'Key',
    state: 'fail',
    code: 'published-none',
    found: 'word '.repeat(30).trim(),
    fix: ['Publish:', record],
  };
  const lines = findingLines([finding, { ...finding, check: 'Longer', state: 'ok', fix: [] }], {
    columns: 60,
    isColoured: false,
  });
  expect(lines.filter(line => line.length > 60)).toEqual([`      ${record}`]);
  expect(new Set(lines.filter(line => line.includes('word')).map(line => line.indexOf('word')))).toEqual(new Set([12]));
  expect(lines.join('')).not.toContain('\x1b');
  expect(findingLines([finding], { columns: 60, isColoured: true }).join('')).toContain('\x1b[31m✗');
});
