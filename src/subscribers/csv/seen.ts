/** Which addresses a file has brought already, at 16 bytes each. */

/**
 * A set of keyed hashes by their first 64 bits, open addressing. A Set of a million addresses takes over 100 MB, this 16 to 32.
 * The hash is keyed, so nobody can make a file whose addresses collide; by chance one in 4 × 10⁷ files of a million rows
 * loses a row to it.
 */
export class SeenHashes {
  /** Two words per slot. */
  #slots = new Uint32Array(1 << 15);
  #count = 0;

  /** @returns false when it was there before */
  add(hash: Buffer): boolean {
    // A second word of zero marks a free slot.
    if (!insert(this.#slots, hash.readUInt32LE(0), hash.readUInt32LE(4) || 1)) return false;
    this.#count++;
    if (this.#count * 4 > this.#slots.length) this.#grow();
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let i = 0; i < this.#slots.length; i += 2) {
      if (this.#slots[i + 1] !== 0) insert(larger, this.#slots[i]!, this.#slots[i + 1]!);
    }
    this.#slots = larger;
  }
}

function insert(slots: Uint32Array, low: number, high: number): boolean {
  const mask = slots.length / 2 - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const i = slot * 2;
    if (slots[i + 1] === 0) {
      slots[i] = low;
      slots[i + 1] = high;
      return true;
    }
    if (slots[i] === low && slots[i + 1] === high) return false;
  }
}
