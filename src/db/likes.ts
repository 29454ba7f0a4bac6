/** Likes: one per reader and thing by primary key, so pressing twice, at once or again, is one like. */
import type { Sql } from './client.ts';
import { arrived, roomFor } from './events.ts';

export interface LikeKey {
  issueId: number;
  subscriberId: number;
  /** 0: the issue itself. */
  summary: number;
}

/**
 * Gives or takes back a like, and writes the event only when something changed. Settles the reader's row if it was `unknown`. A like that a
 * machine gave is kept and not counted, unless the reader gives it again.
 * @param machine why the request looks like a machine's; a like within `instantMs` of delivery is `instant`
 */
export async function setLike(
  sql: Sql,
  { issueId, subscriberId, summary }: LikeKey,
  liked: boolean,
  { machine, instantMs = 0 }: { machine?: string | undefined; instantMs?: number } = {},
): Promise<void> {
  const kind = liked ? 'like' : 'unlike';
  const judged = sql`coalesce(${machine ?? null}::text, (
    select 'instant' from recipients where issue_id = ${issueId} and subscriber_id = ${subscriberId}
      and (state = 'sending' or (state = 'accepted' and updated_at > now() - ${instantMs}::int * interval '1 millisecond'))))`;
  const changed = liked
    ? sql`insert into likes (issue_id, subscriber_id, summary, machine) values (${issueId}, ${subscriberId}, ${summary}, ${judged})
        on conflict (issue_id, summary, subscriber_id) do update set machine = null where likes.machine is not null and excluded.machine is null
        returning machine`
    : sql`delete from likes where issue_id = ${issueId} and subscriber_id = ${subscriberId} and summary = ${summary} returning null::text as machine`;
  await sql`
    with changed as (${changed}), arrived as (${arrived(sql, issueId, subscriberId)})
    insert into events (issue_id, subscriber_id, kind, ref, machine)
    select ${issueId}, ${subscriberId}, ${kind}, ${summary}, machine from changed where ${roomFor(sql, issueId, subscriberId, kind)}`;
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
    from likes where issue_id = ${issueId} and summary = ${summary} and (machine is null or subscriber_id = ${subscriberId})`;
  return row!;
}

export interface ThingLikes {
  /** Presses of the button, machines' and those taken back included. */
  pressed: number;
  /** Readers who like it now. */
  readers: number;
}

/** Likes of an issue by summary, 0 the issue itself; things without any are absent. */
export async function countLikes(sql: Sql, issueId: number): Promise<Map<number, ThingLikes>> {
  const rows = await sql<(ThingLikes & { summary: number })[]>`
    select summary, sum(readers)::bigint as readers, sum(pressed)::bigint as pressed from (
      select summary, count(*) as readers, 0 as pressed from likes where issue_id = ${issueId} and machine is null group by summary
      union all
      select ref, 0, count(*) from events where issue_id = ${issueId} and kind = 'like' group by ref
      union all
      select name::int, n, 0 from issue_totals where issue_id = ${issueId} and kind = 'like'
      union all
      select name::int, 0, n from issue_totals where issue_id = ${issueId} and kind = 'pressed') counted
    group by summary`;
  return new Map(rows.map(({ summary, ...likes }) => [summary, likes]));
}
