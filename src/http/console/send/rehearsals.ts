/**
 * Rehearsals that were begun in this console: one at a time in a process, whose sink lives here until everything has gone there. The report is
 * kept with the audit log, so that any process can show it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prepared } from '../../../commands/prepare.ts';
import { hasEnded } from '../../../commands/progress.ts';
import { describeRehearsal, measurePace } from '../../../commands/rehearsal.ts';
import { countStates } from '../../../db/accounting.ts';
import { insertIssueAtOnce } from '../../../db/api-issues.ts';
import { insertAudit } from '../../../db/audit.ts';
import type { Manuscript } from '../../../db/manuscripts.ts';
import { startSink } from '../../../deliver/sink.ts';
import { control, requireIssue } from '../../../enqueue/control.ts';
import { wake } from '../../../enqueue/submit.ts';
import { messageOf } from '../../../errors.ts';
import type { Publication } from '../../../model/publication.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import { type Accounting, account } from '../../../track/status.ts';
import type { Wiring } from '../../../wiring.ts';
import { storable } from '../../api/texts.ts';

const pollMs = 500;
const longestMs = 2 * 60 * 60_000;
/** Looks in a row that may fail: Postgres restarts now and then. */
const patience = 120;

export interface RunningRehearsal {
  manuscriptId: number;
  version: number;
  /** Undefined until its first look. */
  accounting?: Accounting;
}

let running: RunningRehearsal | undefined;

export const runningRehearsal = (): RunningRehearsal | undefined => running;

export interface ToRehearse {
  manuscript: Pick<Manuscript, 'id' | 'publicationId' | 'version'>;
  publication: Publication;
  prepared: Prepared;
  audience: SegmentRule | null;
  staff: { id: number; email: string };
}

/** @returns the end of it; undefined: another one is running here */
export function startRehearsal(wiring: Wiring, given: ToRehearse): Promise<void> | undefined {
  if (running) return undefined;
  const mine: RunningRehearsal = { manuscriptId: given.manuscript.id, version: given.manuscript.version };
  running = mine;
  return rehearse(wiring, given, mine)
    .catch(error => wiring.log.warn({ manuscript: given.manuscript.id, error: messageOf(error) }, 'a rehearsal failed'))
    .finally(() => {
      running = undefined;
    });
}

async function rehearse(wiring: Wiring, given: ToRehearse, mine: RunningRehearsal): Promise<void> {
  const { sql, config } = wiring;
  const { manuscript, publication, prepared } = given;
  const sink = await startSink();
  let issueId: number | undefined;
  try {
    const pace = config.smtpUrls[0] ? measurePace(config.smtpUrls[0]) : undefined;
    issueId = await insertIssueAtOnce(sql, {
      publicationId: manuscript.publicationId,
      text: storable(prepared),
      requestId: null,
      rehearsal: { relay: sink.url, audience: given.audience },
    });
    await wake(wiring, await requireIssue(sql, String(issueId)), false);
    await follow(wiring, issueId, mine);
    const issue = await requireIssue(sql, String(issueId));
    const report = await describeRehearsal(wiring, {
      issue,
      publication,
      edition: prepared.edition,
      sink: sink.report(),
      pace: await pace,
    });
    await insertAudit(sql, given.staff, {
      act: 'manuscript.rehearse',
      subject: `manuscript ${manuscript.id}`,
      detail: { issue: issueId, version: manuscript.version, ...report },
    });
  } finally {
    // What is left could never be delivered: its sink goes.
    if (issueId !== undefined) await control(wiring, String(issueId), 'cancel').catch(() => {});
    await sink.close();
  }
}

/** Until nothing moves any more, or it takes too long. */
async function follow({ sql }: Wiring, issueId: number, mine: RunningRehearsal): Promise<void> {
  const endsAt = Date.now() + longestMs;
  let failures = 0;
  while (Date.now() < endsAt) {
    const began = performance.now();
    try {
      const { row, counts } = await countStates(sql, issueId);
      mine.accounting = account(row, counts);
      failures = 0;
      if (hasEnded(mine.accounting)) return;
    } catch (error) {
      if (++failures > patience) throw error;
    }
    await sleep(Math.max(pollMs, (performance.now() - began) * 4), undefined, { ref: false });
  }
}
