/** A manuscript becomes an issue on its way: stored as a draft, taken from the editors' desk, set going. Each step is one statement, and can be begun again. */
import type { Prepared } from '../../../commands/prepare.ts';
import { deleteDraft, insertIssueAtOnce, viewIssue } from '../../../db/api-issues.ts';
import { closeManuscript, findManuscript, type Manuscript } from '../../../db/manuscripts.ts';
import type { LocalSend } from '../../../enqueue/local-time.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import type { TrialWish } from '../../../model/trial.ts';
import type { Wiring } from '../../../wiring.ts';
import { startPrepared } from '../../api/issue-sending.ts';
import { storable } from '../../api/texts.ts';

export interface Order {
  manuscript: Pick<Manuscript, 'id' | 'publicationId' | 'version'>;
  prepared: Prepared;
  /** Null: the whole publication. */
  audience: SegmentRule | null;
  /** Null: now. */
  start: Date | LocalSend | null;
  /** Of the subjects that `prepared` was made with. */
  trial: TrialWish | null;
  /** Of the confirmation's form: pressed twice it is one issue. */
  requestId: string;
}

/**
 * @returns the issue, and whether it was begun by this call and no other; undefined: the manuscript was changed or thrown away since it was
 * looked at, and nothing was sent
 * @throws BroadsheetError as `startPrepared`: nothing was sent, and the manuscript is the editors' again
 */
export async function sendManuscript(
  wiring: Wiring,
  order: Order,
): Promise<{ id: number; isMine: boolean } | undefined> {
  const { sql } = wiring;
  const { manuscript, prepared, audience, start, trial, requestId } = order;
  const { publicationId } = manuscript;
  const id = await insertIssueAtOnce(sql, { publicationId, text: storable(prepared), requestId });
  if (!(await closeManuscript(sql, manuscript.id, manuscript.version, id))) {
    await deleteDraft(sql, id);
    const now = await findManuscript(sql, manuscript.id);
    // Another confirmation of the same text was quicker: it leads to what that one sends.
    return now?.issueId ? { id: now.issueId, isMine: false } : undefined;
  }
  const draft = (await viewIssue(sql, id))!;
  // The form was pressed before.
  if (draft.state !== 'draft') return { id, isMine: false };
  try {
    // Whether it was sent before was among the findings that were read.
    await startPrepared(wiring, draft, prepared, { again: true, audience, trial }, start);
  } catch (error) {
    // The draft that goes takes its hold on the manuscript along (its foreign key); it stays when the other press has sent it meanwhile.
    await deleteDraft(sql, id);
    if ((await viewIssue(sql, id)) === undefined) throw error;
    return { id, isMine: false };
  }
  return { id, isMine: true };
}
