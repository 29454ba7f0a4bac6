/** `broadsheet import`: subscribers out of a CSV file, whatever wrote it. Bad rows are reported, the rest goes in, nobody comes back. */
import type { Sql } from '../db/client.ts';
import { type ImportRow, importBatch } from '../db/subscribers.ts';
import type { Publication } from '../model/publication.ts';
import { detectEncoding } from './csv/encoding.ts';
import { type Layout, readLayout } from './csv/layout.ts';
import type { CsvRecord } from './csv/records.ts';
import { rowOf } from './csv/rows.ts';
import { SeenHashes } from './csv/seen.ts';
import { recordsOf, sampleOf } from './csv/stream.ts';
import type { AddressHasher } from './hash.ts';

export interface ImportReport {
  /** New subscriptions. */
  imported: number;
  /** Subscriptions that were there and got a new name, attribute or time zone. */
  updated: number;
  /** Rows that changed nothing: the same again, a repeated address, and those in `kept`. */
  skipped: number;
  /** The first 1,000. `line` is the physical line on which the row begins. */
  rejected: { line: number; reason: string }[];
  rejectedTotal: number;
  /** Skipped because the person left or must not be mailed: an import brings nobody back (rule 3.6, lesson 31). */
  kept: { unsubscribed: number; suppressed: number };
  /** Rows taken in without the time zone they name, since it is none. */
  unknownTimeZones: number;
  encoding: string;
  /** Header → `email`, `name`, `first name`, `last name`, `time zone` or a field of the publication. */
  columns: Record<string, string>;
  /** Headers that were ignored. */
  unused: string[];
}

export interface ImportOptions {
  file: string;
  publicationId: number;
  publication: Publication;
  onProgress?: (done: { bytes: number; totalBytes: number; rows: number }) => void;
}

/** Rows per transaction. A crash leaves whole batches, and running the file again changes nothing about them. */
const batchRows = 2000;
const maxRejected = 1000;

/**
 * Imports a file. Every row that is not blank is counted once: imported + updated + skipped + rejectedTotal.
 * Memory does not grow with the file but for 16 to 32 bytes per address.
 * @throws BroadsheetError FILE_UNREADABLE, CSV_UNREADABLE; before anything is written
 */
export async function importCsv(
  deps: { sql: Sql; hasher: AddressHasher },
  options: ImportOptions,
): Promise<ImportReport> {
  const { file, publication } = options;
  const { encoding, totalBytes } = await detectEncoding(file);
  const { sample, whole } = await sampleOf(file, encoding);
  const layout = readLayout(sample, whole, publication, file);
  const run = new ImportRun(deps, options.publicationId, layout, encoding);
  try {
    for await (const { records, position } of recordsOf(file, encoding, layout)) {
      await run.take(records);
      options.onProgress?.({ bytes: position, totalBytes, rows: run.rows });
    }
  } catch (error) {
    // Nothing is written any more once the caller hears of it.
    await run.settle();
    throw error;
  }
  const report = await run.finish();
  options.onProgress?.({ bytes: totalBytes, totalBytes, rows: run.rows });
  return report;
}

/** One run's counters and its open batch. While the database takes one batch, the next is read. */
class ImportRun {
  /** Rows seen, blank lines and header left out. */
  rows = 0;
  readonly #deps: { sql: Sql; hasher: AddressHasher };
  readonly #publicationId: number;
  readonly #layout: Layout;
  readonly #report: ImportReport;
  readonly #seen = new SeenHashes();
  #batch: ImportRow[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: { sql: Sql; hasher: AddressHasher }, publicationId: number, layout: Layout, encoding: string) {
    this.#deps = deps;
    this.#publicationId = publicationId;
    this.#layout = layout;
    this.#report = {
      imported: 0,
      updated: 0,
      skipped: 0,
      rejected: [],
      rejectedTotal: 0,
      kept: { unsubscribed: 0, suppressed: 0 },
      unknownTimeZones: 0,
      encoding,
      columns: layout.columns,
      unused: layout.unused,
    };
  }

  async take(records: CsvRecord[]): Promise<void> {
    for (const record of records) {
      if (record.line > this.#layout.skipThrough) this.#takeOne(record);
      if (this.#batch.length >= batchRows) await this.#flush();
    }
  }

  async finish(): Promise<ImportReport> {
    await this.#flush();
    await this.#writing;
    return this.#report;
  }

  /** Waits for the batch under way, whatever becomes of it. */
  async settle(): Promise<void> {
    await this.#writing.catch(() => {});
  }

  #takeOne(record: CsvRecord): void {
    const row = rowOf(record, this.#layout);
    if (!row) return;
    this.rows++;
    if ('problem' in row) {
      this.#report.rejectedTotal++;
      if (this.#report.rejected.length < maxRejected)
        this.#report.rejected.push({ line: record.line, reason: row.problem });
      return;
    }
    if (row.timeZone === '') this.#report.unknownTimeZones++;
    const addressHash = this.#deps.hasher.hash(row.emailKey);
    // The first row of an address counts, whatever the letter case of the others.
    if (this.#seen.add(addressHash)) this.#batch.push({ ...row, timeZone: row.timeZone || undefined, addressHash });
    else this.#report.skipped++;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#writing = this.#write(batch);
    // Thrown where it is awaited; without this, Node would end the process first.
    this.#writing.catch(() => {});
  }

  async #write(batch: ImportRow[]): Promise<void> {
    const done = await importBatch(this.#deps.sql, this.#publicationId, batch);
    this.#report.imported += done.imported;
    this.#report.updated += done.updated;
    this.#report.skipped += batch.length - done.imported - done.updated;
    this.#report.kept.unsubscribed += done.unsubscribed;
    this.#report.kept.suppressed += done.suppressed;
  }
}
