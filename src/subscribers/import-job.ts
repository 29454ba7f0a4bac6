/**
 * Imports of the console, worked one at a time by one process: read from Postgres, checked without writing or brought in, in batches whose
 * position is kept. A process that takes over goes on where the last batch ended. Memory: 16 to 32 bytes per address, and a batch.
 */
import type { Sql } from '../db/client.ts';
import {
  checkBatch,
  forgetFiles,
  type ImportBatch,
  type ImportJob,
  moveImport,
  nextImport,
  runBatch,
  undoBatch,
} from '../db/imports.ts';
import type { ImportRow } from '../db/subscribers.ts';
import { BroadsheetError } from '../errors.ts';
import type { CsvRecord } from './csv/records.ts';
import { rowOf } from './csv/rows.ts';
import { SeenHashes } from './csv/seen.ts';
import { recordsOf } from './csv/stream.ts';
import type { AddressHasher } from './hash.ts';
import { layoutOf, withFile } from './import-file.ts';

interface Deps {
  sql: Sql;
  hasher: AddressHasher;
  dataDir: string;
}

/** Records of a batch. */
const batchRecords = 2000;
/** Refused rows that are kept for download. */
const keptRefusals = 10_000;

/**
 * Works what is to be worked until nothing is left.
 * @param mayGoOn asked before each batch: whether this process still is the one, and is not ending
 */
export async function workImports(deps: Deps, mayGoOn: () => Promise<boolean>): Promise<void> {
  await forgetFiles(deps.sql);
  while (await mayGoOn()) {
    const job = await nextImport(deps.sql);
    if (!job) return;
    if (job.state === 'undoing') await undo(deps.sql, job, mayGoOn);
    else await pass(deps, job, mayGoOn);
  }
}

async function undo(sql: Sql, job: ImportJob, mayGoOn: () => Promise<boolean>): Promise<void> {
  for (let at = job.records; await mayGoOn(); ) {
    if (!(await undoBatch(sql, job.id, at))) {
      await moveImport(sql, job.id, ['undoing'], 'undone');
      return;
    }
    const next = await nextImport(sql);
    if (next?.id !== job.id || next.state !== 'undoing') return;
    at = next.records;
  }
}

async function pass(deps: Deps, found: ImportJob, mayGoOn: () => Promise<boolean>): Promise<void> {
  const { sql } = deps;
  if (found.state === 'queued' && !(await moveImport(sql, found.id, ['queued'], 'running'))) return;
  const state = found.state === 'checking' ? 'checking' : 'running';
  try {
    await withFile(deps, found.id, async file => {
      const work = new Pass(deps, found, state === 'checking' ? checkBatch : runBatch);
      if (await work.through(file, mayGoOn))
        await moveImport(sql, found.id, [state], state === 'checking' ? 'checked' : 'done');
    });
  } catch (error) {
    // Of the file, not of the moment: trying again would end the same.
    if (!(error instanceof BroadsheetError)) throw error;
    await moveImport(sql, found.id, [state], 'failed', { reason: error.message });
  }
}

type Write = (sql: Sql, batch: ImportBatch) => Promise<boolean>;
type OpenBatch = Pick<ImportBatch, 'from' | 'rows' | 'repeated' | 'refused' | 'refusals'>;

/** One pass over a file. */
class Pass {
  readonly #deps: Deps;
  readonly #job: ImportJob;
  readonly #write: Write;
  readonly #seen = new SeenHashes();
  #at = 0;
  #keptRefusals = 0;
  #batch: OpenBatch;

  constructor(deps: Deps, job: ImportJob, write: Write) {
    this.#deps = deps;
    this.#job = job;
    this.#write = write;
    this.#keptRefusals = job.counts.refused ?? 0;
    this.#batch = this.#fresh();
  }

  /** @returns false: stopped before its end */
  async through(file: string, mayGoOn: () => Promise<boolean>): Promise<boolean> {
    const layout = this.#job.layout && layoutOf(this.#job.layout);
    if (!layout || !this.#job.encoding) throw new BroadsheetError('CSV_UNREADABLE', 'no column of addresses is named');
    for await (const { records, position } of recordsOf(file, this.#job.encoding, layout)) {
      for (const record of records) {
        if (record.line > layout.skipThrough) this.#take(record, rowOf(record, layout));
        this.#at++;
        if (this.#at - this.#batch.from < batchRecords || this.#at <= this.#job.records) continue;
        if (!(await mayGoOn()) || !(await this.#flush(position))) return false;
      }
    }
    return this.#at <= this.#job.records || this.#flush(this.#job.bytes);
  }

  #take(record: CsvRecord, row: ReturnType<typeof rowOf>): void {
    if (!row) return;
    const isDone = this.#at < this.#job.records;
    if ('problem' in row) {
      if (isDone) return;
      this.#batch.refused++;
      if (this.#keptRefusals++ < keptRefusals)
        this.#batch.refusals.push({ line: record.line, reason: row.problem, cells: cellsOf(record) });
      return;
    }
    const addressHash = this.#deps.hasher.hash(row.emailKey);
    // The first row of an address counts; of what was done before a restart, only which addresses there were is wanted.
    const isFirst = this.#seen.add(addressHash);
    if (isDone) return;
    if (isFirst)
      this.#batch.rows.push({ ...row, timeZone: row.timeZone || undefined, addressHash } satisfies ImportRow);
    else this.#batch.repeated++;
  }

  async #flush(position: number): Promise<boolean> {
    const { id, publicationId, bytes } = this.#job;
    const share = Math.min(1_000_000, Math.floor((1_000_000 * position) / Math.max(1, bytes)));
    const batch = { ...this.#batch, id, publicationId, to: this.#at, share };
    if (!(await this.#write(this.#deps.sql, batch))) return false;
    this.#batch = this.#fresh();
    return true;
  }

  #fresh(): OpenBatch {
    return { from: Math.max(this.#at, this.#job.records), rows: [], repeated: 0, refused: 0, refusals: [] };
  }
}

/** Enough to see what is wrong; no character that Postgres does not take. */
function cellsOf({ cells }: CsvRecord): string[] {
  return cells.slice(0, 60).map(cell =>
    cell
      .slice(0, 500)
      .replaceAll('\0', '')
      .replace(/\p{Surrogate}/gu, '\ufffd'),
  );
}
