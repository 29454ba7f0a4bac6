/** Title, subject, preheader and language: from the front matter, else from the content and the publication. */
import type { Block, Issue, Problem, Section } from '../model/issue.ts';
import { blockText, inlineText } from '../model/issue-text.ts';
import { mergeFields, type Publication } from '../model/publication.ts';
import type { Lang } from './context.ts';
import type { Split } from './frontmatter.ts';
import { fieldPattern } from './marks.ts';
import { ProblemList, quoted } from './problems.ts';
import { numberedTitle } from './vocabulary.ts';

/** In characters, as inboxes show them (rule 8.9 for the preheader). */
const maxSubject = 60;
const minPreheader = 40;
const maxPreheader = 90;

const lengthOf = (text: string) => [...text].length;

/** The language the text is written in, when it is clearly one of ours; `undefined` for short or mixed text. */
function languageOf(text: string): Lang | undefined {
  const sample = text.slice(0, 20_000).replace(/https?:\/\/\S+|`[^`]*`/g, '');
  const hangul = sample.match(/\p{Script=Hangul}/gu)?.length ?? 0;
  const latin = sample.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (hangul + latin < 60) return undefined;
  // A syllable stands for two or three letters; Korean research text is full of English names.
  const share = (hangul * 2.5) / (hangul * 2.5 + latin);
  if (share > 0.4) return 'ko';
  return share < 0.08 ? 'en' : undefined;
}

export function chooseLanguage(split: Split, publication: Publication, problems: ProblemList): Lang {
  const written = languageOf(split.body);
  const given = split.frontMatter.lang;
  if (given && written && given !== written) {
    problems.add(
      'lang-mismatch',
      split.lineOf('lang'),
      `The front matter says "lang: ${given}", but the text looks like "${written}".`,
    );
  }
  return given ?? written ?? publication.language;
}

interface Headline {
  title: string;
  subject: string;
  preheader: string;
}

/** `heading`: the heading over the issue, if the source has one. */
export function headlineOf(
  split: Split,
  heading: string,
  sections: readonly Section[],
  publication: Publication,
  problems: ProblemList,
): Headline {
  const { frontMatter, lineOf } = split;
  // What the content says is the same for every reader: a field in it shows what stands in for it.
  const topic = visible(topicOf(sections));
  const named = topic === '' ? publication.name : `${publication.name}: ${topic}`;
  // The masthead above the title names the publication already.
  const title = frontMatter.title ?? visible(heading || frontMatter.subject || topic || publication.name);
  const subject =
    frontMatter.subject ??
    shorten(frontMatter.title ?? (heading && lengthOf(heading) > 12 ? visible(heading) : named), maxSubject);
  const preheader = frontMatter.preheader ?? visible(makePreheader(sections, subject));
  if (frontMatter.subject === undefined) {
    problems.add(
      'no-subject',
      0,
      `The front matter gives no subject; it was made from the content: ${quoted(subject, 70)}.`,
    );
  } else {
    checkOwnSubject(subject, lineOf('subject'), publication, problems);
  }
  checkPreheader(split, subject, preheader, publication, problems);
  if ((frontMatter.title ?? '').search(fieldPattern) >= 0)
    problems.add('field-in-title', lineOf('title'), 'The title holds a merge field.');
  return { title, subject, preheader };
}

/** A subject that stands outside the text, as one of a trial does. */
export function checkSubject(subject: string, publication: Publication): Problem[] {
  const problems = new ProblemList();
  checkOwnSubject(subject, 0, publication, problems);
  return problems.sorted();
}

function checkOwnSubject(subject: string, line: number, publication: Publication, problems: ProblemList): void {
  checkFields(subject, line, publication, problems);
  const length = lengthOf(visible(subject));
  if (length > maxSubject) problems.add('subject-too-long', line, `The subject has ${length} characters.`);
}

function checkPreheader(
  split: Split,
  subject: string,
  preheader: string,
  publication: Publication,
  problems: ProblemList,
): void {
  const line = split.lineOf('preheader');
  if (split.frontMatter.preheader === undefined) {
    problems.add(
      'no-preheader',
      0,
      `The front matter gives no preheader; it was made from the content: ${quoted(preheader, 95)}.`,
    );
    return;
  }
  checkFields(preheader, line, publication, problems);
  const length = lengthOf(visible(preheader));
  if (length < minPreheader || length > maxPreheader)
    problems.add('preheader-length', line, `The preheader has ${length} characters.`);
  if (preheader === subject) problems.add('preheader-is-subject', line, 'The preheader repeats the subject.');
}

/** With fields replaced by what stands in for them. */
function visible(text: string): string {
  return text.replace(fieldPattern, (_, name: string, fallback: string | undefined) => fallback ?? name);
}

function checkFields(text: string, line: number, publication: Publication, problems: ProblemList): void {
  const known = mergeFields(publication);
  for (const [raw, name] of text.matchAll(fieldPattern)) {
    if (!known.includes(name!)) {
      problems.add(
        'unknown-field',
        line,
        `${quoted(raw)} is not a field of this publication. Known fields: ${known.join(', ')}.`,
      );
    }
  }
}

/** What the issue is about: its first summary, else highlight, else headed text, else sentence. */
function topicOf(sections: readonly Section[]): string {
  for (const section of sections)
    if (section.type === 'summary' && section.title)
      return section.title.replace(numberedTitle, '').trim() || section.title;
  for (const section of sections)
    if (section.type === 'highlights' && section.items[0]) return clean(inlineText(section.items[0]));
  for (const section of sections) if (section.type === 'prose' && section.title) return section.title;
  const first = sections.find(section => section.type === 'greeting' || section.type === 'prose');
  return first && 'body' in first ? clean(blockText(forAll(first.body)).split(/(?<=[.!?])\s|\n/)[0] ?? '') : '';
}

function clean(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '')
    .trim();
}

/** Without what only some readers get: an inbox shows a preheader to everyone. */
const forAll = (body: readonly Block[]) => body.filter(block => block.type !== 'when');

/** 40–90 characters that say something else than the subject, as far as the content reaches. */
function makePreheader(sections: readonly Section[], subject: string): string {
  const pieces: string[] = [];
  for (const section of sections)
    if (section.type === 'highlights') pieces.push(...section.items.map(item => clean(inlineText(item))));
  for (const section of sections) if (section.type === 'summary') pieces.push(clean(section.title));
  for (const section of sections) {
    const body =
      section.type === 'summary'
        ? [section.lead, ...section.parts.map(part => part.body)].flat()
        : 'body' in section
          ? section.body
          : [];
    if (section.type !== 'closing' && section.type !== 'promo')
      pieces.push(
        ...blockText(forAll(body))
          .split(/(?<=[.!?])\s+|\n/)
          .slice(0, 20)
          .map(clean),
      );
  }
  const fresh = [...new Set(pieces)].filter(piece => piece !== '' && !subject.includes(piece.slice(0, 30)));
  let text = '';
  for (const piece of fresh.slice(0, 40)) {
    text = text === '' ? piece : `${text} · ${piece}`;
    if (lengthOf(text) >= minPreheader) break;
  }
  return shorten(text, maxPreheader);
}

/** Cut at a word's end, with an ellipsis, so that at most `limit` characters remain. */
function shorten(text: string, limit: number): string {
  const points = [...text.replace(/\s+/g, ' ').trim()];
  if (points.length <= limit) return points.join('');
  const cut = points.slice(0, limit - 1).join('');
  const space = cut.lastIndexOf(' ');
  const end = lengthOf(cut.slice(0, Math.max(space, 0))) > limit * 0.7 ? space : cut.length;
  return `${cut.slice(0, end).replace(/[\s,:;·–—-]+$/, '')}…`;
}

/** Kept apart for the schema's optional keys: what the front matter says about the issue itself. */
export function issueKeys(split: Split): Pick<Issue, 'number' | 'date' | 'slug'> {
  const { number, date, slug } = split.frontMatter;
  return { ...(number && { number }), ...(date && { date }), ...(slug && { slug }) };
}
