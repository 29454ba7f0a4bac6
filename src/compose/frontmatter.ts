/** The YAML block at the top of an issue. Optional; every wrong key or value is an error with its line, and the rest is still used. */
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type ProblemList, quoted } from './problems.ts';

const line = (max: number) =>
  z
    .union([z.string(), z.number()])
    .transform(value => String(value).trim())
    .refine(
      value => value !== '' && value.length <= max && !/\p{Cc}/u.test(value),
      `must be one line of 1 to ${max} characters`,
    );

const day = z.string().refine(value => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}, 'must be a day like 2026-11-25');

const frontMatterSchema = z.strictObject({
  title: line(200).optional(),
  subject: line(200).optional(),
  preheader: line(300).optional(),
  lang: z.enum(['ko', 'en'], 'must be ko or en').optional(),
  number: line(20).optional(),
  date: day.optional(),
  slug: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/, 'must be 1 to 60 small letters, digits and inner hyphens')
    // Commands take an id or a slug: one of digits only would be taken for an id.
    .regex(/\D/, 'must hold a letter or a hyphen')
    .optional(),
  promo: z
    .strictObject({
      heading: line(100).optional(),
      body: z.string().max(5000, 'must be at most 5,000 characters').optional(),
      url: z
        .url({ protocol: /^https?$/, error: 'must be an address with https://' })
        .max(2000)
        .optional(),
      action: line(40).optional(),
      code: line(60).optional(),
      pool: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be the name of a pool: small letters, digits, hyphens')
        .optional(),
      expires: day.optional(),
    })
    .refine(promo => promo.code === undefined || promo.pool === undefined, 'takes a code or a pool, not both')
    .optional(),
});

export type FrontMatter = z.infer<typeof frontMatterSchema>;

export interface Split {
  frontMatter: FrontMatter;
  /** The whole text with the front matter's lines emptied, so that line numbers stay those of the file. */
  body: string;
  /** Line of a key such as `subject` or `promo.url`; 0 when it is not there. */
  lineOf(key: string): number;
}

/** Takes the front matter off. A `---` that merely separates, at the very top, is left in the body. */
export function splitFrontMatter(text: string, problems: ProblemList): Split {
  const none: Split = { frontMatter: {}, body: text, lineOf: () => 0 };
  const opening = /^---[ \t]*\n/.exec(text);
  if (!opening) return none;
  const closing = /^(?:---|\.\.\.)[ \t]*$/m.exec(text.slice(opening[0].length));
  const inside = closing ? text.slice(opening[0].length, opening[0].length + closing.index) : '';
  const keyed = /^[\w-]+[ \t]*:(?:[ \t]|$)/m;
  if (!closing) {
    if (keyed.test(text.slice(opening[0].length).split('\n', 1)[0]!)) {
      problems.add('front-matter-unclosed', 1, 'The front matter that begins here never ends.');
    }
    return none;
  }
  const length = opening[0].length + closing.index + closing[0].length;
  const body = text.slice(0, length).replace(/[^\n]+/g, '') + text.slice(length);
  return read(inside, keyed.test(inside), { ...none, body }, none, problems);
}

function read(yaml: string, looksKeyed: boolean, found: Split, none: Split, problems: ProblemList): Split {
  const counter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: counter, prettyErrors: false, logLevel: 'silent' });
  const at = (offset: number) => counter.linePos(offset).line + 1;
  if (document.errors.length > 0) {
    // Text between two separators may be anything; only what has keys was meant as front matter.
    if (!looksKeyed) return none;
    for (const error of document.errors.slice(0, 5)) {
      problems.add('front-matter-invalid', at(error.pos[0]), `The front matter is not valid YAML: ${error.message}.`);
    }
    return found;
  }
  if (document.contents === null && yaml.trim() === '') return yaml === '' ? found : none;
  if (!isMap(document.contents)) return none;
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    problems.add('front-matter-invalid', 1, `The front matter is not valid YAML: ${String(error).slice(0, 120)}.`);
    return found;
  }
  const lineOf = (path: readonly PropertyKey[]): number => {
    const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    if (!isMap(parent)) return 1;
    const pair = parent.items.find(
      item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(path.at(-1)),
    );
    return isNode(pair?.key) && pair.key.range ? at(pair.key.range[0]) : 1;
  };
  return {
    ...found,
    frontMatter: validate(value, lineOf, problems),
    lineOf: key => (document.hasIn(key.split('.')) ? lineOf(key.split('.')) : 0),
  };
}

/** Reports every wrong entry and returns the right ones. */
function validate(
  value: unknown,
  lineOf: (path: readonly PropertyKey[]) => number,
  problems: ProblemList,
): FrontMatter {
  // Empty values ("date:") are what templates leave behind: the same as an absent key.
  const entries = prune(value);
  for (let round = 0; round < 3; round++) {
    const result = frontMatterSchema.safeParse(entries);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) {
          const path = [...issue.path, key];
          problems.add(
            'front-matter-key',
            lineOf(path),
            `The front matter has an unknown key ${quoted(path.join('.'))}.`,
          );
          remove(entries, path);
        }
      } else {
        problems.add('front-matter-value', lineOf(issue.path), `${quoted(issue.path.join('.'))} ${wording(issue)}.`);
        remove(entries, issue.path);
      }
    }
  }
  return {};
}

function wording(issue: z.core.$ZodIssue): string {
  return /^(?:must|use) /.test(issue.message) ? issue.message : 'has a value of the wrong kind';
}

function prune(value: unknown): Record<string, unknown> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>).filter(([, v]) => v !== null && v !== '');
  return Object.fromEntries(entries.map(([k, v]) => [k, k === 'promo' && typeof v === 'object' ? prune(v) : v]));
}

function remove(entries: Record<string, unknown>, path: readonly PropertyKey[]): void {
  const [first, second] = path.map(String);
  if (first === undefined) return;
  const inner = entries[first];
  if (second !== undefined && inner && typeof inner === 'object') delete (inner as Record<string, unknown>)[second];
  else delete entries[first];
}
