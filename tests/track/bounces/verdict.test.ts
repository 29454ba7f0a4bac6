import { describe, expect, it } from 'vitest';
import { codesIn } from '../../../src/track/bounces/codes.ts';
import { type Verdict, verdictOf } from '../../../src/track/bounces/verdict.ts';

/** As receivers answer RCPT when there is no such address. */
const gone = [
  '550 5.1.1 The email account that you tried to reach does not exist.',
  '550 5.5.0 Requested action not taken: mailbox unavailable',
  '550 No such user here',
  '550 User unknown',
  '550 unknown user',
  '550 Unknown local user',
  '550 unknown local-part "reader" in domain "example.net"',
  '550 Invalid recipient reader@example.net',
  '550 Mailbox not found',
  '550 mailbox for reader does not exist',
  '550 <reader@example.net>: Recipient address rejected: User unknown in local recipient table',
  '550 <reader@example.net> Address unknown',
  '550 Address does not exist',
  '550 recipient does not exist here',
  '550 #5.1.0 Address rejected.',
  '550 5.1.6 recipient no longer on server',
  '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
  '550 5.1.2 Bad destination system address',
  '550 5.1.3 Invalid address format',
  "554 delivery error: dd This user doesn't have a example.net account (reader@example.net) [0]",
  '551 not our user',
  '550 Destinataire inconnu',
  '550 Empfaenger unbekannt',
  '550 Usuario desconocido',
  '550 존재하지 않는 사용자입니다',
  '550 사용자를 찾을 수 없습니다',
  '550 宛先が見つかりませんでした',
  '550 收件人不存在',
  '525 5.2.1 account is disabled',
  '550 5.2.1 The email account that you tried to reach is inactive.',
];

/** Everything that must never suppress anybody, and what it is. */
const kept: [string, Verdict][] = [
  ['552 5.2.2 Mailbox full', 'soft'],
  ['550 5.1.1 mailbox full, user unknown', 'soft'],
  ['452 4.2.2 The email account that you tried to reach is over quota', 'soft'],
  ['552 user is over quota', 'soft'],
  ['554 메일함이 가득 찼습니다', 'soft'],
  ['550 5.2.1 mailbox temporarily disabled, try again later', 'soft'],
  ['550 Mailbox is frozen', 'soft'],
  ['450 4.2.1 user account is temporarily disabled', 'soft'],
  ['421 4.7.0 temporarily deferred due to user complaints', 'soft'],
  ['451 4.3.0 Temporary lookup failure', 'soft'],
  ['550 too many recipients', 'soft'],
  ['552 5.3.4 Message size exceeds fixed limit', 'soft'],
  ['554 5.4.6 Hop count exceeded - possible mail loop', 'soft'],
  ['550 5.7.1 User unknown', 'policy'],
  ['550 5.7.1 Access denied', 'policy'],
  ['554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org', 'policy'],
  ['550 5.1.1 Sender blacklisted', 'policy'],
  ['550 SC-001 Mail rejected by Outlook.com for policy reasons', 'policy'],
  ['550 5.7.606 Access denied, banned sending IP [192.0.2.1]', 'policy'],
  ['550 5.1.1 Refused due to recipient preferences', 'policy'],
  ['450 4.2.0 User unknown, try again later', 'soft'],
  ['550 the domain of your host is unknown: unknown domain', 'soft'],
  ['550 no MX record found for your domain', 'soft'],
  ['550 5.1.8 Sender address rejected: Domain not found', 'policy'],
  ['553 sender domain does not exist', 'policy'],
  ['554 5.7.1 <reader@example.net>: Relay access denied', 'policy'],
  ['550 Email rejected per DMARC policy for example.org', 'policy'],
  ['550 spam message rejected, unknown user', 'policy'],
  ['550 5.7.25 no reverse DNS', 'policy'],
  ['550 발신 IP 차단', 'policy'],
  ['250 2.1.5 ok', 'none'],
];

const ask = (text: string, context = '(in reply to RCPT TO command)', action = 'failed') => {
  const { status, replyCode } = codesIn(text);
  return verdictOf(status || `${replyCode[0] ?? 2}.0.0`, replyCode, text, action, context);
};

describe('the verdict (rule 3.5)', () => {
  it.each(gone)('hard: %s', text => {
    expect(ask(text)).toBe('hard');
  });

  it.each(kept)('%s: %s', (text, verdict) => {
    expect(ask(text)).toBe(verdict);
  });

  it.each(['5.1.1', '5.1.2', '5.1.3', '5.1.10', '5.2.1'])('%s alone is hard', status => {
    expect(verdictOf(status, '550', '')).toBe('hard');
  });

  it.each(['5.7.0', '5.7.1', '5.7.26', '5.7.509', '5.7.999'])('%s is policy, whatever is said of the user', status => {
    expect(verdictOf(status, '550', 'User unknown', 'failed', 'in reply to RCPT TO command')).toBe('policy');
  });

  it.each(['4.2.2', '4.4.1', '4.4.7', '5.2.2', '5.0.0', '5.3.0', '5.4.6', ''])('%s alone is soft', status => {
    expect(verdictOf(status, '', '')).toBe('soft');
  });

  it('words about the user count only in answer to RCPT, or where no dialogue is quoted', () => {
    expect(ask('550 User unknown', '(in reply to end of DATA command)')).toBe('soft');
    expect(ask('550 User unknown', '(in reply to MAIL FROM command)')).toBe('policy');
    expect(ask('550 User unknown', '')).toBe('soft');
    expect(verdictOf('5.0.0', '', 'Unknown user: reader')).toBe('hard');
  });

  it('links do not count', () => {
    expect(ask('550 5.1.1 See https://support.example/spam?p=policy')).toBe('hard');
    expect(verdictOf('5.0.0', '', 'See https://example.com/user-unknown')).toBe('soft');
  });

  it('what is not failed is not judged', () => {
    for (const text of gone) {
      expect(ask(text, '', 'delayed')).toBe('delayed');
      expect(ask(text, '', 'delivered')).toBe('none');
    }
  });
});

describe('codes in text', () => {
  it.each([
    ['550 5.1.1 no', '5.1.1', '550'],
    ["smtp; 5.1.0 - Unknown address error 550-'5.2.2 full", '5.2.2', '550'],
    ['Sorry (#5.1.1)', '5.1.1', ''],
    ['[#4.1.9].', '4.1.9', ''],
    ['ERROR_CODE :550, ERROR_CODE :x', '', '550'],
    ['host 4.16.55.1 said nothing', '', ''],
    ['connect to 5.2.1.9:25', '', ''],
    ['after 432000 seconds', '', ''],
    ['250 2.0.0 Ok\n Out: 451 4.3.0 Error', '4.3.0', '451'],
  ])('%s', (text, status, replyCode) => {
    expect(codesIn(text)).toEqual({ status, replyCode });
  });
});
