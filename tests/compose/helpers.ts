import { compose } from '../../src/compose/compose.ts';
import { type Issue, issueSchema, type Problem, type SectionOf, type SectionType } from '../../src/model/issue.ts';
import { issueText } from '../../src/model/issue-text.ts';
import { type Publication, publicationSchema } from '../../src/model/publication.ts';

function publication(overrides: Partial<Publication> = {}): Publication {
  return publicationSchema.parse({
    slug: 'demo',
    name: 'LLM Watch',
    language: 'ko',
    from: { name: 'LLM Watch', address: 'news@example.org' },
    postalAddress: '서울특별시 중구 세종대로 110',
    fields: { tier: 'free', 지역: '' },
    ...overrides,
  });
}

export function composed(source: string, overrides: Partial<Publication> = {}): { issue: Issue; problems: Problem[] } {
  const result = compose(source, { publication: publication(overrides) });
  issueSchema.parse(result.issue);
  return result;
}

export function sections<T extends SectionType>(issue: Issue, type: T): SectionOf<T>[] {
  return issue.sections.filter(section => section.type === type) as SectionOf<T>[];
}

/** What the composer says about an issue that does not choose its subject and preheader. */
const routine = new Set(['no-subject', 'no-preheader']);

/** `code@line`, without the routine remarks. */
export function codes(problems: readonly Problem[]): string[] {
  return problems.filter(problem => !routine.has(problem.code)).map(problem => `${problem.code}@${problem.line}`);
}

/** Words of the source that the issue lacks. */
export function lostWords(source: string, issue: Issue): string[] {
  const urls = [...JSON.stringify(issue).matchAll(/"url":"([^"]*)"/g)].map(match => match[1]);
  const text = [issueText(issue), ...urls].join('\n').replace(/\s+/g, '');
  const words = source
    .replace(/^---$/gm, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '');
  return [...new Set(words)].filter(word => !text.includes(word));
}

/** The kinds of sections in order, summaries with parts and links: `greeting highlights summary:4/2`. */
export function shape(issue: Issue): string {
  return issue.sections
    .map(section =>
      section.type === 'summary' ? `summary:${section.parts.length}/${section.links.length}` : section.type,
    )
    .join(' ');
}
