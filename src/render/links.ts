/** Destinations of an issue's links, and the places its jump links lead to. */
import type { Edition } from '../model/edition.ts';
import { escapeAttribute } from './escape.ts';
import type { Slots } from './slots.ts';

/** `ref` has two bytes in a link's token (track/tokens). Links past this bound are not tracked. */
export const maxRefs = 65_535;

/** http(s) or mailto, written as a URL; anything else must not become a link. */
export function linkKind(url: string): 'web' | 'mail' | undefined {
  if (/^https?:\/\/[^\s/]/i.test(url) && URL.canParse(url)) return 'web';
  return /^mailto:[^\s]/i.test(url) ? 'mail' : undefined;
}

export class Links {
  readonly table: Edition['links'] = [];
  readonly #refs = new Map<string, number>();
  readonly #slots: Slots;
  readonly #tracked: boolean;

  constructor(slots: Slots, tracked: boolean) {
    this.#slots = slots;
    this.#tracked = tracked;
  }

  /** What goes into `href="…"`: a click slot, or the URL escaped; undefined when the URL must not become a link. */
  href(url: string, section: string, label: string): string | undefined {
    const kind = linkKind(url);
    if (!kind) return undefined;
    if (kind === 'mail' || !this.#tracked) return escapeAttribute(url);
    const ref = this.#ref(url, section, label);
    return ref === undefined ? escapeAttribute(url) : this.#slots.link({ to: 'click', ref });
  }

  /** The same URL in the same section shares one ref: its clicks are one number. */
  #ref(url: string, section: string, label: string): number | undefined {
    const key = JSON.stringify([section, url]);
    const known = this.#refs.get(key);
    if (known || this.table.length >= maxRefs) return known;
    const ref = this.table.push({ ref: this.table.length + 1, url, section, label: label.trim() });
    this.#refs.set(key, ref);
    return ref;
  }
}

/** Gives each place one anchor, the first that asks for it, so that an id never stands twice. */
export class Anchors {
  readonly #wanted: ReadonlySet<string>;
  readonly #present: ReadonlySet<string>;
  readonly #placed = new Set<string>();

  /** @param wanted ids that something jumps to; @param present ids that exist in the issue. */
  constructor(wanted: ReadonlySet<string>, present: ReadonlySet<string>) {
    this.#wanted = wanted;
    this.#present = present;
  }

  /** An empty `<a>` before the target: mail clients keep `name` where they drop `id` (rule 8.6). '' when nothing leads here. */
  place(id: string): string {
    if (!this.#wanted.has(id) || this.#placed.has(id)) return '';
    this.#placed.add(id);
    const name = escapeAttribute(anchorName(id));
    return `<a id="${name}" name="${name}"></a>`;
  }

  /** `href` of a jump, undefined when the place does not exist. */
  href(id: string): string | undefined {
    return this.#present.has(id) ? `#${escapeAttribute(anchorName(id))}` : undefined;
  }
}

/** An id as it may stand in a fragment: letters, digits, `-`, `_`, `.`; all else by code point, so that different ids stay different. */
function anchorName(id: string): string {
  return id.replace(/[^\p{L}\p{N}_.-]/gu, c => `_${c.codePointAt(0)!.toString(16)}`);
}
