/** What became of an issue, with raw and filtered counts side by side (rule 4.2). */
import { countClicks } from '../db/clicks.ts';
import type { Sql } from '../db/client.ts';
import { countComments, countWaiting } from '../db/comments.ts';
import { countOutcomes } from '../db/events.ts';
import { countLikes } from '../db/likes.ts';
import { countReasons } from '../db/preferences.ts';
import { findContents } from '../db/readers.ts';
import { countVariants, findTrial, type TrialRow } from '../db/trials.ts';
import { countWebLikes } from '../db/web-likes.ts';
import { BroadsheetError } from '../errors.ts';
import { trapRef } from '../model/edition.ts';
import type { LeavingReason } from '../model/leaving.ts';
import type { VariantCount } from '../model/trial.ts';
import { countJudged } from './count.ts';
import { judgeJointly } from './judge.ts';

interface LinkReport {
  ref: number;
  url: string;
  label: string;
  /** Requests, machines' included. */
  all: number;
  /** Readers with a click that does not look like a machine's. */
  people: number;
}

export interface IssueReport {
  accepted: number;
  /** The web's, of the issue as a whole: pressed without a reader's link. */
  webLikes: number;
  /** Public ones, and those that wait for a moderator. */
  comments: { published: number; pending: number };
  /** Readers who like the issue as a whole. `pressed`: presses of the button, machines' and those taken back included. */
  likes: number;
  pressed: number;
  summaryLikes: { summary: number; title: string; likes: number; pressed: number; webLikes: number }[];
  /** `people` counts each reader once per link. `links` holds every tracked link, in order; empty: none was tracked. */
  clicks: { all: number; people: number; links: LinkReport[] };
  /** Not measured. */
  opens: null;
  /** Readers who left through this issue and have not come back. */
  unsubscribed: number;
  /** What those of them who cared to say gave as their reason, most frequent first. */
  leftReasons: Partial<Record<LeavingReason, number>>;
  /** Readers who reported the issue as spam. */
  complained: number;
  /** Readers. `soft`: full mailboxes, block lists and the like; who bounced hard counts there only. */
  bounced: { hard: number; soft: number };
  /** Of an issue with a trial of subjects. `variants` count the readers of its part only, so that like is held against like. */
  trial?: Omit<TrialRow, 'issueId' | 'subjects'> & { variants: (VariantCount & { subject: string })[] };
}

/**
 * Judges what is not judged yet, then counts. For a person's command: after an outage it may have much to judge.
 * @throws BroadsheetError ISSUE_UNKNOWN
 */
export async function report(sql: Sql, issueId: number): Promise<IssueReport> {
  await countJudged(sql, issueId);
  await judgeJointly(sql, issueId);
  return readReport(sql, issueId);
}

/**
 * Counts and writes nothing; clicks of the last seconds may not be judged yet.
 * @throws BroadsheetError ISSUE_UNKNOWN
 */
export async function readReport(sql: Sql, issueId: number): Promise<IssueReport> {
  const contents = await findContents(sql, issueId);
  if (!contents) throw new BroadsheetError('ISSUE_UNKNOWN', `there is no issue ${issueId}`);
  const [counted, likes, webLikes, comments, pending, outcomes, leftReasons, trial] = await Promise.all([
    countClicks(sql, issueId),
    countLikes(sql, issueId),
    countWebLikes(sql, issueId),
    countComments(sql, issueId),
    countWaiting(sql, issueId),
    countOutcomes(sql, issueId),
    countReasons(sql, issueId),
    trialOf(sql, issueId),
  ]);
  // The hidden link is no link of the issue's.
  const clicks = counted.filter(row => row.ref !== trapRef);
  const byRef = new Map(clicks.map(row => [row.ref, row]));
  const links = contents.links.map(({ ref, url, label }) => {
    const { all = 0, people = 0 } = byRef.get(ref) ?? {};
    return { ref, url, label, all, people };
  });
  const sum = (of: 'all' | 'people') => clicks.reduce((total, row) => total + row[of], 0);
  const likesOf = (thing: number) => likes.get(thing) ?? { readers: 0, pressed: 0 };
  return {
    accepted: outcomes.accepted,
    webLikes: webLikes.get(0) ?? 0,
    likes: likesOf(0).readers,
    pressed: likesOf(0).pressed,
    summaryLikes: contents.summaries.map(({ number, title }) => ({
      summary: number,
      title,
      likes: likesOf(number).readers,
      pressed: likesOf(number).pressed,
      webLikes: webLikes.get(number) ?? 0,
    })),
    comments: { published: [...comments.values()].reduce((total, n) => total + n, 0), pending },
    clicks: { all: sum('all'), people: sum('people'), links },
    opens: null,
    unsubscribed: outcomes.unsubscribed,
    leftReasons,
    complained: outcomes.complained,
    bounced: { hard: outcomes.hard, soft: outcomes.soft },
    ...(trial && { trial }),
  };
}

async function trialOf(sql: Sql, issueId: number): Promise<IssueReport['trial']> {
  const trial = await findTrial(sql, issueId);
  if (!trial) return undefined;
  const { issueId: _issue, subjects, ...rest } = trial;
  const variants = (await countVariants(sql, issueId)).map(count => ({
    ...count,
    subject: subjects[count.variant - 1]!,
  }));
  return { ...rest, variants };
}
