/** A segment's rule as a sentence. */
import type { SegmentRule } from '../../../model/segment.ts';
import { timeIn } from '../time.ts';
import type { SendWords } from './words.ts';

export interface Telling {
  words: SendWords;
  language: string;
  timeZone: string;
  /** What an issue is called. */
  issue: (id: number) => string;
}

/** More values of one condition than these are only counted. */
const mostValues = 5;

/** As it is read out after “readers who …”. */
export function tellRule(rule: SegmentRule, telling: Telling): string {
  const { words } = telling;
  if ('all' in rule) return joined(rule.all, words.rule.and, telling);
  if ('any' in rule) return joined(rule.any, words.rule.or, telling);
  if ('not' in rule) return negated(rule.not, telling);
  return condition(rule, false, telling);
}

function joined(rules: readonly SegmentRule[], word: string, telling: Telling): string {
  return rules
    .map(one =>
      ('all' in one && one.all.length > 1) || ('any' in one && one.any.length > 1)
        ? `(${tellRule(one, telling)})`
        : tellRule(one, telling),
    )
    .join(` ${word} `);
}

function negated(rule: SegmentRule, telling: Telling): string {
  if ('all' in rule || 'any' in rule || 'not' in rule) return telling.words.rule.notAll(tellRule(rule, telling));
  return condition(rule, true, telling);
}

type Leaf = Exclude<SegmentRule, { all: SegmentRule[] } | { any: SegmentRule[] } | { not: SegmentRule }>;

function condition(rule: Leaf, isNot: boolean, { words: { rule: w }, language, timeZone, issue }: Telling): string {
  const list = (all: readonly string[]) =>
    all.length > mostValues ? w.some(all.slice(0, mostValues).join(', '), all.length - mostValues) : all.join(', ');
  if ('tag' in rule) return w.tag(rule.tag, isNot);
  if ('domain' in rule) return w.domain(list(rule.domain), isNot);
  if ('got' in rule) return w.got(issue(rule.got), isNot);
  if ('clicked' in rule) return w.clicked(issue(rule.clicked), isNot);
  if ('subscribed' in rule) {
    const day = timeIn(new Date(rule.at), language, timeZone, { dateStyle: 'medium' });
    return (rule.subscribed === 'after') === isNot ? w.before(day) : w.since(day);
  }
  const name = rule.attribute;
  switch (rule.is) {
    case 'equal':
      return w.equal(name, rule.value, isNot);
    case 'containing':
      return w.containing(name, rule.value, isNot);
    case 'starting':
      return w.starting(name, rule.value, isNot);
    case 'oneOf':
      return w.oneOf(name, list(rule.values), isNot);
    case 'present':
      return isNot ? w.absent(name) : w.present(name);
    case 'absent':
      return isNot ? w.present(name) : w.absent(name);
  }
}
