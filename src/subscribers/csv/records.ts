/**
 * CSV records (RFC 4180, read leniently) out of text that arrives in pieces.
 *
 * Not csv-parse, which the tests hold this against: its answer to one quotation mark that is never closed is to swallow or refuse the
 * rest of the file. Here such a mark costs its own line, and memory stays bounded whatever comes.
 */
export interface CsvRecord {
  /** Physical line on which it begins, from 1. */
  line: number;
  cells: string[];
  /** Why it cannot be used; `cells` is empty then. */
  problem?: string;
}

/** Characters of one record; a subscriber needs a few hundred. */
const maxRecord = 262_144;
/** Lines that one quoted cell may span. */
const maxCellLines = 100;

interface Step {
  record?: CsvRecord;
  /** Where the next record begins. */
  next: number;
  /** Line ends passed. */
  lines: number;
}

/** `more`: the text so far does not tell; `broken`: a quotation mark is never closed. */
type Unfinished = 'more' | 'broken';

export class RecordReader {
  readonly #delimiter: string;
  readonly #looksLikeRow: (line: string) => boolean;
  #buffer = '';
  #line = 1;
  #final = false;
  /** Inside a line that was refused as too long. */
  #skipping = false;
  readonly #lf = new Finder('\n');
  readonly #cr = new Finder('\r');
  readonly #quote = new Finder('"');

  /**
   * @param delimiter one character
   * @param looksLikeRow tells a row of its own inside what would be a quoted cell: the mark before it was never closed
   */
  constructor(delimiter: string, looksLikeRow: (line: string) => boolean = () => false) {
    this.#delimiter = delimiter;
    this.#looksLikeRow = looksLikeRow;
  }

  /** The records that `text` completes. */
  push(text: string): CsvRecord[] {
    this.#buffer += text;
    return this.#drain();
  }

  /** The records left when no more text comes. */
  end(): CsvRecord[] {
    this.#final = true;
    return this.#drain();
  }

  #drain(): CsvRecord[] {
    for (const finder of [this.#lf, this.#cr, this.#quote]) finder.reset(this.#buffer);
    const records: CsvRecord[] = [];
    let at = 0;
    for (;;) {
      const step = this.#step(at);
      if (!step) break;
      if (step.record) records.push(step.record);
      this.#line += step.lines;
      at = step.next;
    }
    this.#buffer = this.#buffer.slice(at);
    return records;
  }

  /** One record, or undefined when more text is needed. */
  #step(at: number): Step | undefined {
    if (at >= this.#buffer.length) return undefined;
    const tooLong = { line: this.#line, cells: [], problem: 'the line is too long to be a row' };
    const end = this.#lineEnd(at);
    if (!end) {
      if (this.#buffer.length - at <= maxRecord) return undefined;
      const wasSkipping = this.#skipping;
      this.#skipping = true;
      return { next: this.#buffer.length, lines: 0, ...(wasSkipping ? {} : { record: tooLong }) };
    }
    if (this.#skipping) {
      this.#skipping = false;
      return { next: end.next, lines: 1 };
    }
    if (end.at - at > maxRecord) return { record: tooLong, next: end.next, lines: 1 };
    const quote = this.#quote.from(at);
    if (quote < 0 || quote >= end.at) {
      const cells = this.#buffer.slice(at, end.at).split(this.#delimiter);
      return { record: { line: this.#line, cells }, next: end.next, lines: 1 };
    }
    const quoted = this.#quotedRecord(at);
    if (quoted === 'more') return undefined;
    if (quoted === 'broken') {
      const problem = 'a quotation mark on this line is never closed';
      return { record: { line: this.#line, cells: [], problem }, next: end.next, lines: 1 };
    }
    const lines = quoted.next > end.next ? countLineEnds(this.#buffer.slice(at, quoted.next)) : 1;
    return { record: { line: this.#line, cells: quoted.cells }, next: quoted.next, lines };
  }

  #quotedRecord(start: number): { cells: string[]; next: number } | Unfinished {
    const cells: string[] = [];
    let at = start;
    for (;;) {
      const open = this.#afterBlanks(at);
      if (this.#buffer[open] === '"') {
        const cell = this.#quotedCell(open, start);
        if (typeof cell === 'string') return cell;
        cells.push(cell.value);
        at = cell.end;
      } else {
        const end = this.#lineEnd(at);
        if (!end) return this.#buffer.length - start > maxRecord ? 'broken' : 'more';
        const delimiter = this.#buffer.indexOf(this.#delimiter, at);
        const stop = delimiter >= 0 && delimiter < end.at ? delimiter : end.at;
        cells.push(this.#buffer.slice(at, stop));
        at = stop;
      }
      if (this.#buffer[at] === this.#delimiter) {
        at++;
        continue;
      }
      const end = this.#lineEnd(at);
      return end ? { cells, next: end.next } : 'more';
    }
  }

  /** @param open where its quotation mark is; @param start where the record begins */
  #quotedCell(open: number, start: number): { value: string; end: number } | Unfinished {
    let value = '';
    let from = open + 1;
    let nextLine = this.#lineEnd(open)?.next ?? this.#buffer.length;
    let lines = 1;
    for (;;) {
      const quote = this.#quote.from(from);
      if (quote < 0) return this.#final || this.#buffer.length - start > maxRecord ? 'broken' : 'more';
      // Each further line is looked at once: how many there are, and whether one is a row of its own.
      while (nextLine <= quote) {
        const end = this.#lineEnd(nextLine);
        if (!end) return 'more';
        if (++lines > maxCellLines || quote - start > maxRecord) return 'broken';
        if (this.#looksLikeRow(this.#buffer.slice(nextLine, end.at))) return 'broken';
        nextLine = end.next;
      }
      if (quote + 1 >= this.#buffer.length && !this.#final) return 'more';
      if (this.#buffer[quote + 1] === '"') {
        value += this.#buffer.slice(from, quote + 1);
        from = quote + 2;
        continue;
      }
      const end = this.#afterBlanks(quote + 1);
      if (end >= this.#buffer.length && !this.#final) return 'more';
      const after = this.#buffer[end];
      if (after === undefined || after === this.#delimiter || after === '\n' || after === '\r') {
        return { value: value + this.#buffer.slice(from, quote), end };
      }
      // `"Kim "Bob" Lee"`: a mark that ends no cell belongs to it.
      value += this.#buffer.slice(from, quote + 1);
      from = quote + 1;
    }
  }

  #afterBlanks(at: number): number {
    let i = at;
    while (this.#buffer[i] === ' ' || (this.#buffer[i] === '\t' && this.#delimiter !== '\t')) i++;
    return i;
  }

  /** Where this line's text stops and the next line begins; undefined when that has not arrived. */
  #lineEnd(at: number): { at: number; next: number } | undefined {
    const lf = this.#lf.from(at);
    const cr = this.#cr.from(at);
    const end = lf < 0 ? cr : cr < 0 ? lf : Math.min(lf, cr);
    if (end < 0) return this.#final ? { at: this.#buffer.length, next: this.#buffer.length } : undefined;
    if (end === lf) return { at: end, next: end + 1 };
    // The LF of a CRLF may be in the next piece.
    if (end + 1 === this.#buffer.length && !this.#final) return undefined;
    return { at: end, next: lf === end + 1 ? end + 2 : end + 1 };
  }
}

function countLineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** The next place of a character: searched once per place, not once per record, or a file without it would cost its square. */
class Finder {
  readonly #character: string;
  #text = '';
  #searchedFrom = 0;
  #found = 0;

  constructor(character: string) {
    this.#character = character;
  }

  reset(text: string): void {
    this.#text = text;
    this.#searchedFrom = 0;
    this.#found = text.indexOf(this.#character);
  }

  /** -1 when there is none at or after this place. */
  from(at: number): number {
    const known = at >= this.#searchedFrom && (this.#found < 0 || at <= this.#found);
    if (!known) {
      this.#searchedFrom = at;
      this.#found = this.#text.indexOf(this.#character, at);
    }
    return this.#found;
  }
}
