/** Counts and digests the rows of one table as they pass. */
import { createHash } from 'node:crypto';
import type { Closing } from './format.ts';

const newline = 0x0a;

export class TableTally {
  readonly #hash = createHash('sha256');
  rows = 0;
  bytes = 0;

  add(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.bytes += chunk.length;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) this.rows++;
  }

  close(): Closing {
    return { rows: this.rows, bytes: this.bytes, sha256: this.#hash.digest('hex') };
  }
}
