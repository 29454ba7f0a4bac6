/** What one row of another system's export says of a person, in our words. Each system's file turns rows into this; nothing here does I/O. */
import { isIP } from 'node:net';
import { type Address, parseAddress } from '../address.ts';
import { normaliseHeader } from '../csv/headers.ts';
import { cleanText, maxName, personName } from '../csv/rows.ts';
import { parseTime } from './times.ts';

/** From the strictest: where an address occurs more than once, the first of these counts. */
export const standings = ['suppressed', 'unsubscribed', 'pending', 'active'] as const;
export type Standing = (typeof standings)[number];

/** Kept with the subscription as proof. Times in ISO 8601, UTC; addresses of machines only when they are ones. */
interface Evidence {
  from: string;
  joinedAt?: string;
  optInAt?: string;
  optInIp?: string;
  confirmedAt?: string;
  confirmIp?: string;
  /** They were unsubscribed there. */
  left?: true;
  leftAt?: string;
  leftReason?: string;
  /** What the other system says of consent to advertising. It is no consent here: nothing acts on it. */
  adConsent?: boolean;
  /** Times that could not be read, as they stand in the file. */
  unread?: string[];
}

export interface MovedReader extends Address {
  name: string;
  standing: Standing;
  /** Of a suppressed address. */
  reason?: string;
  /** Since when they stand so; undefined when the export does not say. */
  since?: Date;
  evidence: Evidence;
  /** Values that a field of the publication may take up, beside the columns themselves. */
  more?: Record<string, string>;
}

/** `skip`: rightly left out, and why, in a word or two; `problem`: cannot be used, in plain words that quote no address. */
export type Moved = MovedReader | { skip: string } | { problem: string };

/** The names that the systems ask for, some dozens: normalising one costs more than all else about a row. */
const normalised = new Map<string, string>();

function normalisedName(name: string): string {
  const known = normalised.get(name);
  if (known !== undefined) return known;
  const key = normaliseHeader(name);
  normalised.set(name, key);
  return key;
}

/** A row by the names of its columns. */
export class ExportRow {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #cells: readonly string[];

  /** @param columns normalised header → index */
  constructor(columns: ReadonlyMap<string, number>, cells: readonly string[]) {
    this.#columns = columns;
    this.#cells = cells;
  }

  /** The first of these columns that has a value; empty when none has. */
  get(...names: string[]): string {
    for (const name of names) {
      const value = this.#cells[this.#columns.get(normalisedName(name)) ?? -1]?.trim();
      if (value) return value;
    }
    return '';
  }

  has(name: string): boolean {
    return this.#columns.has(normalisedName(name));
  }
}

/** Columns of a header by normalised name; of two with one name, the first. */
export function columnsOf(header: readonly string[]): Map<string, number> {
  const columns = new Map<string, number>();
  for (const [index, cell] of header.entries()) {
    const name = normaliseHeader(cell);
    if (name !== '' && !columns.has(name)) columns.set(name, index);
  }
  return columns;
}

export interface SourceSystem {
  /** As the command line names it. */
  name: string;
  label: string;
  /** Columns that a file of subscribers has; of those in one group, one. Checked against the header before any row is read. */
  requires: readonly (readonly string[])[];
  /** What a file's name, without its folder, must tell when its header does not; the reason when it does not tell. */
  refuseFile?(name: string, columns: ReadonlyMap<string, number>): string | undefined;
  /** Names of files that hold its past posts; other systems' are not read. */
  posts?: RegExp;
  /** Said once with the result. */
  note?: string;
  /** Pure. @param file name without its folder */
  read(row: ExportRow, file: string): Moved;
}

const timeKeys = ['joinedAt', 'optInAt', 'confirmedAt', 'leftAt'] as const;
const ipKeys = ['optInIp', 'confirmIp'] as const;

interface Told {
  email: string;
  name?: string;
  firstName?: string;
  lastName?: string;
  standing: Standing;
  reason?: string;
  /** Zone of times that name none. */
  zone: 'UTC' | '+09:00';
  times?: Partial<Record<(typeof timeKeys)[number], string>>;
  ips?: Partial<Record<(typeof ipKeys)[number], string>>;
  leftReason?: string;
  adConsent?: boolean | undefined;
  more?: Record<string, string>;
}

/** Puts a reader together out of cells: address and name parsed, times and IPs checked, the rest cleaned and cut. */
export function moved(from: string, told: Told): Moved {
  const address = parseAddress(told.email);
  if ('problem' in address) return address;
  const name = personName(told.name ?? '', told.firstName ?? '', told.lastName ?? '');
  if (name.length > maxName) return { problem: `the name is longer than ${maxName} characters` };
  const evidence: Evidence = { from };
  for (const key of timeKeys) {
    const cell = told.times?.[key];
    if (!cell) continue;
    const time = parseTime(cell, told.zone);
    if (time) evidence[key] = time.toISOString();
    else evidence.unread = [...(evidence.unread ?? []), cleanText(cell).slice(0, 40)];
  }
  for (const key of ipKeys) {
    const cell = told.ips?.[key];
    if (cell && isIP(cell)) evidence[key] = cell;
  }
  const leftReason = cleanText(told.leftReason ?? '').slice(0, 200);
  const hasLeft = told.standing === 'unsubscribed' || told.standing === 'suppressed';
  if (hasLeft) evidence.left = true;
  if (hasLeft && leftReason) evidence.leftReason = leftReason;
  if (told.adConsent !== undefined) evidence.adConsent = told.adConsent;
  const since = hasLeft ? evidence.leftAt : (evidence.confirmedAt ?? evidence.optInAt ?? evidence.joinedAt);
  const reader: MovedReader = {
    email: address.email,
    emailKey: address.emailKey,
    domain: address.domain,
    name,
    standing: told.standing,
    evidence,
  };
  if (told.reason) reader.reason = told.reason;
  if (since) reader.since = new Date(since);
  if (told.more) reader.more = told.more;
  return reader;
}

/** A state that no version of the system is known to write: guessing could bring somebody back. Quotes nothing that may be an address. */
export function unknownState(column: string, value: string, known: readonly string[]): { problem: string } {
  const shown = value.includes('@') || value === '' ? '' : ` “${cleanText(value).slice(0, 40)}”`;
  const what = value === '' ? 'is empty' : `has the unknown value${shown}`;
  return { problem: `${column} ${what}; known are ${known.join(', ')}` };
}

/** Undefined when it is neither. */
export function yesOrNo(value: string): boolean | undefined {
  if (/^(?:true|yes|y|1|o|동의|예)$/i.test(value)) return true;
  return /^(?:false|no|n|0|x|미동의|비동의|거부|아니오)$/i.test(value) ? false : undefined;
}

/** Characters of a JSON cell that is looked at. */
const maxJson = 65_536;

/** The plain values at the top of a JSON object in a cell; none when it is no such thing: they are an extra, not the person. */
export function jsonValues(cell: string): Record<string, string> {
  if (cell === '' || cell.length > maxJson) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(cell);
  } catch {
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {};
  const plain = Object.entries(parsed).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(plain.map(([key, value]) => [key, String(value)]));
}
