/** Reports as servers of many kinds write them, cut to what matters; ours, not the corpus. */
import type { Verdict } from '../../../src/track/bounces/verdict.ts';

export const reader = 'reader@example.net';

/** A report in plain text. */
export function plain(text: string, header: Record<string, string> = {}): Buffer {
  const fields = {
    From: 'MAILER-DAEMON@mx.example.com',
    To: 'bounce@example.org',
    Subject: 'failure notice',
    ...header,
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${head.join('')}\r\n${text.replace(/^\n/, '').replaceAll('\n', '\r\n')}`);
}

export interface Dsn {
  status?: string;
  action?: string;
  diagnostic?: string;
  text?: string;
  recipient?: string;
  mta?: string;
  /** Header of the message that is returned. */
  original?: string;
}

/** RFC 3464, §2. */
export function dsn(...groups: Dsn[]): Buffer {
  const [first] = groups;
  const blocks = groups.map(({ status, action = 'failed', diagnostic, recipient = reader }) =>
    [
      `Final-Recipient: rfc822; ${recipient}`,
      `Action: ${action}`,
      ...(status === undefined ? [] : [`Status: ${status}`]),
      ...(diagnostic ? [`Diagnostic-Code: ${diagnostic.includes('; ') ? diagnostic : `smtp; ${diagnostic}`}`] : []),
    ].join('\n'),
  );
  return plain(
    `--x
Content-Type: text/plain

${first!.text ?? 'Your message could not be delivered.'}

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; ${first!.mta ?? 'mx.example.com'}

${blocks.join('\n\n')}

--x
Content-Type: message/rfc822

${first!.original ?? `Return-Path: <news@example.org>\nFrom: news@example.org\nTo: ${reader}\nSubject: Issue 12`}

Hello
--x--
`,
    { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary="x"', Subject: 'Undelivered Mail' },
  );
}

export function arf(type: string, fields = `Original-Rcpt-To: ${reader}\n`, original = `To: ${reader}`): Buffer {
  return plain(
    `--x
Content-Type: text/plain

This is an email abuse report.

--x
Content-Type: message/feedback-report

Feedback-Type: ${type}
User-Agent: Loop/1.0
Version: 1
${fields}
--x
Content-Type: message/rfc822

From: news@example.org
${original}

Hello
--x--
`,
    {
      From: 'fbl@example.com',
      Subject: 'FW: Issue 12',
      'Content-Type': 'multipart/report; report-type=feedback-report; boundary=x',
    },
  );
}

const exim = (address: string, reason: string) => `
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ${address}
    ${reason}

------ This is a copy of the message, including all the headers. ------

Return-path: <news@example.org>
To: ${reader}
Subject: spam, mailbox full, user unknown
`;

const qmail = (reason: string) => `
Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<${reader}>:
${reason}

--- Below this line is a copy of the message.

Return-Path: <news@example.org>
To: ${reader}
`;

const exchange = (reason: string) => `
Your message

  To:      ${reader}
  Subject: Issue 12
  Sent:    Thu, 29 Apr 2010 00:00:00 -0000

did not reach the following recipient(s):

${reader} on Thu, 29 Apr 2010 00:00:00 -0000
    ${reason}
    MSEXCH:IMS:ORG:SITE:SERVER 0 (000C05A6)
`;

const sendmail = (transcript: string) => `
The original message was received at Thu, 29 Apr 2010 23:34:45 +0900
from news.example.org [192.0.2.1]

   ----- The following addresses had permanent fatal errors -----
<${reader}>

   ----- Transcript of session follows -----
... while talking to mx.example.net.:
${transcript}

   ----- Original message follows -----

From: news@example.org
To: ${reader}
`;

/** Name, report, class, verdict. */
export const families: [name: string, report: Buffer, status: string, verdict: Verdict][] = [
  [
    'exim, answer to RCPT',
    plain(
      exim(
        reader,
        `SMTP error from remote mail server after RCPT TO:<${reader}>:\n    host mx.example.net [192.0.2.1]: 550 5.1.1 <${reader}>: no such user`,
      ),
    ),
    '5.1.1',
    'hard',
  ],
  [
    'exim, RCPT without an enhanced code',
    plain(
      exim(
        reader,
        `SMTP error from remote mail server after RCPT TO:<${reader}>:\n    host mx.example.net [192.0.2.1]: 550 No Such User Here`,
      ),
    ),
    '5.0.0',
    'hard',
  ],
  ['exim, unrouteable', plain(exim(reader, 'Unrouteable address')), '5.0.0', 'hard'],
  ['exim, dead domain', plain(exim(reader, 'all relevant MX records point to non-existent hosts')), '5.0.0', 'hard'],
  [
    'exim, unknown user said after DATA',
    plain(
      exim(
        reader,
        'SMTP error from remote mail server after end of data:\n    host mx.example.net [192.0.2.1]: 550 User unknown',
      ),
    ),
    '5.0.0',
    'soft',
  ],
  [
    'exim, sender refused',
    plain(
      exim(
        reader,
        'SMTP error from remote mail server after MAIL FROM:<news@example.org> SIZE=1:\n    host mx.example.net [192.0.2.1]: 550 unknown user news@example.org',
      ),
    ),
    '5.0.0',
    'policy',
  ],
  [
    'exim, block list',
    plain(
      exim(
        reader,
        `SMTP error from remote mail server after RCPT TO:<${reader}>:\n    host mx.example.net [192.0.2.1]: 550 5.7.1 Service unavailable; client [192.0.2.9] blocked using zen.spamhaus.org`,
      ),
    ),
    '5.7.1',
    'policy',
  ],
  ['exim, retries ran out', plain(exim(reader, 'retry timeout exceeded')), '4.0.0', 'soft'],
  [
    'exim, only in the header',
    plain('A message could not be delivered.\n\n550 5.1.1 User unknown\n', { 'X-Failed-Recipients': reader }),
    '5.1.1',
    'hard',
  ],
  [
    'exim, delay',
    plain(
      `
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.com.

The address to which the message has not yet been delivered is:

  ${reader}
    Delay reason: Connection timed out
`,
      { Subject: 'Warning: message 1abc delayed 24 hours' },
    ),
    '4.0.0',
    'delayed',
  ],
  ['qmail, no mailbox', plain(qmail('Sorry, no mailbox here by that name. vpopmail (#5.1.1)')), '5.1.1', 'hard'],
  [
    'qmail, remote',
    plain(
      qmail(
        `192.0.2.2 does not like recipient.\nRemote host said: 550 <${reader}>: User unknown\nGiving up on 192.0.2.2.`,
      ),
    ),
    '5.0.0',
    'hard',
  ],
  ['qmail, full', plain(qmail("Recipient's mailbox is full, message returned to sender. (#5.2.2)")), '5.2.2', 'soft'],
  [
    'qmail, after DATA',
    plain(qmail('192.0.2.2 failed after I sent the message.\nRemote host said: 554 5.7.1 message looks like spam')),
    '5.7.1',
    'policy',
  ],
  [
    'qmail, in the queue too long',
    plain(
      qmail(
        "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.",
      ),
    ),
    '4.4.1',
    'soft',
  ],
  ['qmail, no such host', plain(qmail("Sorry, I couldn't find any host named example.net. (#5.1.2)")), '5.1.2', 'hard'],
  ['exchange 2003', plain(exchange('The recipient name is not recognized')), '5.0.0', 'hard'],
  ['exchange 2003, too large', plain(exchange('The message size exceeds the maximum size')), '5.0.0', 'soft'],
  [
    'sendmail text',
    plain(
      sendmail(
        `>>> RCPT To:<${reader}>\n<<< 550 5.1.1 <${reader}>... User unknown\n550 5.1.1 <${reader}>... User unknown`,
      ),
    ),
    '5.1.1',
    'hard',
  ],
  [
    'sendmail text, DATA',
    plain(sendmail(`>>> DATA\n<<< 550 User unknown\n554 5.0.0 <${reader}>... Service unavailable`)),
    '5.0.0',
    'soft',
  ],
  [
    'sendmail text, pipelined',
    plain(
      sendmail(
        `>>> RCPT To:<${reader}>\n<<< 550 ${reader} unknown user\n550 <${reader}>... User unknown\n>>> DATA\n<<< 503 need RCPT (recipient)`,
      ),
    ),
    '5.0.0',
    'hard',
  ],
  [
    'sendmail text, pipelined, step not told',
    plain(sendmail(`>>> DATA\n<<< 550 User unknown\n550 <${reader}>... User unknown\n<<< 503 need RCPT (recipient)`)),
    '5.0.0',
    'soft',
  ],
  [
    'notes',
    plain(`------- Failure Reasons  --------\n\nUser reader not listed in public Name & Address Book\n${reader}\n`, {
      Subject: 'Undeliverable message',
    }),
    '5.0.0',
    'hard',
  ],
  [
    'domino',
    plain(
      `Your message\n\n  Subject: Issue 12\n\nwas not delivered to:\n\n  ${reader}\n\nbecause:\n\n  User reader (${reader}) not listed in Domino Directory\n`,
      { Subject: 'DELIVERY FAILURE: User reader not listed in Domino Directory' },
    ),
    '5.0.0',
    'hard',
  ],
  [
    'mailmarshal',
    plain(
      `Your message:\n   From:    news@example.org\n   Subject: Issue 12\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n    ${reader}\n`,
      { Subject: 'Undeliverable' },
    ),
    '5.1.1',
    'hard',
  ],
  [
    'interscan',
    plain(
      `Unable to deliver the message.\n\nSent <<< RCPT TO:<${reader}>\nReceived >>> 550 5.1.1 <${reader}>... user unknown\n`,
      { Subject: 'Mail could not be delivered' },
    ),
    '5.1.1',
    'hard',
  ],
  [
    'opensmtpd',
    plain(
      `    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n${reader}: 550 5.2.2 <${reader}>: Mailbox full\n\n    Below is a copy of the original message:\n\nTo: x@example.com\n`,
    ),
    '5.2.2',
    'soft',
  ],
  [
    'gmail text',
    plain(
      `Delivery to the following recipient failed permanently:\n\n     ${reader}\n\nTechnical details of permanent failure:\nThe error that the other server returned was: 550 550 5.1.1 <${reader}>... User Unknown (state 14).\n\n----- Original message -----\n\nTo: x\n`,
      { Subject: 'Delivery Status Notification (Failure)' },
    ),
    '5.1.1',
    'hard',
  ],
  [
    'yahoo',
    plain(
      `Sorry, we were unable to deliver your message to the following address.\n\n<${reader}>:\nRemote host said:\n554 delivery error: dd This user doesn't have a example.net account (${reader}) [0] - mta1.example.net\n`,
    ),
    '5.0.0',
    'hard',
  ],
  [
    'zoho',
    plain(
      `This message was created automatically by mail delivery software.\n A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n\n${reader} Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 <${reader}>... User Unknown\n`,
    ),
    '5.1.1',
    'hard',
  ],
  [
    'korean portal, no such account',
    plain(`메일 전송에 실패하였습니다.\n\n받는 사람 : <${reader}>\n실패 이유 : 존재하지 않는 계정입니다.\n`, {
      From: 'postmaster@portal.example',
      Subject: '메일 발송 실패 안내',
      'Content-Type': 'text/plain; charset=utf-8',
    }),
    '5.0.0',
    'hard',
  ],
  [
    'korean portal, full',
    plain(`메일이 전송되지 않았습니다.\n\n수신자: ${reader}\n사유: 받는 사람의 메일함 용량이 초과되었습니다.\n`, {
      From: 'postmaster@portal.example',
      Subject: '반송',
      'Content-Type': 'text/plain; charset=utf-8',
    }),
    '5.0.0',
    'soft',
  ],
  [
    'korean portal, refused',
    plain(
      `메일이 전송되지 않았습니다.\n\n수신자: ${reader}\n사유: 스팸으로 분류되어 수신이 거부되었습니다. (550 5.7.1)\n`,
      { From: 'postmaster@portal.example', Subject: '반송', 'Content-Type': 'text/plain; charset=utf-8' },
    ),
    '5.7.1',
    'policy',
  ],
  [
    'amazon by mail',
    plain(
      JSON.stringify({
        notificationType: 'Bounce',
        bounce: {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: [
            { emailAddress: reader, action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
          ],
        },
      }),
      { From: 'no-reply@sns.amazonaws.com', Subject: 'AWS Notification Message' },
    ),
    '5.1.1',
    'hard',
  ],
  [
    'amazon by mail, transient',
    plain(
      JSON.stringify({
        Type: 'Notification',
        Message: JSON.stringify({
          eventType: 'Bounce',
          bounce: {
            bounceType: 'Transient',
            bounceSubType: 'MailboxFull',
            bouncedRecipients: [{ emailAddress: reader }],
          },
        }),
      }),
      { From: 'no-reply@sns.amazonaws.com' },
    ),
    '4.0.0',
    'soft',
  ],
  [
    'amazon by mail, complaint',
    plain(
      JSON.stringify({
        notificationType: 'Complaint',
        complaint: { complainedRecipients: [{ emailAddress: reader }], complaintFeedbackType: 'abuse' },
      }),
    ),
    '',
    'complaint',
  ],
  [
    'amazon by mail, delivery',
    plain(JSON.stringify({ notificationType: 'Delivery', delivery: { recipients: [reader] } })),
    '',
    'none',
  ],
  ['arf', arf('abuse'), '', 'complaint'],
  ['arf without the recipient', arf('abuse', ''), '', 'complaint'],
  ['arf of authentication', arf('auth-failure'), '', 'none'],
  ['arf of good mail', arf('not-spam'), '', 'none'],
  [
    'dsn',
    dsn({
      status: '5.1.1',
      diagnostic: `550 5.1.1 <${reader}>: Recipient address rejected: User unknown in virtual mailbox table`,
    }),
    '5.1.1',
    'hard',
  ],
  ['dsn without diagnostic', dsn({ status: '5.1.10' }), '5.1.10', 'hard'],
  [
    'dsn, code only in the diagnostic',
    dsn({ status: '5.0.0', diagnostic: '552-5.2.2 The recipient is over quota' }),
    '5.2.2',
    'soft',
  ],
  [
    'dsn, words only in the text',
    dsn({
      status: '5.0.0',
      text: `<${reader}>: host mx.example.net said: 550 No such user (in reply to RCPT TO command)`,
    }),
    '5.0.0',
    'hard',
  ],
  [
    'dsn, delayed',
    dsn({ status: '4.4.1', action: 'delayed', diagnostic: '450 4.1.1 user unknown' }),
    '4.1.1',
    'delayed',
  ],
  ['dsn, delivered', dsn({ status: '2.1.5', action: 'delivered' }), '2.1.5', 'none'],
  ['dsn, relayed', dsn({ status: '2.0.0', action: 'relayed' }), '2.0.0', 'none'],
  ['dsn, expired', dsn({ status: '4.4.7', diagnostic: '421 4.4.2 Connection timed out' }), '4.4.2', 'soft'],
  ['dsn, null MX', dsn({ status: '5.7.27', diagnostic: '550 Host does not accept mail' }), '5.7.27', 'hard'],
  [
    'dsn, DMARC',
    dsn({
      status: '5.7.26',
      diagnostic: '550-5.7.26 Unauthenticated email from example.org is not accepted due to DMARC policy',
    }),
    '5.7.26',
    'policy',
  ],
  [
    'dsn, block text with 5.1.1',
    dsn({ status: '5.1.1', diagnostic: '550 5.1.1 IP address blacklisted by recipient' }),
    '5.1.1',
    'policy',
  ],
  ['dsn, program failed', dsn({ status: '5.1.1', diagnostic: 'x-unix; procmail: No such user' }), '5.1.1', 'soft'],
  [
    'dsn, rate with 5.2.1',
    dsn({
      status: '5.2.1',
      diagnostic:
        '550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages',
    }),
    '5.2.1',
    'soft',
  ],
  [
    'vacation',
    plain('I am away and no longer with the company.', {
      From: reader,
      Subject: 'Out of office: Issue 12',
      'Auto-Submitted': 'auto-replied',
    }),
    '',
    'none',
  ],
  [
    'vacation in Korean',
    plain('부재중입니다. 사용자를 찾을 수 없', {
      From: reader,
      Subject: '[자동응답] 부재중',
      'Content-Type': 'text/plain; charset=utf-8',
    }),
    '',
    'none',
  ],
  [
    'a letter',
    plain('Thank you for the issue! User unknown is my favourite band.', { From: reader, Subject: 'Re: Issue 12' }),
    '',
    'none',
  ],
];
