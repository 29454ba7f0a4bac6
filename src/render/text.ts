/**
 * The plain-text part, written from the Issue and never from HTML (lesson 25). Paragraphs stay on one line: the transfer
 * encoding carries any length, and every reader's window wraps better than we can guess.
 */
import type { Issue, SectionOf } from '../model/issue.ts';
import { isConsentNeeded, type Publication } from '../model/publication.ts';
import { agreedToAdvertising, ownCode } from '../model/reader.ts';
import { longDate } from './dates.ts';
import { addressLines, mastheadLine, refusalsOf, replyAddress } from './frame.ts';
import { hasOwnNumber } from './numbering.ts';
import type { Slots } from './slots.ts';
import { joinBlocks, type TextContext, textOfBlocks, textWithLinks } from './text-blocks.ts';
import { namesOf } from './view.ts';
import { type Words, wordsFor } from './words.ts';

interface IssueText extends TextContext {
  issue: Issue;
  publication: Publication;
  /** In the issue's language. */
  words: Words;
}

/** The whole text with markers for slots. Links go straight to their destination; they are not tracked. */
export function textOfIssue(
  issue: Issue,
  publication: Publication,
  sendDate: string | undefined,
  slots: Slots,
): string {
  const cx: IssueText = {
    issue,
    publication,
    words: wordsFor(publication, issue.lang),
    slots,
    fallbackOf: field => publication.fields[field] ?? '',
  };
  const body = bodyOf(cx);
  return `${joinBlocks([masthead(cx, sendDate), underlined(issue.title, '='), contents(cx), ...body])}\n`;
}

/** Sections and footer. What only some readers see brings the distance to the next with it, so that no hole is left where it does not show. */
function bodyOf(cx: IssueText): string[] {
  const blocks: string[] = [];
  let conditional = '';
  for (const section of cx.issue.sections) {
    const text = textOfSection(section, cx);
    if (section.type === 'promo' && isConsentNeeded(cx.publication)) {
      const { open, close } = cx.slots.when({ field: agreedToAdvertising, op: 'present' });
      conditional += `${open}${text}\n\n${close}`;
    } else if (text) {
      blocks.push(conditional + text);
      conditional = '';
    }
  }
  return [...blocks, conditional + footer(cx)];
}

function textOfSection(section: Issue['sections'][number], cx: IssueText): string {
  switch (section.type) {
    case 'greeting':
      return textOfBlocks(section.body, cx);
    case 'prose':
      return joinBlocks([section.title && underlined(section.title), textOfBlocks(section.body, cx)]);
    case 'highlights': {
      const items = section.items.map(item => textWithLinks(item, cx, '- ')).join('\n');
      const more = section.more ? textWithLinks(section.more, cx) : '';
      return joinBlocks([section.title && underlined(section.title), items, more, textOfBlocks(section.after, cx)]);
    }
    case 'promo':
      return promo(section, cx);
    case 'glossary':
      return joinBlocks([
        underlined(section.title || cx.words.glossary),
        textOfBlocks(section.intro, cx),
        ...section.terms.map(
          term => `${[term.term, namesOf(term)].filter(Boolean).join(' ')}:\n${textOfBlocks(term.definition, cx)}`,
        ),
      ]);
    case 'summary':
      return summary(section, cx);
    case 'closing':
      return joinBlocks([rule, textOfBlocks(section.body, cx), closingLinks(section, cx)]);
  }
}

function masthead({ issue, publication, slots }: IssueText, sendDate: string | undefined): string {
  const w = wordsFor(publication, publication.language);
  return [
    [publication.name, mastheadLine(issue, publication, sendDate)].filter(Boolean).join(' · '),
    `${w.viewInBrowser}: ${slots.link({ to: 'web' })}`,
    `${w.unsubscribe}: ${slots.link({ to: 'unsubscribe' })}`,
  ].join('\n');
}

function contents({ issue, words: w }: IssueText): string {
  const summaries = issue.sections.filter(section => section.type === 'summary');
  if (summaries.length < 2) return '';
  const width = String(summaries.at(-1)!.number).length;
  return [
    `[${w.contents}]`,
    ...summaries.map(s => (hasOwnNumber(s.title) ? s.title : `${String(s.number).padStart(width)}. ${s.title}`)),
  ].join('\n');
}

function ownCodeText({ slots, words: w }: IssueText): string {
  const has = slots.when({ field: ownCode, op: 'present' });
  const lacks = slots.when({ field: ownCode, op: 'absent' });
  const code = `${w.promoCode}: ${slots.field(ownCode, '')}\n${w.promoCodePage}: ${slots.link({ to: 'code' })}`;
  return `${has.open}${code}${has.close}${lacks.open}${w.promoOwnCode}${lacks.close}`;
}

function promo(section: SectionOf<'promo'>, cx: IssueText): string {
  const { publication, issue, words: w } = cx;
  const expires = longDate(section.expires, { language: issue.lang, timeZone: publication.timeZone }, false);
  const offer = [
    section.code && `${w.promoCode}: ${section.code}`,
    section.pool && ownCodeText(cx),
    section.url && `${section.action || w.promoAction}: ${section.url}`,
    expires && w.promoExpires(expires),
  ].filter(Boolean);
  return joinBlocks([
    publication.law.includes('kr') ? `[${w.advertisement}]` : '',
    section.heading && underlined(section.heading),
    textOfBlocks(section.body, cx),
    offer.join('\n'),
  ]);
}

function summary(section: SectionOf<'summary'>, cx: IssueText): string {
  const work = [section.workLabel, section.work].filter(Boolean).join(': ');
  const links = section.links.map(({ label, url }) => `- ${label ? `${label}: ` : ''}${url}`);
  return joinBlocks([
    rule,
    underlined(hasOwnNumber(section.title) ? section.title : `${section.number}. ${section.title}`),
    [work, ...links].filter(Boolean).join('\n'),
    textOfBlocks(section.lead, cx),
    ...section.parts.map(part =>
      [part.heading && `■ ${part.heading}`, textOfBlocks(part.body, cx)].filter(Boolean).join('\n'),
    ),
    [
      `♡ ${cx.words.likeSummary}: ${cx.slots.link({ to: 'like', summary: section.number })}`,
      `${cx.words.shareSummary}: ${cx.slots.link({ to: 'share', summary: section.number })}`,
    ].join('\n'),
  ]);
}

function closingLinks(section: SectionOf<'closing'>, { slots, publication, words: w }: IssueText): string {
  const actions = section.actions.length ? section.actions : (['like', 'share', 'comment', 'subscribe'] as const);
  return actions
    .map(action => {
      const label = section.labels[action] || w.actions[action];
      if (action === 'comment')
        return `${label}: ${publication.comments === 'off' ? replyAddress(publication) : slots.link({ to: 'comment' })}`;
      if (action === 'subscribe') return `${label}: ${slots.link({ to: 'subscribe' })}`;
      return `${label}: ${slots.link({ to: action, summary: 0 })}`;
    })
    .join('\n');
}

function footer({ publication, slots }: IssueText): string {
  const w = wordsFor(publication, publication.language);
  const refusals = refusalsOf(publication).map(r => r.before + r.link + r.after);
  return joinBlocks([
    rule,
    [publication.description, w.why(publication.name)].filter(Boolean).join('\n'),
    [
      `${w.preferences}: ${slots.link({ to: 'preferences' })}`,
      `${w.unsubscribe}: ${slots.link({ to: 'unsubscribe' })}`,
      ...refusals,
    ].join('\n'),
    [
      publication.from.name,
      ...addressLines(publication),
      publication.phone && `${w.phone}: ${publication.phone}`,
      `${w.email}: ${replyAddress(publication)}`,
    ]
      .filter(Boolean)
      .join('\n'),
  ]);
}

const rule = '-'.repeat(40);

/** A heading with a line under it about as wide as it: Hangul and its kin take two columns. */
function underlined(title: string, line = '-'): string {
  const columns = [...title].reduce(
    (sum, c) => sum + (/[\u1100-\u115f\u2e80-\uffdc]|\p{Extended_Pictographic}/u.test(c) ? 2 : 1),
    0,
  );
  return title && `${title}\n${line.repeat(Math.min(columns, 72))}`;
}
