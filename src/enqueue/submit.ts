/** Stores a composed issue and sets it going. */
import { createHash } from 'node:crypto';
import type { Sql } from '../db/client.ts';
import { findSentSource, type IssueRow, insertIssue, moveIssue, scheduleIssue } from '../db/issues.ts';
import { batchesWithWork, planChosen } from '../db/plan.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Edition } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import type { Queues } from '../queue/queues.ts';
import { jobsAhead } from './plan.ts';

export interface Submission {
  publicationId: number;
  source: string;
  issue: Issue;
  edition: Edition;
  slug: string;
  /** Sends the same text again on purpose. */
  again: boolean;
  at?: Date;
  /** Subscribers of a test send; the audience is left alone. */
  testReaders?: number[];
  /** The sink of a rehearsal. */
  rehearsalRelay?: string;
}

interface Deps {
  sql: Sql;
  queues: Queues;
  log: Logger;
}

/**
 * Once this returns the send is stored, and workers anywhere carry it out, also when Redis is away now.
 * @throws BroadsheetError ISSUE_ALREADY_SENT
 */
export async function submit(deps: Deps, submission: Submission): Promise<IssueRow> {
  if (submission.at && (submission.testReaders || submission.rehearsalRelay)) {
    throw new BroadsheetError('USAGE', 'a test or rehearsal goes out at once', { help: 'Leave out --at.' });
  }
  const kind = submission.testReaders ? 'test' : submission.rehearsalRelay ? 'rehearsal' : 'regular';
  const issue = await deps.sql.begin(async tx => {
    const sourceHash = createHash('sha256').update(submission.source.replace(/\r\n/g, '\n').trim()).digest();
    const row = await insertIssue(tx, {
      publicationId: submission.publicationId,
      slug: kind === 'regular' ? submission.slug : `${submission.slug}-${kind}`,
      kind,
      source: submission.source,
      sourceHash,
      issue: submission.issue,
      edition: submission.edition,
      ...(submission.rehearsalRelay ? { relay: submission.rehearsalRelay } : {}),
    });
    // Looked up under the publication's lock that insertIssue took; our own row is a draft and does not count.
    const before =
      kind === 'regular' && !submission.again
        ? await findSentSource(tx, submission.publicationId, sourceHash)
        : undefined;
    if (before) throw new BroadsheetError('ISSUE_ALREADY_SENT', `it is issue ${before.slug}, ${before.state}`);
    if (submission.at) return (await scheduleIssue(tx, row.id, submission.at))!;
    if (submission.testReaders) await planChosen(tx, row.id, submission.testReaders);
    return kind === 'test' ? row : (await moveIssue(tx, row.id, ['draft'], 'sending'))!;
  });
  await wake(deps, issue, kind === 'test');
  return issue;
}

/** Tells the workers at once; without Redis the tick will. */
async function wake(deps: Deps, issue: IssueRow, planned: boolean): Promise<void> {
  try {
    if (planned) await deps.queues.add('deliver-batch', await batchesWithWork(deps.sql, jobsAhead));
    else if (issue.state === 'sending') await deps.queues.add('plan-issue', [issue.id]);
  } catch (error) {
    deps.log.warn(
      { issue: issue.id, error: messageOf(error) },
      'Redis is away; the send starts when the tick finds it',
    );
  }
}
