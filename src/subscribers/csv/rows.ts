/** A CSV record as a subscriber, or why it is none. */
import { timeZoneOf } from '../../model/time-zone.ts';
import { type Address, parseAddress } from '../address.ts';
import type { Layout } from './layout.ts';
import type { CsvRecord } from './records.ts';

export interface Row extends Address {
  name: string;
  attributes: Record<string, string>;
  /** As it is kept; '': what stands there is none. */
  timeZone?: string;
}

/** Characters; a longer value has slipped in from another column. */
export const maxName = 200;
export const maxAttribute = 1000;

/** @returns undefined for a blank line */
export function rowOf(record: CsvRecord, layout: Layout): Row | { problem: string } | undefined {
  const { problem, cells } = record;
  if (problem !== undefined) return { problem };
  if (cells.every(cell => cell.trim() === '')) return undefined;
  const surplus = surplusOf(cells, layout.width);
  if (surplus) return surplus;
  const address = parseAddress(cells[layout.email] ?? '');
  if ('problem' in address) return address;
  const name = nameOf(cells, layout);
  if (name.length > maxName) return { problem: `the name is longer than ${maxName} characters` };
  const attributes: Record<string, string> = {};
  for (const { index, field } of layout.attributes) {
    const value = cleanText(cells[index] ?? '');
    if (value.length > maxAttribute) return { problem: `“${field}” is longer than ${maxAttribute} characters` };
    if (value !== '') attributes[field] = value;
  }
  const zone = layout.timeZone === undefined ? '' : cleanText(cells[layout.timeZone] ?? '');
  return { ...address, name, attributes, ...(zone !== '' && { timeZone: timeZoneOf(zone) ?? '' }) };
}

/** A comma without quotation marks shifts all that follows: better no row than a wrong one (lesson 30). */
export function surplusOf(cells: string[], width: number | undefined): { problem: string } | undefined {
  if (width === undefined || !cells.slice(width).some(cell => cell.trim())) return undefined;
  return {
    problem: `there are ${cells.length} values for ${width} columns: a value that holds the separator needs quotation marks`,
  };
}

function nameOf(cells: string[], layout: Layout): string {
  const value = (index: number | undefined) => (index === undefined ? '' : (cells[index] ?? ''));
  return personName(value(layout.name), value(layout.firstName), value(layout.lastName));
}

/** One name out of the cells that hold it; family name first where that is the custom. */
export function personName(wholeName: string, firstName: string, lastName: string): string {
  const whole = cleanText(wholeName);
  if (whole !== '') return whole;
  const first = cleanText(firstName);
  const last = cleanText(lastName);
  const eastAsian = /^[\p{Script=Hangul}\p{Script=Han}]+$/u.test(last + first);
  return eastAsian ? last + first : `${first} ${last}`.trim();
}

/**
 * A value fit for a header, a page and a database: one line, composed Hangul (macOS exports it in pieces), no control or invisible
 * characters. A value with damaged characters becomes empty: the fallback greets better than “김�수”.
 */
export function cleanText(cell: string): string {
  if (/^[\x21-\x7e가-힣]*$/.test(cell)) return cell;
  // Joiners (200C, 200D) stay: emoji and Indic scripts need them.
  const clean = cell
    .replace(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return clean.includes('\ufffd') ? '' : clean;
}
