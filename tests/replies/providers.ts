/**
 * What mailbox providers say to a bulk sender, and what it means in our own session: their words, with example addresses and hosts.
 * `Korean portal` is made, in the words of bounces.
 */
import type { Row } from './table.ts';

const gmail: Row[] = [
  ['Gmail', 'dot', '250 2.0.0 OK  1732500000 a1-20020a - gsmtp', 'accepted'],
  [
    'Gmail',
    'envelope',
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the recipient's email address for typos or\n550-5.1.1 unnecessary spaces. For more information, go to\n550 5.1.1  https://support.google.com/mail/?p=NoSuchUser x9si12 - gsmtp",
    'hard-bounce',
  ],
  ['Gmail', 'envelope', '550 5.2.1 The email account that you tried to reach is disabled. - gsmtp', 'hard-bounce'],
  [
    'Gmail',
    'envelope',
    '553 5.1.2 The recipient address <a@b> is not a valid RFC-5321 address. - gsmtp',
    'hard-bounce',
  ],
  [
    'Gmail',
    'envelope',
    '450-4.2.1 The user you are trying to contact is receiving mail too quickly.\n450 4.2.1 https://support.google.com/mail/?p=ReceivingRate - gsmtp',
    'reader',
  ],
  [
    'Gmail',
    'envelope',
    '550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.',
    'refused',
  ],
  [
    'Gmail',
    'envelope',
    '452-4.2.2 The recipient’s inbox is out of storage space.\n452 4.2.2 Please direct the recipient to their storage settings - gsmtp',
    'reader',
  ],
  [
    'Gmail',
    'envelope',
    '552-5.2.2 The email account that you tried to reach is over quota.\n552 5.2.2 - gsmtp',
    'reader',
  ],
  [
    'Gmail',
    'dot',
    '421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from\n421-4.7.28 your IP address. To protect our users from spam, mail has been temporarily\n421 4.7.28 rate limited. - gsmtp',
    'lane',
  ],
  [
    'Gmail',
    'dot',
    '421-4.7.0 [192.0.2.1] Our system has detected that this message is\n421-4.7.0 suspicious due to the very low reputation of the sending domain.\n421 4.7.0 - gsmtp',
    'lane',
  ],
  ['Gmail', 'envelope', '421 4.7.0 TLS required for RCPT domain, closing connection. - gsmtp', 'lane'],
  ['Gmail', 'envelope', '421 4.4.5 Server busy, try again later. - gsmtp', 'lane'],
  ['Gmail', 'dot', '421 4.3.0 Temporary System Problem.  Try again later. - gsmtp', 'relay'],
  ['Gmail', 'dot', '451 4.3.0 Mail server temporarily rejected message. - gsmtp', 'relay'],
  [
    'Gmail',
    'dot',
    '421-4.7.30 This mail has been rate limited because DKIM does not pass.\n421 4.7.30 - gsmtp',
    'lane',
  ],
  ['Gmail', 'dot', '550-5.7.26 This mail has been blocked because the sender is unauthenticated.', 'blocked'],
  [
    'Gmail',
    'dot',
    '550-5.7.1 [192.0.2.1      12] Our system has detected that this message is\n550-5.7.1 likely unsolicited mail. To reduce the amount of spam sent to Gmail,\n550 5.7.1 this message has been blocked. - gsmtp',
    'blocked',
  ],
  ['Gmail', 'dot', "552-5.2.3 Your message exceeded Google's message size limits.\n552 5.2.3 - gsmtp", 'refused'],
  [
    'Gmail as relay',
    'envelope',
    '550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\n550 5.4.5 sending limits - gsmtp',
    'blocked',
  ],
  ['Gmail as relay', 'envelope', '450 4.2.1 Peak SMTP relay limit exceeded for customer. - gsmtp', 'relay'],
];

const yahoo: Row[] = [
  [
    'Yahoo',
    'envelope',
    '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes',
    'lane',
  ],
  ['Yahoo', 'connect', '421 4.7.0 [TS01] Messages from 192.0.2.1 temporarily deferred - 4.16.55.1', 'lane'],
  [
    'Yahoo',
    'connect',
    '421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.',
    'lane',
  ],
  ['Yahoo', 'envelope', '421 Max message per connection reached, closing transmission channel', 'session'],
  [
    'Yahoo',
    'dot',
    '451 mta114.mail.yahoo.com Resources temporarily unavailable. Please try again later [#4.16.1].',
    'relay',
  ],
  ['Yahoo', 'envelope', '450 User is receiving mail too quickly', 'reader'],
  [
    'Yahoo',
    'envelope',
    "554 delivery error: dd This user doesn't have a yahoo.com account (reader@example.net) [-9] - mta1.mail.yahoo.com",
    'hard-bounce',
  ],
  ['Yahoo', 'dot', "554 delivery error: dd This user doesn't have a yahoo.com account [0]", 'refused'],
  ['Yahoo', 'envelope', '554 delivery error: dd This mailbox is disabled (554.30). - mta1', 'hard-bounce'],
  [
    'Yahoo',
    'envelope',
    "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list",
    'blocked',
  ],
  [
    'Yahoo',
    'envelope',
    '553 Mail from 192.0.2.1 not allowed - 5.7.1 [BL23] Connections not accepted from IP addresses on Spamhaus XBL',
    'blocked',
  ],
  ['Yahoo', 'dot', '554 Message not allowed - [PH01] Email not accepted for policy reasons.', 'blocked'],
  ['Yahoo', 'dot', '554 5.7.9 Message not accepted for policy reasons.', 'blocked'],
  ['AOL', 'envelope', '552 1 Requested mail action aborted, mailbox not found', 'reader'],
];

const microsoft: Row[] = [
  [
    'Outlook.com',
    'envelope',
    '550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [XY1.prod.protection.outlook.com]',
    'hard-bounce',
  ],
  [
    'Outlook.com',
    'envelope',
    '451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. (S775)',
    'lane',
  ],
  ['Outlook.com', 'envelope', '451 4.7.651 The mail server [192.0.2.1] has been temporarily rate limited', 'lane'],
  ['Outlook.com', 'envelope', '451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (AS77712344)', 'lane'],
  [
    'Hotmail',
    'envelope',
    '421 RP-001 (SNT004-MC1F1) Unfortunately, some messages from 192.0.2.1 weren’t sent. Please try again. We have limits for how many messages can be sent per hour and per day.',
    'lane',
  ],
  ['Hotmail', 'envelope', '450 RP-002 (BAY004) Unfortunately, some messages from 192.0.2.1 weren’t sent.', 'lane'],
  [
    'Outlook.com',
    'dot',
    '550 5.7.515 Access denied, sending domain example.org does not meet the required authentication level',
    'blocked',
  ],
  [
    'Outlook.com',
    'envelope',
    '550 5.7.1 Unfortunately, messages from [192.0.2.1] weren’t sent. Please contact your Internet service provider since part of their network is on our block list (S3150).',
    'blocked',
  ],
  [
    'Hotmail',
    'envelope',
    '550 SC-001 (BAY004) Unfortunately, messages from 192.0.2.1 weren’t sent: block list',
    'blocked',
  ],
  ['Exchange Online', 'envelope', '550 5.7.606 Access denied, banned sending IP [192.0.2.1]. AS(1430)', 'blocked'],
  [
    'Exchange Online',
    'envelope',
    '550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [XY1.prod.protection.outlook.com]',
    'refused',
  ],
  [
    'Exchange Online',
    'envelope',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient reader@example.net not found by SMTP address lookup',
    'hard-bounce',
  ],
  [
    'Exchange Online',
    'envelope',
    '554 5.2.121 The sender has exceeded the limit for the number of messages they can send to this recipient per hour.',
    'refused',
  ],
  ['Exchange Online', 'dot', '451 4.7.0 Temporary server error. Please try again later. PRX4 NextHop:', 'relay'],
  [
    'Exchange Online',
    'envelope',
    '421 4.3.2 The maximum number of concurrent connections per resource forest has exceeded a limit, closing transmission channel.',
    'lane',
  ],
  ['Exchange', 'envelope', '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found', 'hard-bounce'],
  ['Exchange', 'dot', '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found', 'refused'],
  ['Exchange', 'envelope', '554 5.2.2 mailbox full; STOREDRV.Deliver: mailbox full.', 'refused'],
  ['Exchange', 'envelope', '501 5.1.7 Invalid address', 'blocked'],
  ['Exchange', 'envelope', '452 4.3.1 Insufficient system resources (TSTE)', 'relay'],
  ['Exchange', 'envelope', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'blocked'],
];

const korea: Row[] = [
  [
    'Naver',
    'envelope',
    '550 5.1.1 No such user. For more information, go to https://help.naver.com/alias/mail/newmail10.naver YFIkhhfi - nsmtp',
    'hard-bounce',
  ],
  ['Naver', 'connect', '421 4.3.2 Your IP(192.0.2.1) is filtered and this connection will be closed.', 'lane'],
  ['Naver', 'envelope', '421 4.3.1 You send too many messages.', 'lane'],
  ['Naver', 'envelope', '421 4.3.2 Too many connections', 'lane'],
  ['Hanmail', 'envelope', '550 5.1.1 RUSR 192.0.2.1: No such user: <reader@example.net>', 'hard-bounce'],
  ['Hanmail', 'envelope', '550 5.2.1 RACT 192.0.2.1: Mailbox is inactive: <reader@example.net>', 'hard-bounce'],
  ['Hanmail', 'connect', '421 4.4.1 CHIC 192.0.2.1: Network is busy.', 'lane'],
  ['Hanmail', 'connect', '421 4.4.5 CCRT 192.0.2.1: Connection refused. Server is busy(RT)', 'lane'],
  [
    'Hanmail',
    'dot',
    '554 5.7.1 DAS51 192.0.2.1: Your mail is blocked automatically by anti-spam system. (E06)',
    'blocked',
  ],
  ['Korean portal', 'envelope', '550 존재하지 않는 사용자입니다', 'hard-bounce'],
  ['Korean portal', 'envelope', '550 사용자를 찾을 수 없습니다', 'hard-bounce'],
  ['Korean portal', 'envelope', '550 발신자 주소가 존재하지 않습니다', 'blocked'],
  ['Korean portal', 'envelope', '550 5.7.1 스팸 발송 IP로 차단되었습니다', 'blocked'],
  ['Korean portal', 'envelope', '554 메일함이 가득 찼습니다', 'refused'],
  ['Korean portal', 'envelope', '452 4.2.2 메일함 용량이 초과되었습니다', 'reader'],
  ['Korean portal', 'envelope', '421 동시 접속이 너무 많습니다', 'lane'],
  ['Korean portal', 'envelope', '550 You are registered as spammer (by user’s reject list)', 'blocked'],
];

const apple: Row[] = [
  ['iCloud', 'envelope', '550 5.1.1 <reader@example.net>: user does not exist', 'hard-bounce'],
  ['iCloud', 'dot', '554 5.7.1 [CS01] Message rejected due to local policy.', 'blocked'],
  ['iCloud', 'dot', '554 5.7.1 [HM08] Message rejected due to local policy.', 'blocked'],
  ['iCloud', 'envelope', '552 5.2.2 <reader@example.net>: user is overquota', 'reader'],
  ['iCloud', 'envelope', '421 4.7.1 Messages to reader@example.net deferred due to excessive volume.', 'reader'],
  ['iCloud', 'envelope', '421 4.7.0 me.com Error: too many errors', 'lane'],
  ['iCloud', 'dot', '451 4.7.1 Service unavailable - try again later', 'lane'],
];

export const providers: Row[] = [...gmail, ...yahoo, ...microsoft, ...korea, ...apple];
