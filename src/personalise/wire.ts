/**
 * The memory in which messages are written. A message owns its buffer until it gives it back, and the next one takes it from there: two or
 * three buffers serve a whole send, and stay in the processor's cache. Fresh ones for each message cost 0.05 ms, in page faults and collection.
 */

/** Bytes kept free before a body for its header, which can be written only when the body has been signed. */
const headroom = 4096;
/** Buffers kept for the next message: as many as connections may be writing at once; never more than were in use together. */
const maxSpare = 128;
const leastBytes = 64 * 1024;

/** A body written, in a buffer of its own. */
export interface Sheet {
  body: Buffer;
  /** The body with a header before it, one character for each octet; to be called once. */
  under(header: string): Buffer;
  /** Gives the buffer to a later message. What was handed out of it is then void. Calling it twice is no harm. */
  free(): void;
}

/** A buffer that grows. */
export class Wire {
  bytes: Buffer = Buffer.allocUnsafeSlow(leastBytes);
  length = headroom;
  #isOwned = true;
  readonly #spare: Buffer[] = [];

  /** Begins a body, in a buffer that no earlier message owns. */
  begin(): void {
    if (!this.#isOwned) this.bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.bytes.length);
    this.#isOwned = true;
    this.length = headroom;
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Ends the body. From now on the buffer is the sheet's. */
  end(): Sheet {
    const { bytes, length } = this;
    this.#isOwned = false;
    let isFree = false;
    return {
      body: bytes.subarray(headroom, length),
      under: header => {
        const start = headroom - header.length;
        if (start < 0) return Buffer.concat([Buffer.from(header, 'latin1'), bytes.subarray(headroom, length)]);
        bytes.write(header, start, 'latin1');
        return bytes.subarray(start, length);
      },
      free: () => {
        if (!isFree && this.#spare.length < maxSpare) this.#spare.push(bytes);
        isFree = true;
      },
    };
  }
}

/** How many bytes of encoded static text a press may keep; past that it encodes anew each time. */
export class Allowance {
  left: number;

  constructor(bytes: number) {
    this.left = bytes;
  }

  take(bytes: number): boolean {
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }
}
