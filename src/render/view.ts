/** Issue → what the templates show: each section's view, rendered bodies inside, in document order. */
import type { Edition } from '../model/edition.ts';
import type { ClosingAction, Issue, Section, SectionOf } from '../model/issue.ts';
import { isConsentNeeded, type Publication } from '../model/publication.ts';
import { agreedToAdvertising, ownCode } from '../model/reader.ts';
import { longDate } from './dates.ts';
import { mailto } from './frame.ts';
import { type HtmlContext, htmlOfBlocks, htmlOfInlines } from './html.ts';
import { hasOwnNumber } from './numbering.ts';
import { type Words, wordsFor } from './words.ts';

/** One row of the sheet; `partial` draws it. The other keys are the partial's own. */
export interface Row {
  partial: string;
  /** Boundary of the byte budget before it. */
  mark: string;
  [key: string]: unknown;
}

export interface SheetContext extends HtmlContext {
  issue: Issue;
  publication: Publication;
  words: Words;
  summaries: Edition['summaries'];
}

/** The sheet's rows: sections in document order, the contents where readers expect them, taps at the end of an issue that has no closing. */
export function rowsOf(cx: SheetContext): Row[] {
  const { sections } = cx.issue;
  const rows: Row[] = [];
  const contentsAt = contentsPosition(sections);
  for (const [index, section] of sections.entries()) {
    if (index === contentsAt) rows.push(contentsRow(cx));
    cx.section = section.id;
    rows.push({ mark: cx.slots.boundary(index + 1), partial: `sections/${section.type}`, ...sectionView(section, cx) });
  }
  if (!sections.some(section => section.type === 'closing')) {
    rows.push({ mark: cx.slots.boundary(0), partial: 'frame/ending', taps: tapsOf(tapOrder, {}, cx) });
  }
  return rows.map((row, index) => ({ open: '', close: '', ...row, end: !flowsOn(rows[index + 1]) }));
}

/** Whether a row goes on where the one before it ends, without a hairline or a panel between. */
function flowsOn(row: Row | undefined): boolean {
  if (row?.partial === 'sections/prose') return !row.title;
  return ['sections/greeting', 'sections/highlights', 'sections/promo', 'frame/contents'].includes(row?.partial ?? '');
}

/** Index of the section that the contents precede: after the highlights, else after the greeting, else at the top; -1 with fewer than two summaries. */
function contentsPosition(sections: readonly Section[]): number {
  const first = sections.findIndex(section => section.type === 'summary');
  if (sections.filter(section => section.type === 'summary').length < 2) return -1;
  const before = sections.slice(0, first).map(section => section.type);
  return Math.max(before.lastIndexOf('highlights'), before.lastIndexOf('greeting')) + 1;
}

function contentsRow(cx: SheetContext): Row {
  cx.outline.level = 2;
  const items = cx.issue.sections
    .filter(section => section.type === 'summary')
    .map(({ id, title, number }, index, all) => ({
      href: cx.anchors.href(id) ?? '',
      title,
      // The list counts by itself until a number is not the next one.
      value: number === (all[index - 1]?.number ?? 0) + 1 ? '' : ` value="${number}"`,
      style: hasOwnNumber(title) ? 'list-style:none;' : '',
    }));
  const isNumbered = items.some(item => !item.style);
  return {
    mark: cx.slots.boundary(0),
    partial: 'frame/contents',
    heading: cx.words.contents,
    indent: isNumbered ? `${12 + 10 * String(items.length).length}px` : '0',
    items,
  };
}

function sectionView(section: Section, cx: SheetContext): Record<string, unknown> {
  const anchor = cx.anchors.place(section.id);
  switch (section.type) {
    case 'greeting':
      return { anchor, body: htmlOfBlocks(section.body, cx) };
    case 'prose':
      return { anchor, title: heading(section.title, cx), body: htmlOfBlocks(section.body, cx) };
    case 'highlights':
      return {
        anchor,
        title: heading(section.title, cx),
        items: section.items.map(item => htmlOfInlines(item, cx)),
        more: section.more ? htmlOfInlines(section.more, cx) : '',
        after: htmlOfBlocks(section.after, cx),
      };
    case 'promo':
      return { anchor, ...consented(cx), ...promoView(section, cx) };
    case 'glossary':
      return {
        anchor,
        title: heading(section.title || cx.words.glossary, cx),
        intro: htmlOfBlocks(section.intro, cx),
        terms: section.terms.map(term => ({
          anchor: cx.anchors.place(term.id),
          term: term.term,
          names: namesOf(term),
          definition: htmlOfBlocks(term.definition, cx),
        })),
      };
    case 'summary':
      return { anchor, ...summaryView(section, cx) };
    case 'closing':
      return {
        anchor,
        body: htmlOfBlocks(section.body, cx),
        taps: tapsOf(section.actions.length ? section.actions : tapOrder, section.labels, cx),
      };
  }
}

/** A section's heading stands at level 2; what follows in it goes on from there. */
function heading(title: string, cx: SheetContext): string {
  if (title) cx.outline.level = 2;
  return title;
}

/** "(Generative Ethics Modeling, GEM)", as the source writes it; '' when the term has no other names. */
export function namesOf(term: { translation: string; abbreviation: string }): string {
  const names = [term.translation, term.abbreviation].filter(Boolean).join(', ');
  return names && `(${names})`;
}

/** Advertising is for those who agreed to it, where the law asks for that (rule 5.1). */
function consented({ publication, slots }: SheetContext): Partial<Row> {
  return isConsentNeeded(publication) ? slots.when({ field: agreedToAdvertising, op: 'present' }) : {};
}

function promoView(promo: SectionOf<'promo'>, cx: SheetContext): Record<string, unknown> {
  const action = promo.action || cx.words.promoAction;
  const expires = longDate(promo.expires, { language: cx.issue.lang, timeZone: cx.publication.timeZone }, false);
  return {
    heading: heading(promo.heading, cx),
    body: htmlOfBlocks(promo.body, cx),
    advertisement: cx.publication.law.includes('kr') ? cx.words.advertisement : '',
    href: promo.url ? (cx.links.href(promo.url, promo.id, action) ?? '') : '',
    action,
    code: promo.code ?? '',
    own: promo.pool ? ownCodeView(cx) : null,
    expires: expires && cx.words.promoExpires(expires),
  };
}

function ownCodeView({ slots }: SheetContext) {
  return {
    has: slots.when({ field: ownCode, op: 'present' }),
    lacks: slots.when({ field: ownCode, op: 'absent' }),
    code: slots.field(ownCode, ''),
    page: slots.link({ to: 'code' }),
  };
}

function summaryView(summary: SectionOf<'summary'>, cx: SheetContext): Record<string, unknown> {
  const { number, title, work, workLabel } = summary;
  cx.summaries.push({ number, id: summary.id, title });
  heading(title, cx);
  const links = summary.links.flatMap(({ label, url }) => {
    const href = cx.links.href(url, summary.id, label);
    return href ? [{ href, label: label || url }] : [];
  });
  const lead = htmlOfBlocks(summary.lead, cx);
  const parts = summary.parts.map(part => {
    if (part.heading) cx.outline.level = 3;
    return { heading: part.heading, body: htmlOfBlocks(part.body, cx) };
  });
  return {
    number: hasOwnNumber(title) ? '' : number,
    title,
    work,
    workLabel: workLabel && work ? `${workLabel}:` : workLabel,
    workLine: Boolean(work || workLabel || links.length),
    links,
    lead,
    parts,
    like: cx.slots.link({ to: 'like', summary: number }),
    share: cx.slots.link({ to: 'share', summary: number }),
  };
}

const tapOrder: ClosingAction[] = ['like', 'share', 'comment', 'subscribe'];
/** Glyphs that system fonts carry; the variation selector keeps them from turning into coloured emoji. */
const icons: Record<ClosingAction, string> = { like: '♥\ufe0e', share: '↗\ufe0e', comment: '✎\ufe0e', subscribe: '+' };

/** The closing's taps, as `{href, icon, label}`. Where there are no comments, one is an answer by mail. */
function tapsOf(actions: readonly ClosingAction[], labels: Partial<Record<ClosingAction, string>>, cx: SheetContext) {
  const { slots, issue, publication } = cx;
  const href: Record<ClosingAction, () => string> = {
    like: () => slots.link({ to: 'like', summary: 0 }),
    share: () => slots.link({ to: 'share', summary: 0 }),
    comment: () =>
      publication.comments === 'off'
        ? mailto(publication, wordsFor(publication, publication.language).reply + issue.title)
        : slots.link({ to: 'comment' }),
    subscribe: () => slots.link({ to: 'subscribe' }),
  };
  return actions.map(action => ({
    href: href[action](),
    icon: icons[action],
    label: labels[action] || cx.words.actions[action],
  }));
}
