/**
 * `broadsheet move-in`: subscribers out of another system's export. The files are read once for each standing that occurs in them, from the
 * strictest: who is suppressed or unsubscribed in any of them is never made active by another, whatever the order of files and rows.
 */
import type { Sql } from '../../db/client.ts';
import { countBatch, type MovedCounts, type MovedRow, moveBatch, suppressBatch } from '../../db/move-in.ts';
import { BroadsheetError } from '../../errors.ts';
import type { Publication } from '../../model/publication.ts';
import { cleanText, maxAttribute, surplusOf } from '../csv/rows.ts';
import { SeenHashes } from '../csv/seen.ts';
import { recordsOf } from '../csv/stream.ts';
import type { AddressHasher } from '../hash.ts';
import { type ExportFile, type Found, findFiles } from './files.ts';
import { ExportRow, type Moved, type MovedReader, type SourceSystem, type Standing, standings } from './moved.ts';

export interface MoveInReport {
  /** Subscriptions made; `unsubscribed` also those that ended here because the person left there. */
  active: number;
  pending: number;
  unsubscribed: number;
  /** Addresses suppressed, by reason. */
  suppressed: Record<string, number>;
  /** Subscriptions of an earlier import that got their evidence. */
  completed: number;
  /** Rows that change nothing, in all and by why. */
  skipped: number;
  skippedWhy: Record<string, number>;
  /** The first 1,000. `line` is the physical line on which the row begins. */
  rejected: { file: string; line: number; reason: string }[];
  rejectedTotal: number;
  files: { file: string; encoding: string; rows: number }[];
  /** Files of a given folder that hold no subscribers. */
  passedOver: string[];
}

export interface MoveInOptions {
  system: SourceSystem;
  /** Files or unpacked folders. */
  paths: readonly string[];
  /** What `findFiles` found there, when it was asked before. */
  found?: Found;
  publicationId: number;
  publication: Publication;
  /** Without it nothing is written. */
  apply: boolean;
  /** Takes those who would be active as this instead: for systems whose export leaves it out. */
  as?: 'pending' | 'unsubscribed' | undefined;
  onProgress?: (done: { bytes: number; totalBytes: number; rows: number }) => void;
}

type Deps = { sql: Sql; hasher: AddressHasher };

const batchRows = 500;
const maxRejected = 1000;

/**
 * Moves subscribers in, or counts what that would do. Every row that is not blank is counted once. Memory does not grow with the files but
 * for 16 to 32 bytes per address.
 * @throws BroadsheetError FILE_UNREADABLE, CSV_UNREADABLE, MOVE_IN_UNREADABLE; before anything is written
 */
export async function moveIn(deps: Deps, options: MoveInOptions): Promise<MoveInReport> {
  const found = options.found ?? (await findFiles(options.system, options.paths));
  const run = new MoveInRun(deps, options, found.passedOver);
  for (const standing of standings) {
    if (standing === standings[0] || run.present.has(standing)) await run.pass(found.files, standing);
  }
  return run.report;
}

class MoveInRun {
  /** Standings met in the first pass. */
  readonly present = new Set<Standing>();
  readonly report: MoveInReport;
  readonly #deps: Deps;
  readonly #options: MoveInOptions;
  readonly #seen = new SeenHashes();
  #batch: (MovedReader & { addressHash: Buffer; attributes: Record<string, string> })[] = [];
  #passes = 0;
  #rows = 0;

  constructor(deps: Deps, options: MoveInOptions, passedOver: string[]) {
    this.#deps = deps;
    this.#options = options;
    this.report = {
      active: 0,
      pending: 0,
      unsubscribed: 0,
      suppressed: {},
      completed: 0,
      skipped: 0,
      skippedWhy: {},
      rejected: [],
      rejectedTotal: 0,
      files: [],
      passedOver,
    };
  }

  /** Reads all files and takes the rows of one standing; the first pass also counts the rows that are of none. */
  async pass(files: readonly ExportFile[], standing: Standing): Promise<void> {
    const first = this.#passes++ === 0;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    let before = 0;
    for (const file of files) {
      const start = this.#rows;
      const fields = fieldColumns(file, this.#options.publication);
      for await (const { records, position } of recordsOf(file.path, file.encoding, file)) {
        for (const record of records) {
          if (record.line <= file.headerLine) continue;
          if (record.problem === undefined && record.cells.every(cell => cell.trim() === '')) continue;
          if (first) this.#rows++;
          const row = this.#read(file, record.cells, record.problem);
          if (first) this.#note(file, record.line, row);
          if ('standing' in row && row.standing === standing) this.#take(row, record.cells, fields);
          if (this.#batch.length >= batchRows) await this.#flush(standing);
        }
        // How many passes there are is known after the first.
        const passes = first ? standings.length : this.present.size + (this.present.has(standings[0]) ? 0 : 1);
        const done = (this.#passes - 1) * bytes + before + position;
        this.#options.onProgress?.({ bytes: done, totalBytes: bytes * passes, rows: this.#rows });
      }
      before += file.bytes;
      if (first) this.report.files.push({ file: file.path, encoding: file.encoding, rows: this.#rows - start });
    }
    await this.#flush(standing);
  }

  #read(file: ExportFile, cells: string[], problem: string | undefined): Moved {
    if (problem !== undefined) return { problem };
    const surplus = surplusOf(cells, file.header.length);
    if (surplus) return surplus;
    const row = this.#options.system.read(new ExportRow(file.columns, cells), file.name);
    if (!('standing' in row) || row.standing !== 'active' || !this.#options.as) return row;
    const { since, ...rest } = row;
    // When they left is not when they came.
    return this.#options.as === 'pending'
      ? { ...row, standing: 'pending' }
      : { ...rest, standing: 'unsubscribed', evidence: { ...row.evidence, left: true } };
  }

  #note(file: ExportFile, line: number, row: Moved): void {
    if ('standing' in row) this.present.add(row.standing);
    else if ('skip' in row) this.#skip(row.skip, 1);
    else {
      this.report.rejectedTotal++;
      if (this.report.rejected.length < maxRejected)
        this.report.rejected.push({ file: file.path, line, reason: row.problem });
    }
  }

  #take(row: MovedReader, cells: string[], fields: readonly { field: string; index: number | undefined }[]): void {
    const addressHash = this.#deps.hasher.hash(row.emailKey);
    if (!this.#seen.add(addressHash)) {
      this.#skip('repeated', 1);
      return;
    }
    const attributes: Record<string, string> = {};
    for (const { field, index } of fields) {
      const value = cleanText((index === undefined ? row.more?.[field] : cells[index]) ?? '');
      if (value !== '' && value.length <= maxAttribute) attributes[field] = value;
    }
    this.#batch.push({ ...row, addressHash, attributes });
  }

  async #flush(standing: Standing): Promise<void> {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    const { sql } = this.#deps;
    const { publicationId, apply } = this.#options;
    if (standing === 'suppressed') {
      const rows = batch.map(({ addressHash, reason }) => ({ addressHash, reason: reason ?? 'moved-in' }));
      const added = await suppressBatch(sql, rows, apply);
      let fresh = 0;
      for (const [reason, count] of Object.entries(added)) {
        this.report.suppressed[reason] = (this.report.suppressed[reason] ?? 0) + count;
        fresh += count;
      }
      this.#skip('known', batch.length - fresh);
      return;
    }
    const rows: MovedRow[] = batch.map(row => ({ ...row, since: row.since ?? null }));
    const counts = await (apply ? moveBatch : countBatch)(sql, publicationId, standing, rows);
    this.#count(standing, counts);
  }

  #count(standing: 'active' | 'pending' | 'unsubscribed', counts: MovedCounts): void {
    const { added = 0, ended = 0, completed = 0, ...others } = counts;
    this.report[standing] += added + ended;
    this.report.completed += completed;
    for (const [why, count] of Object.entries(others)) this.#skip(whys[why] ?? why, count);
  }

  #skip(why: string, count: number): void {
    if (count === 0) return;
    this.report.skipped += count;
    this.report.skippedWhy[why] = (this.report.skippedWhy[why] ?? 0) + count;
  }
}

const whys: Record<string, string> = {
  unsubscribed: 'unsubscribed here',
  suppressed: 'suppressed here',
  active: 'came here by themselves',
};

/** Where each field of the publication stands in the file: the column of its name, if there is one. */
function fieldColumns(file: ExportFile, publication: Publication) {
  const plain = (text: string) => text.normalize('NFC').trim().toLowerCase();
  return Object.keys(publication.fields).map(field => {
    const index = file.header.findIndex(cell => plain(cell) === plain(field));
    return { field, index: index < 0 ? undefined : index };
  });
}

/** @throws BroadsheetError MOVE_IN_UNREADABLE when the paths held nothing at all */
export function refuseNothing(report: MoveInReport, issues: number, system: SourceSystem): void {
  if (report.files.length > 0 || issues > 0) return;
  const expected = system.requires.map(group => group.map(name => `“${name}”`).join(' or ')).join(', ');
  const looked = report.passedOver.length > 0 ? `; looked at ${report.passedOver.slice(0, 10).join(', ')}` : '';
  throw new BroadsheetError(
    'MOVE_IN_UNREADABLE',
    `nothing of ${system.label} is there: expected a CSV file with the columns ${expected}${looked}`,
  );
}
