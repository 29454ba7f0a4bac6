import { describe, expect, it } from 'vitest';
import { parseReport } from '../../../src/track/bounces/report.ts';
import { dsn, families, plain } from './samples.ts';

/** Far more than the slowest takes, far less than a hang. */
const maxMs = 5_000;

const big = 1024 * 1024;
const multipart = (boundary: string) => ({ 'Content-Type': `multipart/report; boundary="${boundary}"` });

const bombs: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(big)],
  ['one long line', Buffer.alloc(big, 'a')],
  ['one long field', plain('x', { Subject: 'x '.repeat(big / 2) })],
  ['many fields', plain('x', { 'X-A': `${'a\r\nX-B: '.repeat(big / 10)}` })],
  ['only line breaks', Buffer.alloc(big, '\n')],
  ['only blanks', Buffer.alloc(big, ' ')],
  [
    'nested parts',
    plain(
      Array.from({ length: 5000 }, (_, i) => `--b${i}\nContent-Type: multipart/mixed; boundary="b${i + 1}"\n\n`).join(
        '',
      ),
      multipart('b0'),
    ),
  ],
  [
    'the same boundary at every level',
    plain('--x\nContent-Type: multipart/mixed; boundary="x"\n\n'.repeat(20_000), multipart('x')),
  ],
  ['a boundary on every line', plain('--x\n'.repeat(big / 4), multipart('x'))],
  [
    'a hundred thousand parts',
    plain('--x\nContent-Type: text/plain\n\n550 user unknown <a@example.net>\n'.repeat(15_000), multipart('x')),
  ],
  ['a million recipients', plain('<a@example.net>:\n'.repeat(50_000))],
  ['different recipients', plain(Array.from({ length: 30_000 }, (_, i) => `<a${i}@example.net>: 550 no\n`).join(''))],
  ['at signs', plain('@'.repeat(big))],
  ['half addresses', plain('a@'.repeat(big / 2))],
  ['angle brackets', plain('<'.repeat(big), { 'Content-Type': 'text/html' })],
  ['style elements', plain('<style>'.repeat(big / 7), { 'Content-Type': 'text/html' })],
  ['dashes', plain(`${'-'.repeat(990)}\n`.repeat(1000))],
  ['dashes and letters', plain(`${'---a'.repeat(240)}\n`.repeat(1000))],
  ['codes', plain(`${'550 5.1.1 '.repeat(90)}\n`.repeat(1000))],
  ['words without an end', plain(`${'user account mailbox '.repeat(45)}\n`.repeat(1000))],
  ['recipient words', plain(`${'delivered to recipient address: user '.repeat(25)}\n`.repeat(1000))],
  ['deep JSON', plain(`{"notificationType":${'['.repeat(60_000)}`)],
  [
    'JSON of wrong types',
    plain(
      '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":{},"status":7,"diagnosticCode":[1]}]}}',
    ),
  ],
  ['JSON of null', plain('{"notificationType":"Bounce","bounce":{"bouncedRecipients":[null]}}')],
  ['encoded words', plain('x', { Subject: '=?utf-8?q?'.repeat(50_000) })],
  ['unknown charset', plain('\xff\xfe', { 'Content-Type': 'text/plain; charset="no-such-charset"' })],
  ['broken base64', plain('====%%%%', { 'Content-Transfer-Encoding': 'base64' })],
  ['broken quoted-printable', plain('=ZZ=\n=4', { 'Content-Transfer-Encoding': 'quoted-printable' })],
  ['many status groups', dsn(...Array.from({ length: 3000 }, () => ({ status: '5.1.1' })))],
  ['odd names', plain('x', { __proto__: 'x', constructor: 'y' } as never)],
  [
    'reports in reports',
    plain(
      `${'--x\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=x\n\n'.repeat(5000)}`,
      multipart('x'),
    ),
  ],
];

describe('hostile reports', () => {
  it.each(bombs)('%s: an answer, soon', (_, report) => {
    const began = performance.now();
    const found = parseReport(report);
    expect(performance.now() - began).toBeLessThan(maxMs);
    expect(found.length).toBeLessThanOrEqual(200);
    for (const { recipient, status } of found) {
      expect(recipient.length).toBeLessThanOrEqual(320);
      expect(status).toMatch(/^(?:[245]\.\d{1,3}\.\d{1,3})?$/);
    }
  });

  it('cut or damaged anywhere: never an error, and never hard for one that was not', () => {
    let seed = 1;
    const random = (n: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    for (const [name, report, , verdict] of families) {
      for (let i = 0; i < 20; i++) {
        const damaged = Buffer.from(report.subarray(0, random(report.length)));
        for (let k = 0; k < 3 && damaged.length > 0; k++) damaged[random(damaged.length)] = random(256);
        const found = parseReport(damaged);
        if (verdict === 'none' || verdict === 'complaint')
          expect(
            found.every(f => f.verdict !== 'hard'),
            name,
          ).toBe(true);
      }
    }
  });
});
