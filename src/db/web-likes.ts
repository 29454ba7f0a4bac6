/** Likes from the web, as counts by issue, summary and day: nothing of a person. */
import type { Sql } from './client.ts';

/** One more, or one less, on this UTC day; a count never falls below 0. */
export async function addWebLike(
  sql: Sql,
  key: { issueId: number; summary: number; day: string },
  by: 1 | -1,
): Promise<void> {
  const { issueId, summary, day } = key;
  if (by === 1)
    await sql`
      insert into web_likes (issue_id, summary, day, n) values (${issueId}, ${summary}, ${day}::date, 1)
      on conflict (issue_id, summary, day) do update set n = web_likes.n + 1`;
  else
    await sql`
      update web_likes set n = n - 1 where issue_id = ${issueId} and summary = ${summary} and day = ${day}::date and n > 0`;
}

/** Likes from the web by summary, 0 the issue itself. */
export async function countWebLikes(sql: Sql, issueId: number): Promise<Map<number, number>> {
  const rows = await sql<{ summary: number; n: number }[]>`
    select summary, sum(n)::bigint as n from web_likes where issue_id = ${issueId} group by summary`;
  return new Map(rows.map(row => [row.summary, row.n]));
}

export interface LikedSummary {
  issue: string;
  number: number;
  title: string;
  /** Readers' and the web's together. */
  likes: number;
}

/**
 * The most liked summaries of the issue before: the one published last, or last before `before`. Ties in the issue's order; those without
 * a like are left out.
 * @param before id of the issue that is being written, when it is stored already
 */
export async function mostLiked(
  sql: Sql,
  publicationSlug: string,
  limit: number,
  before?: number,
): Promise<LikedSummary[]> {
  return sql<LikedSummary[]>`
    with previous as (
      select i.id, i.slug, i.revision_id from issues i
      where i.publication_id = (select id from publications where slug = ${publicationSlug}) and i.kind = 'regular' and i.state in ('sending', 'paused', 'sent')
        ${
          before
            ? sql`and i.id <> ${before} and coalesce(i.started_at, i.scheduled_at, i.created_at) < (
          select coalesce(b.started_at, b.scheduled_at, b.created_at) from issues b where b.id = ${before})`
            : sql``
        }
      order by coalesce(i.started_at, i.scheduled_at, i.created_at) desc, i.id desc limit 1
    ),
    counted as (
      select summary, sum(n) as likes from (
        select summary, count(*) as n from likes l join previous p on l.issue_id = p.id where l.machine is null group by summary
        union all
        select name::int, n from issue_totals t join previous p on t.issue_id = p.id where t.kind = 'like'
        union all
        select summary, n from web_likes w join previous p on w.issue_id = p.id) every
      where summary > 0 group by summary having sum(n) > 0
    )
    select p.slug as issue, c.summary as number, s.value->>'title' as title, c.likes::bigint as likes
    from previous p join revisions r on r.id = p.revision_id
    cross join lateral jsonb_array_elements(r.edition->'summaries') with ordinality s(value, place)
    join counted c on c.summary = (s.value->>'number')::int
    order by c.likes desc, s.place limit ${limit}`;
}
