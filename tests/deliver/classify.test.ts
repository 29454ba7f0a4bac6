import { expect, test } from 'vitest';
import { classify } from '../../src/deliver/classify.ts';
import type { Phase } from '../../src/deliver/wire-connection.ts';

const cases: [Phase, string | undefined, string][] = [
  ['dot', '250 2.0.0 OK  1732500000 a1-20020a - gsmtp', 'accepted'],
  ['dot', '250-2.0.0 first\n250 2.0.0 queued as 4F', 'accepted'],
  ['dot', undefined, 'unknown'],
  ['body', undefined, 'deferred'],
  ['envelope', undefined, 'deferred'],
  ['connect', undefined, 'deferred'],
  // Gmail
  ['envelope', '550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 gsmtp', 'rejected'],
  ['envelope', '450-4.2.1 The user you are trying to contact is receiving mail too quickly.', 'deferred'],
  ['dot', '421-4.7.28 Our system has detected an unusual rate of unsolicited mail', 'deferred'],
  ['dot', '550-5.7.26 This mail has been blocked because the sender is unauthenticated.', 'rejected'],
  ['envelope', '452-4.2.2 The recipient’s inbox is out of storage space.', 'deferred'],
  // Yahoo, Microsoft
  ['envelope', '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred', 'deferred'],
  ['envelope', '554 delivery error: dd This user doesn’t have a yahoo.com account', 'rejected'],
  ['envelope', '550 5.5.0 Requested action not taken: mailbox unavailable', 'rejected'],
  ['envelope', '451 4.7.650 The mail server has been temporarily rate limited', 'deferred'],
  ['dot', '550 5.7.515 Access denied, sending domain does not meet the required authentication level', 'rejected'],
  // Naver, Daum
  ['envelope', '550 5.1.1 No such user', 'rejected'],
  ['envelope', '421 4.3.2 Too many connections', 'deferred'],
  // Postfix, Exim, greylisting, old servers without enhanced codes
  ['envelope', '450 4.2.0 <x>: Recipient address rejected: Greylisted', 'deferred'],
  ['envelope', '451 Temporary local problem - please try later', 'deferred'],
  ['envelope', '550 unknown user', 'rejected'],
  ['dot', '552 5.3.4 Message size exceeds fixed limit', 'rejected'],
  // RFC 5321 §4.5.3.1.10
  ['envelope', '552 Too many recipients', 'deferred'],
  ['envelope', '553 5.1.3 bad address syntax', 'rejected'],
  // Not replies at all
  ['dot', 'garbage', 'unknown'],
  ['envelope', '', 'deferred'],
];

test.each(cases)('%s: %s → %s', (phase, reply, state) => {
  expect(classify({ phase, reply, error: reply ? undefined : 'lost' }).state).toBe(state);
});
