/** Looks at what failed of an issue, and holds it when that is too much. */
import { type Failures, tripped } from '../model/breaker.ts';
import type { Publication } from '../model/publication.ts';
import type { Sql } from './client.ts';
import { moveIssue } from './issues.ts';

type Counted = Pick<Failures, 'accepted' | 'attempted'>;
type Few = Omit<Failures, keyof Counted>;

/**
 * What was counted last of an issue since it last went on. Both only grow, so failures within the limits of these are within those of now:
 * a large ledger is counted a few times in a send, not with each look.
 */
const known = new Map<number, Counted & { since: number }>();
const mostKnown = 1000;

/**
 * Holds an issue that is being sent when its failures pass its publication's limits. Reads the few failed rows; all rows only when these
 * would be too many of what was counted last.
 * @returns why it was held; undefined when it goes on
 */
export async function holdIfTripped(
  sql: Sql,
  issue: { id: number },
  limits: Publication['delivery']['breaker'],
): Promise<string | undefined> {
  const few = await countFew(sql, issue.id);
  if (!few) return undefined;
  const last = known.get(issue.id);
  const atLeast = last?.since === few.since ? last : { accepted: 0, attempted: 0 };
  if (!tripped({ ...few, ...atLeast }, limits)) return undefined;
  const counted = await countAll(sql, issue.id);
  known.delete(issue.id);
  known.set(issue.id, { ...counted, since: few.since });
  if (known.size > mostKnown) known.delete(known.keys().next().value!);
  const reason = tripped({ ...few, ...counted }, limits);
  if (!reason) return undefined;
  return (await moveIssue(sql, issue.id, ['sending'], 'held', reason)) && reason;
}

async function countFew(sql: Sql, issueId: number): Promise<(Few & { since: number }) | undefined> {
  const [row] = await sql<(Few & { since: number })[]>`
    select
      -- Of what was sent since, as the counts they are compared with.
      (select count(*) from events e join recipients r using (issue_id, subscriber_id)
        where e.issue_id = i.id and e.kind = 'complaint' and r.updated_at > since.at) as complaints,
      (select count(*) from events e join recipients r using (issue_id, subscriber_id)
        where e.issue_id = i.id and e.kind = 'bounce-hard' and r.updated_at > since.at) as hard_bounces,
      -- In our own session, each attempt anew; and by reports of what had been accepted.
      (select count(*) from recipients r where r.issue_id = i.id and r.state = 'rejected' and r.reason = 'blocked' and r.updated_at > since.at)
        + (select count(*) from events e join recipients r using (issue_id, subscriber_id)
          where e.issue_id = i.id and e.kind = 'bounce-policy' and r.updated_at > since.at and r.state = 'accepted') as blocks,
      (select count(*) from recipients r where r.issue_id = i.id and r.state = 'rejected' and r.reason not in ('blocked', 'hard-bounce')
        and r.updated_at > since.at) as refusals,
      (select r.reply from recipients r where r.issue_id = i.id and r.state = 'rejected' and r.reason = 'blocked'
        order by r.updated_at desc limit 1) as block_reply,
      extract(epoch from since.at)::float8 as since
    from issues i, lateral (select coalesce(greatest(i.started_at, i.reopened_at), i.created_at) as at) since
    where i.id = ${issueId} and i.state = 'sending'`;
  return row;
}

async function countAll(sql: Sql, issueId: number): Promise<Counted> {
  const [row] = await sql<Counted[]>`
    select count(*) filter (where r.state = 'accepted') as accepted, count(*) as attempted
    from recipients r join issues i on i.id = r.issue_id
    where r.issue_id = ${issueId} and r.state in ('accepted', 'rejected', 'unknown')
      and r.updated_at >= coalesce(greatest(i.started_at, i.reopened_at), i.created_at)`;
  return row!;
}
