/** Reads a backup's file: its head, then table by table, each checked against what was written of it. Memory does not grow with the file. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { z } from 'zod';
import { BroadsheetError, messageOf } from '../errors.ts';
import {
  closingSchema,
  dataEnd,
  endSchema,
  form,
  type Head,
  headSchema,
  mostLineBytes,
  mostTables,
  type TableLine,
  tableSchema,
} from './format.ts';
import { TableTally } from './tally.ts';
import type { Progress } from './write.ts';

const newline = 0x0a;
const marker = Buffer.from(`\n${dataEnd}`);

export interface Contents {
  head: Head;
  tables: { table: string; rows: number }[];
  rows: number;
}

/** What takes a table's rows; undefined where they are only checked. */
export type Taker = (table: TableLine, rows: AsyncIterable<Buffer>) => Promise<void>;

/**
 * Reads the whole file and proves it: every table complete, every digest right, the last line there.
 * @param begin gets the head before any table
 * @throws BroadsheetError BACKUP_DAMAGED, BACKUP_NEWER, FILE_UNREADABLE
 */
export async function readBackup(
  file: string,
  begin: (head: Head) => Promise<void> = async () => {},
  take: Taker = drain,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Contents> {
  const { size } = await stat(file).catch(error => {
    throw new BroadsheetError('FILE_UNREADABLE', messageOf(error), { file });
  });
  const raw = createReadStream(file);
  const unzipped = createGunzip();
  raw.on('error', error => unzipped.destroy(error));
  const damaged = (detail: string) => new BroadsheetError('BACKUP_DAMAGED', detail, { file });
  const source = new Source(raw.pipe(unzipped), damaged);
  try {
    const head = await readHead(source, damaged);
    await begin(head);
    const contents: Contents = { head, tables: [], rows: 0 };
    for (;;) {
      const line = await source.line();
      const end = endSchema.safeParse(line);
      if (end.success) {
        if (end.data.tables !== contents.tables.length || end.data.rows !== contents.rows)
          throw damaged('its last line counts other tables or rows than there are');
        await source.finish();
        return contents;
      }
      const table = parse(tableSchema, line, () => damaged('a table does not begin as it should'));
      if (contents.tables.length === mostTables) throw damaged('it has too many tables');
      if (contents.tables.some(known => known.table === table.table)) throw damaged(`${table.table} is there twice`);
      const rows = await readTable(source, table, take, damaged, tally =>
        onProgress({ bytes: raw.bytesRead, totalBytes: size, rows: contents.rows + tally.rows }),
      );
      contents.tables.push({ table: table.table, rows });
      contents.rows += rows;
    }
  } finally {
    raw.destroy();
    unzipped.destroy();
  }
}

type Damaged = (detail: string) => BroadsheetError;

async function readHead(source: Source, damaged: Damaged): Promise<Head> {
  const first = await source.line();
  const newer = typeof first === 'object' && first !== null && 'form' in first ? Number(first.form) : form;
  if (newer > form) throw new BroadsheetError('BACKUP_NEWER', `its form is ${newer}, this version knows ${form}`);
  return parse(headSchema, first, () => damaged('it does not begin as a backup does'));
}

async function readTable(
  source: Source,
  table: TableLine,
  take: Taker,
  damaged: Damaged,
  onChunk: (tally: TableTally) => void,
): Promise<number> {
  const tally = new TableTally();
  await take(
    table,
    (async function* () {
      for await (const chunk of source.data()) {
        tally.add(chunk);
        onChunk(tally);
        yield chunk;
      }
    })(),
  );
  const closing = parse(closingSchema, await source.line(), () => damaged(`${table.table} does not end as it should`));
  const found = tally.close();
  if (closing.rows !== found.rows || closing.bytes !== found.bytes || closing.sha256 !== found.sha256)
    throw damaged(`the rows of ${table.table} are not those that were written`);
  return found.rows;
}

async function drain(_table: TableLine, rows: AsyncIterable<Buffer>): Promise<void> {
  for await (const _chunk of rows);
}

function parse<T>(schema: z.ZodType<T>, value: unknown, otherwise: () => Error): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw otherwise();
  return parsed.data;
}

/** A stream read now by line, now up to the end of a table's data. */
class Source {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #damaged: Damaged;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable, damaged: Damaged) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#damaged = damaged;
  }

  /** The next line, as JSON. */
  async line(): Promise<unknown> {
    let end = this.#rest.indexOf(newline);
    while (end < 0) {
      if (this.#rest.length > mostLineBytes) throw this.#damaged('a line has no end');
      if (!(await this.#more())) throw this.#damaged('it ends in the middle');
      end = this.#rest.indexOf(newline);
    }
    const text = this.#take(end + 1).toString('utf8');
    try {
      return JSON.parse(text);
    } catch {
      throw this.#damaged('a line of its own cannot be read');
    }
  }

  /** Rows up to the marker, which is passed over. */
  async *data(): AsyncGenerator<Buffer> {
    // The marker stands alone on its line: before the first row there is no line break to look for.
    while (this.#rest.length < dataEnd.length) if (!(await this.#more())) throw this.#damaged('it ends in the middle');
    if (this.#rest.subarray(0, dataEnd.length).equals(Buffer.from(dataEnd))) {
      this.#take(dataEnd.length);
      return;
    }
    for (;;) {
      const at = this.#rest.indexOf(marker);
      if (at >= 0) {
        yield this.#take(at + 1);
        this.#take(dataEnd.length);
        return;
      }
      // The marker may lie across two chunks.
      const sure = this.#rest.length - marker.length;
      if (sure > 0) yield this.#take(sure);
      if (!(await this.#more())) throw this.#damaged('it ends in the middle');
    }
  }

  /** Nothing may follow, and the stream's own checksum must be right. */
  async finish(): Promise<void> {
    if (this.#rest.length > 0 || (await this.#more())) throw this.#damaged('something follows its last line');
  }

  #take(bytes: number): Buffer {
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(bytes);
    return taken;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next().catch(error => {
      throw this.#damaged(messageOf(error));
    });
    if (next.done) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }
}
