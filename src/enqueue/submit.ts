/** Stores a composed issue and sets it going. */
import { createHash } from 'node:crypto';
import type { Db, Sql } from '../db/client.ts';
import {
  findSentSlug,
  findSentSource,
  type IssueRow,
  insertIssue,
  moveIssue,
  scheduleIssue,
  setLocalTime,
  unplannedIssues,
} from '../db/issues.ts';
import { planChosen } from '../db/plan.ts';
import { insertTrial } from '../db/trials.ts';
import { BroadsheetError, messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Edition } from '../model/edition.ts';
import { type Issue, poolOf } from '../model/issue.ts';
import type { TrialWish } from '../model/trial.ts';
import type { Queues } from '../queue/queues.ts';
import { checkCodes } from './codes.ts';
import type { LocalSend } from './local-time.ts';
import { queueBatches } from './plan.ts';

export interface Submission {
  publicationId: number;
  source: string;
  issue: Issue;
  edition: Edition;
  slug: string;
  /** Sends the same text again on purpose. */
  again: boolean;
  at?: Date;
  /** At a time of each reader's own day, in place of `at`. */
  localTime?: LocalSend;
  /** Its subjects are in the edition. */
  trial?: TrialWish | undefined;
  /** Subscribers of a test send; the audience is left alone. */
  testReaders?: number[];
  /** The sink of a rehearsal. */
  rehearsalRelay?: string;
}

export interface Deps {
  sql: Sql;
  queues: Queues;
  log: Logger;
}

/**
 * Once this returns the send is stored, and workers anywhere carry it out, also when Redis is away now.
 * @throws BroadsheetError ISSUE_ALREADY_SENT; USAGE: what does not go together; as `checkCodes`
 */
export async function submit(deps: Deps, submission: Submission): Promise<IssueRow> {
  if (submission.at && (submission.testReaders || submission.rehearsalRelay)) {
    throw new BroadsheetError('USAGE', 'a test or rehearsal goes out at once', { help: 'Leave out --at.' });
  }
  requireOneWay(submission);
  const at = submission.localTime ? submission.localTime.startAt : submission.at;
  const readAt = submission.localTime?.at ?? at;
  if (!submission.testReaders) await checkCodes(deps.sql, submission.publicationId, submission.issue, readAt);
  const kind = submission.testReaders ? 'test' : submission.rehearsalRelay ? 'rehearsal' : 'regular';
  const issue = await deps.sql.begin(async tx => {
    const sourceHash = hashOf(submission.source);
    const row = await insertIssue(tx, {
      publicationId: submission.publicationId,
      slug: kind === 'regular' ? submission.slug : `${submission.slug}-${kind}`,
      kind,
      source: submission.source,
      sourceHash,
      issue: submission.issue,
      edition: submission.edition,
      pool: poolOf(submission.issue),
      ...(submission.rehearsalRelay ? { relay: submission.rehearsalRelay } : {}),
    });
    if (kind === 'regular' && !submission.again) await refuseRepeated(tx, row, submission, sourceHash);
    if (submission.localTime) await setLocalTime(tx, row.id, submission.localTime.local);
    if (submission.trial) await insertTrial(tx, row.id, submission.trial);
    if (at) return (await scheduleIssue(tx, row.id, at))!;
    if (submission.testReaders) await planChosen(tx, row.id, submission.testReaders);
    return kind === 'test' ? row : (await moveIssue(tx, row.id, ['draft'], 'sending'))!;
  });
  await wake(deps, issue, kind === 'test');
  return issue;
}

/**
 * What cannot be had together. A trial's rest would go out at each reader's own time only if the trial were over before the first of them
 * rises: nobody could tell when it will be.
 * @throws BroadsheetError USAGE
 */
function requireOneWay({
  localTime,
  trial,
  at,
  testReaders,
  rehearsalRelay,
}: Pick<Submission, 'localTime' | 'trial' | 'at' | 'testReaders' | 'rehearsalRelay'>): void {
  if (localTime && trial)
    throw new BroadsheetError('USAGE', 'a trial’s rest goes out when it has chosen, not at each reader’s own time', {
      help: 'Leave out the local time or the trial.',
    });
  if (localTime && at)
    throw new BroadsheetError('USAGE', 'an issue goes out at one moment or at each reader’s own time', {
      help: 'Give the day alone beside the local time.',
    });
  if ((localTime || trial) && (testReaders || rehearsalRelay))
    throw new BroadsheetError('USAGE', 'a test or rehearsal goes out at once, with one subject', {
      help: 'Leave out the local time and the trial.',
    });
}

/** The same text in any line ending is the same. */
export function hashOf(source: string): Buffer {
  return createHash('sha256').update(source.replace(/\r\n/g, '\n').trim()).digest();
}

/** Looks under the publication's lock that insertIssue took; `row` is our own. */
async function refuseRepeated(tx: Db, row: IssueRow, submission: Submission, sourceHash: Buffer): Promise<void> {
  const { publicationId, issue } = submission;
  const before = await findSentSource(tx, publicationId, sourceHash);
  if (before) throw new BroadsheetError('ISSUE_ALREADY_SENT', `it is issue ${before.slug}, ${before.state}`);
  // A slug made from a number or a date may come again; one that an editor wrote names this issue and no other.
  const named = issue.slug && (await findSentSlug(tx, publicationId, issue.slug, row.id));
  if (named)
    throw new BroadsheetError('ISSUE_ALREADY_SENT', `issue ${named.slug} is ${named.state}, with another text`, {
      help: `To correct it use: broadsheet correct ${named.slug} FILE. To send this as one more issue add --again, or give it another slug.`,
    });
}

/** Tells the workers at once; without Redis the tick will. */
export async function wake(deps: Deps, issue: IssueRow, planned: boolean): Promise<void> {
  try {
    if (planned) await queueBatches(deps);
    else
      await deps.queues.add(
        'plan-issue',
        (await unplannedIssues(deps.sql)).filter(id => id === issue.id),
      );
  } catch (error) {
    deps.log.warn(
      { issue: issue.id, error: messageOf(error) },
      'Redis is away; the send starts when the tick finds it',
    );
  }
}
