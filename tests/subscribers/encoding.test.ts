import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeFile } from '../../src/subscribers/csv/decode.ts';
import { detectEncoding } from '../../src/subscribers/csv/encoding.ts';
import { random } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-encoding-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Buffer): Promise<{ encoding: string; text: string }> {
  const file = join(folder, 'a.csv');
  await writeFile(file, bytes);
  const { encoding } = await detectEncoding(file);
  let text = '';
  for await (const block of decodeFile(file, encoding)) text += block.text;
  return { encoding, text };
}

const cp949 = (text: string) => iconv.encode(text, 'cp949');

describe('Korean in CP949 never becomes mojibake', () => {
  test.each([
    ['a Korean header', '이메일,이름\na@b.co,김민수\n'],
    ['names beyond KS X 1001', 'email,name\na@b.co,김똠방\nb@b.co,펲시\nc@b.co,설믜\n'],
    ['names that are valid UTF-8 by chance', 'email,name\na@b.co,철호\nb@b.co,차호\n'],
    ['a long ASCII beginning', `email,name\n${'ascii@example.com,Kim\n'.repeat(20_000)}last@b.co,김민수\n`],
    ['Chinese characters among the names', 'email,name\na@b.co,김民洙\nb@b.co,이서연\nc@b.co,박지훈\n'],
    ['CR line ends', '이메일,이름\ra@b.co,김민수\rb@b.co,이서연\r'],
  ])('%s', async (_, text) => {
    expect(await read(cp949(text))).toEqual({ encoding: 'CP949', text });
  });
});

describe('UTF-8 stays UTF-8', () => {
  test.each([
    ['Korean', '이메일,이름\na@b.co,김민수\n'],
    ['Western European', 'email,name\na@b.co,Jörg Müller\nb@b.co,Øystein\nc@b.co,Éa\n'],
    ['Cyrillic', 'email,name\na@b.co,Иван Петров\n'],
    ['one emoji', 'email,name\na@b.co,😀\n'],
    ['characters across blocks', `이메일,이름\n${'a@b.co,김민수이서연박지훈\n'.repeat(20_000)}`],
  ])('%s', async (_, text) => {
    expect(await read(Buffer.from(text))).toEqual({ encoding: 'UTF-8', text });
    expect(await read(Buffer.from(`\ufeff${text}`))).toEqual({ encoding: 'UTF-8', text });
  });
});

describe('UTF-16, with and without a mark', () => {
  test.each(['utf-16le', 'utf-16be'])('%s', async encoding => {
    const text = `이메일,이름\r\n${'a@b.co,김민수 가나 😀\r\n'.repeat(30_000)}`;
    for (const addBOM of [true, false]) {
      const result = await read(iconv.encode(text, encoding, { addBOM }));
      expect(result.encoding).toBe(encoding.toUpperCase());
      expect(result.text === text).toBe(true);
    }
  });
});

test('exports glued together: each line is read as what it is', async () => {
  const one = 'a@b.co,김민수\n';
  const two = 'b@b.co,이서연\n';
  const mostlyUtf8 = Buffer.concat([Buffer.from(one.repeat(50)), cp949(two), Buffer.from(one)]);
  expect(await read(mostlyUtf8)).toEqual({ encoding: 'UTF-8', text: one.repeat(50) + two + one });
  const mostlyCp949 = Buffer.concat([cp949(one.repeat(50)), Buffer.from(two), cp949(one)]);
  expect(await read(mostlyCp949)).toEqual({ encoding: 'CP949', text: one.repeat(50) + two + one });
});

test('a damaged character damages its own value only', async () => {
  const utf8 = Buffer.concat([
    Buffer.from('a@b.co,김민수\nb@b.co,이'),
    Buffer.from([0xec, 0x84]),
    Buffer.from('\nc@b.co,박지훈\n'),
  ]);
  expect((await read(utf8)).text).toMatch(/^a@b.co,김민수\nb@b.co,이\ufffd+\nc@b.co,박지훈\n$/);
  const korean = Buffer.concat([cp949('a@b.co,김민수\nb@b.co,이'), Buffer.from([0xbc]), cp949(',x\nc@b.co,박지훈\n')]);
  expect((await read(korean)).text).toMatch(/^a@b.co,김민수\nb@b.co,이\ufffd+,x\nc@b.co,박지훈\n$/);
});

test('neither Unicode nor Korean: Western European', async () => {
  const text = 'email,name\na@b.co,Jörg Müller\nb@b.co,François Lefèvre\nc@b.co,Ärzte\n';
  expect((await read(iconv.encode(text, 'windows-1252'))).text).toBe(text);
});

test('property: random bytes are refused or decoded, never an exception of another kind', async () => {
  const dice = random(5);
  for (let i = 0; i < 400; i++) {
    const textual = Buffer.from('a@b.co,"x"\r\n');
    const bytes = Buffer.from(
      Array.from({ length: 1 + dice.below(300) }, () => (dice.below(3) ? textual[dice.below(12)]! : dice.below(256))),
    );
    const result = await read(bytes).catch(error => error);
    expect(result.code === 'CSV_UNREADABLE' || typeof result.text === 'string', String(result.stack)).toBe(true);
  }
});
