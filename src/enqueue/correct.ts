/** Corrections: the next revision of an issue, and an erratum to those who have an older one. */
import { findErratum, type IssueRow, insertIssue, moveIssue } from '../db/issues.ts';
import { addRevision, type CurrentRevision, correctable, type Spread, spreadOf } from '../db/revisions.ts';
import { BroadsheetError } from '../errors.ts';
import type { Edition } from '../model/edition.ts';
import type { Issue } from '../model/issue.ts';
import { type Deps, hashOf } from './submit.ts';

/** A text that passed the checks. */
interface CheckedText {
  source: string;
  issue: Issue;
  edition: Edition;
}

export interface Correcting {
  issue: IssueRow;
  /** The revision that the correction was made after. */
  current: Pick<CurrentRevision, 'id' | 'number' | 'sourceHash'>;
  /** Its edition is renumbered after the current one's. */
  corrected: CheckedText;
  note: string | null;
  erratum: CheckedText | undefined;
}

export interface CorrectionResult extends Spread {
  revision: number;
  /** The erratum, which goes out as soon as it is known who has an older revision. */
  erratum: IssueRow | undefined;
}

/**
 * Whether an issue can be corrected at all; asked before its text is checked.
 * @throws BroadsheetError ISSUE_STATE, USAGE
 */
export function requireCorrectable(issue: IssueRow, hasErratum: boolean): void {
  if (issue.kind === 'test' || issue.kind === 'rehearsal')
    throw new BroadsheetError('ISSUE_STATE', `${issue.slug} is a ${issue.kind}; its text is kept as it was tried`, {
      help: 'Correct the file and try it again, or name the issue that readers get.',
    });
  if (!(correctable as readonly string[]).includes(issue.state))
    throw new BroadsheetError('ISSUE_STATE', `issue ${issue.slug} is ${issue.state}: it goes to nobody any more`);
  if (hasErratum && (issue.kind === 'erratum' || issue.state === 'draft' || issue.state === 'scheduled'))
    throw new BroadsheetError(
      'USAGE',
      issue.kind === 'erratum' ? 'an erratum has no erratum of its own' : `nobody has issue ${issue.slug} yet`,
      { help: 'Leave out --erratum.' },
    );
}

/**
 * Stores a correction: copies that have not left carry it at once, the web issue shows it, those sent before get the erratum, if there is one.
 * With the text unchanged only the erratum is sent, to those who have an older revision.
 * @throws BroadsheetError ISSUE_UNCHANGED, ISSUE_CORRECTED, ISSUE_STATE, ISSUE_ALREADY_SENT
 */
export async function correct(deps: Deps, given: Correcting): Promise<CorrectionResult> {
  const { issue, current, corrected, erratum } = given;
  requireCorrectable(issue, erratum !== undefined);
  const sourceHash = hashOf(corrected.source);
  const isChanged = !sourceHash.equals(current.sourceHash);
  if (!isChanged && !(erratum && current.number > 1))
    throw new BroadsheetError('ISSUE_UNCHANGED', `this is revision ${current.number} of ${issue.slug} already`);
  const stored = await deps.sql.begin(async tx => {
    const { source, issue: text, edition } = corrected;
    const added = isChanged
      ? await addRevision(tx, {
          issueId: issue.id,
          follows: current.id,
          source,
          sourceHash,
          issue: text,
          edition,
          note: given.note,
        })
      : current.number;
    if (added === undefined)
      throw new BroadsheetError('ISSUE_CORRECTED', `revision ${current.number} of ${issue.slug} is not the newest`);
    return { revision: added, erratum: erratum && (await sendErratum(tx, issue, erratum)) };
  });
  return { ...stored, ...(await spreadOf(deps.sql, issue.id)) };
}

/** The tick has it planned once no older copy is on its way any more. */
async function sendErratum(tx: Parameters<typeof insertIssue>[0], of: IssueRow, text: CheckedText): Promise<IssueRow> {
  const { source, issue, edition } = text;
  const sourceHash = hashOf(source);
  const row = await insertIssue(tx, {
    publicationId: of.publicationId,
    slug: `${of.slug}-erratum`,
    kind: 'erratum',
    corrects: of.id,
    source,
    sourceHash,
    issue,
    edition,
  });
  const before = await findErratum(tx, of.id, sourceHash, row.id);
  if (before)
    throw new BroadsheetError('ISSUE_ALREADY_SENT', `it is ${before.slug}, ${before.state}`, {
      help: 'Readers got this erratum already. Write what is new since, or leave out --erratum.',
    });
  return (await moveIssue(tx, row.id, ['draft'], 'sending'))!;
}
