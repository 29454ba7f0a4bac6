/** Readers' values on their way into a message: hostile until they have passed here. */
import type { Condition } from '../model/issue.ts';
import { fieldValue, type Reader } from '../model/reader.ts';

/** A value longer than this (UTF-16 units) is cut: no merge field may swell a message. */
const maxBodyValue = 2_000;

const harmless = /^[\x20-\x7e\u3131-\u318e\uac00-\ud7a3]*$/;
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Controls, halves of characters, byte order marks, and direction overrides: an unclosed one would turn the text after it. */
const unwanted = /[\p{Cc}\p{Surrogate}\ufeff\u202a-\u202e\u2066-\u2069]+/gu;

/** One line without control characters, lone surrogates or direction overrides, of at most `max` UTF-16 units. */
export function oneLine(value: string, max: number): string {
  // Cut before cleaning as well: a megabyte of blanks must not cost a scan per message.
  const near = value.length > 2 * max ? value.slice(0, 2 * max) : value;
  const cleaned = (harmless.test(near) ? near : near.replace(breaks, ' ').replace(unwanted, '')).trim();
  if (cleaned.length <= max) return cleaned;
  const cut = cleaned.slice(0, max);
  return (/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut).trimEnd();
}

/** The cleaned value of a merge field, '' when the reader has none. */
export function readerValue(reader: Reader, field: string): string {
  return oneLine(fieldValue(reader, field), maxBodyValue);
}

export function holds(condition: Condition, reader: Reader): boolean {
  const value = readerValue(reader, condition.field);
  if (condition.op === 'present') return value !== '';
  if (condition.op === 'absent') return value === '';
  return value === (condition.value ?? '');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe in HTML text and in quoted attributes. */
export function escapeHtml(value: string): string {
  return /[&<>"']/.test(value) ? value.replace(/[&<>"']/g, character => entities[character]!) : value;
}
