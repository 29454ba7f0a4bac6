/**
 * Quoted-printable of a body that arrives in pieces (RFC 2045 §6.7), lines of at most 76 characters.
 * Beyond the rules of that section, three guards: `.` and `F` are encoded at the start of a line (no dot to stuff, no mbox `From `),
 * a blank is encoded before a line break, and so is the second of two blanks and every tab. The body is then its own relaxed DKIM
 * canonical form (RFC 6376 §3.4.4).
 */
import type { Encoder, Fixed } from './pieces.ts';
import type { Allowance, Wire } from './wire.ts';

/** Characters of a line before its soft break's `=`. */
const maxColumn = 75;
/** Below this many bytes encoding anew is cheaper than looking up. */
const worthKeeping = 24;
const hex = Buffer.from('0123456789ABCDEF');
const lf = 10;
const cr = 13;
const blank = 32;
const dot = 46;
const equals = 61;
const letterF = 70;

export class QuotedPrintableEncoder implements Encoder {
  readonly #wire: Wire;
  readonly #allowance: Allowance;
  #column = 0;
  /** A blank has been read and not written: how depends on what follows. */
  #pending = false;

  constructor(wire: Wire, allowance: Allowance) {
    this.#wire = wire;
    this.#allowance = allowance;
  }

  begin(): void {
    this.#column = 0;
    this.#pending = false;
  }

  fixed(run: Fixed): void {
    const { bytes } = run;
    if (bytes.length < worthKeeping) {
      this.push(bytes, 0, bytes.length);
      return;
    }
    const entry = this.#state();
    const known = run.encoded[entry];
    if (known) {
      this.#wire.append(known.bytes);
      this.#column = known.exit >> 1;
      this.#pending = (known.exit & 1) === 1;
      return;
    }
    const begin = this.#wire.length;
    this.push(bytes, 0, bytes.length);
    if (!this.#allowance.take(this.#wire.length - begin)) return;
    run.encoded[entry] = {
      bytes: Buffer.from(this.#wire.bytes.subarray(begin, this.#wire.length)),
      exit: this.#state(),
    };
  }

  /** Line breaks in `bytes` are CRLF, and none is cut in two. */
  push(bytes: Uint8Array, from: number, to: number): void {
    // A byte becomes three characters at most, with a soft break before them; a pending blank adds as much.
    this.#wire.reserve(6 * (to - from) + 6);
    for (let i = from; i < to; i++) {
      const byte = bytes[i]!;
      if (byte === cr || byte === lf) {
        if (byte === lf) this.#hardBreak();
      } else if (byte === blank && !this.#pending) {
        this.#pending = true;
      } else {
        // A blank that comes here is the second of two: below 33, it is encoded.
        if (this.#pending) this.#literal(blank);
        this.#pending = false;
        if (byte < 33 || byte > 126 || byte === equals) this.#escaped(byte);
        else this.#literal(byte);
      }
    }
  }

  finish(): void {
    this.#wire.reserve(12);
    this.#hardBreak();
  }

  #state(): number {
    return (this.#column << 1) | (this.#pending ? 1 : 0);
  }

  #hardBreak(): void {
    if (this.#pending) this.#escaped(blank);
    this.#pending = false;
    this.#put(cr);
    this.#put(lf);
    this.#column = 0;
  }

  #literal(byte: number): void {
    if (this.#column + 1 > maxColumn) this.#softBreak();
    if (this.#column === 0 && (byte === dot || byte === letterF)) this.#escaped(byte);
    else this.#put(byte);
  }

  #escaped(byte: number): void {
    if (this.#column + 3 > maxColumn) this.#softBreak();
    this.#put(equals);
    this.#put(hex[byte >> 4]!);
    this.#put(hex[byte & 15]!);
  }

  #softBreak(): void {
    this.#put(equals);
    this.#put(cr);
    this.#put(lf);
    this.#column = 0;
  }

  #put(byte: number): void {
    this.#wire.bytes[this.#wire.length++] = byte;
    this.#column++;
  }
}
