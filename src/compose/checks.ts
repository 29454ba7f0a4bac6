/** Checks that need the whole issue: duplicates, unused terms, the order of headings. */
import type { Section } from '../model/issue.ts';
import { sectionText } from '../model/issue-text.ts';
import { type KnownTerm, termConflict } from '../model/terms.ts';
import type { Numbered } from './assemble.ts';
import { glossaryTerms } from './glossary.ts';
import { boldRank, type Item } from './outline.ts';
import { type ProblemList, quoted } from './problems.ts';

/** Sections an issue has once. */
const single = new Set(['greeting', 'highlights', 'promo', 'glossary', 'closing']);

export function checkIssue(
  sections: readonly Section[],
  numbered: readonly Numbered[],
  items: readonly Item[],
  problems: ProblemList,
  knownTerms: readonly KnownTerm[],
): void {
  checkHeadingOrder(items, problems);
  checkTitles(sections, numbered, problems);
  checkTerms(sections, numbered, problems);
  checkConflicts(sections, numbered, problems, knownTerms);
  const seen = new Set<string>();
  for (const { draft } of numbered) {
    if (single.has(draft.type) && seen.has(draft.type)) {
      problems.add('duplicate-section', draft.line, `This is the second ${draft.type} of the issue.`);
    }
    seen.add(draft.type);
  }
}

function checkHeadingOrder(items: readonly Item[], problems: ProblemList): void {
  let previous: number | undefined;
  for (const item of items) {
    if (item.kind !== 'heading' || item.rank === boldRank) continue;
    if (previous !== undefined && item.rank > previous + 1) {
      problems.add(
        'heading-order',
        item.line,
        `The heading ${quoted(item.text)} has level ${item.rank}, but the one before it level ${previous}.`,
      );
    }
    previous = item.rank;
  }
}

function checkTitles(sections: readonly Section[], numbered: readonly Numbered[], problems: ProblemList): void {
  const seen = new Set<string>();
  const lines = new Map(numbered.map(entry => [entry.id, entry.draft.line]));
  for (const section of sections) {
    if (section.type !== 'summary') continue;
    const key = section.title.toLowerCase().replace(/\s+/g, ' ');
    const line = lines.get(section.id) ?? 0;
    if (seen.has(key)) problems.add('duplicate-title', line, `The title ${quoted(section.title)} is used twice.`);
    seen.add(key);
  }
}

function checkTerms(sections: readonly Section[], numbered: readonly Numbered[], problems: ProblemList): void {
  const elsewhere = squash(
    sections
      .filter(section => section.type !== 'glossary')
      .map(sectionText)
      .join('\n'),
  );
  for (const section of sections) {
    if (section.type !== 'glossary') continue;
    const lineOf = termLines(section, numbered);
    for (const [index, term] of section.terms.entries()) {
      const names = [term.term, term.translation, term.abbreviation].map(squash).filter(name => name !== '');
      if (names.some(name => elsewhere.includes(name))) continue;
      problems.add(
        'unused-term',
        lineOf(index),
        `The term ${quoted(term.term)} is explained, but the issue never uses it.`,
      );
    }
  }
}

function termLines(section: Section, numbered: readonly Numbered[]): (index: number) => number {
  const draft = numbered.find(entry => entry.id === section.id)?.draft;
  const lines = draft?.type === 'glossary' ? glossaryTerms(draft.body, []).terms.map(term => term.line) : [];
  return index => lines[index] ?? draft?.line ?? 0;
}

/** Against what earlier issues said, the newest first: one contradiction of a kind is told per term. */
function checkConflicts(
  sections: readonly Section[],
  numbered: readonly Numbered[],
  problems: ProblemList,
  known: readonly KnownTerm[],
): void {
  for (const section of sections) {
    if (section.type !== 'glossary') continue;
    const lineOf = termLines(section, numbered);
    for (const [index, term] of section.terms.entries()) {
      const before = known.find(one => termConflict(term, one) === 'abbreviation');
      if (before)
        problems.add(
          'term-abbreviation-taken',
          lineOf(index),
          `${quoted(term.abbreviation)} stands for ${quoted(term.term)} here; ${before.issue} explained it as ${quoted(before.term)}.`,
        );
      const other = known.find(one => termConflict(term, one) === 'translation');
      if (other)
        problems.add(
          'term-translated-otherwise',
          lineOf(index),
          `${quoted(term.term)} is translated as ${quoted(term.translation)} here; ${other.issue} had ${quoted(other.translation)}.`,
        );
    }
  }
}

/** Spacing differs from writer to writer in Korean compounds. */
const squash = (text: string) => text.toLowerCase().replace(/\s+/g, '');
