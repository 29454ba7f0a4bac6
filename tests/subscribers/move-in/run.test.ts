/** Moving in on a real database: what is counted is what is written, twice changes nothing, nobody comes back. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MoveInReport, moveIn } from '../../../src/subscribers/move-in/run.ts';
import { sourceSystems } from '../../../src/subscribers/move-in/systems.ts';
import { resubscribe, suppress, unsubscribe } from '../../../src/subscribers/subscriptions.ts';
import { type Desk, openDesk } from '../support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

type Newsletter = Awaited<ReturnType<Desk['publication']>>;

async function folder(files: Record<string, string | Buffer>): Promise<string> {
  const path = await mkdtemp(join(desk.folder, 'export-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return path;
}

function move(
  paper: Newsletter,
  system: string,
  paths: string[],
  apply: boolean,
  as?: 'pending' | 'unsubscribed',
): Promise<MoveInReport> {
  return moveIn(desk.services, {
    system: sourceSystems.find(each => each.name === system)!,
    paths,
    publicationId: paper.id,
    publication: paper.publication,
    apply,
    as,
  });
}

/** Every row that moving in could touch. */
async function everything(): Promise<unknown> {
  const { sql } = desk.services;
  return [
    await sql`select * from subscribers order by id`,
    await sql`select * from subscriptions order by publication_id, subscriber_id`,
    await sql`select * from suppressions order by address_hash`,
    await sql`select last_value, is_called from subscribers_id_seq`,
  ];
}

async function subscription(paper: Newsletter, email: string) {
  const [row] = await desk.services.sql<
    { id: number; state: string; since: Date; source: string; evidence: Record<string, unknown>; leftState: string }[]
  >`
    select s.id, n.state, n.since, n.source, n.evidence, n.left_state from subscriptions n join subscribers s on s.id = n.subscriber_id
    where n.publication_id = ${paper.id} and s.email_key = ${email}`;
  return row;
}

const head = 'Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP';
const mailchimp = (mark: string) => ({
  // Named so that the strict ones are read last: the order must not matter.
  'subscribed_members_export_1.csv': `${head},Plan\n${mark}a@example.net,Ana,Kim,2,2018-02-05 19:28:23,192.0.2.7,2018-02-05 19:30:00,192.0.2.8,pro\n${mark}b@example.net,,,2,,,,,\n${mark}gone@example.net,,,2,,,,,\n${mark}bad@example.net,,,2,,,,,\nbroken,,,,,,,,\n`,
  'unsubscribed_members_export_1.csv': `${head},UNSUB_TIME,UNSUB_REASON\n${mark}gone@example.net,Old,,2,2018-01-01 00:00:00,,,,2020-05-13 10:18:25,NORMAL\n${mark}spam@example.net,,,2,,,,,2020-05-13 10:18:25,SPAM\n`,
  'xcleaned.csv': `${head},CLEAN_TIME\n${mark}bad@example.net,,,1,,,,,2020-03-23 17:30:05\n`,
  'nonsubscribed_members_export_1.csv': `${head}\n${mark}shop@example.net,,,1,,,,\n`,
  'campaigns.csv': 'Title,Subject\nx,y\n',
  '.DS_Store': 'x',
});

test('a dry run counts and changes no row; applied, the same is written; again, nothing changes', async () => {
  const paper = await desk.publication({ Plan: '' });
  const path = await folder(mailchimp('m-'));
  const before = await everything();
  const dry = await move(paper, 'mailchimp', [path], false);
  expect(await everything()).toEqual(before);
  expect(dry).toMatchObject({
    active: 2,
    pending: 0,
    unsubscribed: 1,
    suppressed: { cleaned: 1, complaint: 1 },
    skipped: 3,
    skippedWhy: { 'never subscribed there': 1, repeated: 2 },
    rejected: [
      { file: join(path, 'subscribed_members_export_1.csv'), line: 6, reason: expect.stringContaining('no @') },
    ],
    passedOver: [join(path, 'campaigns.csv')],
  });

  expect(await move(paper, 'mailchimp', [path], true)).toEqual(dry);
  expect(await paper.people()).toEqual({
    'm-a@example.net': { name: 'Ana Kim', attributes: { Plan: 'pro' }, state: 'active' },
    'm-b@example.net': { name: '', attributes: {}, state: 'active' },
    'm-gone@example.net': { name: 'Old', attributes: {}, state: 'unsubscribed' },
  });
  expect(await subscription(paper, 'm-a@example.net')).toMatchObject({
    since: new Date('2018-02-05T19:30:00Z'),
    source: 'move-in',
    evidence: {
      from: 'mailchimp',
      optInAt: '2018-02-05T19:28:23.000Z',
      optInIp: '192.0.2.7',
      confirmedAt: '2018-02-05T19:30:00.000Z',
      confirmIp: '192.0.2.8',
      movedAt: expect.stringMatching(/^20\d\d-.*Z$/),
    },
  });
  expect((await subscription(paper, 'm-gone@example.net'))!.since).toEqual(new Date('2020-05-13T10:18:25Z'));
  const { sql, hasher } = desk.services;
  const reasons = await sql`select reason from suppressions where address_hash in ${sql(
    ['m-bad@example.net', 'm-spam@example.net'].map(email => hasher.hash(email)),
  )} order by reason`;
  expect(reasons.map(row => row.reason)).toEqual(['cleaned', 'complaint']);
  // Suppression keeps no address.
  expect(
    await sql`select from subscribers where email_key in ('m-bad@example.net', 'm-spam@example.net')`,
  ).toHaveLength(0);

  const after = await everything();
  const again = await move(paper, 'mailchimp', [path], true);
  expect(again).toMatchObject({
    active: 0,
    pending: 0,
    unsubscribed: 0,
    suppressed: {},
    completed: 0,
    rejectedTotal: 1,
  });
  expect(again.skippedWhy).toEqual({ 'never subscribed there': 1, repeated: 2, known: 5 });
  expect(await everything()).toEqual(after);
});

describe('nobody comes back', () => {
  const members = (rows: [string, boolean][]) =>
    `id,email,name,subscribed_to_emails,created_at\n${rows.map(([email, on]) => `1,${email},New,${on},2022-03-16T08:03:11.000Z\n`).join('')}`;

  test('who left here or must not be mailed stays so; who waits here still waits', async () => {
    const { sql, hasher } = desk.services;
    const paper = await desk.publication();
    await paper.import('email,name\nn-left@example.net,Old\nn-bounced@example.net,Old\nn-waits@example.net,Old\n');
    await unsubscribe(sql, {
      publicationId: paper.id,
      subscriberId: (await subscription(paper, 'n-left@example.net'))!.id,
    });
    await suppress(sql, hasher.hash('n-bounced@example.net'), 'hard-bounce');
    await suppress(sql, hasher.hash('n-stranger@example.net'), 'complaint');
    await sql`update subscriptions set state = 'pending' where subscriber_id = ${(await subscription(paper, 'n-waits@example.net'))!.id}`;
    const rows: [string, boolean][] = ['left', 'bounced', 'stranger', 'waits'].map(who => [
      `N-${who}@example.net`,
      true,
    ]);
    const path = await desk.file(members(rows));
    const report = await move(paper, 'ghost', [path], true);
    expect(report).toMatchObject({
      active: 0,
      completed: 1,
      skippedWhy: { 'unsubscribed here': 1, 'suppressed here': 2 },
    });
    const people = await paper.people();
    expect(people).toMatchObject({
      'n-left@example.net': { name: 'Old', state: 'unsubscribed' },
      'n-bounced@example.net': { name: 'Old', state: 'active' },
      'n-waits@example.net': { name: 'Old', state: 'pending' },
    });
    expect(await sql`select from subscribers where email_key = 'n-stranger@example.net'`).toHaveLength(0);
    expect(
      await sql`select reason from suppressions where address_hash = ${hasher.hash('n-bounced@example.net')}`,
    ).toEqual([{ reason: 'hard-bounce' }]);
  });

  test('who left there leaves here when a plain import had made them active, and keeps what they do afterwards', async () => {
    const { sql } = desk.services;
    const paper = await desk.publication();
    await paper.import('email,name\ni-left@example.net,Old\ni-stays@example.net,Old\n');
    const path = await desk.file(
      members([
        ['i-left@example.net', false],
        ['i-stays@example.net', true],
      ]),
    );
    expect(await move(paper, 'ghost', [path], false)).toMatchObject({ unsubscribed: 1, completed: 1, active: 0 });
    expect(await move(paper, 'ghost', [path], true)).toMatchObject({ unsubscribed: 1, completed: 1, active: 0 });
    const left = await subscription(paper, 'i-left@example.net');
    expect(left).toMatchObject({ state: 'unsubscribed', leftState: 'active', evidence: { from: 'ghost', left: true } });
    expect(await subscription(paper, 'i-stays@example.net')).toMatchObject({
      state: 'active',
      evidence: { from: 'ghost' },
    });
    // They come back by their own hand; the old file must not undo that.
    await resubscribe(sql, { publicationId: paper.id, subscriberId: left!.id });
    expect(await move(paper, 'ghost', [path], true)).toMatchObject({
      unsubscribed: 0,
      skippedWhy: { 'came here by themselves': 1, known: 1 },
    });
    expect(await subscription(paper, 'i-left@example.net')).toMatchObject({ state: 'active' });
  });

  test('who signed up here after leaving there stays; who left there after signing up here does not', async () => {
    const { sql } = desk.services;
    const paper = await desk.publication();
    await paper.import('email\nf-early@example.net\nf-late@example.net\n');
    await sql`update subscriptions set source = 'form', since = '2021-01-01' where publication_id = ${paper.id}`;
    const row = (email: string, at: string) => `${email},,,2,2018-01-01 00:00:00,,,,${at},NORMAL\n`;
    const path = await desk.file(
      `${head},UNSUB_TIME,UNSUB_REASON\n${row('f-early@example.net', '2020-05-13 10:18:25')}${row('f-late@example.net', '2022-05-13 10:18:25')}`,
    );
    expect(await move(paper, 'mailchimp', [path], true)).toMatchObject({
      unsubscribed: 1,
      skippedWhy: { 'came here by themselves': 1 },
    });
    expect(await paper.people()).toMatchObject({
      'f-early@example.net': { state: 'active' },
      'f-late@example.net': { state: 'unsubscribed' },
    });
  });

  test('another publication is another subscription', async () => {
    const [one, two] = [await desk.publication(), await desk.publication()];
    await move(one, 'ghost', [await desk.file(members([['o-x@example.net', false]]))], true);
    expect(await move(two, 'ghost', [await desk.file(members([['o-x@example.net', true]]))], true)).toMatchObject({
      active: 1,
    });
    expect(await one.people()).toMatchObject({ 'o-x@example.net': { state: 'unsubscribed' } });
  });
});

test('listmonk: --as for those whose file says enabled; the strict file counts in either order', async () => {
  const paper = await desk.publication({ city: '' });
  const row = (email: string) => `u,${email},,"{""city"": ""Daegu""}",enabled,2024-01-05 10:20:30.123456 +0000 UTC,\n`;
  const header = 'uuid,email,name,attributes,status,created_at,updated_at\n';
  const left = await desk.file(header + row('l-left@example.net'));
  const all = await desk.file(header + row('l-left@example.net') + row('l-stays@example.net'));
  const waiting = await desk.file(header + row('l-waits@example.net'));
  expect(await move(paper, 'listmonk', [waiting], true, 'pending')).toMatchObject({ pending: 1 });
  // The whole list first: the mistake that is easily made.
  expect(await move(paper, 'listmonk', [all], true)).toMatchObject({ active: 2 });
  expect(await move(paper, 'listmonk', [left], true, 'unsubscribed')).toMatchObject({ unsubscribed: 1 });
  expect(await move(paper, 'listmonk', [all], true)).toMatchObject({ active: 0, skipped: 2 });
  expect(await paper.people()).toEqual({
    'l-left@example.net': { name: '', attributes: { city: 'Daegu' }, state: 'unsubscribed' },
    'l-stays@example.net': { name: '', attributes: { city: 'Daegu' }, state: 'active' },
    'l-waits@example.net': { name: '', attributes: { city: 'Daegu' }, state: 'pending' },
  });
});

test('a Stibee file in CP949, as Excel saves it, with semicolons', async () => {
  const paper = await desk.publication();
  const text =
    '이메일 주소;이름;구독 상태;구독 시작일;광고성 정보 수신동의\r\ns-a@example.net;똠방각하;구독 중;2024-03-02 09:00:00;Y\r\ns-b@example.net;;수신거부;2024-03-02;N\r\ns-c@example.net;;자동 삭제;;\r\n';
  const path = await desk.file(iconv.encode(text, 'cp949'));
  const report = await move(paper, 'stibee', [path], true);
  expect(report).toMatchObject({
    active: 1,
    unsubscribed: 1,
    suppressed: { 'auto-removed': 1 },
    files: [{ encoding: 'CP949', rows: 3 }],
  });
  expect(await paper.people()).toMatchObject({ 's-a@example.net': { name: '똠방각하' } });
  expect(await subscription(paper, 's-a@example.net')).toMatchObject({
    evidence: { adConsent: true },
    since: new Date('2024-03-02T00:00:00Z'),
  });
});

test('hostile cells: each costs its own row at most, and nothing of it gets through', async () => {
  const paper = await desk.publication();
  const path = await desk.file(
    Buffer.concat([
      Buffer.from('id,email,name,subscribed_to_emails,created_at\n'),
      Buffer.from("1,h-formula@example.net,=cmd()|' /C calc'!A0,true,=NOW()\n"),
      Buffer.from('1,"=HYPERLINK(""https://example.net"")",x,true,\n'),
      Buffer.from('1,h-nul@example.net,a\0b,true,2022-03-16T08:03:11.000Z\0\n'),
      Buffer.from(`1,h-huge@example.net,"${'k'.repeat(10 * 1024 * 1024)}",true,\n`),
      Buffer.from('1,h-open@example.net,"never closed,true,\n'),
      Buffer.from('1,h-more@example.net,a,true,2022-03-16T08:03:11.000Z,surplus\n'),
      Buffer.from('1,h-header@example.net,"Kim\r\nBcc: x@example.net",true,\n'),
      Buffer.from("1,h-sql@example.net,'); drop table subscribers; --,true,\n"),
      Buffer.from('1,h-bytes@example.net,'),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from(',true,\n1,h-last@example.net,last,true,'),
    ]),
  );
  const report = await move(paper, 'ghost', [path], true);
  expect(report.rejected.map(each => each.line)).toEqual([3, 5, 6, 7]);
  expect(report.rejected.every(each => !each.reason.includes('@example'))).toBe(true);
  expect(report.active).toBe(6);
  const people = await paper.people();
  expect(people['h-nul@example.net']!.name).toBe('a b');
  expect(people['h-header@example.net']!.name).toBe('Kim Bcc: x@example.net');
  expect(people['h-sql@example.net']!.name).toBe("'); drop table subscribers; --");
  expect((await subscription(paper, 'h-formula@example.net'))!.evidence).toMatchObject({ unread: ['=NOW()'] });
  expect((await subscription(paper, 'h-nul@example.net'))!.evidence).not.toHaveProperty('joinedAt');
});

test('more rows than a batch, over two files, every row counted once', async () => {
  const paper = await desk.publication();
  const rows = (from: number, to: number, on: boolean) =>
    Array.from({ length: to - from }, (_, i) => `1,many${from + i}@example.net,,${on},\n`).join('');
  const header = 'id,email,name,subscribed_to_emails,created_at\n';
  const one = await desk.file(header + rows(0, 5000, true));
  const two = await desk.file(`${header}${rows(4000, 7000, false)}broken\n`);
  const seen: number[] = [];
  const report = await moveIn(desk.services, {
    system: sourceSystems.find(each => each.name === 'ghost')!,
    paths: [one, two],
    publicationId: paper.id,
    publication: paper.publication,
    apply: true,
    onProgress: ({ bytes, totalBytes }) => seen.push(bytes / totalBytes),
  });
  expect(report).toMatchObject({ active: 4000, unsubscribed: 3000, skippedWhy: { repeated: 1000 }, rejectedTotal: 1 });
  expect(report.files.map(file => file.rows)).toEqual([5000, 3001]);
  expect(seen.at(-1)).toBe(1);
  expect(Math.max(...seen)).toBe(1);
});

describe('what is not an export is refused, naming what was found and what is expected', () => {
  const refused = async (system: string, name: string, content: string | Buffer) => {
    const paper = await desk.publication();
    const before = await everything();
    const path = await folder({ [name]: content });
    const error = await move(paper, system, [join(path, name)], true).then(
      () => undefined,
      thrown => thrown as { code: string; message: string; help: string },
    );
    expect(await everything()).toEqual(before);
    return error!;
  };

  test('unknown columns', async () => {
    const error = await refused('keila', 'a.csv', 'Mail,Vorname\nx@example.net,A\n');
    expect(error).toMatchObject({ code: 'MOVE_IN_UNREADABLE' });
    expect(error.message).toContain('found “Mail”, “Vorname”; expected “Email”, “First name”');
  });
  test('no header: addresses are not repeated', async () => {
    const error = await refused('keila', 'a.csv', 'x@example.net,A\n');
    expect(error.message).toContain('found (an address), “A”');
  });
  test('another system’s file', async () => {
    const error = await refused('listmonk', 'm.csv', 'id,email,name,subscribed_to_emails,created_at\n');
    expect(error.help).toContain('move-in ghost');
  });
  test('a Mailchimp file whose name does not tell', async () => {
    const error = await refused('mailchimp', 'people.csv', `${head}\nx@example.net,,,,,,,\n`);
    expect(error).toMatchObject({ code: 'MOVE_IN_UNREADABLE', message: expect.stringContaining('nonsubscribed') });
  });
  test('a ZIP file, a workbook', async () => {
    expect(await refused('substack', 'export.zip', Buffer.from('PK\u0003\u0004'))).toMatchObject({
      help: expect.stringContaining('Unpack'),
    });
    expect(await refused('stibee', 'list.xlsx', Buffer.from('PK\u0003\u0004'))).toMatchObject({
      code: 'CSV_UNREADABLE',
    });
  });
  test('no such path', async () => {
    const paper = await desk.publication();
    await expect(move(paper, 'ghost', ['/nowhere/members.csv'], true)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
  });
});

test('a folder given twice, or with its file, counts each file once', async () => {
  const paper = await desk.publication();
  const path = await folder({ 'members.csv': 'email,subscribed_to_emails,created_at\nt-x@example.net,true,\n' });
  const report = await move(paper, 'ghost', [path, path, join(path, 'members.csv')], true);
  expect(report).toMatchObject({ active: 1, skipped: 0 });
  await rm(path, { recursive: true });
});
