/** Looks at what failed of an issue, and holds it when that is too much. */
import { type Failures, leastComplaints, leastHardBounces, leastRefusals, tripped } from '../model/breaker.ts';
import type { Sql } from './client.ts';
import { moveIssue } from './issues.ts';
import { getPublication } from './publications.ts';

/**
 * Holds an issue that is being sent when its failures pass its publication's limits. Reads the few failed rows; all rows only when
 * `thorough` and enough failed for a share to matter.
 * @returns why it was held; undefined when it goes on
 */
export async function holdIfTripped(
  sql: Sql,
  issue: { id: number; publicationId: number },
  thorough: boolean,
): Promise<string | undefined> {
  const few = await countFew(sql, issue.id);
  if (!few) return undefined;
  const { delivery } = await getPublication(sql, issue.publicationId);
  const { complaints, hardBounces, refusals } = few;
  const isMany = complaints >= leastComplaints || hardBounces >= leastHardBounces || refusals >= leastRefusals;
  const all = thorough && isMany ? await countAll(sql, issue.id) : { accepted: null, attempted: null };
  const reason = tripped({ ...few, ...all }, delivery.breaker);
  if (!reason) return undefined;
  return (await moveIssue(sql, issue.id, ['sending'], 'held', reason)) && reason;
}

async function countFew(sql: Sql, issueId: number): Promise<Omit<Failures, 'accepted' | 'attempted'> | undefined> {
  const [row] = await sql<Omit<Failures, 'accepted' | 'attempted'>[]>`
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
        order by r.updated_at desc limit 1) as block_reply
    from issues i, lateral (select coalesce(greatest(i.started_at, i.reopened_at), i.created_at) as at) since
    where i.id = ${issueId} and i.state = 'sending'`;
  return row;
}

async function countAll(sql: Sql, issueId: number): Promise<Pick<Failures, 'accepted' | 'attempted'>> {
  const [row] = await sql<{ accepted: number; attempted: number }[]>`
    select count(*) filter (where r.state = 'accepted') as accepted, count(*) as attempted
    from recipients r join issues i on i.id = r.issue_id
    where r.issue_id = ${issueId} and r.state in ('accepted', 'rejected', 'unknown')
      and r.updated_at >= coalesce(greatest(i.started_at, i.reopened_at), i.created_at)`;
  return row!;
}
