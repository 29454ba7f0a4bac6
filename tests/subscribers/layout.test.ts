import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BroadsheetError } from '../../src/errors.ts';
import { samplePublication } from '../../src/model/publication.ts';
import { readLayout } from '../../src/subscribers/csv/layout.ts';
import { rowOf } from '../../src/subscribers/csv/rows.ts';
import { importCsv } from '../../src/subscribers/import.ts';
import { type Desk, openDesk } from './support.ts';

const publication = { ...samplePublication('ko'), fields: { 회사: '', city: '' } };
const layoutOf = (text: string) => readLayout(text, true, publication, 'a.csv');

describe('the e-mail column is', () => {
  test.each([
    ['first of several names for it', 'Email,메일\na@b.co,c@d.co\n', 0],
    ['not the consent', '이메일 수신 동의,이메일\nY,a@b.co\n', 1],
    ['not the consent, though only it is called so', '메일 수신여부,개인 이메일(필수)\nY,a@b.co\n', 1],
    ["Google's value, not its label", 'Name,E-mail 1 - Label,E-mail 1 - Value\nKim,Home,a@b.co\n', 2],
    ["Outlook's", 'First Name,E-mail Address,E-mail Display Name\nKim,a@b.co,Kim (a@b.co)\n', 1],
    ['in parentheses', '번호,아이디(이메일)\n1,a@b.co\n', 1],
    ['written apart and starred', '번호\tE - Mail *\n1\ta@b.co\n', 1],
    ['below a title and a blank line', '구독자 목록 2024\n\n이름,이메일\n김,a@b.co\n', 1],
    ['where a file without header has addresses', 'a@b.co,Kim\nc@d.co,Lee\n', 0],
    ['in a file without header, elsewhere', '1|Kim|a@b.co\n2|Lee|c@d.co\n', 2],
    ['alone', '이메일\na@b.co\n', 0],
    ['in a header without rows', 'name,email', 1],
  ])('%s', (_, text, email) => {
    expect(layoutOf(text).email).toBe(email);
  });
});

describe('names', () => {
  test.each([
    ['first name,last name,email\nMinsu,Kim,a@b.co\n', 'Minsu Kim'],
    ['성,이름,이메일\n김,민수,a@b.co\n', '김민수'],
    ['성,명,이메일\n남궁,민,a@b.co\n', '남궁민'],
    ['FNAME,LNAME,Email Address\nJane,,a@b.co\n', 'Jane'],
    ['닉네임,이메일\n별,a@b.co\n', '별'],
    ['닉네임,이름,이메일\n별,김민수,a@b.co\n', '김민수'],
    ['이름(실명),이메일\n김민수,a@b.co\n', '김민수'],
    ['성별,이메일\n여,a@b.co\n', ''],
  ])('%j', (text, name) => {
    const layout = layoutOf(text);
    const cells = text.split('\n')[1]!.split(',');
    expect(rowOf({ line: 2, cells }, layout)).toMatchObject({ email: 'a@b.co', name });
  });
});

describe('the separator is', () => {
  test.each([
    [',', 'email,name\na@b.co,"Kim; Lee; Park"\n'],
    [';', 'email;name;memo\na@b.co;Kim, Lee, Park;x\n'],
    ['\t', 'email\tname\na@b.co\tKim, Lee\n'],
    ['|', 'email|name\na@b.co|Kim\n'],
    [';', 'sep=;\r\nemail;name\r\na@b.co;Kim\r\n'],
    [',', 'email\na@b.co\n'],
  ])('%j', (delimiter, text) => {
    expect(layoutOf(text).delimiter).toBe(delimiter);
  });
});

describe('refused, with what was found and what to do:', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk.close());

  async function refusal(content: string | Buffer): Promise<BroadsheetError> {
    const file = await desk.file(content);
    const error = await importCsv(desk.services, { file, publicationId: 1, publication }).catch(thrown => thrown);
    expect(error).toBeInstanceOf(BroadsheetError);
    return error;
  }

  test.each([
    ['no e-mail column', '이름,연락처\n김,010-1234-5678\n', /“이름”, “연락처”/],
    ['an e-mail column in name only', '이름,메일 수신 동의\n김,Y\n', /“메일 수신 동의”/],
    ['several that could be it', '회사 이메일,개인 이메일\na@b.co,c@d.co\n', /several columns/],
    ['an empty file', '', /empty/],
    ['blank lines', '\n \n,,\n', /no rows/],
    ['a workbook', Buffer.from('PK\u0003\u0004rest'), /Excel/],
    ['an old workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), /xls/],
    ['a web page called .xls', '<html><table><tr><td>이메일</td></tr></table>', /web page/],
    ['binary', Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7) % 32)), /binary/],
    ['zeros', Buffer.alloc(5000), /binary/],
    ['prose', 'There is nothing here\nthat is a table at all\n', /no e-mail column/],
  ])('%s', async (_, content, detail) => {
    const error = await refusal(content);
    expect(error).toMatchObject({ code: 'CSV_UNREADABLE', message: expect.stringMatching(detail) });
    expect(error.help.length).toBeGreaterThan(20);
  });

  test('a file that is not there, and a folder', async () => {
    for (const file of ['/nonexistent/a.csv', desk.folder]) {
      const promise = importCsv(desk.services, { file, publicationId: 1, publication });
      await expect(promise).rejects.toMatchObject({ code: 'FILE_UNREADABLE', file });
    }
  });
});
