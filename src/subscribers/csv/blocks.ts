/** A file as blocks of whole lines, so that a block can be judged and decoded by itself. */
import { createReadStream } from 'node:fs';

export interface Block {
  bytes: Buffer;
  /** Bytes of the file read so far. */
  position: number;
}

/** Bytes per read: large enough to be fast, small enough to be nothing in memory. */
const chunkBytes = 65_536;
/** A longer line is cut; its row is refused later on. */
const maxCarry = 1_048_576;

/** Blocks that end at a line end; a line beyond 1 MiB is cut where no encoding has the inside of a character. */
export async function* readBlocks(file: string): AsyncGenerator<Block> {
  let carry: Buffer = Buffer.alloc(0);
  let position = 0;
  for await (const chunk of readChunks(file)) {
    position += chunk.length;
    const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
    let cut = Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d)) + 1;
    if (cut === 0 && bytes.length > maxCarry) cut = safeCut(bytes);
    carry = bytes.subarray(cut);
    if (cut > 0) yield { bytes: bytes.subarray(0, cut), position };
  }
  if (carry.length > 0) yield { bytes: carry, position };
}

/** The file as it comes from the disk. */
export async function* readChunks(file: string): AsyncGenerator<Buffer> {
  yield* createReadStream(file, { highWaterMark: chunkBytes });
}

/** Bytes below 0x30 are never the second of a character: not in UTF-8, CP949, Shift_JIS, Big5 nor GB 18030. */
function safeCut(bytes: Buffer): number {
  for (let i = bytes.length - 1; i > bytes.length - chunkBytes; i--) if (bytes[i]! < 0x30) return i + 1;
  return bytes.length;
}
