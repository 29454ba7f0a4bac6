/** Files brought in through the console: any encoding, checked first, bounded, taken up after a death, taken back within a day. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findImport } from '../../../../src/db/imports.ts';
import { environmentOf } from '../../../support/environment.ts';
import { tokenOf } from '../staff.ts';
import { origin } from '../support.ts';
import { type Newsroom, openNewsroom, press, proof, uploadFile, work } from './support.ts';

let room: Newsroom;
beforeAll(async () => {
  room = await openNewsroom(['here@example.net', 'gone@example.net', 'never@example.net']);
  const { sql, hasher } = room.services;
  await sql`update subscriptions set state = 'unsubscribed' where subscriber_id = ${room.ids[1]!}`;
  await sql`insert into suppressions (address_hash, reason) values (${hasher.hash('never@example.net')}, 'complaint')`;
});
afterAll(() => room.services.close());

const job = async (id: number) => (await findImport(room.services.sql, id))!;
const page = (id: number) => room.staff.editor.page(`/console/readers/imports/${id}`);
const act = (id: number, name: string, fields: Record<string, string> = {}) =>
  press(room.staff.editor, `/console/readers/imports/${id}/${name}`, fields);
const active = async (like: string) =>
  (await room.services.sql`
    select s.name, s.attributes, n.evidence, n.import_id from subscribers s join subscriptions n on n.subscriber_id = s.id
    where s.email_key like ${like} and n.state = 'active' order by s.email_key`) as unknown as Record<
    string,
    unknown
  >[];

const text = [
  '이메일,이름,회사,비고',
  'kim@example.com,김민수,가나상사,x',
  'lee@example.com,"이, 서연",,',
  'here@example.net,여기,,',
  'gone@example.net,떠난이,,',
  'never@example.net,아무개,,',
  'KIM@example.com,다른이름,,',
  'no address,=1+1,,',
].join('\r\n');
const columns = { c0: 'email', c1: 'name', c2: 'field:회사', c3: '' };

test.each([
  ['UTF-8', Buffer.from(`\ufeff${text}`)],
  ['CP949', iconv.encode(text, 'cp949')],
  ['UTF-16LE', iconv.encode(text, 'utf-16le', { addBOM: true })],
  ['UTF-16BE', iconv.encode(text, 'utf-16be', { addBOM: true })],
])('%s: found, shown, checked without writing, brought in with proof', async (encoding, file) => {
  const { sql } = room.services;
  await sql`delete from subscribers where email_key like '%@example.com'`;
  await sql`update subscribers set name = ''`;
  const { id } = await uploadFile(room, room.staff.editor, file);
  expect((await job(id)).encoding).toBe(encoding);
  const shown = await page(id);
  expect(shown).toContain('이, 서연');
  expect(shown).toMatch(/<option value="email" selected="">/);

  await act(id, 'check', { ...columns, ...proof, tags: '행사, vip' });
  await work(room);
  const counts = { added: 2, updated: 1, same: 0, unsubscribed: 1, suppressed: 1, repeated: 1, refused: 1 };
  expect(await job(id)).toMatchObject({ state: 'checked', checked: counts });
  expect(await active('%@example.com')).toEqual([]);

  await act(id, 'run');
  await work(room);
  expect(await job(id)).toMatchObject({ state: 'done', counts });
  const [kim, lee] = await active('%@example.com');
  expect(kim).toMatchObject({
    name: '김민수',
    attributes: { 회사: '가나상사' },
    importId: id,
    evidence: { source: proof.source, wording: proof.wording },
  });
  expect(lee).toMatchObject({ name: '이, 서연' });
  const consents =
    await sql`select wording, source, at from consents c join subscribers s on s.id = c.subscriber_id where s.email_key = 'kim@example.com'`;
  expect(consents).toMatchObject([{ wording: proof.wording, source: 'import', at: new Date('2026-01-02T00:00:00Z') }]);
  expect(
    await sql`select tag from subscriber_tags t join subscribers s on s.id = t.subscriber_id where s.email_key = 'kim@example.com' order by tag`,
  ).toMatchObject([{ tag: 'vip' }, { tag: '행사' }]);
  // Nobody came back, nobody who may not be mailed was written to.
  expect(await sql`select state from subscriptions where subscriber_id = ${room.ids[1]!}`).toMatchObject([
    { state: 'unsubscribed' },
  ]);
  expect(await sql`select from subscriber_tags where subscriber_id = any(${room.ids.slice(1)}::bigint[])`).toHaveLength(
    0,
  );
  const refused = await (await room.staff.editor.request(`/console/readers/imports/${id}/refused`)).text();
  expect(refused).toContain(`8,`);
  expect(refused).toContain(`'=1+1`);
  const headers = { 'accept-language': 'ko' };
  const korean = await (await room.staff.editor.request(`/console/readers/imports/${id}`, { headers })).text();
  expect(korean).toContain('@이 없어 이메일 주소가 아니에요');
  expect(korean).not.toContain('this is not an e-mail address');
});

test('without proof, without a column of addresses, or with one meaning twice nothing begins', async () => {
  const { id } = await uploadFile(room, room.staff.editor, Buffer.from(text));
  for (const fields of [
    { ...columns },
    { ...columns, ...proof, at: '2999-01-01' },
    { ...columns, ...proof, c0: '' },
    { ...columns, ...proof, c1: 'email' },
    { ...columns, ...proof, tags: 'x'.repeat(61) },
  ])
    expect((await act(id, 'check', fields)).status).toBe(409);
  expect((await act(id, 'run')).status).toBe(409);
  expect((await job(id)).state).toBe('uploaded');
});

test('an encoding that a person names is read anew', async () => {
  const { id } = await uploadFile(
    room,
    room.staff.editor,
    iconv.encode('email,name\r\na@example.org,h\u00e9l\u00e8ne\r\n', 'windows-1252'),
  );
  await act(id, 'encoding', { encoding: 'CP949' });
  expect(await page(id)).not.toContain('hélène');
  await act(id, 'encoding', { encoding: 'windows-1252' });
  expect(await page(id)).toContain('hélène');
  expect((await act(id, 'encoding', { encoding: 'utf-7' })).status).toBe(400);
});

test('what is no CSV is refused with a reason; a file without a known header asks which column it is', async () => {
  const { answer, id } = await uploadFile(room, room.staff.editor, Buffer.from('PK\u0003\u0004 a workbook'));
  expect(answer.status).toBe(409);
  expect((await job(id)).state).toBe('uploading');
  const { error } = (await answer.json()) as { error: string };
  expect(error).toBe('the file is an Excel workbook or another ZIP file, not CSV.');
  const korean = await room.staff.editor.request(`/console/readers/imports/${id}/uploaded`, {
    method: 'POST',
    headers: {
      origin,
      'accept-language': 'ko',
      'content-type': 'application/json',
      'x-form-token': await tokenOf(room.staff.editor),
    },
    body: '{}',
  });
  expect(await korean.json()).toMatchObject({
    error: 'CSV가 아니라 엑셀 파일이거나 다른 ZIP 파일이에요.',
    help: expect.stringContaining('CSV(UTF-8)로 저장'),
  });
  const other = await uploadFile(room, room.staff.editor, Buffer.from('연락처,누구\r\n아직,없음\r\n'));
  expect(other.answer.status).toBe(200);
  expect((await job(other.id)).layout).toMatchObject({ headers: ['연락처', '누구'] });
});

test('hostile rows are refused or stored as typed, and shown escaped', async () => {
  const rows = [
    'email,name,city',
    'a"@example.org,x,y',
    'xss@example.org,<script>alert(1)</script>,"<img src=x onerror=alert(1)>"',
    `long@example.org,${'n'.repeat(201)},`,
    'nul@example.org,a\0b,c',
    '"open@example.org,never closed',
    'after@example.org,still read,',
    'a@example.org\r\nBcc: b@example.org,inject,',
  ];
  const { id } = await uploadFile(room, room.staff.editor, Buffer.from(rows.join('\n')), '<b>list</b>.csv');
  const shown = await page(id);
  expect(shown).not.toContain('<script>alert');
  expect(shown).toContain('&lt;b&gt;list&lt;/b&gt;.csv');
  await act(id, 'check', { c0: 'email', c1: 'name', c2: 'field:city', ...proof });
  await work(room);
  expect(await page(id)).not.toContain('<img src=x');
  await act(id, 'run');
  await work(room);
  expect((await job(id)).state).toBe('done');
  expect(await active('xss@%')).toMatchObject([{ name: '<script>alert(1)</script>' }]);
  expect(await active('after@%')).toHaveLength(1);
  expect(await active('long@%')).toHaveLength(0);
});

/** The tick process as it runs, with a heap that a list in memory would not fit. */
function startProcess(): { child: ChildProcess; peakKiB: Promise<number> } {
  const script = fileURLToPath(new URL('./import-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--max-old-space-size=48', '--import', 'tsx', script], {
    env: environmentOf(room.services.env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const peakKiB = new Promise<number>(resolve => {
    let said = '';
    child.stdout!.on('data', text => {
      said += text;
    });
    child.on('close', () => resolve(Number(said)));
  });
  return { child, peakKiB };
}

test('100,000 rows: bounded in memory; a process that is killed loses and doubles nothing, two at once neither', async () => {
  const { sql } = room.services;
  const rows = 100_000;
  const file = Buffer.from(
    `email,name\n${Array.from({ length: rows }, (_, i) => `r${i}@big.example,독자 ${i}`).join('\n')}\n`,
  );
  const { id } = await uploadFile(room, room.staff.editor, file);
  await act(id, 'check', { c0: 'email', c1: 'name', ...proof });
  await work(room);
  expect((await job(id)).checked).toMatchObject({ added: rows });
  await act(id, 'run');
  const killed = startProcess();
  await expect.poll(async () => (await job(id)).records, { timeout: 60_000 }).toBeGreaterThan(10_000);
  killed.child.kill('SIGKILL');
  await killed.peakKiB;
  const stopped = await job(id);
  expect(stopped).toMatchObject({ state: 'running' });
  expect(stopped.records).toBeLessThan(rows);
  const [peak] = await Promise.all([startProcess().peakKiB, work(room)]);
  process.stderr.write(`100,000 rows: ${Math.round(peak / 1024)} MiB at most\n`);
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(256 * 1024);
  expect(await job(id)).toMatchObject({ state: 'done', counts: { added: rows, same: 0, updated: 0, repeated: 0 } });
  expect(await sql`select count(*)::int as n from subscriptions where import_id = ${id}`).toMatchObject([{ n: rows }]);
}, 180_000);

test('an undo takes back all but those who got something', async () => {
  const { sql } = room.services;
  const rows = 1200;
  const file = Buffer.from(`email\n${Array.from({ length: rows }, (_, i) => `u${i}@undo.example`).join('\n')}\n`);
  const { id } = await uploadFile(room, room.staff.editor, file);
  await act(id, 'check', { c0: 'email', ...proof });
  await work(room);
  await act(id, 'run');
  await work(room);
  const [kept] = await sql`select id from subscribers where email_key = 'u7@undo.example'`;
  await sql`insert into recipients (issue_id, subscriber_id, state) values (1, ${kept!.id}, 'accepted')`;
  await act(id, 'undo');
  await work(room);
  expect(await job(id)).toMatchObject({ state: 'undone', counts: { undone: rows - 1, kept: 1 } });
  expect(await sql`select email from subscribers where domain = 'undo.example'`).toMatchObject([
    { email: 'u7@undo.example' },
  ]);
  expect((await act(id, 'undo')).status).toBe(409);
});

test('an undo leaves people who were there before, without the subscription', async () => {
  const { sql } = room.services;
  await sql`insert into subscribers (email, email_key, domain, address_hash) values ('old@example.org', 'old@example.org', 'example.org', ${room.services.hasher.hash('old@example.org')})`;
  const { id } = await uploadFile(room, room.staff.editor, Buffer.from('email\nold@example.org\nnew@example.org\n'));
  await act(id, 'check', { c0: 'email', ...proof });
  await work(room);
  await act(id, 'run');
  await work(room);
  await act(id, 'undo');
  await work(room);
  expect(
    await sql`select email_key, (select count(*)::int from subscriptions n where n.subscriber_id = s.id) as n,
    (select count(*)::int from consents c where c.subscriber_id = s.id) as c from subscribers s where email_key in ('old@example.org', 'new@example.org')`,
  ).toEqual([{ emailKey: 'old@example.org', n: 0, c: 0 }]);
});
