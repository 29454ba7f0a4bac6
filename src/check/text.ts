/** Checks of a composed and rendered text, beside those of compose: the command line prints them, and the console's panel shows them. */
import type { Edition } from '../model/edition.ts';
import type { Issue, Problem } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';
import type { KnownTerm } from '../model/terms.ts';
import { inlinesOf } from '../render/walk.ts';
import { lawProblems } from './law.ts';
import { linkProblems } from './links.ts';
import { nameProblems } from './names.ts';
import { fieldProblems, pictureProblems } from './pictures.ts';

/**
 * Pure.
 * @param given.html as one reader gets it, links included
 * @param given.text the text part, likewise
 */
export function textProblems(given: {
  source: string;
  issue: Issue;
  edition: Edition;
  publication: Publication;
  html: string;
  text: string;
  knownTerms?: readonly KnownTerm[] | undefined;
}): Problem[] {
  const { source, issue, edition, publication } = given;
  const nodes = [...inlinesOf(issue)];
  const images = nodes.filter(node => node.type === 'image');
  const fields = nodes.filter(node => node.type === 'field');
  return once([
    ...lawProblems(given),
    ...linkProblems(source, edition),
    ...pictureProblems(source, images),
    ...fieldProblems(source, fields, publication),
    ...nameProblems(source, issue, given.knownTerms ?? []),
  ]);
}

function once(problems: Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, line, message }) => {
    const key = `${code} ${line} ${message}`;
    return seen.size < seen.add(key).size;
  });
}
