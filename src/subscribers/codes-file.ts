/** A file of discount codes: one a line, or a CSV with a column for them, in any common encoding. */
import { BroadsheetError } from '../errors.ts';
import { detectEncoding } from './csv/encoding.ts';
import { recordsOf, sampleOf } from './csv/stream.ts';

const headings = /^(?:(?:discount|coupon|promo(?:tion)?)?[ _-]?codes?|coupons?|(?:할인|쿠폰)? ?(?:코드|번호)|쿠폰)$/i;
/** What readers can type and shops accept; a wider one would be some other column. */
const codePattern = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{2,59}$/u;

export interface CodesRead {
  codes: string[];
  /** The lines that hold none. */
  rejected: { line: number; reason: string }[];
}

/**
 * Codes in groups of some thousand, as the file is read.
 * @throws BroadsheetError FILE_UNREADABLE
 */
export async function* readCodes(file: string): AsyncGenerator<CodesRead & { position: number; totalBytes: number }> {
  const { encoding, totalBytes } = await detectEncoding(file);
  const { sample } = await sampleOf(file, encoding);
  const delimiter = [',', ';', '\t'].find(one => sample.split(/\r?\n|\r/, 1)[0]!.includes(one)) ?? ',';
  let column: number | undefined;
  for await (const { records, position } of recordsOf(file, encoding, { delimiter, email: 0 })) {
    const read: CodesRead = { codes: [], rejected: [] };
    for (const { line, cells, problem } of records) {
      if (column === undefined) {
        const heading = cells.findIndex(cell => headings.test(cell.trim()));
        column = Math.max(0, heading);
        if (heading >= 0) continue;
      }
      const code = (cells[column] ?? '').trim();
      if (code === '' && problem === undefined) continue;
      if (problem === undefined && codePattern.test(code)) read.codes.push(code);
      else read.rejected.push({ line, reason: problem ?? 'is not a code: 3 to 60 letters, digits, “-”, “_” or “.”' });
    }
    yield { ...read, position, totalBytes };
  }
}

/** @throws BroadsheetError USAGE */
export function poolName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) return name;
  throw new BroadsheetError('USAGE', `${name} cannot be the name of a pool`, {
    help: 'Use small letters, digits and hyphens, 40 at most.',
  });
}
