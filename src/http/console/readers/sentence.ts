/** A segment's rule as a sentence. */
import type { SegmentRule } from '../../../model/segment.ts';
import type { Language } from '../../language.ts';
import { readersWords } from './words.ts';

/** @param issues titles by id, where they are known */
export function sentenceOf(
  rule: SegmentRule,
  language: Language,
  issues: ReadonlyMap<number, string> = new Map(),
): string {
  const words = readersWords[language].sentence;
  const quoted = (value: string) => `“${value}”`;
  const issue = (id: number) => quoted(issues.get(id) ?? `#${id}`);
  const say = (one: SegmentRule, isInside: boolean): string => {
    if ('all' in one || 'any' in one) {
      const [parts, joint] = 'all' in one ? [one.all, words.and] : [one.any, words.or];
      const text = parts.map(part => say(part, parts.length > 1)).join(joint);
      return isInside && parts.length > 1 ? `(${text})` : text;
    }
    if ('not' in one) return words.not(say(one.not, false));
    if ('attribute' in one) {
      const value = 'values' in one ? one.values.map(quoted).join(', ') : 'value' in one ? one.value : '';
      return words.attribute(
        one.attribute,
        one.is === 'present' || one.is === 'absent' ? words[one.is] : words[one.is](value),
      );
    }
    if ('tag' in one) return words.tag(one.tag);
    if ('domain' in one) return words.domain(one.domain.join(', '));
    if ('subscribed' in one) return words[one.subscribed](one.at.slice(0, 10));
    return 'got' in one ? words.got(issue(one.got)) : words.clicked(issue(one.clicked));
  };
  return say(rule, false);
}
