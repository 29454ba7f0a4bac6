/**
 * Places for readers' values. While an issue is rendered each slot is a marker: a token of letters and digits that survives
 * Handlebars and MJML in text and in `href`. The finished text is then split at the markers into `Part[]`.
 * A marker begins with 128 random bits drawn for this render, so nothing an editor wrote can be taken for one.
 */
import { randomBytes } from 'node:crypto';
import type { LinkTarget, Part, Slot } from '../model/edition.ts';
import type { Condition } from '../model/issue.ts';

/** Bytes that a slot usually takes when filled: `https://news.example.org/r/` + a token of 43 + what it does; a name. */
const usualLinkBytes = 80;
const usualFieldBytes = 12;

/** UTF-8 bytes that parts take with slots at their usual length and every condition true. */
export function usualBytes(parts: readonly Part[]): number {
  return parts.reduce(
    (sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : usualSlotBytes(part)),
    0,
  );
}

function usualSlotBytes(slot: Slot): number {
  if (slot.kind === 'link') return usualLinkBytes;
  if (slot.kind === 'field') return Math.max(usualFieldBytes, Buffer.byteLength(slot.fallback));
  return usualBytes(slot.parts);
}

export class Slots {
  readonly #nonce = `bs${randomBytes(16).toString('hex')}`;
  readonly #slots: Exclude<Slot, { kind: 'when' }>[] = [];
  readonly #conditions: Condition[] = [];

  field(name: string, fallback: string): string {
    return this.#marker('s', this.#slots.push({ kind: 'field', name, fallback }) - 1);
  }

  link(link: LinkTarget): string {
    return this.#marker('s', this.#slots.push({ kind: 'link', link }) - 1);
  }

  /** Markers around what only some readers see. Pairs nest and never overlap. */
  when(condition: Condition): { open: string; close: string } {
    const index = this.#conditions.push(condition) - 1;
    return { open: this.#marker('o', index), close: this.#marker('c', index) };
  }

  /** A boundary of the byte budget: what follows is counted for row `row` until the next boundary. Leaves nothing in the output. */
  boundary(row: number): string {
    return this.#marker('b', row);
  }

  /** Splits finished text. `bytes[row]` is what each row of the byte budget takes; row 0 is what stands before any boundary. */
  split(text: string): { parts: Part[]; bytes: number[] } {
    const parts: Part[] = [];
    const open: Part[][] = [parts];
    const bytes: number[] = [0];
    let row = 0;
    const add = (part: Part) => {
      if (part === '') return;
      const into = open.at(-1)!;
      if (typeof part === 'string' && typeof into.at(-1) === 'string') into[into.length - 1] += part;
      else into.push(part);
      bytes[row] = (bytes[row] ?? 0) + usualBytes([part]);
    };
    let from = 0;
    for (const match of text.matchAll(new RegExp(`${this.#nonce}([socb])(\\d+)z`, 'g'))) {
      add(text.slice(from, match.index));
      from = match.index + match[0].length;
      const index = Number(match[2]);
      if (match[1] === 's') add(this.#slots[index]!);
      else if (match[1] === 'b') row = index;
      else if (match[1] === 'o') {
        const inner: Part[] = [];
        open.at(-1)!.push({ kind: 'when', condition: this.#conditions[index]!, parts: inner });
        open.push(inner);
      } else open.pop();
    }
    add(text.slice(from));
    if (open.length !== 1) throw new Error('render: conditional blocks do not nest');
    return { parts, bytes };
  }

  /** Whether a marker is left in the text: a bug, since split takes them all. */
  remains(text: string): boolean {
    return text.includes(this.#nonce);
  }

  #marker(kind: 's' | 'o' | 'c' | 'b', index: number): string {
    return `${this.#nonce}${kind}${index}z`;
  }
}
