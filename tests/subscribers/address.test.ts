import { describe, expect, test } from 'vitest';
import { readerAddressPattern } from '../../src/model/publication.ts';
import { parseAddress } from '../../src/subscribers/address.ts';
import { random } from './support.ts';

describe('an address is read out of', () => {
  test.each([
    ['kim@example.com', 'kim@example.com'],
    ['  Kim.Min+news@Example.COM\u00a0', 'Kim.Min+news@example.com'],
    ['김민수 <kim@example.com>', 'kim@example.com'],
    ['"Kim, Minsu" <kim@example.com>', 'kim@example.com'],
    ['kim@example.com <kim@example.com>', 'kim@example.com'],
    ['<mailto:kim@example.com>', 'kim@example.com'],
    ['MAILTO:kim%40example.com?subject=hello', 'kim@example.com'],
    ['ｋｉｍ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'kim@example.com'],
    ['\u200bkim@exam\u00adple.com\ufeff', 'kim@example.com'],
    ['kim@example.com;', 'kim@example.com'],
    ["'kim@example.com'", 'kim@example.com'],
    ['kim@한국.kr', 'kim@xn--3e0b707e.kr'],
    ['kim@한국。kr', 'kim@xn--3e0b707e.kr'],
    ['kim@XN--3E0B707E.kr', 'kim@xn--3e0b707e.kr'],
    ['김민수@naver.com', '김민수@naver.com'],
    // As a Mac writes Hangul: taken apart.
    ['김민수@naver.com'.normalize('NFD'), '김민수@naver.com'],
    ['이름 <한글@한국.kr>', '한글@xn--3e0b707e.kr'],
    ['Björn@example.se', 'Björn@example.se'],
    ['kim@example.com\u0000', undefined],
  ])('%j', (text, email) => {
    const read = parseAddress(text);
    if (email) expect(read).toEqual({ email, emailKey: email.toLowerCase(), domain: email.split('@')[1] });
    else expect(read).toHaveProperty('emailKey', 'kim@example.com');
  });
});

describe('refused with its reason:', () => {
  test.each([
    ['', 'empty'],
    [' \u200b ', 'empty'],
    ['not-an-address', 'no @'],
    ['@example.com', 'nothing stands before'],
    ['kim@', 'nothing stands after'],
    ['kim@@example.com', 'more than one @'],
    ['kim@example.com, lee@example.com', 'more than one address'],
    ['kim@example.com <lee@example.com>', 'more than one address'],
    ['kim min@example.com', 'space'],
    ['kim\u0000min@example.com', 'control character'],
    ['kim\r\nBcc:x@example.com', 'control character|space'],
    ['김..민수@naver.com', 'before the @'],
    ['김😀@naver.com', 'before the @'],
    ['김\u2028@naver.com', 'space'],
    [`${'김'.repeat(22)}@naver.com`, '64 bytes'],
    ['kim@localhost', 'domain'],
    ['kim@127.0.0.1', 'domain'],
    ['kim@[127.0.0.1]', 'domain'],
    ['kim@ex%61mple.com', 'domain'],
    ['kim@exa_mple.com', 'domain'],
    ['kim@example.com.', 'domain'],
    ['kim@-example.com', 'domain'],
    ['kim@xn--a.com', 'domain'],
    ['kim..min@example.com', 'before the @'],
    ['"kim min"@example.com', 'space'],
    [`${'k'.repeat(65)}@example.com`, '64'],
    [`kim@${'a.'.repeat(140)}com`, 'domain'],
    [`${'k'.repeat(60)}@${'abcdefg.'.repeat(25)}com`, '254'],
    ['k'.repeat(1001), 'too long'],
    ['kim@\ufffd.com', 'damaged'],
  ])('%.80j', (text, reason) => {
    expect(parseAddress(text)).toEqual({ problem: expect.stringMatching(reason) });
  });
});

test('property: whatever comes in, no exception; what goes out is one strict address and reads as itself', () => {
  const dice = random(7);
  const pieces = [
    'a',
    'Z',
    '9',
    '.',
    '-',
    '_',
    '+',
    '@',
    '@',
    ' ',
    '<',
    '>',
    '"',
    "'",
    ',',
    ';',
    ':',
    '%',
    '%40',
    '\\',
    '/',
    '(',
    ')',
    '[',
    ']',
    'mailto:',
    'xn--',
    '.com',
    '.kr',
    'example',
    '한국',
    '김',
    'ß',
    'İ',
    'ａ',
    '＠',
    '．',
    '。',
    '\u200b',
    '\u202e',
    '\0',
    '\r\n',
    '\t',
    '\ud800',
    '\ufffd',
    '😀',
    'e\u0301',
    '\ufeff',
  ];
  let accepted = 0;
  for (let i = 0; i < 60_000; i++) {
    const text = Array.from({ length: 1 + dice.below(9) }, () => dice.pick(pieces)).join('');
    const read = parseAddress(dice.below(2) ? text : `${text}@example.com`);
    if ('problem' in read) {
      expect(read.problem).not.toBe('');
      continue;
    }
    accepted++;
    expect(read.email).toMatch(readerAddressPattern);
    expect(read.domain).toMatch(/^[\x21-\x7e]+$/);
    expect(read.email).not.toMatch(/[\s\p{C}]/u);
    expect(read.emailKey).toBe(read.email.toLowerCase().normalize('NFC'));
    expect(read.email.endsWith(`@${read.domain}`)).toBe(true);
    expect(parseAddress(read.email)).toEqual(read);
  }
  expect(accepted).toBeGreaterThan(1000);
});

test('property: decoration around an address changes nothing', () => {
  const dice = random(11);
  const wraps: ((a: string) => string)[] = [
    a => ` ${a}\t`,
    a => `\ufeff${a}\u200b`,
    a => `<${a}>`,
    a => `이름 <${a}>`,
    a => `mailto:${a}`,
    a => `${a},`,
    a => `"${a}"`,
    a => a.replace(/[!-~]/g, c => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  ];
  for (let i = 0; i < 5000; i++) {
    const local = Array.from({ length: 1 + dice.below(12) }, () => dice.pick([...'abcXYZ019_-+'])).join('');
    const email = `${local}@${dice.pick(['example.com', 'naver.com', 'xn--3e0b707e.kr'])}`;
    const wrap = dice.pick(wraps);
    expect(parseAddress(wrap(email)), wrap(email)).toEqual(parseAddress(email));
  }
});
