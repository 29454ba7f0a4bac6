/** Likes: one per reader and thing by primary key, so pressing twice, at once or again, is one like. */
import type { Sql } from './client.ts';
import { arrived, roomFor } from './events.ts';

export interface LikeKey {
  issueId: number;
  subscriberId: number;
  /** 0: the issue itself. */
  summary: number;
}

/** Gives or takes back a like, and writes the event only when something changed. Settles the reader's row if it was `unknown`. */
export async function setLike(sql: Sql, { issueId, subscriberId, summary }: LikeKey, liked: boolean): Promise<void> {
  const kind = liked ? 'like' : 'unlike';
  const changed = liked
    ? sql`insert into likes (issue_id, subscriber_id, summary) values (${issueId}, ${subscriberId}, ${summary}) on conflict do nothing returning 1`
    : sql`delete from likes where issue_id = ${issueId} and subscriber_id = ${subscriberId} and summary = ${summary} returning 1`;
  await sql`
    with changed as (${changed}), arrived as (${arrived(sql, issueId, subscriberId)})
    insert into events (issue_id, subscriber_id, kind, ref)
    select ${issueId}, ${subscriberId}, ${kind}, ${summary} from changed where ${roomFor(sql, issueId, subscriberId, kind)}`;
}

/** Whether this reader likes the thing, and how many do, the web's likes included. */
export async function likeState(
  sql: Sql,
  { issueId, subscriberId, summary }: LikeKey,
): Promise<{ liked: boolean; count: number }> {
  const [row] = await sql<{ liked: boolean; count: number }[]>`
    select count(*) + (
        select coalesce(sum(n), 0)::bigint from issue_totals where issue_id = ${issueId} and kind = 'like' and name = ${String(summary)}
      ) + (select coalesce(sum(n), 0)::bigint from web_likes where issue_id = ${issueId} and summary = ${summary}) as count, coalesce(bool_or(subscriber_id = ${subscriberId}), false) as liked
    from likes where issue_id = ${issueId} and summary = ${summary}`;
  return row!;
}

/** Likes of an issue by summary, 0 the issue itself; things without likes are absent. */
export async function countLikes(sql: Sql, issueId: number): Promise<Map<number, number>> {
  const rows = await sql<{ summary: number; n: number }[]>`
    select summary, sum(n)::bigint as n from (
      select summary, count(*) as n from likes where issue_id = ${issueId} group by summary
      union all
      select name::int, n from issue_totals where issue_id = ${issueId} and kind = 'like') counted
    group by summary`;
  return new Map(rows.map(row => [row.summary, row.n]));
}
