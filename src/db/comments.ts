/**
 * Comments. A thread is a page of first-level comments with their answers. Each write is one statement, guarded by who wrote the row and
 * the state it leaves. A deleted comment keeps its row, empty, for the answers that hang on it.
 */
import type { Sql } from './client.ts';

export type CommentState = 'pending' | 'published' | 'hidden' | 'deleted';

export interface CommentRow {
  id: number;
  parentId: number | null;
  summary: number;
  subscriberId: number | null;
  author: string;
  body: string;
  state: CommentState;
  createdAt: Date;
  editedAt: Date | null;
  /** Its author may still change it. */
  isFresh: boolean;
}

/** Minutes in which an author may change their words. */
const editMinutes = 15;

const columns = (sql: Sql) => sql`
  c.id, c.parent_id, c.summary, c.subscriber_id, c.author, c.body, c.state, c.created_at, c.edited_at,
  (c.created_at > now() - ${editMinutes}::int * interval '1 minute' and c.state in ('pending', 'published')) as is_fresh`;

/** What a reader sees: what is public, and their own that waits. */
const isSeen = (sql: Sql, reader: number | undefined) =>
  sql`(c.state = 'published' or (c.state = 'pending' and c.subscriber_id = ${reader ?? 0}))`;

export interface ThreadPage {
  /** Oldest first; each deleted one has answers. */
  comments: CommentRow[];
  /** By comment, oldest first. */
  answers: Map<number, CommentRow[]>;
  /** Id after which the next page begins. */
  next: number | undefined;
}

/** Of one page. */
const commentsShown = 50;
const answersShown = 100;

/**
 * @param of.summary only of this summary
 * @param of.reader whose waiting comments are shown as well
 * @param of.after id of the last comment of the page before
 */
export async function readThread(
  sql: Sql,
  issueId: number,
  of: { summary?: number | undefined; reader?: number | undefined; after?: number | undefined } = {},
): Promise<ThreadPage> {
  const rows = await sql<CommentRow[]>`
    select ${columns(sql)} from comments c
    where c.issue_id = ${issueId} and c.parent_id is null and c.id > ${of.after ?? 0}
      ${of.summary === undefined ? sql`` : sql`and c.summary = ${of.summary}`}
      and (${isSeen(sql, of.reader)} or (c.state = 'deleted' and exists (
        select from comments a where a.parent_id = c.id and a.state = 'published')))
    order by c.id limit ${commentsShown + 1}`;
  const comments = rows.slice(0, commentsShown);
  const found = await sql<CommentRow[]>`
    select a.* from unnest(${comments.map(row => row.id)}::bigint[]) p(id)
    cross join lateral (
      select ${columns(sql)} from comments c where c.parent_id = p.id and ${isSeen(sql, of.reader)}
      order by c.id limit ${answersShown}) a`;
  const answers = new Map<number, CommentRow[]>();
  for (const row of found) answers.set(row.parentId!, [...(answers.get(row.parentId!) ?? []), row]);
  return { comments, answers, next: rows.length > commentsShown ? comments.at(-1)!.id : undefined };
}

/** One comment of an issue, of any state. */
export async function findComment(sql: Sql, issueId: number, id: number): Promise<CommentRow | undefined> {
  const [row] = await sql<CommentRow[]>`
    select ${columns(sql)} from comments c where c.id = ${id} and c.issue_id = ${issueId}`;
  return row;
}

/** Public comments of an issue by summary, 0 the issue itself; answers count where they stand. */
export async function countComments(sql: Sql, issueId: number): Promise<Map<number, number>> {
  const rows = await sql<{ summary: number; n: number }[]>`
    select c.summary, count(*) filter (where c.state = 'published')
      + sum((select count(*) from comments a where a.parent_id = c.id and a.state = 'published')) as n
    from comments c where c.issue_id = ${issueId} and c.parent_id is null and c.state in ('published', 'deleted') group by c.summary`;
  return new Map(rows.map(row => [row.summary, Number(row.n)]));
}

export interface NewComment {
  publicationId: number;
  issueId: number;
  summary: number;
  subscriberId: number;
  parentId: number | undefined;
  author: string;
  body: string;
  /** Waits for a moderator whoever wrote it. */
  held: boolean;
}

/** So many of one person in one issue. */
const most = { shortly: 5, minutes: 10, daily: 20 } as const;

/** `repeated`: the same words stand there already; `often`: too many at once; `gone`: nothing to answer. */
export type Added = { id: number; state: CommentState } | 'repeated' | 'often' | 'gone';

/** Whether a person's words show at once: some were let through, and none taken away. */
const isTrusted = (sql: Sql, publicationId: number, subscriberId: number) => sql`(
  select coalesce(bool_or(t.state = 'published') and not bool_or(t.state = 'hidden'), false)
  from comments t where t.subscriber_id = ${subscriberId} and t.publication_id = ${publicationId})`;

/** Writes a comment and keeps the name under it for the next. Of an active or paused subscription only; else `gone`. */
export async function addComment(sql: Sql, comment: NewComment): Promise<Added> {
  const { publicationId, issueId, summary, subscriberId, parentId = null, author, body, held } = comment;
  const lately = (interval: string) => sql`(select count(*) from comments l
    where l.subscriber_id = ${subscriberId} and l.publication_id = ${publicationId} and l.issue_id = ${issueId}
      and l.created_at > now() - ${interval}::interval)`;
  const [row] = await sql<
    { id: number | null; state: CommentState; isRoom: boolean; isReader: boolean; isPlace: boolean }[]
  >`
    with judged as (
      select ${lately(`${most.minutes} minutes`)} < ${most.shortly} and ${lately('1 day')} < ${most.daily} as is_room,
        exists (select from subscriptions n where n.publication_id = ${publicationId} and n.subscriber_id = ${subscriberId}
          and n.state in ('active', 'paused')) as is_reader,
        ${parentId}::bigint is null or exists (select from comments p
          where p.id = ${parentId} and p.issue_id = ${issueId} and p.parent_id is null and p.state = 'published') as is_place,
        ${held} or not ${isTrusted(sql, publicationId, subscriberId)} as waits
    ),
    added as (
      insert into comments (publication_id, issue_id, summary, subscriber_id, parent_id, author, body, state, published_at)
      select ${publicationId}, ${issueId}, coalesce((select summary from comments where id = ${parentId}), ${summary}), ${subscriberId},
        ${parentId}, ${author}, ${body}, case when waits then 'pending' else 'published' end, case when waits then null else now() end
      from judged where is_room and is_reader and is_place
      on conflict do nothing
      returning id, state
    ),
    named as (
      update subscriptions set display_name = ${author}
      where publication_id = ${publicationId} and subscriber_id = ${subscriberId} and exists (select from added)
        and display_name is distinct from ${author}
    )
    select a.id, a.state, j.is_room, j.is_reader, j.is_place from judged j left join added a on true`;
  if (row!.id !== null) return { id: row!.id, state: row!.state };
  if (!row!.isReader || !row!.isPlace) return 'gone';
  return row!.isRoom ? 'repeated' : 'often';
}

/** Changes an author's own fresh words. What must be looked at waits again. @returns the state; undefined: too late, or not theirs */
export async function editComment(
  sql: Sql,
  given: { issueId: number; id: number; subscriberId: number; body: string; held: boolean },
): Promise<CommentState | undefined> {
  const { issueId, id, subscriberId, body, held } = given;
  const [row] = await sql<{ state: CommentState }[]>`
    update comments c set body = ${body}, edited_at = now(), state = case when ${held} then 'pending' else c.state end
    where c.id = ${id} and c.issue_id = ${issueId} and c.subscriber_id = ${subscriberId} and c.state in ('pending', 'published')
      and c.created_at > now() - ${editMinutes}::int * interval '1 minute'
      and not exists (select from comments o where o.id <> c.id and o.issue_id = c.issue_id and o.subscriber_id = c.subscriber_id
        and coalesce(o.parent_id, 0) = coalesce(c.parent_id, 0) and o.summary = c.summary and o.state <> 'deleted' and md5(o.body) = md5(${body}))
    returning state`;
  return row?.state;
}

/** Empties an author's own comment, at any time. @returns whether there was one */
export async function deleteComment(sql: Sql, issueId: number, id: number, subscriberId: number): Promise<boolean> {
  const rows = await sql`
    update comments set state = 'deleted', body = '', author = ''
    where id = ${id} and issue_id = ${issueId} and subscriber_id = ${subscriberId} and state <> 'deleted' returning 1`;
  return rows.length > 0;
}

/** What a person's comments stand under, and whether they hear of answers. */
export async function findCommenter(
  sql: Sql,
  publicationId: number,
  subscriberId: number,
): Promise<{ displayName: string | null; quiet: boolean } | undefined> {
  const [row] = await sql<{ displayName: string | null; quiet: boolean }[]>`
    select display_name, quiet from subscriptions where publication_id = ${publicationId} and subscriber_id = ${subscriberId}`;
  return row;
}

/** Whether letters about answers come. Saying it again changes nothing. */
export async function setQuiet(sql: Sql, publicationId: number, subscriberId: number, quiet: boolean): Promise<void> {
  await sql`
    update subscriptions set quiet = ${quiet}
    where publication_id = ${publicationId} and subscriber_id = ${subscriberId} and quiet <> ${quiet}`;
}

export interface ModeratedComment {
  id: number;
  publication: string;
  issue: string;
  summary: number;
  author: string;
  body: string;
  state: CommentState;
  createdAt: Date;
}

/** For moderators, newest first. @param of.before id: only older ones */
export async function listComments(
  sql: Sql,
  of: { publicationId?: number | undefined; state: CommentState; before?: number | undefined; limit: number },
): Promise<ModeratedComment[]> {
  return sql<ModeratedComment[]>`
    select c.id, p.slug as publication, i.slug as issue, c.summary, c.author, c.body, c.state, c.created_at
    from comments c join publications p on p.id = c.publication_id join issues i on i.id = c.issue_id
    where c.state = ${of.state} ${of.publicationId ? sql`and c.publication_id = ${of.publicationId}` : sql``}
      ${of.before ? sql`and c.id < ${of.before}` : sql``}
    order by c.id desc limit ${of.limit}`;
}

/** A moderator's decision. @returns the ids that it changed: not those deleted, unknown, or so already */
export async function decideComments(
  sql: Sql,
  ids: readonly number[],
  state: 'published' | 'hidden',
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    update comments set state = ${state},
      published_at = case when ${state} = 'published' then coalesce(published_at, now()) else published_at end
    where id = any(${ids as number[]}::bigint[]) and state not in ('deleted', ${state}) returning id`;
  return rows.map(row => row.id);
}

/** Comments that wait for a moderator. @param issueId of one issue */
export async function countWaiting(sql: Sql, issueId?: number): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from comments c where c.state = 'pending' ${issueId ? sql`and c.issue_id = ${issueId}` : sql``}`;
  return row!.n;
}

export interface AnswersDue {
  publicationId: number;
  issueId: number;
  summary: number;
  /** Whose comment was answered. */
  subscriberId: number;
  /** False: they are not to be told. */
  isWanted: boolean;
  answers: number;
  /** The newest of them. */
  newest: number;
  /** The one that is shown. */
  shown: number;
  author: string;
  body: string;
  title: string;
}

/**
 * Answers whose comment's author has not been told, gathered by person and issue, once the oldest has been public for so long: more come in
 * that time and are told of together.
 */
export async function answersDue(sql: Sql, waitMs: number, limit: number): Promise<AnswersDue[]> {
  return sql<AnswersDue[]>`
    with late as (
      select distinct a.publication_id, a.issue_id, p.subscriber_id from comments a join comments p on p.id = a.parent_id
      where a.parent_id is not null and a.state = 'published' and a.told_at is null
        and a.published_at <= now() - ${waitMs}::int * interval '1 millisecond'
      limit ${limit}
    )
    select l.publication_id, l.issue_id, coalesce(l.subscriber_id, 0) as subscriber_id, g.answers, g.newest, a.id as shown, a.author, a.body, a.summary, i.title,
      coalesce(l.subscriber_id is not null and n.state in ('active', 'paused') and not n.quiet and g.answers > 0, false) as is_wanted
    from late l
    cross join lateral (
      select count(*) filter (where a.subscriber_id is distinct from l.subscriber_id) as answers, max(a.id) as newest,
        max(a.id) filter (where a.subscriber_id is distinct from l.subscriber_id) as shown
      from comments a join comments p on p.id = a.parent_id
      where p.issue_id = l.issue_id and p.subscriber_id is not distinct from l.subscriber_id
        and a.parent_id is not null and a.state = 'published' and a.told_at is null) g
    join comments a on a.id = coalesce(g.shown, g.newest)
    join issues i on i.id = l.issue_id
    left join subscriptions n on n.publication_id = l.publication_id and n.subscriber_id = l.subscriber_id`;
}

/** Notes that a comment's author was told of its answers up to this one. */
export async function markTold(sql: Sql, { issueId, subscriberId, newest }: AnswersDue): Promise<void> {
  await sql`
    update comments a set told_at = now() from comments p
    where p.id = a.parent_id and p.issue_id = ${issueId} and coalesce(p.subscriber_id, 0) = ${subscriberId}
      and a.parent_id is not null and a.state = 'published' and a.told_at is null and a.id <= ${newest}`;
}
