import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importCsv } from '../../src/subscribers/import.ts';
import { suppress, unsubscribe } from '../../src/subscribers/subscriptions.ts';
import { type Desk, openDesk } from './support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

async function idOf(email: string): Promise<number> {
  const [row] = await desk.services.sql<{ id: number }[]>`select id from subscribers where email_key = ${email}`;
  return row!.id;
}

describe('every encoding, header language, separator and line end', () => {
  const encodings: [name: string, encode: (text: string) => Buffer][] = [
    ['UTF-8', text => Buffer.from(text)],
    ['UTF-8 with BOM', text => Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE with BOM', text => iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['UTF-16LE', text => iconv.encode(text, 'utf-16le', { addBOM: false })],
    ['UTF-16BE with BOM', text => iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['UTF-16BE', text => iconv.encode(text, 'utf-16be', { addBOM: false })],
    ['CP949', text => iconv.encode(text, 'cp949')],
  ];
  const headers = [
    ['이메일', '이름'],
    ['성명', '이메일 주소'],
    ['메일', '성함'],
    ['E-Mail', 'Name'],
    ['Full Name', 'Email Address'],
  ];
  const ends = [
    [',', '\r\n'],
    [';', '\n'],
    ['\t', '\r'],
  ] as const;
  const cases = encodings.flatMap(([name, encode]) => headers.map(header => ({ name, encode, header })));
  test.each(cases)('$name, $header', async ({ encode, header }) => {
    for (const [separator, newline] of ends) {
      const emailFirst = /mail|메일/i.test(header[0]!);
      const line = (email: string, name: string) =>
        (emailFirst ? [email, name] : [name, email]).join(separator) + newline;
      const paper = await desk.publication();
      const text =
        header.join(separator) + newline + line('one@example.com', '김민수') + line('two@naver.com', '똠방각하');
      const report = await paper.import(encode(text));
      expect(report).toMatchObject({ imported: 2, updated: 0, rejected: [] });
      expect(Object.values(report.columns).sort()).toEqual(['email', 'name']);
      // The same people come from each file: names as they were read the first time.
      expect(await paper.people()).toEqual({
        'one@example.com': { name: '김민수', attributes: {}, state: 'active' },
        'two@naver.com': { name: '똠방각하', attributes: {}, state: 'active' },
      });
    }
  });
});

test('the accepted form: one bad address and one repeated in capitals', async () => {
  const paper = await desk.publication();
  const report = await paper.import(
    '\ufeff이메일,이름\na@acc.example,가\nb@acc.example,나\nnot-an-address,x\nA@ACC.EXAMPLE,again\n',
  );
  expect(report).toMatchObject({
    imported: 2,
    skipped: 1,
    rejectedTotal: 1,
    rejected: [{ line: 4, reason: expect.stringContaining('no @') }],
    encoding: 'UTF-8',
    columns: { 이메일: 'email', 이름: 'name' },
  });
  expect((await paper.people())['a@acc.example']!.name).toBe('가');
});

test('a time zone by any of its names; what is none leaves the reader without one, and is counted', async () => {
  const paper = await desk.publication();
  const zones = async () =>
    Object.fromEntries(
      (await desk.services.sql`select email, time_zone from subscribers where email like '%@zone.example'`).map(row => [
        row.email.split('@')[0],
        row.timeZone,
      ]),
    );
  const report = await paper.import(
    'email,time_zone\na@zone.example,asia/seoul\nb@zone.example,(GMT+09:00) Seoul\nc@zone.example,\nd@zone.example,Asia/Calcutta\n',
  );
  expect(report).toMatchObject({ imported: 4, rejectedTotal: 0, unknownTimeZones: 1 });
  expect(report.columns).toEqual({ email: 'email', time_zone: 'time zone' });
  expect(await zones()).toEqual({ a: 'Asia/Seoul', b: null, c: null, d: 'Asia/Kolkata' });
  // A later file completes and changes; an empty cell takes nothing away.
  const later = await paper.import('시간대;이메일\nEurope/Paris;a@zone.example\n;d@zone.example\nROK;c@zone.example\n');
  expect(later).toMatchObject({ imported: 0, updated: 2, skipped: 1 });
  expect(await zones()).toEqual({ a: 'Europe/Paris', b: null, c: 'Asia/Seoul', d: 'Asia/Kolkata' });
});

test('line numbers are those of the file, quoted line breaks and blank lines counted', async () => {
  const paper = await desk.publication();
  const text = [
    'email,note',
    'q1@example.com,"one\r\ntwo\nthree"', // lines 2 to 4
    '',
    'bad one@example.com,x', // line 6
    'q2@example.com,"open', // line 7, never closed
    'q3@example.com,"fine"', // line 8
    'q4@example.com,a,b', // line 9
    ',nobody', // line 10
  ].join('\n');
  const report = await paper.import(text);
  expect(report.rejected.map(({ line, reason }) => [line, reason.split(' ').slice(0, 4).join(' ')])).toEqual([
    [6, 'the address has a'],
    [7, 'a quotation mark on'],
    [9, 'there are 3 values'],
    [10, 'the address is empty'],
  ]);
  expect(report).toMatchObject({ imported: 2, unused: ['note'] });
});

test('fields of the publication become attributes, by their own spelling; other columns are named as unused', async () => {
  const paper = await desk.publication({ 회사: '', Plan: 'free' });
  const report = await paper.import(
    'Email , NAME, 회사 ,plan,가입일\nf1@example.com,Kim,"Acme, Inc.",pro,2024-01-01\nf2@example.com,Lee,,,\n',
  );
  expect(report.columns).toEqual({ Email: 'email', NAME: 'name', 회사: '회사', plan: 'Plan' });
  expect(report.unused).toEqual(['가입일']);
  expect(await paper.people()).toEqual({
    'f1@example.com': { name: 'Kim', attributes: { 회사: 'Acme, Inc.', Plan: 'pro' }, state: 'active' },
    'f2@example.com': { name: 'Lee', attributes: {}, state: 'active' },
  });
});

test('again: nothing changes; new values are taken, empty ones are not', async () => {
  const paper = await desk.publication({ city: '' });
  const first = 'email,name,city\nr1@example.com,Kim,Seoul\nr2@example.com,Lee,Busan\n';
  expect(await paper.import(first)).toMatchObject({ imported: 2, updated: 0, skipped: 0 });
  expect(await paper.import(first)).toMatchObject({ imported: 0, updated: 0, skipped: 2 });
  const second = await paper.import(
    'email,name,city\nR1@example.com,Kim Minsu,\nr2@example.com,,Daegu\nr3@example.com,Park,\n',
  );
  expect(second).toMatchObject({ imported: 1, updated: 2, skipped: 0 });
  expect(await paper.people()).toMatchObject({
    'r1@example.com': { name: 'Kim Minsu', attributes: { city: 'Seoul' } },
    'r2@example.com': { name: 'Lee', attributes: { city: 'Daegu' } },
  });
});

test('who left or must not be mailed stays so, whatever is imported (rule 3.6, lesson 31)', async () => {
  const { sql, hasher } = desk.services;
  const paper = await desk.publication();
  const lines = ['left', 'bounced', 'paused', 'waiting', 'here'].map(who => `${who}@example.org,Old\n`);
  await paper.import(`email,name\n${lines.join('')}`);
  await unsubscribe(sql, { publicationId: paper.id, subscriberId: await idOf('left@example.org') });
  await suppress(sql, hasher.hash('bounced@example.org'), 'hard-bounce');
  await suppress(sql, hasher.hash('stranger@example.org'), 'complaint');
  for (const [who, state] of [
    ['paused@example.org', 'paused'],
    ['waiting@example.org', 'pending'],
  ] as const) {
    await sql`update subscriptions set state = ${state} where subscriber_id = ${await idOf(who)}`;
  }
  const again = await paper.import(`email,name\n${lines.join('').replaceAll('Old', 'New')}STRANGER@example.org,New\n`);
  expect(again).toMatchObject({ imported: 0, updated: 3, skipped: 3, kept: { unsubscribed: 1, suppressed: 2 } });
  expect(await paper.people()).toEqual({
    'left@example.org': { name: 'Old', attributes: {}, state: 'unsubscribed' },
    'bounced@example.org': { name: 'Old', attributes: {}, state: 'active' },
    'paused@example.org': { name: 'New', attributes: {}, state: 'paused' },
    'waiting@example.org': { name: 'New', attributes: {}, state: 'pending' },
    'here@example.org': { name: 'New', attributes: {}, state: 'active' },
  });
  expect(await sql`select from subscribers where email_key = 'stranger@example.org'`).toHaveLength(0);
  const other = await desk.publication();
  expect(await other.import('email\nbounced@example.org\nleft@example.org\n')).toMatchObject({
    imported: 1,
    kept: { suppressed: 1 },
  });
});

test('every row is counted once, over many batches and with repeats across them', async () => {
  const paper = await desk.publication();
  const rows = 9000;
  const lines = Array.from({ length: rows }, (_, i) => (i % 10 === 9 ? 'broken' : `many${i % 4000}@Example.com`));
  const report = await paper.import(`email\n${lines.join('\n')}\n`);
  expect(report).toMatchObject({ imported: 3600, rejectedTotal: 900, skipped: 4500 });
  expect(report.rejected).toHaveLength(900);
  const worse = await paper.import(`email\n${'broken\n'.repeat(1500)}many0@example.com`);
  expect(worse).toMatchObject({ rejectedTotal: 1500, skipped: 1 });
  expect(worse.rejected).toHaveLength(1000);
});

test('an import that is cut off leaves whole batches; the next run brings the rest', async () => {
  const paper = await desk.publication();
  const file = await desk.file(`email\n${Array.from({ length: 20_000 }, (_, i) => `cut${i}@example.com\n`).join('')}`);
  const options = { file, publicationId: paper.id, publication: paper.publication };
  const onProgress = ({ rows }: { rows: number }) => {
    if (rows > 9000) throw new Error('cut off');
  };
  await expect(importCsv(desk.services, { ...options, onProgress })).rejects.toThrow('cut off');
  const left = Object.keys(await paper.people()).length;
  expect(left).toBeGreaterThan(0);
  expect(left % 2000).toBe(0);
  expect(await importCsv(desk.services, options)).toMatchObject({ imported: 20_000 - left, skipped: left });
});

test('two imports of one file at once bring each person once', async () => {
  const paper = await desk.publication();
  const text = `email,name\n${Array.from({ length: 6000 }, (_, i) => `twice${(i * 7919) % 6000}@example.com,Kim\n`).join('')}`;
  const reports = await Promise.all([paper.import(text), paper.import(text)]);
  expect(reports[0]!.imported + reports[1]!.imported).toBe(6000);
  expect(Object.keys(await paper.people())).toHaveLength(6000);
});

test('hostile cells neither break a row nor get through', async () => {
  const paper = await desk.publication({ note: '' });
  const report = await paper.import(
    Buffer.concat([
      Buffer.from('email,name,note\n'),
      Buffer.from('h1@example.com,"Kim\r\nBcc: x@example.com",a\0b\n'),
      Buffer.from(`h2@example.com,${'k'.repeat(201)},\n`),
      Buffer.from(`h3@example.com,,${'n'.repeat(70_000)}\n`),
      Buffer.from('h4@example.com,'),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from(',x\n'),
      Buffer.from(`h5@example.com,${'김민수'.normalize('NFD')},=cmd()|' /C calc'!A0\n`),
      Buffer.from('h6@example.com,\u202eevil\u200b 👨‍👩‍👧,\\u0000\n'),
      Buffer.from("h7@example.com,'); drop table subscribers; --,{}\n"),
      Buffer.from(`${'x'.repeat(2_000_000)}\n`),
      Buffer.from('h8@example.com,last'),
    ]),
  );
  expect(report.rejected.map(each => each.line)).toEqual([4, 5, 10]);
  const people = await paper.people();
  expect(people['h1@example.com']).toMatchObject({ name: 'Kim Bcc: x@example.com', attributes: { note: 'a b' } });
  expect(people['h4@example.com']).toMatchObject({ name: '', attributes: { note: 'x' } });
  expect(people['h5@example.com']!.name).toBe('김민수');
  expect(people['h6@example.com']!.name).toBe('evil 👨‍👩‍👧');
  expect(people['h7@example.com']!.name).toBe("'); drop table subscribers; --");
  expect(people['h8@example.com']!.name).toBe('last');
});

test('lone surrogates from UTF-16 reach the database as an empty value', async () => {
  const paper = await desk.publication({ note: '' });
  const text = 'email,name,note\ns1@example.com,x\ud800y,\udc00\ns2@example.com,Kim,ok\n';
  const report = await paper.import(Buffer.from(`\ufeff${text}`, 'utf16le'));
  expect(report).toMatchObject({ imported: 2, encoding: 'UTF-16LE' });
  expect((await paper.people())['s1@example.com']).toMatchObject({ name: '', attributes: {} });
});

test('progress ends at the whole file', async () => {
  const paper = await desk.publication();
  const file = await desk.file(`email\n${Array.from({ length: 20_000 }, (_, i) => `p${i}@example.com\n`).join('')}`);
  const seen: { bytes: number; totalBytes: number; rows: number }[] = [];
  const options = { file, publicationId: paper.id, publication: paper.publication };
  await importCsv(desk.services, { ...options, onProgress: done => seen.push(done) });
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.at(-1)).toEqual({ bytes: seen[0]!.totalBytes, totalBytes: seen[0]!.totalBytes, rows: 20_000 });
  expect(seen.map(done => done.bytes)).toEqual(seen.map(done => done.bytes).toSorted((a, b) => a - b));
});
