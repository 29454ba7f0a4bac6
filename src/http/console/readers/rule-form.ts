/** A segment's rule as a form: conditions in a row, each of which may be turned round, of which all or any have to hold. */

import { type SegmentRule, segmentRuleSchema } from '../../../model/segment.ts';
import { parseRowId } from '../../row-id.ts';

export const conditionKinds = ['tag', 'domain', 'attribute', 'subscribed', 'got', 'clicked'] as const;
type ConditionKind = (typeof conditionKinds)[number];
export const attributeOps = ['equal', 'containing', 'starting', 'oneOf', 'present', 'absent'] as const;

export interface Condition {
  kind: ConditionKind;
  isNot: boolean;
  /** Of an attribute. */
  field: string;
  /** Of an attribute: how; of a time: before or after. */
  op: string;
  value: string;
}

export interface RuleForm {
  match: 'all' | 'any';
  conditions: Condition[];
}

export const mostConditions = 12;

export const emptyCondition: Condition = { kind: 'tag', isNot: false, field: '', op: '', value: '' };

/** Reads what the form holds; a condition that was taken away is left out. */
export function readRuleForm(form: Record<string, string | undefined>): RuleForm {
  const conditions: Condition[] = [];
  for (let at = 0; at < mostConditions; at++) {
    const kind = conditionKinds.find(one => one === form[`c${at}_kind`]);
    if (!kind || form.step === `remove ${at}`) continue;
    const part = (name: string) => (form[`c${at}_${name}`] ?? '').slice(0, 2000);
    conditions.push({
      kind,
      isNot: part('not') === 'not',
      field: part('field'),
      op: part('op'),
      value: part('value').trim(),
    });
  }
  if (form.step === 'add' && conditions.length < mostConditions) conditions.push({ ...emptyCondition });
  return { match: form.match === 'any' ? 'any' : 'all', conditions };
}

/** @returns undefined while a condition is incomplete, or there is none */
export function ruleOf({ match, conditions }: RuleForm): SegmentRule | undefined {
  const rules = conditions.map(conditionRule);
  if (rules.length === 0 || rules.some(rule => rule === undefined)) return undefined;
  const parsed = segmentRuleSchema.safeParse({ [match]: rules });
  return parsed.success ? parsed.data : undefined;
}

function conditionRule({ kind, isNot, field, op, value }: Condition): unknown {
  const list = value.split(/[,\n]/).flatMap(one => one.trim() || []);
  const rule = (() => {
    switch (kind) {
      case 'tag':
        return value && { tag: value };
      case 'domain':
        return list.length > 0 && { domain: list.map(one => one.replace(/^@/, '')) };
      case 'subscribed':
        return (
          /^\d{4}-\d{2}-\d{2}$/.test(value) && {
            subscribed: op === 'after' ? 'after' : 'before',
            at: `${value}T00:00:00Z`,
          }
        );
      case 'got':
      case 'clicked':
        return parseRowId(value) !== undefined && { [kind]: Number(value) };
      case 'attribute': {
        const is = attributeOps.find(one => one === op) ?? 'equal';
        if (!field) return false;
        if (is === 'present' || is === 'absent') return { attribute: field, is };
        if (is === 'oneOf') return list.length > 0 && { attribute: field, is, values: list };
        return value && { attribute: field, is, value };
      }
    }
  })();
  if (!rule) return undefined;
  return isNot ? { not: rule } : rule;
}

/** The form that shows a rule; undefined when it is deeper than the form. */
export function formOf(rule: SegmentRule): RuleForm | undefined {
  const [match, rules] =
    'all' in rule
      ? (['all', rule.all] as const)
      : 'any' in rule
        ? (['any', rule.any] as const)
        : (['all', [rule]] as const);
  const conditions = rules.map(one => ('not' in one ? conditionOf(one.not, true) : conditionOf(one, false)));
  if (conditions.length > mostConditions || conditions.some(one => one === undefined)) return undefined;
  return { match, conditions: conditions as Condition[] };
}

function conditionOf(rule: SegmentRule, isNot: boolean): Condition | undefined {
  const base = { ...emptyCondition, isNot };
  if ('tag' in rule) return { ...base, kind: 'tag', value: rule.tag };
  if ('domain' in rule) return { ...base, kind: 'domain', value: rule.domain.join(', ') };
  if ('subscribed' in rule) {
    // Another time of day would be lost.
    if (!/T00:00:00(?:\.0+)?Z$/.test(rule.at)) return undefined;
    return { ...base, kind: 'subscribed', op: rule.subscribed, value: rule.at.slice(0, 10) };
  }
  if ('got' in rule) return { ...base, kind: 'got', value: String(rule.got) };
  if ('clicked' in rule) return { ...base, kind: 'clicked', value: String(rule.clicked) };
  if (!('attribute' in rule)) return undefined;
  if ('values' in rule && rule.values.some(value => value.includes(','))) return undefined;
  const value = 'values' in rule ? rule.values.join(', ') : 'value' in rule ? rule.value : '';
  return { ...base, kind: 'attribute', field: rule.attribute, op: rule.is, value };
}
