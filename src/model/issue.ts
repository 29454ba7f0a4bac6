/**
 * The Issue: what `compose` makes of an editor's Markdown and `render` turns into an Edition.
 * Plain JSON, so that it can be stored, diffed and read by other programs (`issue.json`).
 *
 * Bodies are small Markdown trees (`Block[]`, `Inline[]`), already cleaned: no raw HTML, only http(s) and mailto links.
 * Titles and headings are plain strings: emphasis in them is dropped, their words never.
 */
import { z } from 'zod';

export interface Condition {
  /** A merge field: `name`, or one of the publication's `fields`. */
  field: string;
  /** `present`: not empty; `equals`: exactly `value`. */
  op: 'present' | 'absent' | 'equals';
  value?: string | undefined;
}

/** Markdown inside a paragraph. */
export type Inline =
  | { type: 'text'; value: string }
  | { type: 'strong' | 'em' | 'del'; children: Inline[] }
  | { type: 'code'; value: string }
  | { type: 'break' }
  | { type: 'link'; url: string; title?: string | undefined; children: Inline[] }
  /** A link inside the issue; `target` is the id of a section, a part or an anchor. Never click-tracked (rule 8.6). */
  | { type: 'jump'; target: string; children: Inline[] }
  /** A place that a `jump` leads to. */
  | { type: 'anchor'; id: string }
  | {
      type: 'image';
      url: string;
      alt: string;
      title?: string | undefined;
      width?: number | undefined;
      height?: number | undefined;
    }
  /** A merge field: the reader's value, or `fallback` when it is empty. */
  | { type: 'field'; name: string; fallback: string };

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'heading'; level: 3 | 4; children: Inline[] }
  | { type: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { type: 'quote'; children: Block[] }
  | { type: 'codeBlock'; lang?: string | undefined; value: string }
  | { type: 'table'; align: ('left' | 'center' | 'right' | null)[]; head: Inline[][]; rows: Inline[][][] }
  | { type: 'rule' }
  /** Shown only to readers for whom `condition` holds. */
  | { type: 'when'; condition: Condition; children: Block[] };

const condition = z.object({
  field: z.string(),
  op: z.enum(['present', 'absent', 'equals']),
  value: z.string().optional(),
});

const inlineSchema: z.ZodType<Inline> = z.lazy(() =>
  z.union([
    z.object({ type: z.literal('text'), value: z.string() }),
    z.object({ type: z.enum(['strong', 'em', 'del']), children: z.array(inlineSchema) }),
    z.object({ type: z.literal('code'), value: z.string() }),
    z.object({ type: z.literal('break') }),
    z.object({
      type: z.literal('link'),
      url: z.string(),
      title: z.string().optional(),
      children: z.array(inlineSchema),
    }),
    z.object({ type: z.literal('jump'), target: z.string(), children: z.array(inlineSchema) }),
    z.object({ type: z.literal('anchor'), id: z.string() }),
    z.object({
      type: z.literal('image'),
      url: z.string(),
      alt: z.string(),
      title: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
    }),
    z.object({ type: z.literal('field'), name: z.string(), fallback: z.string() }),
  ]),
);

const blockSchema: z.ZodType<Block> = z.lazy(() =>
  z.union([
    z.object({ type: z.literal('paragraph'), children: z.array(inlineSchema) }),
    z.object({
      type: z.literal('heading'),
      level: z.union([z.literal(3), z.literal(4)]),
      children: z.array(inlineSchema),
    }),
    z.object({
      type: z.literal('list'),
      ordered: z.boolean(),
      start: z.number(),
      items: z.array(z.array(blockSchema)),
    }),
    z.object({ type: z.literal('quote'), children: z.array(blockSchema) }),
    z.object({ type: z.literal('codeBlock'), lang: z.string().optional(), value: z.string() }),
    z.object({
      type: z.literal('table'),
      align: z.array(z.enum(['left', 'center', 'right']).nullable()),
      head: z.array(z.array(inlineSchema)),
      rows: z.array(z.array(z.array(inlineSchema))),
    }),
    z.object({ type: z.literal('rule') }),
    z.object({ type: z.literal('when'), condition, children: z.array(blockSchema) }),
  ]),
);

const blocks = z.array(blockSchema);
const inlines = z.array(inlineSchema);

export const linkKinds = ['paper', 'code', 'project', 'other'] as const;

const greeting = z.object({ type: z.literal('greeting'), id: z.string(), body: blocks });

const highlights = z.object({
  type: z.literal('highlights'),
  id: z.string(),
  /** Empty when the source gives the list no heading. */
  title: z.string(),
  items: z.array(inlines),
  /** The closing "and more" line, when there is one. */
  more: inlines.optional(),
  /** What follows the list: for example the line that invites to jump to the glossary or the papers. */
  after: blocks,
});

const promo = z.object({
  type: z.literal('promo'),
  id: z.string(),
  heading: z.string(),
  body: blocks,
  url: z.string().optional(),
  /** Words on the button; a default in the issue's language when absent. */
  action: z.string().optional(),
  code: z.string().optional(),
  /** Name of the publication's pool that each reader has a code of their own from; then there is no `code`. */
  pool: z.string().optional(),
  /** Last day it can be used, `YYYY-MM-DD`. */
  expires: z.string().optional(),
});

const glossaryTerm = z.object({
  id: z.string(),
  /** In the issue's language: "생성형 윤리 모델링". */
  term: z.string(),
  /** The other language's name, "Generative Ethics Modeling"; empty when the source gives none. */
  translation: z.string(),
  /** "GEM"; empty when the source gives none. */
  abbreviation: z.string(),
  definition: blocks,
});

const glossary = z.object({
  type: z.literal('glossary'),
  id: z.string(),
  title: z.string(),
  intro: blocks,
  terms: z.array(glossaryTerm),
});

const summary = z.object({
  type: z.literal('summary'),
  id: z.string(),
  /** 1-based, in document order: "논문 #4" leads to number 4. Likes of a summary are counted under it. */
  number: z.number().int().positive(),
  title: z.string(),
  /** Name of the paper or project: "AdaptiLearn". Empty when the source gives none. */
  work: z.string(),
  /** The label the source puts before it: "관련 연구". */
  workLabel: z.string(),
  links: z.array(z.object({ label: z.string(), url: z.string(), kind: z.enum(linkKinds) })),
  /** What stands before the first part. */
  lead: blocks,
  parts: z.array(z.object({ heading: z.string(), body: blocks })),
});

const prose = z.object({ type: z.literal('prose'), id: z.string(), title: z.string(), body: blocks });

const closingActions = ['like', 'share', 'comment', 'subscribe'] as const;

const closing = z.object({
  type: z.literal('closing'),
  id: z.string(),
  body: blocks,
  /** What the text asks the reader to do, in fixed order; each becomes a tap. */
  actions: z.array(z.enum(closingActions)),
  /** The button words that stood alone on a line ("구독하기"), per action; the default wording otherwise. */
  labels: z.partialRecord(z.enum(closingActions), z.string()),
});

const sectionSchema = z.discriminatedUnion('type', [greeting, highlights, promo, glossary, summary, prose, closing]);

export const issueSchema = z.object({
  title: z.string(),
  /** As the reader's inbox shows it; may hold merge fields as `{{name|독자}}` (see `render/fields`). */
  subject: z.string(),
  /** 40–90 characters (rule 8.9), not the subject. */
  preheader: z.string(),
  lang: z.enum(['ko', 'en']),
  /** "12" in "제12호", when the front matter gives it. */
  number: z.string().optional(),
  /** `YYYY-MM-DD`; the day of sending when absent. */
  date: z.string().optional(),
  /** Asked for in the front matter; made from number or date otherwise. */
  slug: z.string().optional(),
  sections: z.array(sectionSchema),
});

export type Issue = z.infer<typeof issueSchema>;
export type Section = z.infer<typeof sectionSchema>;
export type SectionType = Section['type'];
export type SectionOf<T extends SectionType> = Extract<Section, { type: T }>;
export type ClosingAction = (typeof closingActions)[number];

/** The pool of discount codes that the promo names. */
export function poolOf(issue: Issue): string | undefined {
  for (const section of issue.sections) if (section.type === 'promo' && section.pool) return section.pool;
  return undefined;
}

/** What a check found in an editor's text. An `error` stops the send, a `warning` asks for a look. */
export interface Problem {
  severity: 'error' | 'warning';
  /** Stable kebab-case code, listed in docs/issue-format.md: `unclosed-emphasis`. */
  code: string;
  /** 1-based line in the file as the editor sees it (front matter counted); 0 when it concerns the whole. */
  line: number;
  message: string;
  /** What to do. */
  help: string;
}
