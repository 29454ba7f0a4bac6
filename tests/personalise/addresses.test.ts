import { describe, expect, it } from 'vitest';
import { hostName, mailbox, readerMailbox } from '../../src/personalise/addresses.ts';
import { createPress } from '../../src/personalise/press.ts';
import { parseReturnPath, returnPath } from '../../src/track/tokens.ts';
import { edition, imprint, reader, tokens } from './samples.ts';

describe('addresses (rule 2.7)', () => {
  it('get their domain as A-labels', () => {
    expect(mailbox('a@example.com')).toBe('a@example.com');
    expect(mailbox('a@한국.example')).toBe('a@xn--3e0b707e.example');
    expect(hostName('Bücher.example')).toBe('xn--bcher-kva.example');
    expect(hostName('not a domain')).toBeUndefined();
  });

  it('of readers may have letters of any script before the @, as octets of UTF-8; ours may not (RFC 6531)', () => {
    const utf8 = (text: string) => Buffer.from(text).toString('latin1');
    expect(readerMailbox('한글.김@한국.example')).toEqual({
      octets: `${utf8('한글.김')}@xn--3e0b707e.example`,
      isInternational: true,
    });
    expect(readerMailbox('a@example.com')).toEqual({ octets: 'a@example.com', isInternational: false });
    expect(() => mailbox('김@example.com')).toThrow(/SMTPUTF8/);
    // 64 octets of UTF-8 before the @, not characters.
    expect(readerMailbox(`${'한'.repeat(21)}a@example.com`).isInternational).toBe(true);
    expect(() => readerMailbox(`${'한'.repeat(22)}@example.com`)).toThrow(/longer/);
  });

  it.each([
    '김 민수@example.com',
    '김\u202e@example.com',
    '김\u00a0@example.com',
    '김<@example.com',
    '김\r\n@example.com',
    '김\ud800@example.com',
    '😀@example.com',
    '.김@example.com',
    'a',
    'a@',
    '@example.com',
    'a@b',
    'a b@example.com',
    'a@example.com\r\nBcc: x@example.net',
    'a@example.com\n',
    'a\0@example.com',
    'a@exa mple.com',
    '"a"@example.com',
    'a..b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(60)}.${'c.'.repeat(100)}com`,
    'a>@example.com',
    'a@한 국.example',
    'a@[127.0.0.1]',
    '',
  ])('%j is refused', address => {
    expect(() => mailbox(address)).toThrow(expect.objectContaining({ code: 'ADDRESS_INVALID' }));
    expect(() => createPress(edition(), imprint()).message(reader({ email: address }))).toThrow(
      expect.objectContaining({ code: 'ADDRESS_INVALID' }),
    );
  });

  it('stay out of the error, which may be logged', () => {
    expect(() => mailbox('secret name@example.com')).toThrow(/^(?!.*secret)/);
  });

  it('of one reader refused leave the next message whole', () => {
    const press = createPress(edition(), imprint());
    const expected = press.message(reader()).raw;
    expect(() => press.message(reader({ email: 'x' }))).toThrow();
    expect(() => press.message(reader({ subscriberId: -1 }))).toThrow();
    expect(press.message(reader()).raw.equals(expected)).toBe(true);
  });
});

describe('the return path (rule 3.2)', () => {
  it('is signed, fits 64 octets, and survives a change of letter case', () => {
    const { from } = createPress(edition(), imprint()).message(reader());
    const [local, domain] = from.split('@') as [string, string];
    expect(domain).toBe('example.org');
    expect(local).toMatch(/^b-[a-z2-7]{52}$/);
    expect(tokens.verifyBytes(parseReturnPath(local)!)).toEqual({
      purpose: 'bounce',
      issueId: 12,
      subscriberId: 345,
      ref: 0,
    });
    expect(parseReturnPath(local.toUpperCase())).toEqual(parseReturnPath(local));
  });

  it('can have a domain of its own', () => {
    expect(createPress(edition(), imprint({ bounceDomain: 'Bounce.example.org' })).message(reader()).from).toMatch(
      /@bounce\.example\.org$/,
    );
    expect(() => createPress(edition(), imprint({ bounceDomain: 'no domain' }))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it('takes every token there and back, and nothing else', () => {
    for (let id = 0; id < 200; id++) {
      const token = tokens.bytes({ purpose: 'bounce', issueId: id * 7919, subscriberId: id, ref: 0 });
      expect(parseReturnPath(returnPath(token))).toEqual(token);
    }
    const local = returnPath(tokens.bytes({ purpose: 'bounce', issueId: 1, subscriberId: 1, ref: 0 }));
    for (const wrong of [
      '',
      'b-',
      local.slice(1),
      `${local}a`,
      local.replace(/.$/, '7'),
      local.replace(/.$/, '1'),
      `x${local}`,
      `${local}\n`,
    ]) {
      expect(parseReturnPath(wrong), wrong).toBeUndefined();
    }
  });
});
