/** What an issue puts into the archive: texts to be searched, and its glossary's terms. Pure. */
import type { Edition } from '../model/edition.ts';
import { summaryNumbers } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import { blockText, sectionText } from '../model/issue-text.ts';
import { squash, tokensOf } from '../model/search-text.ts';

export interface SearchDocument {
  /** 0: all of the issue but its summaries. */
  summary: number;
  title: string;
  body: string;
  squashed: string;
  tokens: string[];
}

export interface TermRow {
  position: number;
  anchor: string;
  term: string;
  translation: string;
  abbreviation: string;
  definition: string;
}

/** Characters of one document that are searched; an issue's source may have a mebibyte. */
const maxBody = 100_000;
const maxTerms = 500;
const maxName = 300;
const maxDefinition = 4000;

/** @param summaries the edition's, for the numbers that links know them by */
export function documentsOf(issue: Issue, summaries: Edition['summaries']): SearchDocument[] {
  const numbers = summaryNumbers(issue, summaries);
  const rest = issue.sections.filter(section => section.type !== 'summary' && section.type !== 'closing');
  const documents = [document(0, issue.title, rest.map(sectionText).join('\n'))];
  const seen = new Set<number>();
  for (const section of issue.sections) {
    if (section.type !== 'summary') continue;
    const number = numbers.get(section)!;
    if (seen.has(number)) continue;
    seen.add(number);
    const parts = section.parts.map(part => `${part.heading}\n${blockText(part.body)}`);
    const body = [section.work, ...section.links.map(link => link.label), blockText(section.lead), ...parts];
    documents.push(document(number, section.title, body.join('\n')));
  }
  return documents;
}

function document(summary: number, title: string, text: string): SearchDocument {
  const body = clean(text).slice(0, maxBody);
  const squashed = squash(`${clean(title)}\n${body}`);
  return { summary, title: clean(title), body, squashed, tokens: tokensOf(squashed) };
}

export function termsOf(issue: Issue): TermRow[] {
  const terms = issue.sections.flatMap(section => (section.type === 'glossary' ? section.terms : []));
  return terms.slice(0, maxTerms).map((term, position) => ({
    position,
    anchor: clean(term.id),
    term: clean(term.term).slice(0, maxName),
    translation: clean(term.translation).slice(0, maxName),
    abbreviation: clean(term.abbreviation).slice(0, maxName),
    definition: clean(blockText(term.definition)).slice(0, maxDefinition),
  }));
}

/** What Postgres takes as text: no NUL, no half characters. */
function clean(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|\p{Surrogate}/gu, '');
}
