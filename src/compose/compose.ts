/**
 * Markdown → Issue, in passes that each do one thing:
 *
 *   source       encoding leftovers, size, marks that would cost the parser unbounded time
 *   frontmatter  YAML, every wrong key with its line
 *   parse        Markdown → mdast; raw HTML, directives and emphasis settled
 *   outline      mdast → headings (real or bold-only), separators, blocks
 *   titles       which headings are titles of summaries
 *   sections     outline → drafts of sections; promo and closing found
 *   assemble     drafts → sections, with links, fields and references resolved
 *   headline     title, subject, preheader, language
 *   checks       what only the whole issue can show
 *
 * No sentence of the source is ever dropped: what no pass recognises is `prose`, in document order.
 */
import type { Definition, Root } from 'mdast';
import { visit } from 'unist-util-visit';
import type { Issue, Problem, Section } from '../model/issue.ts';
import type { MostLiked } from '../model/most-liked.ts';
import type { Place } from '../model/place.ts';
import type { Publication } from '../model/publication.ts';
import type { KnownTerm } from '../model/terms.ts';
import { assemble, jumpTargets, type Numbered, numberDrafts } from './assemble.ts';
import { checkIssue } from './checks.ts';
import { type Context, type Lang, plainTitle } from './context.ts';
import { type Split, splitFrontMatter } from './frontmatter.ts';
import { glossaryTerms } from './glossary.ts';
import { chooseLanguage, headlineOf, issueKeys } from './headline.ts';
import { notesSection } from './notes.ts';
import { outline } from './outline.ts';
import { type Parsed, parseMarkdown } from './parse.ts';
import { placesOf } from './places.ts';
import { ProblemList, quoted } from './problems.ts';
import { sectionsOf } from './sections.ts';
import { normalise } from './source.ts';
import { findTitles } from './titles.ts';

interface Composed {
  issue: Issue;
  /** By line. An issue with an `error` among them must not be sent. */
  problems: Problem[];
  /** Where its sections begin in the file, in that order. */
  places: Place[];
}

interface ComposeOptions {
  publication: Publication;
  mostLiked?: MostLiked | undefined;
  knownTerms?: readonly KnownTerm[] | undefined;
}

/**
 * Composes an issue from an editor's file. Pure and synchronous; never throws, whatever `source` holds: what cannot be read becomes
 * a problem, and the words are kept.
 * @param options.mostLiked of the issue before; without it `::most-liked` becomes an example
 * @param options.knownTerms what earlier issues explained, newest first: contradictions are told
 */
export function compose(source: string, options: ComposeOptions): Composed {
  const problems = new ProblemList();
  const split = splitFrontMatter(normalise(source, problems), problems);
  const lang = chooseLanguage(split, options.publication, problems);
  let issue: Issue;
  let places: Place[] = [];
  try {
    ({ issue, places } = composeBody(split, lang, options, problems));
  } catch (error) {
    // Only input built to exhaust the stack comes here; the editor still sees all of it.
    problems.add(
      'too-complex',
      0,
      `The issue could not be read (${quoted(String(error))}); it was kept as plain text.`,
    );
    issue = plainIssue(split, lang, options.publication);
  }
  return { issue, problems: problems.sorted(), places };
}

function composeBody(
  split: Split,
  lang: Lang,
  { publication, knownTerms = [], mostLiked }: ComposeOptions,
  problems: ProblemList,
): Omit<Composed, 'problems'> {
  const parsed = parseMarkdown(split.body, problems);
  const items = outline(parsed.root, parsed.fields);
  const titles = findTitles(items, { problems: new ProblemList(), fields: parsed.fields, lang });
  const { drafts, title } = sectionsOf(items, titles);
  const heading = title ? plainTitle(title.node, { problems, fields: parsed.fields }) : '';
  // A heading over the issue is its title; where the front matter names another, the words stay in the text.
  if (title && split.frontMatter.title !== undefined && split.frontMatter.title !== heading) {
    const first = drafts[0];
    if (first?.type === 'greeting') first.body.unshift(title);
    else drafts.unshift({ type: 'greeting', line: title.line, heading: undefined, body: [title] });
  }
  const numbered = numberDrafts(drafts);
  const ctx = { ...contextOf(parsed, numbered, lang, publication, problems), mostLiked };
  const sections = assemble(numbered, split.frontMatter.promo, split.lineOf('promo'), ctx);
  const places = placesOf(numbered, sections);
  const notes = notesSection(parsed.root, ctx);
  if (notes) sections.splice(sections.at(-1)?.type === 'closing' ? -1 : sections.length, 0, notes);
  if (sections.length === 0) problems.add('no-content', 0, 'The issue has no text.');
  checkIssue(sections, numbered, items, problems, knownTerms);
  const issue = { ...headlineOf(split, heading, sections, publication, problems), lang, ...issueKeys(split), sections };
  return { issue, places };
}

function contextOf(
  parsed: Parsed,
  numbered: readonly Numbered[],
  lang: Lang,
  publication: Publication,
  problems: ProblemList,
): Context {
  const terms = numbered.reduce(
    (sum, { draft }) => sum + (draft.type === 'glossary' ? glossaryTerms(draft.body, parsed.fields).terms.length : 0),
    0,
  );
  const papers = numbered.filter(entry => entry.draft.type === 'summary');
  const own = papers.map(({ draft }) => (draft.type === 'summary' ? draft.heading.number : undefined));
  // The titles' own numbers count when each has one and no two are the same.
  const numbers =
    own.every(number => number !== undefined) && new Set(own).size === own.length
      ? own
      : papers.map(entry => entry.number);
  return {
    problems,
    publication,
    lang,
    fields: parsed.fields,
    definitions: definitionsOf(parsed.root),
    targets: jumpTargets(numbered, terms),
    paperId: number => papers[numbers.indexOf(number)]?.id,
    notes: new Map(),
    invites: [],
  };
}

function definitionsOf(root: Root): Map<string, Definition> {
  const definitions = new Map<string, Definition>();
  visit(root, 'definition', node => {
    if (!definitions.has(node.identifier)) definitions.set(node.identifier, node);
  });
  return definitions;
}

function plainIssue(split: Split, lang: Lang, publication: Publication): Issue {
  const body: Section[] = split.body
    .split(/\n[ \t]*\n/)
    .filter(text => text.trim() !== '')
    .slice(0, 20_000)
    .map((value, index) => ({
      type: 'prose',
      id: `prose-${index + 1}`,
      title: '',
      body: [{ type: 'paragraph', children: [{ type: 'text', value }] }],
    }));
  const title = split.frontMatter.title ?? publication.name;
  return {
    title,
    subject: split.frontMatter.subject ?? title,
    preheader: split.frontMatter.preheader ?? '',
    lang,
    sections: body,
  };
}
