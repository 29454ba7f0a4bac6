/** A segment: a stored, named rule that says which of a publication's active subscribers it holds. */
import { z } from 'zod';

/** Reads as: `attributes` are those of the subscriber, missing ones empty. */
export type SegmentRule =
  | { all: SegmentRule[] }
  | { any: SegmentRule[] }
  | { not: SegmentRule }
  | { attribute: string; is: 'equal' | 'containing' | 'starting'; value: string }
  | { attribute: string; is: 'oneOf'; values: string[] }
  | { attribute: string; is: 'present' | 'absent' }
  | { tag: string }
  | { domain: string[] }
  | { subscribed: 'before' | 'after'; at: string }
  | { got: number }
  | { clicked: number };

/** A rule is one condition of one statement: larger ones are lists, not rules. */
const bounds = { depth: 6, nodes: 60 };

const name = z.string().regex(/^[\p{L}_][\p{L}\p{N}_-]{0,39}$/u, 'is not the name of an attribute');
const value = z.string().min(1).max(200);
const instant = z.iso.datetime({ offset: true }).refine(at => Date.parse(at) > 0, 'is before 1970');
const issueId = z.int().positive();

const rule: z.ZodType<SegmentRule> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(rule).min(1).max(20) }),
      z.strictObject({ any: z.array(rule).min(1).max(20) }),
      z.strictObject({ not: rule }),
      z.strictObject({ attribute: name, is: z.enum(['equal', 'containing', 'starting']), value }),
      z.strictObject({ attribute: name, is: z.literal('oneOf'), values: z.array(value).min(1).max(100) }),
      z.strictObject({ attribute: name, is: z.enum(['present', 'absent']) }),
      // Given by staff, or one word of the attribute `tags`, which separates them by commas.
      z.strictObject({ tag: value.regex(/^[^,]+$/, 'has a comma in it') }),
      z.strictObject({ domain: z.array(z.string().min(1).max(253).toLowerCase()).min(1).max(100) }),
      z.strictObject({ subscribed: z.enum(['before', 'after']), at: instant }),
      // An issue that they were sent, or clicked a link of, not counting machines.
      z.strictObject({ got: issueId }),
      z.strictObject({ clicked: issueId }),
    ]),
  )
  .meta({ id: 'SegmentRule' });

export const segmentRuleSchema = rule.superRefine((top, ctx) => {
  const { depth, nodes } = sizeOf(top);
  if (depth > bounds.depth) ctx.addIssue({ code: 'custom', message: `is nested deeper than ${bounds.depth}` });
  if (nodes > bounds.nodes) ctx.addIssue({ code: 'custom', message: `has more than ${bounds.nodes} conditions` });
});

function sizeOf(one: SegmentRule): { depth: number; nodes: number } {
  const children = 'all' in one ? one.all : 'any' in one ? one.any : 'not' in one ? [one.not] : [];
  const sizes = children.map(sizeOf);
  return {
    depth: 1 + Math.max(0, ...sizes.map(size => size.depth)),
    nodes: sizes.reduce((sum, size) => sum + size.nodes, 1),
  };
}
