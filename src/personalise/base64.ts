/**
 * Base64 of a body that arrives in pieces (RFC 2045 §6.8): lines of 76 characters, each 57 bytes of the body.
 * A static run falls on the lines in one of 57 ways, by the number of its bytes that fill up the line begun before it;
 * its whole lines are kept for each way that occurs. Only slots and the lines they touch are encoded per reader.
 */
import type { Encoder, Fixed } from './pieces.ts';
import type { Allowance, Wire } from './wire.ts';

const lineBytes = 57;
const wireLineBytes = 78;

const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
/** The two characters of each 12-bit number. */
const pairs = new Uint8Array(2 * 4096);
for (let i = 0; i < 4096; i++) {
  pairs[2 * i] = alphabet[i >> 6]!;
  pairs[2 * i + 1] = alphabet[i & 63]!;
}

export class Base64Encoder implements Encoder {
  readonly #wire: Wire;
  readonly #allowance: Allowance;
  /** The line begun and not yet full. */
  readonly #line = new Uint8Array(lineBytes);
  #held = 0;

  constructor(wire: Wire, allowance: Allowance) {
    this.#wire = wire;
    this.#allowance = allowance;
  }

  begin(): void {
    this.#held = 0;
  }

  fixed(run: Fixed): void {
    const { bytes } = run;
    const start = this.#fillLine(bytes, 0, bytes.length);
    const end = start + wholeLines(bytes.length - start);
    if (end > start) {
      const known = run.encoded[start];
      if (known) this.#wire.append(known.bytes);
      else this.#keep(run, start, this.#lines(bytes, start, end));
    }
    this.#hold(bytes, end, bytes.length);
  }

  push(bytes: Uint8Array, from: number, to: number): void {
    const start = this.#fillLine(bytes, from, to);
    const end = start + wholeLines(to - start);
    this.#lines(bytes, start, end);
    this.#hold(bytes, end, to);
  }

  finish(): void {
    const rest = Buffer.from(this.#line.subarray(0, this.#held)).toString('base64');
    this.#wire.append(Buffer.from(rest && `${rest}\r\n`, 'latin1'));
  }

  /** Fills up the line begun before. @returns where in `bytes` the next line begins */
  #fillLine(bytes: Uint8Array, from: number, to: number): number {
    if (this.#held === 0) return from;
    const start = Math.min(to, from + lineBytes - this.#held);
    this.#hold(bytes, from, start);
    if (this.#held === lineBytes) {
      this.#held = 0;
      this.#lines(this.#line, 0, lineBytes);
    }
    return start;
  }

  #hold(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.#line[this.#held++] = bytes[i]!;
  }

  /** Encodes whole lines; `to - from` is a multiple of 57. @returns where on the wire they begin */
  #lines(bytes: Uint8Array, from: number, to: number): number {
    this.#wire.reserve(((to - from) / lineBytes) * wireLineBytes);
    const begin = this.#wire.length;
    const out = this.#wire.bytes;
    let at = begin;
    for (let line = from; line < to; line += lineBytes) {
      for (let i = line; i < line + lineBytes; i += 3) {
        const three = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
        const high = (three >> 12) << 1;
        const low = (three & 4095) << 1;
        out[at] = pairs[high]!;
        out[at + 1] = pairs[high + 1]!;
        out[at + 2] = pairs[low]!;
        out[at + 3] = pairs[low + 1]!;
        at += 4;
      }
      out[at] = 13;
      out[at + 1] = 10;
      at += 2;
    }
    this.#wire.length = at;
    return begin;
  }

  #keep(run: Fixed, start: number, begin: number): void {
    if (!this.#allowance.take(this.#wire.length - begin)) return;
    run.encoded[start] = { bytes: Buffer.from(this.#wire.bytes.subarray(begin, this.#wire.length)), exit: 0 };
  }
}

function wholeLines(bytes: number): number {
  return bytes - (bytes % lineBytes);
}
