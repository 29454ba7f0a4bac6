/** Each system's rows, one table each: what a row becomes, by itself. */
import { describe, expect, test } from 'vitest';
import { columnsOf, ExportRow, type Moved } from '../../../src/subscribers/move-in/moved.ts';
import { sourceSystems } from '../../../src/subscribers/move-in/systems.ts';

function read(system: string, header: string[], cells: string[], file = 'export.csv'): Moved {
  return sourceSystems.find(each => each.name === system)!.read(new ExportRow(columnsOf(header), cells), file);
}

type Case = [what: string, cells: string[], expected: object];
const table = (system: string, header: string[], cases: Case[], file?: string) =>
  describe(`${system}${file ? `, ${file}` : ''}`, () => {
    test.each(cases)('%s', (_what, cells, expected) => {
      expect(read(system, header, cells, file)).toMatchObject(expected);
    });
  });
const problem = (text: string) => ({ problem: expect.stringContaining(text) });

table(
  'listmonk',
  ['uuid', 'email', 'name', 'attributes', 'status', 'created_at', 'updated_at'],
  [
    [
      'enabled',
      [
        'u-1',
        'Ana@Example.net',
        'Ana',
        '{"city":"Daegu","age":31,"x":{"y":1}}',
        'enabled',
        '2024-01-05 10:20:30.123456 +0000 UTC',
        '',
      ],
      {
        email: 'Ana@example.net',
        emailKey: 'ana@example.net',
        standing: 'active',
        since: new Date('2024-01-05T10:20:30.123Z'),
        evidence: { from: 'listmonk', joinedAt: '2024-01-05T10:20:30.123Z' },
        more: { city: 'Daegu', age: '31' },
      },
    ],
    [
      'a zone other than UTC',
      ['', 'b@example.net', '', '{}', 'enabled', '2024-01-05 10:20:30 +0900 KST', ''],
      { since: new Date('2024-01-05T01:20:30Z') },
    ],
    [
      'disabled',
      ['', 'c@example.net', '', '', 'disabled', '', ''],
      { standing: 'unsubscribed', evidence: { left: true } },
    ],
    [
      'blocklisted',
      ['', 'd@example.net', '', '', 'blocklisted', '', ''],
      { standing: 'suppressed', reason: 'blocklisted' },
    ],
    ['broken attributes', ['', 'e@example.net', 'E', '{"a":', 'enabled', '', ''], { standing: 'active', more: {} }],
    ['an unknown state', ['', 'f@example.net', '', '', 'vip', '', ''], problem('“vip”')],
    [
      'an address where the state should be',
      ['', 'g@example.net', '', '', 'other@example.net', '', ''],
      { problem: expect.not.stringContaining('@') },
    ],
    ['no address', ['', 'nobody', '', '', 'enabled', '', ''], problem('no @')],
  ],
);

table(
  'ghost',
  [
    'id',
    'email',
    'name',
    'note',
    'subscribed_to_emails',
    'complimentary_plan',
    'stripe_customer_id',
    'created_at',
    'deleted_at',
    'labels',
    'tiers',
  ],
  [
    [
      'subscribed',
      ['1', 'a@example.net', '김민수', 'n', 'true', '', '', '2022-03-16T08:03:11.000Z', '', 'x', ''],
      { standing: 'active', name: '김민수', since: new Date('2022-03-16T08:03:11Z') },
    ],
    [
      'not subscribed',
      ['1', 'b@example.net', '', '', 'false', '', '', '2022-03-16T08:03:11.000Z', '', '', ''],
      { standing: 'unsubscribed', evidence: { left: true, joinedAt: '2022-03-16T08:03:11.000Z' } },
    ],
    [
      'deleted',
      ['1', 'c@example.net', '', '', 'true', '', '', '', '2023-01-01T00:00:00.000Z', '', ''],
      { skip: 'deleted there' },
    ],
    ['nothing said', ['1', 'd@example.net', '', '', '', '', '', '', '', '', ''], problem('is empty')],
  ],
);

test('when they joined is not when they left', () => {
  const left = read(
    'ghost',
    ['email', 'subscribed_to_emails', 'created_at'],
    ['a@example.net', 'false', '2022-03-16T08:03:11Z'],
  );
  expect(left).not.toHaveProperty('since');
});

table(
  'substack',
  ['email', 'active_subscription', 'expiry', 'plan', 'email_disabled', 'created_at', 'first_payment_at'],
  [
    [
      'free',
      ['a@example.net', 'false', '', 'other', 'false', '2026-07-01T00:00:00.000Z', ''],
      { standing: 'active', since: new Date('2026-07-01') },
    ],
    [
      'mail turned off, though paying',
      ['b@example.net', 'true', '2027-07-01', 'yearly', 'true', '2026-07-01T00:00:00.000Z', ''],
      { standing: 'unsubscribed' },
    ],
    ['nothing said', ['c@example.net', 'false', '', '', '', '', ''], problem('email_disabled')],
  ],
);

const mailchimp = [
  'Email Address',
  'First Name',
  'Last Name',
  'MEMBER_RATING',
  'OPTIN_TIME',
  'OPTIN_IP',
  'CONFIRM_TIME',
  'CONFIRM_IP',
];
table(
  'mailchimp',
  [...mailchimp, 'LEID', 'EUID', 'NOTES', 'TAGS'],
  [
    [
      'subscribed, with its consent',
      [
        'a@example.net',
        'Ana',
        'Kim',
        '2',
        '2018-02-05 19:28:23',
        '192.0.2.7',
        '2018-02-05 19:30:00',
        '2001:db8::7',
        '',
        '',
        '',
        '"Editors"',
      ],
      {
        standing: 'active',
        name: 'Ana Kim',
        since: new Date('2018-02-05T19:30:00Z'),
        evidence: {
          from: 'mailchimp',
          optInAt: '2018-02-05T19:28:23.000Z',
          optInIp: '192.0.2.7',
          confirmedAt: '2018-02-05T19:30:00.000Z',
          confirmIp: '2001:db8::7',
        },
      },
    ],
    [
      'what is no IP is none',
      ['b@example.net', '', '', '', '', '<script>', '', ''],
      { evidence: { from: 'mailchimp' } },
    ],
    [
      'a time that Excel turned round',
      ['c@example.net', '', '', '', '2/5/18 19:28', '', '', ''],
      { standing: 'active', evidence: { unread: ['2/5/18 19:28'] } },
    ],
  ],
  'subscribed_members_export_0a1b.csv',
);
table(
  'mailchimp',
  mailchimp,
  [['never subscribed', ['a@example.net', '', '', '', '', '', '', ''], { skip: 'never subscribed there' }]],
  'nonsubscribed_members_export_0a1b.csv',
);
table(
  'mailchimp',
  [...mailchimp, 'UNSUB_TIME', 'UNSUB_REASON', 'UNSUB_REASON_OTHER'],
  [
    [
      'unsubscribed',
      [
        'a@example.net',
        '',
        '',
        '',
        '2018-02-12 10:54:27',
        '',
        '2018-02-12 10:54:27',
        '',
        '2020-05-13 10:18:25',
        'NORMAL',
        'too many',
      ],
      {
        standing: 'unsubscribed',
        since: new Date('2020-05-13T10:18:25Z'),
        evidence: { leftAt: '2020-05-13T10:18:25.000Z', leftReason: 'NORMAL: too many' },
      },
    ],
    [
      'called spam',
      ['b@example.net', '', '', '', '', '', '', '', '2020-05-13 10:18:25', 'SPAM', ''],
      { standing: 'suppressed', reason: 'complaint' },
    ],
  ],
);
table(
  'mailchimp',
  [...mailchimp, 'CLEAN_TIME', 'CLEAN_CAMPAIGN_TITLE'],
  [
    [
      'cleaned',
      ['c@example.net', '', '', '1', '', '', '', '', '2020-03-23 17:30:05', 'News'],
      { standing: 'suppressed', reason: 'cleaned' },
    ],
  ],
);

table(
  'stibee',
  ['이메일 주소', '이름', '구독 상태', '구독 시작일', '수신거부일', '광고성 정보 수신동의'],
  [
    [
      'reads mail; Korean time; consent to advertising is only noted',
      ['a@example.net', '이영희', '구독 중', '2024-03-02 09:00:00', '', 'Y'],
      { standing: 'active', name: '이영희', since: new Date('2024-03-02T00:00:00Z'), evidence: { adConsent: true } },
    ],
    [
      'nothing said of advertising',
      ['b@example.net', '', '구독중', '', '', ''],
      { evidence: expect.not.objectContaining({ adConsent: expect.anything() }) },
    ],
    [
      'left',
      ['c@example.net', '', '수신 거부', '2024. 3. 2', '2024-05-01', 'N'],
      { standing: 'unsubscribed', since: new Date('2024-04-30T15:00:00Z'), evidence: { adConsent: false } },
    ],
    [
      'removed after bounces',
      ['d@example.net', '', '자동 삭제', '', '', ''],
      { standing: 'suppressed', reason: 'auto-removed' },
    ],
    ['called spam', ['e@example.net', '', '스팸신고', '', '', ''], { standing: 'suppressed', reason: 'complaint' }],
    ['has not confirmed', ['f@example.net', '', '구독 확인 대기', '', '', ''], { standing: 'pending' }],
    ['an unknown state', ['g@example.net', '', '휴면', '', '', ''], problem('“휴면”')],
  ],
);

table(
  'keila',
  ['Email', 'First name', 'Last name', 'External ID', 'Data', 'Status'],
  [
    [
      'active',
      ['a@example.net', '철수', '박', 'x1', '{"plan":"pro"}', 'active'],
      { standing: 'active', name: '박철수', more: { plan: 'pro' } },
    ],
    ['unsubscribed', ['b@example.net', '', '', '', '', 'unsubscribed'], { standing: 'unsubscribed' }],
    [
      'unreachable',
      ['c@example.net', '', '', '', '', 'Unreachable'],
      { standing: 'suppressed', reason: 'unreachable' },
    ],
    ['nothing said', ['d@example.net', '', '', '', '', ''], problem('is empty')],
  ],
);
