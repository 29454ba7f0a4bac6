import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPublication, getPublication, listPublications, putPublication } from '../../src/db/publications.ts';
import { samplePublication } from '../../src/model/publication.ts';
import { readPublicationFile } from '../../src/subscribers/publication-file.ts';
import { type Desk, openDesk } from './support.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const good = `slug: llm-watch
name: LLM Watch
language: ko
timeZone: Asia/Seoul
from:
  name: LLM Watch
  address: news@llm-watch.example
postalAddress: 서울시 강남구
phone: "02-123-4567"
tracking: { clicks: true }
law: [kr]
fields:
  회사: ''
`;

test('a publication is created, then replaced under the same id', async () => {
  const { sql } = desk.services;
  const publication = readPublicationFile(await desk.file(`\ufeff${good}`));
  const first = await putPublication(sql, publication);
  expect(first.created).toBe(true);
  const renamed = { ...publication, name: '이름 바꿈' };
  expect(await putPublication(sql, renamed)).toEqual({ id: first.id, created: false });
  expect(await findPublication(sql, 'llm-watch')).toEqual({ id: first.id, publication: renamed });
  expect(await getPublication(sql, first.id)).toEqual(renamed);
  expect(await findPublication(sql, 'other')).toBeUndefined();
  await putPublication(sql, { ...samplePublication('en'), slug: 'a-first' });
  expect((await listPublications(sql)).map(each => each.publication.slug)).toEqual(['a-first', 'llm-watch']);
});

describe('what is wrong is told with its line:', () => {
  test.each([
    [
      'a free mail domain',
      good.replace('news@llm-watch.example', 'me@naver.com'),
      7,
      /from\.address is on a free mail domain/,
    ],
    ['an unknown key', good.replace('phone:', 'fone:'), 9, /fone is not a field/],
    ['an unknown key inside', good.replace('clicks:', 'clickz:'), 10, /tracking\.clickz/],
    ['a missing field', good.replace(/postalAddress.*\n/, ''), 1, /postalAddress is missing/],
    ['a missing field inside', good.replace('  name: LLM Watch\n', ''), 5, /from\.name is missing/],
    [
      'a number for text',
      good.replace('"02-123-4567"', '0212345678'),
      9,
      /phone must be text: put it in quotation marks/,
    ],
    ['an item of a list', good.replace('[kr]', '\n  - kr\n  - us'), 13, /law\.1/],
    ['YAML that is none', good.replace('language: ko', 'language: "ko'), 3, /quote/i],
    ['a key twice', `${good}slug: again\n`, 14, /unique/],
    ['no fields at all', 'hello', 1, /list of fields/],
    ['an empty file', '', 1, /list of fields/],
  ])('%s', async (_, text, line, message) => {
    const file = await desk.file(text);
    try {
      readPublicationFile(file);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'PUBLICATION_INVALID', file, line, message: expect.stringMatching(message) });
    }
  });
});

test('all problems are told at once, the first line first', async () => {
  const file = await desk.file(
    good.replace('ko', 'fr').replace('Asia/Seoul', 'Mars').replace('slug: llm-watch', 'slug: LLM Watch'),
  );
  expect(() => readPublicationFile(file)).toThrow(
    /^line 1: slug .*; line 3: language .*; line 4: timeZone is not a time zone/,
  );
});

test('a file that is not there, or not UTF-8', async () => {
  expect(() => readPublicationFile('/nonexistent.yaml')).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
  const file = await desk.file(Buffer.from([0x73, 0x3a, 0x20, 0xb1, 0xe8]));
  expect(() => readPublicationFile(file)).toThrow(/UTF-8/);
});
