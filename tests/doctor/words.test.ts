/** What doctor finds, in Korean and in English: the whole catalogue, and a run over settings that are wrong everywhere. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { putPublication } from '../../src/db/publications.ts';
import { examine } from '../../src/doctor/doctor.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { isToCopy, say } from '../../src/doctor/say.ts';
import type { FindingCode, FindingWords, NameCode, NameWords } from '../../src/doctor/words-en.ts';
import { startDns } from '../support/dns.ts';
import { publicationOf } from '../support/fixtures.ts';
import { englishIn } from '../support/korean.ts';
import { startRelay } from '../support/relay.ts';
import { openServices, type Services } from '../support/services.ts';

const record = 'example.org. 3600 IN TXT "v=spf1 ~all"';
const mend = 'alter system set fsync = on; select pg_reload_conf();';

/** Values for every code: a new one is a type error here until it is tried. */
const values: { [C in FindingCode]: Parameters<FindingWords[C]>[] } = {
  'relay-unset': [[]],
  'relay-away': (['certificate', 'login', 'silent', 'unknown', 'other'] as const).map(trouble => [
    'the relay said so',
    trouble,
  ]),
  'relay-takes': [
    [true, ['PIPELINING', 'SIZE 35 MB', '8BITMIME']],
    [false, []],
  ],
  'relay-one-by-one': [[]],
  'relay-small': [[1000, 300_000]],
  'relay-ascii': [[]],
  'tls-needless': [[]],
  'tls-none': [[]],
  'tls-unverified': [['TLSv1.3']],
  'tls-ends': [['TLSv1.3', 4]],
  'tls-good': [
    ['TLSv1.3', undefined],
    ['TLSv1.3', 60],
  ],
  'key-none': [[]],
  'key-unusable': (
    [
      'domain',
      'not-rsa',
      'too-short',
      'not-ed25519',
      'same-selector',
      'selector',
      'no-public',
      'unreadable',
      'passphrase',
      'not-pem',
      'unparsable',
    ] as const
  ).map(trouble => [trouble, 'what it is about', 'the key cannot be used at all']),
  'key-short': [[1024]],
  'key-good': [
    [2048, false],
    [2048, true],
  ],
  'published-none': [[record]],
  'published-several': [[2, record]],
  'published-revoked': [[record]],
  'published-other': [
    [undefined, record],
    [1024, record],
  ],
  'published-kind': [['ed25519', record]],
  'published-hash': [['sha1', record]],
  'published-trial': [[record]],
  'published-same': [[]],
  'dns-silent': [['ETIMEOUT']],
  'dns-endless': [[]],
  'publication-unknown': [['weekly']],
  'publication-none': [[]],
  'dkim-foreign': [['example.net', 'example.org']],
  'spf-none': [[record]],
  'spf-several': [[2, record]],
  'spf-lookups': [[10]],
  'spf-broken': [
    (['term', 'address', 'include-of-nothing', 'include-none', 'include-several'] as const).map(kind => ({
      kind,
      about: 'ip4:x',
      domain: 'example.org',
    })),
  ].map(problems => [problems]),
  'spf-everybody': [['v=spf1 +all', 1, 10, record]],
  'spf-voids': [[3, 2]],
  'spf-unsaid': [['v=spf1 a', 1, 10, record]],
  'spf-good': [['v=spf1 a -all', 1, 10]],
  'spf-forbids': [[['192.0.2.1'], 'example.org', record]],
  'spf-covers': [[['192.0.2.1']]],
  'spf-unnamed': [
    ['example.org', 'relay.example', true, record],
    ['example.org', 'relay.example', false, record],
  ],
  'dmarc-none': [[record]],
  'dmarc-several': [[2, record]],
  'dmarc-no-policy': [['v=DMARC1', 'example.org', record]],
  'dmarc-no-reports': [['v=DMARC1; p=none', undefined, 'example.org']],
  'dmarc-watching': [['v=DMARC1; p=none', undefined]],
  'dmarc-good': [['v=DMARC1; p=reject', undefined]],
  aligned: [
    ['example.org', undefined],
    ['example.org', 'b.example.org'],
  ],
  'aligned-strictly': [['news.example.org', 'example.org']],
  'aligned-not': [['example.org']],
  'aligned-by-path': [['example.org', 'b.example.org']],
  'bimi-none': [[]],
  'bimi-declined': [['v=BIMI1; l=; a=']],
  'bimi-logo': [['http://example.org/logo', record]],
  'bimi-proof': [[]],
  'bimi-policy': [[]],
  'bimi-good': [['v=BIMI1; l=https://example.org/logo.svg']],
  'ptr-theirs': [[]],
  'ptr-unseen': [[]],
  'ptr-none': [[]],
  'ptr-lost': [['mail.example.org', record]],
  'ptr-made': [['host-192-0-2-1.isp.example']],
  'ptr-good': [['mail.example.org']],
  'mx-needless': [[]],
  'mx-null': [[record]],
  'mx-implicit': [['192.0.2.1', record]],
  'mx-none': [[record]],
  'mx-lost': [[['mx.example.org']]],
  'mx-part-lost': [[['mx.example.org']]],
  'mx-good': [[['mx.example.org']]],
  'cannot-start': [['it does not answer', 'Check it and try again.']],
  'postgres-old': [['14.2', false]],
  'postgres-encoding': [['16.1', true, 'SQL_ASCII']],
  'postgres-version': [['16.1', true]],
  'durability-off': [
    [
      ['fsync', 'full_page_writes'],
      [mend, mend],
    ],
  ],
  'durability-late': [[mend]],
  'durability-good': [['on']],
  'autovacuum-on': [[]],
  'autovacuum-off': [[mend]],
  'time-zone': [['Asia/Seoul']],
  'connections-enough': [[97, 3, 27]],
  'connections-few': [[20, 3, 27, 60]],
  'pooler-untold': [['it said no to us']],
  'pooler-none': [[]],
  'pooler-good': [[true], [false]],
  'pooler-forgets': [[]],
  'redis-away': [['Connection is closed for good']],
  'redis-old': [['Redis 6.2', false]],
  'redis-version': [['Valkey 8.0', true]],
  'eviction-none': [[]],
  'eviction-on': [['allkeys-lru'], [undefined]],
  'memory-tight': [[91]],
  'memory-enough': [[12], [undefined]],
  'persistence-on': [[]],
  'persistence-off': [[]],
  'latency-good': [[0.4]],
  'latency-slow': [[41]],
  'clock-untold': [[]],
  'clock-silent': [['it took too long']],
  'clock-near': [[0.02], [1.2]],
  'clock-apart': [[75]],
  'disk-unread': [['no such file or directory']],
  'disk-enough': [['40 GB', '100 GB', true]],
  'disk-short': [
    ['0.5 GB', '100 GB', true],
    ['0.1 GB', '100 GB', false],
  ],
  'url-local': [['http://localhost:3000']],
  'url-plain': [['http://news.example.org']],
  'url-good': [['https://news.example.org']],
  'web-away': [['https://news.example.org', 'getaddrinfo could not find it']],
  'web-elsewhere': [['https://www.example.org'], [undefined]],
  'web-other': [[502]],
  'web-good': [[]],
  'secrets-ours': [[]],
  'secrets-weak': [[]],
  'secrets-old-weak': [[]],
  'secrets-good': [[1], [2]],
  'key-file-open': [['/etc/dkim.pem']],
  'key-file-good': [['/etc/dkim.pem']],
};

const names: { [C in NameCode]: Parameters<NameWords[C]> } = {
  relays: [],
  'sending-domains': [],
  'sending-domain': ['example.org'],
  addresses: [],
  machine: [],
  settings: [],
  'postgres-and-redis': [],
  key: [],
  'key-file': [],
  publication: [],
  'tls-of': ['relay.example:587'],
  'spf-of': ['example.org'],
  'spf-names-us': [],
  alignment: [],
  'ptr-of': ['192.0.2.1'],
  'mx-of': ['example.org'],
  version: [],
  durability: [],
  autovacuum: [],
  'time-zone': [],
  connections: [],
  pooler: [],
  server: [],
  eviction: [],
  memory: [],
  persistence: [],
  latency: [],
  'clock-of': [undefined],
  disk: [],
  'web-server': [],
};

/** Programs and settings whose names are words. */
const programs = [
  'reverse DNS',
  'create database … encoding UTF8',
  'broadsheet publication FILE.yaml',
  'broadsheet serve',
];

/** The strings of a finding's values, as deep as they lie: a record, a name, a server's reply. */
const stringsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsIn)
      : [];

function koreanOf(finding: Finding) {
  const { group, check, found, fix } = say(finding, 'ko');
  const sentences = [group, check, found, ...fix.filter(line => !isToCopy(line))];
  const kept = [...stringsIn(finding.values), ...stringsIn(finding.check), ...stringsIn(finding.group), ...programs];
  return { sentences, english: sentences.map(text => englishIn(text, kept)).filter(Boolean) };
}

describe('the catalogue', () => {
  const all = Object.entries(values).flatMap(([code, tried]) =>
    (tried as unknown[][]).map(each => [code as FindingCode, each] as const),
  );
  test.each(all)('%s %j: no English sentence in Korean, and the same things to copy', (code, each) => {
    const finding: Finding = { group: 'DKIM', check: 'DMARC', state: 'warn', code, values: each };
    expect(koreanOf(finding).english).toEqual([]);
    const [ko, en] = [say(finding, 'ko'), say(finding, 'en')];
    expect(ko.fix.filter(isToCopy)).toEqual(en.fix.filter(isToCopy));
    expect(ko.fix.length).toBe(en.fix.length);
    expect(JSON.stringify([ko, en])).not.toMatch(/undefined|\[object|NaN/);
    // What English says in a sentence Korean says in Korean.
    for (const [i, text] of [en.found, ...en.fix].entries())
      if (englishIn(text, stringsIn(each)) && !isToCopy(text)) expect([ko.found, ...ko.fix][i]).toMatch(/[가-힣]/);
  });

  test.each(Object.entries(names))('the name %s %j', (code, given) => {
    const finding: Finding = {
      group: { code: code as NameCode, values: given },
      check: { code: code as NameCode, values: given },
      state: 'ok',
      code: 'web-good',
      values: [],
    };
    const [ko, en] = [say(finding, 'ko'), say(finding, 'en')];
    expect(ko.check).toMatch(/[가-힣]/);
    expect(ko.check).not.toBe(en.check);
  });

  test('a sentence that was left in English would be seen', () => {
    expect(englishIn('릴레이가 does not answer at all')).toBe('does not answer at all');
    expect(englishIn('릴레이의 답: Invalid login here', ['Invalid login here'])).toBeUndefined();
    expect(englishIn('DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY_FILE을 정해 주세요')).toBeUndefined();
  });
});

describe('a run', () => {
  let services: Services;
  beforeAll(async () => {
    services = await openServices();
  });
  afterAll(() => services.close());

  test('over settings that are wrong everywhere says nothing in English on a Korean page', async () => {
    const dns = await startDns({
      'example.org': { TXT: ['v=spf1 include:gone.example ip4:192.0.2.0/99 nonsense -all'], A: ['192.0.2.9'] },
      '_dmarc.example.org': { TXT: ['v=DMARC1; rua=mailto:d@example.org'] },
      'default._bimi.example.org': { TXT: ['v=BIMI1; l=http://example.org/logo.png'] },
    });
    const away = await startRelay();
    const poor = await startRelay({ extensions: ['SIZE 1000'] });
    await away.close();
    await putPublication(services.sql, publicationOf());
    const keyFile = join(services.config.dataDir, 'no-key.pem');
    await writeFile(keyFile, 'this is no key', { mode: 0o644 });
    const config = readConfig({
      ...services.env,
      SMTP_URL: `${away.url},${poor.url}`,
      DNS_SERVERS: dns.address,
      SENDING_IPS: '192.0.2.25',
      PUBLIC_URL: 'http://news.invalid',
      SECRET_KEYS: 'a'.repeat(40),
      BOUNCE_DOMAIN: 'example.org',
      DKIM_DOMAIN: 'example.org',
      DKIM_SELECTOR: 's1',
      DKIM_PRIVATE_KEY_FILE: keyFile,
    });
    const found = await examine(config, services, undefined);
    await poor.close();
    await dns.close();
    const codes = found.filter(({ state }) => state === 'fail' || state === 'warn').map(({ code }) => code);
    expect(codes).toEqual(
      expect.arrayContaining([
        'relay-away',
        'relay-small',
        'key-unusable',
        'spf-broken',
        'spf-forbids',
        'dmarc-no-policy',
        'bimi-logo',
        'ptr-none',
        'mx-implicit',
        'durability-off',
        'url-plain',
        'web-away',
        'secrets-weak',
        'key-file-open',
      ]),
    );
    for (const finding of found) expect(koreanOf(finding).english, finding.code).toEqual([]);
    // Said again in English, the same finding is as the command line prints it.
    const unusable = found.find(({ code }) => code === 'key-unusable')!;
    expect(say(unusable, 'en')).toMatchObject({
      check: 'Key',
      found: 'the file holds no PEM, not a private key in PEM',
    });
    expect(say(unusable, 'ko')).toMatchObject({ check: '키', found: '파일에 든 것이 PEM 비밀 키가 아니에요' });
  }, 60_000);
});
