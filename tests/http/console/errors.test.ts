/** What pages say of errors, refused values and stored reasons: in the page's language, without a word of English in Korean. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BroadsheetError, type ErrorCode } from '../../../src/errors.ts';
import { errorWordsKo, type PageCode } from '../../../src/http/console/error-words.ts';
import { errorText, PageRefusal } from '../../../src/http/console/errors.ts';
import { reasonWords } from '../../../src/http/console/reason-words.ts';
import { documentOf, judge, typedOf } from '../../../src/http/console/settings/fields.ts';
import { valueWords } from '../../../src/http/console/value-words.ts';
import { blocked, tripped } from '../../../src/model/breaker.ts';
import { parseAddress } from '../../../src/subscribers/address.ts';
import { refuseOtherFormats } from '../../../src/subscribers/csv/other-formats.ts';
import { rowOf } from '../../../src/subscribers/csv/rows.ts';
import { urlProblem } from '../../../src/webhooks/guard.ts';
import { publicationOf } from '../../support/fixtures.ts';
import { englishIn } from '../../support/korean.ts';

describe('errors', () => {
  const commands = ['broadsheet codes add NAME FILE --publication SLUG', 'broadsheet codes add --expires'];

  test.each(Object.keys(errorWordsKo) as PageCode[])('%s', code => {
    const error = new BroadsheetError(code, 'something went wrong here', {
      values: { pool: 'spring', free: 1, wanted: 2, expires: '2026-11-25' },
    });
    // A server's own words are quoted where they explain something.
    const text = errorText(error, 'ko');
    expect(englishIn(text, [error.message, ...commands])).toBeUndefined();
    expect(text).toMatch(/[가-힣][.!]|[가-힣]: /);
    expect(text).not.toContain('undefined');
    expect(errorText(error, 'en')).toBe(`something went wrong here. ${error.help}`);
    // Without values too: not every place that throws it has them.
    expect(errorText(new BroadsheetError(code, 'x'), 'ko')).not.toContain('undefined');
  });

  test('every error that a page can meet has words', () => {
    const thrown = new Set<string>();
    const seen = new Set<string>();
    const walk = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = readFileSync(file, 'utf8');
      for (const [, code] of source.matchAll(/BroadsheetError\(\s*'([A-Z_]+)'/g)) thrown.add(code!);
      for (const [, path] of source.matchAll(/^(?:import|export)(?! type)[^;]*?from '(\.[^']+)'/gm))
        walk(join(dirname(file), path!));
    };
    walk('src/http/console/app.tsx');
    expect(seen.size).toBeGreaterThan(300);
    expect(thrown.size).toBeGreaterThan(25);
    expect([...thrown].filter(code => !Object.hasOwn(errorWordsKo, code))).toEqual([]);
  });

  test('what a page says itself stays as it says it; what no page should meet says so', () => {
    expect(errorText(new PageRefusal('없어요', '다시 골라 주세요.'), 'ko')).toBe('없어요. 다시 골라 주세요.');
    expect(errorText(new PageRefusal('It is gone.'), 'en')).toBe('It is gone.');
    expect(errorText(new BroadsheetError('BACKUP_NEWER' satisfies ErrorCode, 'too new'), 'ko')).toMatch(
      /서버에서 문제/,
    );
  });
});

describe('values', () => {
  const typed = typedOf(publicationOf());
  const said = (changes: Record<string, string>, language: 'ko' | 'en') => {
    const judged = judge(documentOf('weekly', { ...typed, ...changes }), language);
    return 'problems' in judged ? judged.problems : new Map<string, string>();
  };

  test.each([
    ['name', '', '꼭 필요해요'],
    ['name', 'x'.repeat(201), '200자까지'],
    ['name', 'a\u0007b', '제어 문자 없는'],
    ['timeZone', 'Mars', 'Asia/Seoul'],
    ['from.address', 'nobody', '이메일 주소가 아니에요'],
    ['from.address', 'a@gmail.com', '무료 메일'],
    ['brand.accent', 'red', '#rrggbb'],
    ['brand.logo.url', 'ftp://x', 'http(s) 주소'],
    ['signup.origins', 'nowhere', 'http(s) 주소'],
    ['signup.attack.minutes', 'ten', '숫자가 아니에요'],
    ['signup.attack.minutes', '1.5', '소수점 없는'],
    ['signup.attack.minutes', '0', '1 이상'],
    ['signup.attack.minutes', '2000', '1,440 이하'],
    ['commentBlocklist', 'x\n'.repeat(501), '500개까지'],
    ['fields', '1st = x', '“1st”'],
    ['senderId', 'a b', '쓸 수 없는 값'],
    ['delivery.relay', 'A B', '릴레이 이름'],
    ['delivery.warmUp.from', 'soon', '2026-11-25'],
    ['language', 'fr', '고를 수 있는'],
  ])('%s = %j', (path, value, words) => {
    const [ko, en] = [said({ [path]: value }, 'ko'), said({ [path]: value }, 'en')];
    expect(ko.get(path)).toContain(words);
    for (const text of ko.values()) expect(englishIn(text)).toBeUndefined();
    expect(en.get(path)).toMatch(/^[“#\w]/);
    // zod's own words are a programmer's.
    expect(en.get(path)).not.toMatch(/Invalid|expected|Too (?:small|big)|[가-힣]/);
  });

  test('of a picture with a size that cannot be, the size is told', () => {
    const logo = { 'brand.logo.url': 'https://a.example/l.png', 'brand.logo.width': '9999', 'brand.logo.height': '40' };
    expect([...said(logo, 'ko')]).toEqual([['brand.logo.width', '560 이하여야 해요']]);
  });

  test('a warm-up that ends before it grows', () => {
    const warmUp = { 'delivery.warmUp.start': '500', 'delivery.warmUp.factor': '2', 'delivery.warmUp.until': '400' };
    expect(said(warmUp, 'ko').get('delivery.warmUp.until')).toContain('첫날 통수보다');
  });

  test('a schema that says something new is not said in English all the same', () => {
    const issue = z
      .string()
      .refine(() => false, 'is something new and strange')
      .safeParse('x').error!.issues[0]!;
    expect(valueWords(issue, 'ko')).toBe('쓸 수 없는 값이에요');
    expect(valueWords(issue, 'en')).toBe('is something new and strange');
  });
});

describe('stored reasons', () => {
  const problem = (found: unknown) => (found as { problem: string }).problem;
  const addresses = [
    `${'x'.repeat(1001)}`,
    '',
    'nobody',
    'a@example.org, b@example.org',
    'a@b@example.org',
    'a b@example.org',
    'a\u0001@example.org',
    'a\ufffd@example.org',
    '@example.org',
    'a@',
    `${'a'.repeat(65)}@example.org`,
    'a@nowhere',
    'a..b@example.org',
  ].map(text => problem(parseAddress(text)));
  const layout = { width: 2, email: 0, name: 1, attributes: [{ index: 1, field: '회사' }] };
  const row = (cells: string[], more: object = {}) =>
    problem(rowOf({ line: 2, cells, ...more } as never, { ...layout, ...more } as never));
  const formats = [[0x50, 0x4b, 3, 4], [0x25, 0x50, 0x44, 0x46, 0x2d], [...Buffer.from('<html>')], [0, 1, 2, 3, 4]].map(
    bytes => {
      try {
        refuseOtherFormats(Buffer.from(bytes), undefined, 'x');
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    },
  );
  const limits = publicationOf().delivery.breaker;
  const none = { accepted: 0, attempted: 100, complaints: 0, hardBounces: 0, blocks: 0, blockReply: null, refusals: 0 };
  const holds = [
    tripped({ ...none, accepted: 100, complaints: 9 }, limits)!,
    tripped({ ...none, hardBounces: 50 }, limits)!,
    tripped({ ...none, refusals: 50 }, limits)!,
    blocked(5, 50, '550 5.7.1 no', 'naver'),
    blocked(5, 50, null),
  ];
  const urls = [
    'x',
    'https://u:p@a.example',
    'https://a.example/#b',
    'https://10.0.0.1/',
    'https://localhost/',
    'http://a.example',
  ].map(url => urlProblem(url, 'public')!);

  test.each([
    ...addresses,
    row(['a@example.org', 'x'.repeat(2000)]),
    row(['a@example.org', 'b', 'c']),
    ...formats,
    'the file is empty',
    'the file has no rows',
    'no e-mail column; columns found: none',
    'no e-mail column; columns found: “이름”, “회사”',
    'several columns hold addresses: “메일”, “이메일”',
    'no column of addresses is named',
    'the line is too long to be a row',
    'a quotation mark on this line is never closed',
    ...holds,
    'CODES_SHORT: there are not enough discount codes for all its readers',
    'due 2026-11-25 08:00 UTC, 3 h 2 min ago; at most 60 min late is allowed (delivery.latestMinutes): resume it to send it now, or cancel it',
    'nothing has gone out for an hour, 5 h after it began, and readers are still waiting: resume it to send it now, or cancel it',
    'its sink is gone',
    ...urls,
  ])('%s', reason => {
    expect(reason).toMatch(/\w/);
    const words = reasonWords(reason, 'ko');
    expect(words).toMatch(/[가-힣]/);
    expect(englishIn(words!, ['550 5.7.1 no'])).toBeUndefined();
    expect(reasonWords(reason, 'en')).toBeUndefined();
  });

  test('a server’s own words stay as they are', () => {
    expect(reasonWords('550 5.1.1 no such user here', 'ko')).toBeUndefined();
    expect(reasonWords('SMTP_REFUSED: 535 wrong password given', 'ko')).toBe('릴레이의 답: 535 wrong password given');
  });
});
