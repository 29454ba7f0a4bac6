/** A file that the console was given: put together from its parts on this machine's disk, and proposed a meaning for its columns. */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Sql } from '../db/client.ts';
import { chunksOf } from '../db/imports.ts';
import { BroadsheetError } from '../errors.ts';
import type { ImportLayout } from '../model/import.ts';
import type { Publication } from '../model/publication.ts';
import { detectEncoding } from './csv/encoding.ts';
import { detectDelimiter, type Layout, readable, readLayout, readSample } from './csv/layout.ts';
import { sampleOf } from './csv/stream.ts';

/** Bytes of a part, and of a file: some 2.5 million readers. */
export const partBytes = 1_048_576;
export const mostFileBytes = 100 * partBytes;

/** Encodings that a person may say the file is in; what is found is shown beside them. */
export const fileEncodings = ['UTF-8', 'CP949', 'UTF-16LE', 'UTF-16BE', 'Shift_JIS', 'Big5', 'GB18030', 'windows-1252'];

/** Parts that are read to show the first rows. */
const previewParts = 2;
/** Rows that are shown. */
const previewRows = 8;
const mostColumns = 60;

/** Calls `work` with the file on disk, which is gone afterwards. @param parts of it that are enough */
export async function withFile<T>(
  { sql, dataDir }: { sql: Sql; dataDir: string },
  id: number,
  work: (file: string) => Promise<T>,
  parts?: number,
): Promise<T> {
  const home = join(dataDir, 'imports');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(home, `${id}-`));
  try {
    const file = join(folder, 'list.csv');
    await pipeline(Readable.from(chunksOf(sql, id, parts)), createWriteStream(file, { mode: 0o600 }));
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Preview {
  encoding: string;
  layout: ImportLayout;
  rows: string[][];
}

/**
 * What the file is taken for.
 * @param encoding as a person says; undefined: as found on all of its bytes
 * @param known the meaning of columns that was settled before
 * @throws BroadsheetError CSV_UNREADABLE when it is no text with columns
 */
export async function previewFile(
  deps: { sql: Sql; dataDir: string },
  id: number,
  publication: Publication,
  encoding?: string,
  known?: ImportLayout,
): Promise<Preview> {
  const parts = encoding === undefined ? undefined : previewParts;
  return withFile(
    deps,
    id,
    async file => {
      const named = encoding ?? (await detectEncoding(file)).encoding;
      const { sample, whole } = await sampleOf(file, named);
      const layout = known ?? layoutFor(sample, whole, publication);
      const rows = readSample(sample, whole, layout.delimiter)
        .filter(record => record.line > layout.skipThrough)
        .slice(0, previewRows)
        .map(record => layout.headers.map((_, at) => (record.cells[at] ?? '').slice(0, 200)));
      return { encoding: named, layout, rows };
    },
    parts,
  );
}

function layoutFor(sample: string, whole: boolean, publication: Publication): ImportLayout {
  try {
    const found = readLayout(sample, whole, publication, '');
    return { ...pick(found), headers: headersOf(sample, whole, found) };
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    // No column of addresses was found: the first row is taken for the header, and a person says which it is.
    const delimiter = detectDelimiter(sample, whole);
    const [first] = readSample(sample, whole, delimiter);
    if (!first) throw error;
    const headers = first.cells.slice(0, mostColumns).map((cell, at) => readable(cell) || `${at + 1}`);
    return { delimiter, skipThrough: first.line, width: first.cells.length, attributes: [], headers };
  }
}

function pick({ delimiter, skipThrough, width, email, name, firstName, lastName, timeZone, attributes }: Layout) {
  const maybe = Object.entries({ width, name, firstName, lastName, timeZone }).filter(
    ([, value]) => value !== undefined,
  );
  return { delimiter, skipThrough, email, attributes, ...(Object.fromEntries(maybe) as Pick<ImportLayout, 'width'>) };
}

function headersOf(sample: string, whole: boolean, layout: Layout): string[] {
  const records = readSample(sample, whole, layout.delimiter);
  const header = records.findLast(record => record.line <= layout.skipThrough && layout.width === record.cells.length);
  const cells = header?.cells ?? records.find(record => record.line > layout.skipThrough)?.cells.map(() => '') ?? [];
  return cells.slice(0, mostColumns).map((cell, at) => readable(cell) || `${at + 1}`);
}

/** As the reader of rows wants it. @returns undefined while no column of addresses is named */
export function layoutOf(layout: ImportLayout): Layout | undefined {
  const { email, width, name, firstName, lastName, timeZone } = layout;
  if (email === undefined) return undefined;
  return { ...layout, email, width, name, firstName, lastName, timeZone, columns: {}, unused: [] };
}
