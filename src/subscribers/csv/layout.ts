/** What a CSV file's columns are: delimiter, header line, and which column means what. Decided on its first rows. */
import { BroadsheetError } from '../../errors.ts';
import type { Publication } from '../../model/publication.ts';
import { parseAddress } from '../address.ts';
import { emailRank, isTimeZone, nameRole, normaliseHeader } from './headers.ts';
import { type CsvRecord, RecordReader } from './records.ts';

export interface Layout {
  delimiter: string;
  /** Records that begin on this line or before it are no subscribers: title, header. 0: none. */
  skipThrough: number;
  /** Number of columns; undefined without a header, when no row can be held against it. */
  width: number | undefined;
  email: number;
  name: number | undefined;
  firstName: number | undefined;
  lastName: number | undefined;
  timeZone: number | undefined;
  attributes: { index: number; field: string }[];
  /** Header → what it was taken for: `email`, `name`, `first name`, `last name`, `time zone` or a field of the publication. */
  columns: Record<string, string>;
  /** Headers that were ignored. */
  unused: string[];
}

const delimiters = [',', ';', '\t', '|'];
/** Records looked at. */
const sampleRecords = 200;
/** A title and blank lines may stand above the header. */
const headerWithin = 10;

/**
 * @param sample the first text of the file
 * @param whole whether that is all of it
 * @throws BroadsheetError CSV_UNREADABLE
 */
export function readLayout(sample: string, whole: boolean, publication: Publication, file: string): Layout {
  const stated = /^"?sep=(.)"?\s*(?:\r\n|\r|\n)/i.exec(sample)?.[1];
  const delimiter = stated ?? detectDelimiter(sample, whole);
  const records = readSample(sample, whole, delimiter).slice(stated ? 1 : 0);
  if (records.length === 0) throw new BroadsheetError('CSV_UNREADABLE', 'the file has no rows', { file });
  const before = stated ? 1 : 0;
  const rank = records.slice(0, headerWithin).findIndex(isHeader);
  const firstAddress = records.findIndex(hasAddress);
  if (rank >= 0 && (firstAddress < 0 || rank < firstAddress)) {
    const header = records[rank]!;
    return {
      ...readHeader(header.cells, records.slice(rank + 1), publication, file),
      delimiter,
      skipThrough: header.line,
    };
  }
  if (firstAddress === 0) return { ...withoutHeader(records[0]!.cells), delimiter, skipThrough: before };
  const headers = records[0]!.cells.map(readable).filter(Boolean);
  throw noEmailColumn(headers, file);
}

/** The first records that are not blank, of a file whose delimiter is known. */
export function readSample(sample: string, whole: boolean, delimiter: string): CsvRecord[] {
  const reader = new RecordReader(delimiter);
  const records = reader.push(sample);
  if (whole) records.push(...reader.end());
  return records.filter(record => record.cells.some(cell => cell.trim() !== '')).slice(0, sampleRecords);
}

/** The character that splits most rows into as many cells as the header (or first row) has; a comma for a single column. */
export function detectDelimiter(sample: string, whole: boolean): string {
  let best = { delimiter: ',', share: 0, width: 1 };
  for (const delimiter of delimiters) {
    const records = readSample(sample, whole, delimiter);
    const start = Math.max(0, records.slice(0, headerWithin).findIndex(isHeader));
    const width = records[start]?.cells.length ?? 0;
    if (width < 2) continue;
    const rows = records.slice(start);
    const share = rows.filter(record => record.cells.length === width).length / rows.length;
    if (share > best.share || (share === best.share && width > best.width)) best = { delimiter, share, width };
  }
  return best.delimiter;
}

function isHeader(record: CsvRecord): boolean {
  return record.cells.some(cell => emailRank(cell) > 0) && !hasAddress(record);
}

function hasAddress(record: CsvRecord): boolean {
  return record.cells.some(isAddress);
}

function isAddress(cell: string): boolean {
  return cell.includes('@') && !('problem' in parseAddress(cell));
}

type Columns = Omit<Layout, 'delimiter' | 'skipThrough'>;

function withoutHeader(cells: string[]): Columns {
  const email = cells.findIndex(isAddress);
  const names = cells.map((_, i) => `column ${i + 1}`);
  return {
    width: undefined,
    email,
    name: undefined,
    firstName: undefined,
    lastName: undefined,
    timeZone: undefined,
    attributes: [],
    columns: { [names[email]!]: 'email' },
    // What the other cells mean is not guessed: a membership number makes a bad greeting.
    unused: names.filter((_, i) => i !== email),
  };
}

function readHeader(header: string[], rows: CsvRecord[], publication: Publication, file: string): Columns {
  const email = emailColumn(header, rows, file);
  const taken = new Map<number, string>([[email, 'email']]);
  const attributes: Columns['attributes'] = [];
  for (const field of Object.keys(publication.fields)) {
    const index = header.findIndex((cell, i) => !taken.has(i) && sameHeader(cell, field));
    if (index < 0) continue;
    taken.set(index, field);
    attributes.push({ index, field });
  }
  const roles = header.map((cell, i) => (taken.has(i) ? undefined : nameRole(cell)));
  const claim = (index: number, as: string) => {
    if (index < 0) return undefined;
    taken.set(index, as);
    return index;
  };
  const lastName = claim(roles.indexOf('last'), 'last name');
  // 성, 이름: beside a family name, 이름 is the given one.
  const given = roles.indexOf('first');
  const bare = header.findIndex((cell, i) => roles[i] === 'name' && normaliseHeader(cell) === '이름');
  const firstName = claim(given < 0 && lastName !== undefined ? bare : given, 'first name');
  const full = roles.findIndex((role, i) => role === 'name' && !taken.has(i));
  const name = claim(full >= 0 ? full : firstName === undefined ? roles.indexOf('nickname') : -1, 'name');
  const timeZone = claim(
    header.findIndex((cell, i) => !taken.has(i) && isTimeZone(cell)),
    'time zone',
  );
  const columns: Record<string, string> = {};
  for (const [index, as] of [...taken].sort(([a], [b]) => a - b)) columns[label(header, index)] = as;
  const unused = header.map((_, i) => label(header, i)).filter((_, i) => !taken.has(i) && readable(header[i]!) !== '');
  return { width: header.length, email, name, firstName, lastName, timeZone, attributes, columns, unused };
}

/** Of several columns whose header speaks of e-mail (“메일 수신 동의” does too), the one that holds addresses. */
function emailColumn(header: string[], rows: CsvRecord[], file: string): number {
  const candidates = header
    .map((cell, index) => ({
      index,
      rank: emailRank(cell),
      hits: rows.filter(row => isAddress(row.cells[index] ?? '')).length,
    }))
    .filter(candidate => candidate.rank > 0);
  const exact = candidates.filter(candidate => candidate.rank === 2);
  const filled = exact.find(candidate => candidate.hits > 0);
  if (filled) return filled.index;
  const similar = candidates.filter(candidate => candidate.rank === 1 && candidate.hits > 0);
  if (similar.length > 1) {
    const names = similar.map(candidate => `“${readable(header[candidate.index]!)}”`).join(', ');
    const help = 'Rename the one to mail to “이메일” or “email” and import again.';
    throw new BroadsheetError('CSV_UNREADABLE', `several columns hold addresses: ${names}`, { file, help });
  }
  const chosen = similar[0] ?? exact[0] ?? (rows.length === 0 ? candidates[0] : undefined);
  if (!chosen) throw noEmailColumn(header.map(readable).filter(Boolean), file);
  return chosen.index;
}

function noEmailColumn(headers: string[], file: string): BroadsheetError {
  const found =
    headers
      .slice(0, 20)
      .map(header => `“${header}”`)
      .join(', ') || 'none';
  const help = 'Name the column that holds the addresses “이메일” or “email” in the first row, then import again.';
  return new BroadsheetError('CSV_UNREADABLE', `no e-mail column; columns found: ${found}`, { file, help });
}

function sameHeader(a: string, b: string): boolean {
  return readable(a).toLowerCase() === readable(b).toLowerCase();
}

/** A header as people see it: no invisible characters, no line breaks, of bearable length. */
export function readable(header: string): string {
  return header
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60);
}

function label(header: string[], index: number): string {
  return readable(header[index]!) || `column ${index + 1}`;
}
