/** The pieces of the e-mail whose templates a publication may replace; the footer is not among them: its words are the law's (rules 1.5, 5.4). */

export const templateNames = [
  'frame/masthead',
  'sections/greeting',
  'sections/highlights',
  'frame/contents',
  'sections/promo',
  'sections/glossary',
  'sections/summary',
  'sections/prose',
  'sections/closing',
  'frame/taps',
  'frame/ending',
] as const;

export type TemplateName = (typeof templateNames)[number];

/** A publication's own templates: source by name. */
export type OwnTemplates = Partial<Record<TemplateName, string>>;

/** UTF-16 units of one source; the longest of ours has 1,400. */
export const longestTemplate = 20_000;
