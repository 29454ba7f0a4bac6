/**
 * Issue → Edition, once per revision: Handlebars, then MJML, nothing after (rule 8, lesson 28). Readers' values come later,
 * into the slots; no template engine ever sees them.
 */
import type { Edition, Part } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import { isConsentNeeded, type Publication } from '../model/publication.ts';
import { agreedToAdvertising } from '../model/reader.ts';
import { escapeAttribute, oneLine, tidy } from './escape.ts';
import { splitFields } from './fields.ts';
import { frameView } from './frame.ts';
import { Anchors, Links } from './links.ts';
import { preheaderPadding } from './preheader.ts';
import { Slots } from './slots.ts';
import { squeeze } from './squeeze.ts';
import { headStyles, outlookStyles, stylesOf } from './styles.ts';
import { templates } from './templates.ts';
import { textOfIssue } from './text.ts';
import { themeOf } from './theme.ts';
import { rowsOf, type SheetContext } from './view.ts';
import { placesOf } from './walk.ts';
import { wordsFor } from './words.ts';

export interface RenderOptions {
  publication: Publication;
  /** Shown in the masthead when the issue has no date of its own: `YYYY-MM-DD`, or a moment (ISO 8601). */
  sendDate?: string;
  /** Of a trial: what each variant has for a subject. */
  subjects?: readonly string[] | undefined;
}

/**
 * Renders an issue. The same input gives the same Edition, byte for byte.
 * @throws TemplateInvalid (TEMPLATE_INVALID) when one of the publication's own templates cannot be used; Error when ours are at fault.
 * Nothing that is written in an issue can make it throw.
 */
export async function render(source: Issue, options: RenderOptions): Promise<Edition> {
  const { publication, sendDate } = options;
  const issue = tidy(source);
  const slots = new Slots();
  const links = new Links(slots, publication.tracking.clicks);
  const summaries: Edition['summaries'] = [];
  const { parts, bytes } = slots.split(await htmlOf(issue, publication, sendDate, slots, links, summaries));
  const text = slots.split(textOfIssue(issue, publication, sendDate, slots)).parts;
  const edition: Edition = {
    lang: issue.lang,
    subject: subjectParts(issue, issue.subject, publication),
    ...(options.subjects ? { subjects: options.subjects.map(one => subjectParts(issue, tidy(one), publication)) } : {}),
    html: parts,
    text,
    links: links.table,
    summaries,
    sections: budget(issue, bytes),
  };
  if (slots.remains(JSON.stringify(edition))) throw new Error('render: a marker is left in the output');
  return edition;
}

async function htmlOf(
  issue: Issue,
  publication: Publication,
  sendDate: string | undefined,
  slots: Slots,
  links: Links,
  summaries: Edition['summaries'],
): Promise<string> {
  const theme = themeOf(publication.brand.accent);
  const styles = stylesOf(theme, issue.lang);
  const places = placesOf(issue);
  const cx: SheetContext = {
    issue,
    publication,
    words: wordsFor(publication, issue.lang),
    summaries,
    slots,
    links,
    anchors: new Anchors(places.wanted, places.present),
    styles,
    section: '',
    outline: { level: 1 },
    fallbackOf: field => publication.fields[field] ?? '',
  };
  const css = { ...headStyles(theme), outlook: outlookStyles(issue.lang) };
  const { head: headOf, issue: bodyOf } = templates(publication.templates);
  const head = headOf({ lang: issue.lang, title: issue.title, css });
  const view = {
    lang: issue.lang,
    title: issue.title,
    preheader: preheaderOf(issue, publication, slots) + preheaderPadding,
    ground: theme.day.ground,
    sheet: theme.day.sheet,
    accent: theme.day.accent,
    rows: rowsOf(cx),
    frameMark: slots.boundary(0),
    frame: frameView(issue, publication, sendDate, slots),
  };
  const mjml = bodyOf(view, {
    s: styles,
    w: wordsFor(publication, publication.language),
    c: wordsFor(publication, issue.lang),
  });
  // Loaded with the first issue: it takes a third of a second, and most processes that can render never do.
  const { default: mjml2html } = await import('mjml');
  // Validation is strict: an unknown tag is our template's fault and must not pass as text. Includes are never read.
  const { html } = await mjml2html(mjml, {
    validationLevel: 'strict',
    ignoreIncludes: true,
    // MJML hands its skeleton the finished body; the head before it is written by Handlebars already.
    skeleton: (({ content }: { content: string }) => `${head}${content}</html>`) as unknown as () => string,
  });
  const squeezed = squeeze(html);
  return publication.tracking.clicks && publication.tracking.trap ? withTrap(squeezed, slots) : squeezed;
}

/**
 * A link that programs which follow every link meet, and nobody else: shown nowhere, read out nowhere, reached by no key, and without any text,
 * which filters take for hidden words.
 */
function withTrap(html: string, slots: Slots): string {
  const trap = `<a href="${slots.link({ to: 'trap' })}" style="display:none" aria-hidden="true" tabindex="-1"></a>`;
  return html.replace(/(?=<\/body>)/, () => trap);
}

function preheaderOf(issue: Issue, publication: Publication, slots: Slots): string {
  return splitFields(issue.preheader, publication)
    .map(part => (typeof part === 'string' ? escapeAttribute(part) : slots.field(part.name, part.fallback)))
    .join('');
}

/**
 * The label of advertising (rule 5.4) is for those who are sent the promo: for the others the mail advertises nothing, and the label would
 * say what is not so.
 */
function subjectParts(issue: Issue, subject: string, publication: Publication): Part[] {
  const [label] = /^\(광고\)\s*/.exec(subject) ?? [];
  const isConditional = isConsentNeeded(publication) && issue.sections.some(section => section.type === 'promo');
  if (label === undefined || !isConditional) return headerParts(subject, publication);
  const condition = { field: agreedToAdvertising, op: 'present' } as const;
  return [{ kind: 'when', condition, parts: [label] }, ...headerParts(subject.slice(label.length), publication)];
}

/** A header's parts: one line, controls gone. */
function headerParts(text: string, publication: Publication): Part[] {
  return splitFields(oneLine(text).trim(), publication);
}

/** The byte budget's rows; their sum is the size of the whole. */
function budget(issue: Issue, bytes: readonly number[]): Edition['sections'] {
  const rows = issue.sections.map((section, index) => ({
    type: section.type as string,
    title: titleOf(section),
    bytes: bytes[index + 1] ?? 0,
  }));
  return [{ type: 'frame', title: '', bytes: bytes[0] ?? 0 }, ...rows];
}

function titleOf(section: Issue['sections'][number]): string {
  if (section.type === 'promo') return section.heading;
  return 'title' in section ? section.title : '';
}
