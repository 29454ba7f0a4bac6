/** Which files of an export hold subscribers: each given path checked against the columns of its system before any row is read. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BroadsheetError, messageOf } from '../../errors.ts';
import { detectEncoding } from '../csv/encoding.ts';
import { RecordReader } from '../csv/records.ts';
import { sampleOf } from '../csv/stream.ts';
import { columnsOf, type SourceSystem } from './moved.ts';
import { sourceSystems } from './systems.ts';

export interface ExportFile {
  path: string;
  /** Without its folder. */
  name: string;
  encoding: string;
  bytes: number;
  delimiter: string;
  header: string[];
  columns: Map<string, number>;
  /** Physical line of the header. */
  headerLine: number;
  email: number;
}

export interface Found {
  files: ExportFile[];
  /** CSV files of a given folder that hold no subscribers. */
  passedOver: string[];
}

const delimiters = [',', ';', '\t'];
/** Files in a folder and one level below; an export of twenty years of posts has a few thousand. */
const maxFiles = 20_000;

/**
 * @param paths files, which must be what they are said to be, or unpacked folders, in which other files are passed over
 * @throws BroadsheetError FILE_UNREADABLE, CSV_UNREADABLE, MOVE_IN_UNREADABLE
 */
export async function findFiles(system: SourceSystem, paths: readonly string[]): Promise<Found> {
  const found: Found = { files: [], passedOver: [] };
  const seen = new Set<string>();
  for (const path of paths) {
    const isFolder = await isDirectory(path);
    const candidates = isFolder ? (await listFolder(path)).filter(file => /\.(?:csv|txt|tsv)$/i.test(file)) : [path];
    for (const file of candidates) {
      if (seen.has(file) || system.posts?.test(basename(file))) continue;
      seen.add(file);
      const opened = await openExport(system, file).catch(error => {
        // Empty or no CSV at all: of a folder's files that is said, not fatal.
        if (isFolder && error instanceof BroadsheetError && error.code === 'CSV_UNREADABLE') return error;
        throw error;
      });
      if (!(opened instanceof BroadsheetError)) found.files.push(opened);
      else if (isFolder) found.passedOver.push(file);
      else throw opened;
    }
  }
  return found;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), { file: path, cause: error });
  }
}

/** Regular files of a folder and of its sub-folders, by name. */
export async function listFolder(folder: string): Promise<string[]> {
  const files: string[] = [];
  const read = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch(error => {
      throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), { file: path, cause: error });
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // What the system that packed it left beside: __MACOSX, .DS_Store.
      if (/^(?:\.|__)/.test(entry.name)) continue;
      if (entry.isFile()) files.push(join(path, entry.name));
      else if (entry.isDirectory() && depth > 0) await read(join(path, entry.name), depth - 1);
      if (files.length > maxFiles)
        throw new BroadsheetError('MOVE_IN_UNREADABLE', `there are more than ${maxFiles} files`, { file: folder });
    }
  };
  await read(folder, 1);
  return files;
}

/** @returns an error when it is a file of something else */
async function openExport(system: SourceSystem, path: string): Promise<ExportFile | BroadsheetError> {
  if (/\.zip$/i.test(path))
    throw new BroadsheetError('MOVE_IN_UNREADABLE', 'this is a ZIP file', {
      file: path,
      help: 'Unpack it and give the folder instead.',
    });
  const { encoding, totalBytes } = await detectEncoding(path);
  const { sample, whole } = await sampleOf(path, encoding);
  const name = basename(path);
  let first: string[] = [];
  for (const delimiter of delimiters) {
    const header = headerOf(sample, whole, delimiter);
    if (!header) continue;
    const columns = columnsOf(header.cells);
    if (first.length < header.cells.length) first = header.cells;
    if (!fits(system, columns)) continue;
    const refusal = system.refuseFile?.(name, columns);
    if (refusal) throw new BroadsheetError('MOVE_IN_UNREADABLE', refusal, { file: path });
    const email = emailOf(system, columns);
    const { cells, line: headerLine } = header;
    return { path, name, encoding, bytes: totalBytes, delimiter, header: cells, columns, headerLine, email };
  }
  return unknownHeader(system, first, path);
}

/** The first line that is not blank; Excel's `sep=;` is none. */
function headerOf(sample: string, whole: boolean, delimiter: string) {
  const reader = new RecordReader(delimiter);
  const records = reader.push(sample);
  if (whole) records.push(...reader.end());
  return records.find(
    record => record.cells.some(cell => cell.trim() !== '') && !/^"?sep=/i.test(record.cells[0] ?? ''),
  );
}

function fits(system: SourceSystem, columns: ReadonlyMap<string, number>): boolean {
  return system.requires.every(group => [...columnsOf(group).keys()].some(name => columns.has(name)));
}

/** The address column is the one whose group speaks of e-mail. */
function emailOf(system: SourceSystem, columns: ReadonlyMap<string, number>): number {
  const group = system.requires.find(names => names.some(name => /mail|메일/i.test(name) && !/_/.test(name)))!;
  for (const name of columnsOf(group).keys()) {
    const index = columns.get(name);
    if (index !== undefined) return index;
  }
  return 0;
}

function unknownHeader(system: SourceSystem, header: readonly string[], file: string): BroadsheetError {
  const shown = header
    .slice(0, 20)
    .map(cell => (cell.includes('@') ? '(an address)' : `“${cell.trim().slice(0, 60)}”`));
  const expected = system.requires.map(group => group.map(name => `“${name}”`).join(' or ')).join(', ');
  const columns = columnsOf(header);
  const other = sourceSystems.find(each => each !== system && fits(each, columns));
  return new BroadsheetError(
    'MOVE_IN_UNREADABLE',
    `these are not ${system.label}’s columns: found ${shown.join(', ') || 'none'}; expected ${expected}`,
    {
      file,
      help: other
        ? `It looks like an export of ${other.label}: broadsheet move-in ${other.name} …`
        : 'Give the file as the system exported it; docs/moving-in.md says where that is. Nothing was moved.',
    },
  );
}
