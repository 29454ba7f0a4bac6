/** A CSV file as records that arrive in pieces; memory does not grow with the file. */
import { decodeFile } from './decode.ts';
import { type CsvRecord, RecordReader } from './records.ts';

/** Characters on which delimiter and columns are decided. */
const sampleLength = 131_072;

/** The first text of a file, and whether that is all of it. @param encoding from `detectEncoding` */
export async function sampleOf(file: string, encoding: string): Promise<{ sample: string; whole: boolean }> {
  let sample = '';
  for await (const { text } of decodeFile(file, encoding)) {
    sample += text;
    if (sample.length >= sampleLength) return { sample, whole: false };
  }
  return { sample, whole: true };
}

/**
 * All records, header included, in groups as blocks are read.
 * @param encoding from `detectEncoding`
 * @param columns.email index of the address column: a line with an address there is a row of its own, whatever quotation mark was left open
 * @returns `position`: bytes of the file read so far
 */
export async function* recordsOf(
  file: string,
  encoding: string,
  columns: { delimiter: string; email: number },
): AsyncGenerator<{ records: CsvRecord[]; position: number }> {
  const reader = new RecordReader(columns.delimiter, line => {
    const cell = line.includes('@') ? line.split(columns.delimiter)[columns.email] : undefined;
    return cell !== undefined && /^\s*"?[^\s@"<>]+@[^\s@"<>]+\.[^\s@"<>]+"?\s*$/.test(cell);
  });
  let position = 0;
  for await (const block of decodeFile(file, encoding)) {
    position = block.position;
    yield { records: reader.push(block.text), position };
  }
  yield { records: reader.end(), position };
}
