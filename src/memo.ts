/** A bounded memory of what was read lately: at most `max` entries, each for `ttlMs`; the one unused longest goes first. */
export class Memo<K, V> {
  readonly #entries = new Map<K, { value: Promise<V>; until: number }>();
  readonly #max: number;
  readonly #ttlMs: number;

  constructor(max: number, ttlMs: number) {
    this.#max = max;
    this.#ttlMs = ttlMs;
  }

  /** Whether a value is remembered, or being loaded. */
  has(key: K): boolean {
    return (this.#entries.get(key)?.until ?? 0) > Date.now();
  }

  /** The remembered value, when there is one. */
  known(key: K): Promise<V> | undefined {
    return this.has(key) ? this.#entries.get(key)!.value : undefined;
  }

  /** The remembered value, or what `load` gives: asked once however many wait for it, and again after it failed. */
  get(key: K, load: () => Promise<V>): Promise<V> {
    const known = this.#entries.get(key);
    this.#entries.delete(key);
    const entry = known && known.until > Date.now() ? known : { value: load(), until: Date.now() + this.#ttlMs };
    this.#entries.set(key, entry);
    if (entry !== known) {
      entry.value.catch(() => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      });
    }
    if (this.#entries.size > this.#max) this.#entries.delete(this.#entries.keys().next().value as K);
    return entry.value;
  }

  /** Remembers what was found elsewhere, in place of what was known. */
  keep(key: K, value: V): void {
    this.#entries.delete(key);
    void this.get(key, async () => value);
  }
}
