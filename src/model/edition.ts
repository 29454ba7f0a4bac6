/**
 * The Edition: a rendered revision, the same for every reader but for its slots.
 * `render` writes it, the database keeps it, `personalise` fills it. Readers' values never meet a template engine.
 */
import { z } from 'zod';
import type { Condition, Issue, SectionOf } from './issue.ts';

/** Where a reader's link leads; `personalise` turns it into a signed URL. */
export type LinkTarget =
  /** A tracked destination: `ref` is its number in `Edition.links`. */
  | { to: 'click'; ref: number }
  /** Like of the issue (`summary` 0) or of summary n. */
  | { to: 'like'; summary: number }
  /** The reader's share page (`summary` 0), or the summary's own page on the web. */
  | { to: 'share'; summary: number }
  /** The link that no person sees. */
  | { to: 'trap' }
  | { to: 'unsubscribe' | 'preferences' | 'web' | 'subscribe' | 'code' | 'comment' };

/** Number, in a click's token, of the link that no person sees (rule 4.2); tracked links count from 1. */
export const trapRef = 0;

export type Slot =
  | { kind: 'field'; name: string; fallback: string }
  | { kind: 'link'; link: LinkTarget }
  | { kind: 'when'; condition: Condition; parts: Part[] };

/** Static text (already escaped for its place: HTML, plain text or header) or a slot. */
export type Part = string | Slot;

const condition = z.object({
  field: z.string(),
  op: z.enum(['present', 'absent', 'equals']),
  value: z.string().optional(),
});

const linkTarget: z.ZodType<LinkTarget> = z.union([
  z.object({ to: z.literal('click'), ref: z.number() }),
  z.object({ to: z.literal('like'), summary: z.number() }),
  z.object({ to: z.literal('share'), summary: z.number() }),
  z.object({ to: z.enum(['unsubscribe', 'preferences', 'web', 'subscribe', 'code', 'comment']) }),
  z.object({ to: z.literal('trap') }),
]);

const partSchema: z.ZodType<Part> = z.lazy(() =>
  z.union([
    z.string(),
    z.object({ kind: z.literal('field'), name: z.string(), fallback: z.string() }),
    z.object({ kind: z.literal('link'), link: linkTarget }),
    z.object({ kind: z.literal('when'), condition, parts: z.array(partSchema) }),
  ]),
);

export const editionSchema = z.object({
  lang: z.string(),
  subject: z.array(partSchema),
  /** Of a trial: the subject of each variant, in order. */
  subjects: z.array(z.array(partSchema)).optional(),
  html: z.array(partSchema),
  text: z.array(partSchema),
  /** Destinations of click slots, `ref` counting from 1; http(s) only (rule 4.4). `section` is the section's id. */
  links: z.array(z.object({ ref: z.number(), url: z.string(), section: z.string(), label: z.string() })),
  /** Summaries that can be liked. */
  summaries: z.array(z.object({ number: z.number(), id: z.string(), title: z.string() })),
  /** The byte budget: UTF-8 bytes of HTML that each section takes (slots at their usual length), in order; the frame (head, masthead, footer) is one row. */
  sections: z.array(z.object({ type: z.string(), title: z.string(), bytes: z.number() })),
});

export type Edition = z.infer<typeof editionSchema>;

/**
 * The numbers that likes and shared addresses know an issue's summaries by: those of its edition, which keep their meaning when a correction
 * moves a summary (render/renumber). A title tells a summary from one that stood in its place before.
 */
export function summaryNumbers(issue: Issue, summaries: Edition['summaries']): Map<SectionOf<'summary'>, number> {
  const plain = (title: string) => title.replace(/\s+/g, '');
  const sections = issue.sections.filter(section => section.type === 'summary');
  return new Map(
    sections.map(section => {
      const known = summaries.find(one => one.id === section.id && plain(one.title) === plain(section.title));
      return [section, known?.number ?? section.number];
    }),
  );
}
