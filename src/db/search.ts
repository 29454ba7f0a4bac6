/** The archive's search. */
import type { SearchQuery } from '../model/search-text.ts';
import type { Sql } from './client.ts';
import { isPublished } from './readers.ts';

export interface SearchHit {
  issueId: number;
  summary: number;
  issueSlug: string;
  issueTitle: string;
  title: string;
  body: string;
  score: number;
}

/**
 * Of the documents that have the tokens, so many are read and ranked: those with a word in the title, then the newest. A word that is
 * everywhere must not cost a reading of everything.
 */
const ranked = 300;
/** Longer, and the answer is not worth waiting for. */
const timeoutMs = 2000;

/** Where the page before ended. */
export interface SearchKey {
  score: number;
  issueId: number;
  summary: number;
}

/**
 * Published documents that have every word of the query, best first: words as they were asked for before stems, titles before texts, newer
 * before older. The index finds them by tokens; the squashed text then has to hold each needle.
 */
export async function searchArchive(
  sql: Sql,
  publicationId: number,
  { tokens, needles, words }: SearchQuery,
  limit: number,
  after?: SearchKey,
): Promise<SearchHit[]> {
  const count = sql`(length(d.squashed) - length(replace(d.squashed, needle, ''))) / length(needle)`;
  const query = sql<SearchHit[]>`
    with likely as materialized (
      select k.issue_id, k.summary, k.titled from (
        select d.issue_id, d.summary,
          (select count(*) from unnest(${needles}::text[]) needle where strpos(replace(lower(d.title), ' ', ''), needle) > 0) as titled
        from search_documents d join issues i on i.id = d.issue_id
        where d.publication_id = ${publicationId} and d.tokens @@ ${tokens}::tsquery and ${isPublished(sql)}
      ) k
      order by k.titled desc, k.issue_id desc, k.summary limit ${ranked}
    ),
    scored as (
      select k.issue_id, k.summary, 40 * k.titled
        + (select sum(least(10, ${count})) from unnest(${needles}::text[]) needle)
        + (select sum(case when strpos(d.squashed, word) > 0 then 5 else 0 end) from unnest(${words}::text[]) word) as score
      from likely k join search_documents d on d.issue_id = k.issue_id and d.summary = k.summary
      where (select bool_and(strpos(d.squashed, needle) > 0) from unnest(${needles}::text[]) needle)
    )
    select s.issue_id, s.summary, s.score::int as score, i.slug as issue_slug, i.title as issue_title, d.title, d.body
    from (
      select * from scored
      ${after ? sql`where (score, issue_id, -summary) < (${after.score}::bigint, ${after.issueId}::bigint, ${-after.summary}::int)` : sql``}
      order by score desc, issue_id desc, summary limit ${limit}
    ) s
    join search_documents d on d.issue_id = s.issue_id and d.summary = s.summary
    join issues i on i.id = s.issue_id
    order by s.score desc, s.issue_id desc, s.summary`;
  // Asked to stop from outside: a setting of the session would reach other requests behind a pool in transaction mode.
  const late = setTimeout(() => query.cancel(), timeoutMs);
  return query.finally(() => clearTimeout(late));
}
