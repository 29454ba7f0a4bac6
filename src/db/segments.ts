/** A segment's rule as one condition of SQL, every value of it a parameter. Planning a send and looking at a segment use the same one. */
import { type SegmentRule, segmentRuleSchema } from '../model/segment.ts';
import type { Db } from './client.ts';

/**
 * True of the subscribers that a rule holds, for a statement in which `s` is the subscriber and `n` the subscription. Each condition looks at
 * that one row, or into an index by it.
 * @param stored as the json column has it; null holds everybody
 * @throws ZodError when it is no rule: a send must not go to more than was meant
 */
export function segmentCondition(sql: Db, stored: unknown) {
  return stored === null || stored === undefined ? sql`true` : conditionOf(sql, segmentRuleSchema.parse(stored));
}

function conditionOf(sql: Db, rule: SegmentRule): ReturnType<Db> {
  if ('all' in rule) return joined(sql, rule.all, 'and');
  if ('any' in rule) return joined(sql, rule.any, 'or');
  if ('not' in rule) return sql`not ${conditionOf(sql, rule.not)}`;
  if ('attribute' in rule) return attributeIs(sql, rule);
  if ('tag' in rule) {
    const words = sql`regexp_split_to_array(trim(coalesce(s.attributes->>'tags', '')), '\\s*,\\s*')`;
    const tag = rule.tag.trim();
    return sql`(
      exists (select from subscriber_tags t where t.tag = ${tag} and t.subscriber_id = s.id) or ${tag}::text = any(${words}))`;
  }
  if ('domain' in rule) return sql`(s.domain = any(${rule.domain}::text[]))`;
  if ('subscribed' in rule) {
    const at = new Date(rule.at);
    return rule.subscribed === 'before' ? sql`(n.since < ${at})` : sql`(n.since >= ${at})`;
  }
  if ('got' in rule)
    return sql`exists (
      select from recipients g where g.issue_id = ${rule.got} and g.subscriber_id = s.id and g.state in ('accepted', 'unknown'))`;
  return sql`exists (
    select from events e where e.issue_id = ${rule.clicked} and e.kind = 'click' and e.subscriber_id = s.id and e.machine is null)`;
}

/** Missing attributes are empty. Text is compared without regard to letter case. */
function attributeIs(sql: Db, rule: Extract<SegmentRule, { attribute: string }>): ReturnType<Db> {
  const value = sql`lower(coalesce(s.attributes->>${rule.attribute}::text, ''))`;
  switch (rule.is) {
    case 'equal':
      return sql`(${value} = lower(${rule.value}::text))`;
    case 'containing':
      return sql`(strpos(${value}, lower(${rule.value}::text)) > 0)`;
    case 'starting':
      return sql`starts_with(${value}, lower(${rule.value}::text))`;
    case 'oneOf':
      return sql`(${value} = any(select lower(v) from unnest(${rule.values}::text[]) v))`;
    case 'present':
      return sql`(${value} <> '')`;
    case 'absent':
      return sql`(${value} = '')`;
  }
}

function joined(sql: Db, rules: readonly SegmentRule[], by: 'and' | 'or'): ReturnType<Db> {
  const word = by === 'and' ? sql`and` : sql`or`;
  const all = rules.map(rule => conditionOf(sql, rule)).reduce((left, right) => sql`${left} ${word} ${right}`);
  return sql`(${all})`;
}
