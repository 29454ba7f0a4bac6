import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { withoutAddresses } from '../../src/log.ts';
import { fieldValue } from '../../src/model/reader.ts';

test.each([
  ['https://news.example.org/', 'https://news.example.org'],
  ['https://example.org/letters/', 'https://example.org/letters'],
  ['https://example.org/소식', 'https://example.org/%EC%86%8C%EC%8B%9D'],
])('PUBLIC_URL %s becomes %s in links', (given, url) => {
  expect(readConfig({ PUBLIC_URL: given }).publicUrl).toBe(url);
});

test('an internationalised host is carried as A-labels', () => {
  expect(readConfig({ PUBLIC_URL: 'https://뉴스.한국' }).publicUrl).toMatch(/^https:\/\/xn--[a-z0-9]+\.xn--3e0b707e$/);
});

test.each(['https://x.org/?a=b', 'https://x.org/#x', 'https://user:secret@x.org', 'ftp://x.org', 'x.org'])(
  'PUBLIC_URL %s is refused',
  url => {
    expect(() => readConfig({ PUBLIC_URL: url })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  },
);

test('an empty variable is as good as none; a wrong one names itself', () => {
  expect(readConfig({ DATABASE_URL: '', SMTP_URL: '' })).toMatchObject({ databaseUrl: undefined, smtpUrls: [] });
  expect(() => readConfig({ PORT: 'eighty' })).toThrow(/PORT/);
  expect(() => readConfig({ DKIM_DOMAIN: 'x.org' })).toThrow(expect.objectContaining({ code: 'DKIM_INVALID' }));
});

test('no address passes through logs, however it is written, in bounded time', () => {
  expect(withoutAddresses('550 <kim.su+x@mail.example.co.kr>: unknown')).toBe('550 <<address>>: unknown');
  expect(withoutAddresses('to=a@b, c@d.e')).not.toMatch(/@/);
  expect(withoutAddresses(`${'x'.repeat(200_000)}@y.z`)).not.toMatch(/@y/);
});

test('a merge field may be called like anything an object has', () => {
  const reader = { subscriberId: 1, email: 'a@b.kr', name: '', attributes: { team: '편집' } };
  for (const field of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'none'])
    expect(fieldValue(reader, field)).toBe('');
  expect(fieldValue(reader, 'team')).toBe('편집');
});

test('MX records are looked up unless that is switched off; the lanes file is found from anywhere', () => {
  expect(readConfig({})).toMatchObject({ mxLookup: true, lanesFile: undefined });
  expect(readConfig({ MX_LOOKUP: 'off' }).mxLookup).toBe(false);
  expect(() => readConfig({ MX_LOOKUP: 'no' })).toThrow(/MX_LOOKUP/);
  expect(readConfig({ LANES_FILE: 'lanes.yaml' }).lanesFile).toBe(resolve('lanes.yaml'));
});

test('where mail comes back to', () => {
  expect(readConfig({}).intake).toEqual({ listen: undefined, imap: undefined, forwardTo: undefined });
  const given = readConfig({
    INTAKE_LISTEN: 'lmtp://[::1]:2424',
    INTAKE_IMAP_URL: 'imaps://bounces%40example.org:p%25ss@mail.example.org/Lists%2FBounces',
    INTAKE_FORWARD_TO: 'editor@desk.example',
  });
  expect(given.intake).toEqual({
    listen: { protocol: 'lmtp', host: '::1', port: 2424 },
    imap: {
      host: 'mail.example.org',
      port: 993,
      secure: true,
      user: 'bounces@example.org',
      password: 'p%ss',
      folder: 'Lists/Bounces',
    },
    forwardTo: 'editor@desk.example',
  });
});

test.each([
  { INTAKE_LISTEN: 'smtp://0.0.0.0' },
  { INTAKE_LISTEN: 'http://0.0.0.0:25' },
  { INTAKE_LISTEN: 'smtp://user@0.0.0.0:25' },
  { INTAKE_IMAP_URL: 'imaps://mail.example.org/INBOX' },
  { INTAKE_IMAP_URL: 'imaps://user:secret%@mail.example.org' },
  { INTAKE_FORWARD_TO: 'a@b, c@d' },
])('%o is refused, without repeating a password', env => {
  expect(() => readConfig(env)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  expect(() => readConfig(env)).not.toThrow(/secret/);
});
