import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findingsOf, partsOf } from '../../../src/track/bounces/report.ts';
import type { Mailbox } from '../../../src/track/intake/mailboxes.ts';
import { tokenInSubject } from '../../../src/track/intake/mailboxes.ts';
import { meaningOf } from '../../../src/track/intake/meaning.ts';
import { leavePath, TokenSigner } from '../../../src/track/tokens.ts';
import { arf, dsn } from '../bounces/samples.ts';

const tokens = new TokenSigner(['a secret of the tests, long enough']);
const row = { purpose: 'unsubscribe', issueId: 3, subscriberId: 4, ref: 0 } as const;
const token = tokens.sign(row);

const mailboxes = {
  path: { kind: 'return-path', row: { ...row, purpose: 'bounce' } },
  leave: { kind: 'leave', row },
  unsubscribe: { kind: 'unsubscribe' },
  complaints: { kind: 'complaints' },
  news: { kind: 'publication', publicationId: 7 },
  none: undefined,
} satisfies Record<string, Mailbox | undefined>;

function mail(header: Record<string, string> = {}, text = '잘 읽었어요. 고맙습니다.'): Buffer {
  const fields = { From: '김하나 <hana@example.net>', To: 'news@example.org', Subject: 'Re: 첫 호', ...header };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${head.join('')}\r\n${text}\r\n`);
}

function meaning(raw: Buffer, to: keyof typeof mailboxes, sender: string | undefined = 'hana@example.net') {
  const { kind, ...more } = meaningOf(partsOf(raw), mailboxes[to], sender, subject => tokenInSubject(subject, tokens));
  return 'why' in more ? `${kind}: ${more.why}` : kind;
}

const full = dsn({ status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full' });
const undelivered = 'Your message could not be delivered to hana@example.net: user unknown';

describe('what comes back means', () => {
  it.each<[string, Buffer, keyof typeof mailboxes, string | undefined, string]>([
    ['a DSN to the return path', full, 'path', '', 'report'],
    ['a DSN of a server that uses a sender', full, 'path', 'postmaster@mx.example.net', 'report'],
    ['a DSN in a collected mailbox', full, 'none', undefined, 'report'],
    [
      'a bounce in words of its own to the return path',
      mail({ Subject: 'failure' }, undelivered),
      'path',
      'x@example.net',
      'report',
    ],
    ['a complaint to the return path', arf('abuse'), 'path', '', 'report'],
    ['a complaint to complaints@', arf('abuse'), 'complaints', 'fbl@example.net', 'report'],
    ['a delivered DSN', dsn({ status: '2.1.5', action: 'delivered' }), 'path', '', 'nothing: automatic'],
    ['an empty mail to the signed address', mail({ Subject: 'unsubscribe' }, ''), 'leave', undefined, 'unsubscribe'],
    [
      'one that a provider sends by machine',
      mail({ 'Auto-Submitted': 'auto-generated' }),
      'leave',
      undefined,
      'unsubscribe',
    ],
    [
      'an absence notice from the signed address',
      mail({ 'Auto-Submitted': 'auto-replied' }),
      'leave',
      undefined,
      'nothing: automatic',
    ],
    [
      'a report to the signed address',
      dsn({ status: '2.1.5', action: 'delivered' }),
      'leave',
      '',
      'nothing: automatic',
    ],
    [
      'a link’s token in the subject',
      mail({ Subject: `unsubscribe ${token}` }),
      'unsubscribe',
      undefined,
      'unsubscribe',
    ],
    [
      'an address’s token in the subject',
      mail({ Subject: leavePath(tokens.bytes(row)).toUpperCase() }),
      'unsubscribe',
      undefined,
      'unsubscribe',
    ],
    ['no token in the subject', mail({ Subject: 'unsubscribe' }), 'unsubscribe', undefined, 'unclear'],
    [
      'a forged token in the subject',
      mail({ Subject: `x ${token.slice(0, -2)}AA` }),
      'unsubscribe',
      undefined,
      'unclear',
    ],
    [
      'a token of another purpose',
      mail({ Subject: tokens.sign({ ...row, purpose: 'click' }) }),
      'unsubscribe',
      undefined,
      'unclear',
    ],
    ['a token in the subject to the publication', mail({ Subject: token }), 'news', undefined, 'reply'],
    ['a person’s answer', mail(), 'news', undefined, 'reply'],
    ['a person’s answer to the return path', mail({ 'In-Reply-To': '<a@example.org>' }), 'path', undefined, 'reply'],
    ['an answer that speaks of failures', mail({ 'In-Reply-To': '<a@x>' }, undelivered), 'path', undefined, 'reply'],
    ['the same to the publication', mail({}, undelivered), 'news', undefined, 'reply'],
    ['Auto-Submitted: no', mail({ 'Auto-Submitted': 'no' }), 'news', undefined, 'reply'],
    ['an answer to an issue about auto-replies', mail({ Subject: 'Re: 자동 응답의 역사' }), 'news', undefined, 'reply'],
    ['RFC 3834', mail({ 'Auto-Submitted': 'auto-replied (vacation)' }), 'news', undefined, 'nothing: automatic'],
    [
      'Auto-Submitted: auto-generated',
      mail({ 'Auto-Submitted': 'auto-generated' }),
      'news',
      undefined,
      'nothing: automatic',
    ],
    ['the null sender', mail(), 'news', '', 'nothing: automatic'],
    ['Precedence: bulk', mail({ Precedence: 'bulk' }), 'news', undefined, 'nothing: automatic'],
    ['Precedence: auto_reply', mail({ Precedence: 'auto_reply' }), 'path', undefined, 'nothing: automatic'],
    ['Precedence: list', mail({ Precedence: 'list' }), 'news', undefined, 'nothing: list'],
    ['another newsletter', mail({ 'List-Unsubscribe': '<https://x.example/>' }), 'news', undefined, 'nothing: list'],
    ['Exchange', mail({ 'X-Auto-Response-Suppress': 'All' }), 'news', undefined, 'nothing: automatic'],
    ['X-Autoreply', mail({ 'X-Autoreply': 'yes' }), 'news', undefined, 'nothing: automatic'],
    [
      'a bounce to the publication',
      mail({ From: 'MAILER-DAEMON@example.net' }, undelivered),
      'news',
      undefined,
      'report',
    ],
    ['“Out of office”', mail({ Subject: 'Out of Office: 첫 호' }), 'news', undefined, 'nothing: automatic'],
    ['“Automatic reply”', mail({ Subject: 'Automatic reply: 첫 호' }), 'path', undefined, 'nothing: automatic'],
    ['“부재중”', mail({ Subject: '[부재중] 첫 호' }), 'news', undefined, 'nothing: automatic'],
    ['“자동회신”', mail({ Subject: '자동회신: 첫 호' }), 'news', undefined, 'nothing: automatic'],
    ['“자동응답”', mail({ Subject: '(자동응답) 첫 호' }), 'path', undefined, 'nothing: automatic'],
    ['“휴가 중”', mail({ Subject: '휴가 중입니다' }), 'news', undefined, 'nothing: automatic'],
    [
      'a challenge',
      mail({ Subject: 'Please confirm your message to hana@example.net' }),
      'path',
      undefined,
      'nothing: challenge',
    ],
    ['a challenge in Korean', mail({ Subject: '발신자 인증을 해 주세요' }), 'news', undefined, 'nothing: challenge'],
    ['a person on holiday', mail({ Subject: '휴가 중 읽은 논문 이야기' }), 'news', undefined, 'reply'],
    [
      'a person who wants a confirmation',
      mail({ Subject: 'Please confirm my subscription' }),
      'news',
      undefined,
      'reply',
    ],
    ['a person who waits for one', mail({ Subject: '메일 인증 요청이 안 와요' }), 'news', undefined, 'reply'],
    ['what we forwarded', mail({ 'X-Broadsheet-Forwarded': 'weekly' }), 'news', undefined, 'nothing: loop'],
    [
      'what we forwarded, as a report',
      Buffer.concat([Buffer.from('X-Broadsheet-Forwarded: w\r\n'), full]),
      'path',
      '',
      'nothing: loop',
    ],
    ['a stranger’s mail in a collected mailbox', mail(), 'none', undefined, 'unclear'],
    ['a letter to complaints@', mail(), 'complaints', undefined, 'unclear'],
    ['nothing at all', Buffer.alloc(0), 'news', 'a@example.net', 'reply'],
    ['noise', Buffer.from([0, 255, 13, 10, 13, 0, 61, 63]), 'path', 'a@example.net', 'reply'],
  ])('%s', (_, raw, to, sender, expected) => {
    expect(meaning(raw, to, sender)).toBe(expected);
  });

  it('names the reader whom a signed address or subject is about', () => {
    const read = (raw: Buffer, to: Mailbox) =>
      meaningOf(partsOf(raw), to, 'a@example.net', subject => tokenInSubject(subject, tokens));
    expect(read(mail(), mailboxes.leave)).toMatchObject({ row });
    expect(read(mail({ Subject: `Re: ${token}` }), mailboxes.unsubscribe)).toMatchObject({ row });
    expect(read(mail({ 'In-Reply-To': '<a@x>' }), mailboxes.path)).toEqual({ kind: 'reply', issueId: 3 });
    expect(read(mail(), mailboxes.news)).toEqual({ kind: 'reply', publicationId: 7 });
  });
});

const corpus = new URL('../../../../shared/corpora/bounces/', import.meta.url);

it.skipIf(!existsSync(corpus))('real reports are known as such, whatever their envelope', () => {
  const files = readdirSync(corpus).filter(name => name.endsWith('.eml'));
  const missed = files.filter(name => {
    const parts = partsOf(readFileSync(new URL(name, corpus)));
    const isFailure = findingsOf(parts).some(({ verdict }) => verdict !== 'none');
    const kinds = [
      meaningOf(parts, mailboxes.path, undefined, () => undefined).kind,
      meaningOf(parts, mailboxes.path, '', () => undefined).kind,
      meaningOf(parts, undefined, '', () => undefined).kind,
    ];
    return kinds.some(kind => kind !== (isFailure ? 'report' : 'nothing'));
  });
  expect(files.length).toBeGreaterThan(200);
  // A mailing list's keeper, who writes as a person does.
  expect(missed).toEqual(['lhost-fml-03.eml']);
});
