/** Every explanation of a term that a publication gave in a published issue. */
import type { Sql } from './client.ts';
import { dateOf, isPublished, publishedAt } from './readers.ts';

export interface TermOccurrence {
  issueId: number;
  issueSlug: string;
  issueTitle: string;
  /** "12" in "제12호"; null when the issue has none. */
  issueNumber: string | null;
  /** `YYYY-MM-DD` in the publication's zone. */
  date: string;
  /** The issue's place in time: explanations of an earlier one have a smaller one. */
  rank: number;
  anchor: string;
  term: string;
  translation: string;
  abbreviation: string;
  definition: string;
}

/** The newest ones are read; ten a week for ten years. */
const mostOccurrences = 5000;

/** Oldest first. */
export async function listTerms(sql: Sql, publicationId: number): Promise<TermOccurrence[]> {
  return sql<TermOccurrence[]>`
    select * from (
      select t.issue_id, i.slug as issue_slug, i.title as issue_title, r.issue->>'number' as issue_number,
        ${dateOf(sql)} as date, (extract(epoch from ${publishedAt(sql)}) * 1000)::bigint as rank, t.position, t.anchor, t.term, t.translation, t.abbreviation, t.definition
      from term_occurrences t
      join issues i on i.id = t.issue_id
      join publications p on p.id = i.publication_id
      join revisions r on r.id = i.revision_id
      where t.publication_id = ${publicationId} and ${isPublished(sql)}
      order by ${publishedAt(sql)} desc, t.issue_id desc, t.position desc limit ${mostOccurrences}
    ) newest order by rank, issue_id, position`;
}
