/**
 * A segment's rule as rows of a form: what, and which value; all of them or any. Rules of other programs may be nested deeper: those are
 * picked by name and shown in words, not taken apart.
 */
import { z } from 'zod';
import { parseZonedTime } from '../../../enqueue/zoned-time.ts';
import { type SegmentRule, segmentRuleSchema } from '../../../model/segment.ts';

/** What a row can ask for that names no attribute. */
export const plainKinds = [
  'tag',
  'no-tag',
  'domain',
  'no-domain',
  'since',
  'before',
  'got',
  'not-got',
  'clicked',
  'not-clicked',
] as const;
/** What it can ask of an attribute, as `is:NAME`. */
export const attributeKinds = ['is', 'not', 'has', 'starts', 'one', 'set', 'empty'] as const;

type PlainKind = (typeof plainKinds)[number];
type AttributeKind = (typeof attributeKinds)[number];

export interface RuleRow {
  what: string;
  value: string;
}

export interface RuleForm {
  match: 'all' | 'any';
  rows: RuleRow[];
}

export const mostRows = 20;

/** @returns undefined: it is none */
export function kindOf(what: string): { kind: PlainKind } | { kind: AttributeKind; name: string } | undefined {
  const plain = plainKinds.find(kind => kind === what);
  if (plain) return { kind: plain };
  const at = what.indexOf(':');
  const kind = attributeKinds.find(one => one === what.slice(0, at));
  return kind && what.length > at + 1 ? { kind, name: what.slice(at + 1) } : undefined;
}

/** Whether the row needs a value. */
export const takesValue = (what: string): boolean => !/^(set|empty):/.test(what);

/** What the row's value is entered with. */
export function inputOf(what: string): 'issue' | 'date' | 'text' {
  if (/^(not-)?(got|clicked)$/.test(what)) return 'issue';
  return what === 'since' || what === 'before' ? 'date' : 'text';
}

const words = (text: string): string[] =>
  text
    .split(/[\s,;]+/)
    .map(word => word.replace(/^@/, '').toLowerCase())
    .filter(Boolean);
const values = (text: string): string[] =>
  text
    .split(',')
    .map(one => one.trim())
    .filter(Boolean);

/** @returns undefined when the value does not fit */
function ruleOfRow({ what, value }: RuleRow, timeZone: string): SegmentRule | undefined {
  const found = kindOf(what);
  if (!found) return undefined;
  const text = value.trim();
  if (takesValue(what) && text === '') return undefined;
  if ('name' in found) return attributeRule(found.name, found.kind, text);
  switch (found.kind) {
    case 'tag':
      return { tag: text };
    case 'no-tag':
      return { not: { tag: text } };
    case 'domain':
      return { domain: words(text) };
    case 'no-domain':
      return { not: { domain: words(text) } };
    case 'since':
    case 'before':
      return { subscribed: found.kind === 'since' ? 'after' : 'before', at: midnight(text, timeZone) };
    case 'got':
      return { got: Number(text) };
    case 'not-got':
      return { not: { got: Number(text) } };
    case 'clicked':
      return { clicked: Number(text) };
    case 'not-clicked':
      return { not: { clicked: Number(text) } };
  }
}

function attributeRule(attribute: string, kind: AttributeKind, value: string): SegmentRule {
  switch (kind) {
    case 'is':
      return { attribute, is: 'equal', value };
    case 'not':
      return { not: { attribute, is: 'equal', value } };
    case 'has':
      return { attribute, is: 'containing', value };
    case 'starts':
      return { attribute, is: 'starting', value };
    case 'one':
      return { attribute, is: 'oneOf', values: values(value) };
    case 'set':
      return { attribute, is: 'present' };
    case 'empty':
      return { attribute, is: 'absent' };
  }
}

/** The day's beginning in the publication's zone; what is no day stays as it is, and is refused with the rule. */
function midnight(day: string, timeZone: string): string {
  try {
    return parseZonedTime(`${day} 00:00`, timeZone).toISOString();
  } catch {
    return day;
  }
}

/** @returns the rule, or the numbers of the rows (from 0) whose value does not fit; no rows: everybody is not meant, so none is given */
export function ruleOf(
  { match, rows }: RuleForm,
  timeZone: string,
): { rule: SegmentRule } | { wrong: number[]; rule?: undefined } {
  const rules = rows.map(row => segmentRuleSchema.safeParse(ruleOfRow(row, timeZone)));
  const wrong = rules.flatMap((parsed, i) => (parsed.success ? [] : [i]));
  if (rows.length === 0 || wrong.length > 0) return { wrong };
  const good = rules.map(parsed => parsed.data!);
  return { rule: good.length === 1 ? good[0]! : match === 'any' ? { any: good } : { all: good } };
}

const rowSchema = z.object({ what: z.string().max(60), value: z.string().max(5000) });

/** From the query's repeated `what` and `value`. */
export function rowsOf(what: readonly string[], value: readonly string[]): RuleRow[] {
  return what
    .slice(0, mostRows)
    .map((one, i) => ({ what: one, value: value[i] ?? '' }))
    .filter(row => rowSchema.safeParse(row).success);
}
