import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { type CsvRecord, RecordReader } from '../../src/subscribers/csv/records.ts';
import { random } from './support.ts';

function read(
  text: string,
  options: { piece?: number; delimiter?: string; looksLikeRow?: (line: string) => boolean } = {},
) {
  const reader = new RecordReader(options.delimiter ?? ',', options.looksLikeRow);
  const piece = options.piece ?? text.length + 1;
  const records: CsvRecord[] = [];
  for (let i = 0; i < text.length; i += piece) records.push(...reader.push(text.slice(i, i + piece)));
  return [...records, ...reader.end()];
}

test('lines are physical lines, also after quoted line breaks of each kind', () => {
  const text = 'a,b\r\n"x\r\ny",1\n"p\rq\n\nr",2\rlast,"3"';
  for (const piece of [1, 2, 3, 7, 1000]) {
    expect(read(text, { piece })).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x\r\ny', '1'] },
      { line: 4, cells: ['p\rq\n\nr', '2'] },
      { line: 8, cells: ['last', '3'] },
    ]);
  }
});

test('a mark that is never closed costs its own line', () => {
  const records = read('a@b.co,"Kim\nb@b.co,Lee\nc@b.co,Park\n');
  expect(
    records.map(({ line, cells, problem }) => problem?.replace(/.*never closed/, 'open') ?? `${line}:${cells[0]}`),
  ).toEqual(['open', '2:b@b.co', '3:c@b.co']);
});

test('a mark that a later one would close does not swallow the rows between', () => {
  const looksLikeRow = (line: string) => /^[^,"]+@[^,"]+,/.test(line);
  const records = read('a@b.co,"Kim\nb@b.co,Lee\nc@b.co,"Park"\nd@b.co,"two\nlines"\n', { looksLikeRow });
  expect(records.map(record => record.problem ?? record.cells)).toEqual([
    'a quotation mark on this line is never closed',
    ['b@b.co', 'Lee'],
    ['c@b.co', 'Park'],
    ['d@b.co', 'two\nlines'],
  ]);
  expect(records.at(-1)!.line).toBe(4);
});

test('marks inside a cell and blanks around quoted cells are taken as they are meant', () => {
  expect(read('"Kim "Bob" Lee",x, "quoted, too" ,5" disk\n')[0]!.cells).toEqual([
    'Kim "Bob" Lee',
    'x',
    'quoted, too',
    '5" disk',
  ]);
});

test('endless lines and endless quoted cells are refused, the next line is read, memory is not kept', () => {
  const long = 'x'.repeat(3_000_000);
  for (const text of [`${long}\nnext,1\n`, `a,${long},"${long}\nnext,1\n`]) {
    const records = read(text, { piece: 65_536 });
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ line: 1, cells: [], problem: expect.stringContaining('too long') });
    expect(records[1]).toEqual({ line: 2, cells: ['next', '1'] });
  }
  const open = read(`a,"${'y'.repeat(100_000)}\n${'z\n'.repeat(50)}next,1\n`, { piece: 4096 });
  expect(open[0]!.problem).toContain('never closed');
  expect(open.at(-1)).toEqual({ line: 52, cells: ['next', '1'] });
});

test('a hostile file of stray marks takes seconds at most', () => {
  const started = performance.now();
  const lines = 200_000;
  const records = read('a,"b\n'.repeat(lines), { piece: 65_536, looksLikeRow: line => line.startsWith('a,') });
  expect(records).toHaveLength(lines);
  read('"a"b'.repeat(500_000), { piece: 65_536 });
  read('"\n'.repeat(lines), { piece: 65_536 });
  expect(performance.now() - started).toBeLessThan(20_000);
});

test('differential: well-formed CSV reads as csv-parse reads it, however it is cut into pieces', () => {
  const dice = random(3);
  const words = ['', 'a', '김민수', 'x y', ' lead', '"', ',', ';', '\t', '\n', '\r\n', '\r', 'a""b', '😀'];
  for (let i = 0; i < 3000; i++) {
    const delimiter = dice.pick([',', ';', '\t']);
    const newline = dice.pick(['\n', '\r\n', '\r']);
    const width = 1 + dice.below(4);
    const rows = Array.from({ length: 1 + dice.below(6) }, () =>
      Array.from({ length: width }, () => dice.pick(words) + dice.pick(words)),
    );
    const quote = (cell: string) =>
      /["\r\n,;\t ]/.test(cell) || dice.below(4) === 0 ? `"${cell.replaceAll('"', '""')}"` : cell;
    const text = rows.map(row => row.map(quote).join(delimiter) + newline).join('');
    const ours = read(text, { delimiter, piece: 1 + dice.below(20) });
    const theirs: string[][] = parse(text, { delimiter, record_delimiter: newline, skip_empty_lines: false });
    expect(
      ours.map(record => record.cells),
      JSON.stringify(text),
    ).toEqual(theirs);
    expect(theirs).toEqual(rows);
  }
});
