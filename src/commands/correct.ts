/** `correct`: the next revision of an issue, checked as a send is, and an erratum when there is one. */
import { z } from 'zod';
import type { IssueRow } from '../db/issues.ts';
import { getPublication } from '../db/publications.ts';
import { currentRevision } from '../db/revisions.ts';
import { findTrial } from '../db/trials.ts';
import { testRelays } from '../deliver/relays.ts';
import { requireIssue } from '../enqueue/control.ts';
import { type CorrectionResult, correct, requireCorrectable } from '../enqueue/correct.ts';
import { BroadsheetError } from '../errors.ts';
import { dayIn } from '../model/day.ts';
import type { Publication } from '../model/publication.ts';
import { render } from '../render/render.ts';
import { renumber } from '../render/renumber.ts';
import type { Wiring } from '../wiring.ts';
import type { Output } from './output.ts';
import { checkedText, termsBefore } from './send.ts';
import { withWiring } from './wired.ts';

export interface CorrectOptions {
  note?: string;
  erratum?: string;
  allowLarge?: boolean;
}

export const noteSchema = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);

export async function correctCommand(
  issue: string,
  file: string,
  options: CorrectOptions,
  output: Output,
): Promise<number> {
  const note = noteOf(options.note);
  return withWiring('correct', async wiring => {
    const row = await requireIssue(wiring.sql, issue);
    requireCorrectable(row, options.erratum !== undefined);
    const result = await correctFrom(wiring, row, file, { ...options, note });
    const { revision, sentBefore, unsent, erratum } = result;
    const now = await requireIssue(wiring.sql, String(row.id));
    output.result(
      {
        issue: row.slug,
        revision,
        state: now.state,
        sentBefore,
        unsent,
        ...(erratum ? { erratum: erratum.slug } : {}),
      },
      linesOf(row, result),
    );
    return 0;
  });
}

async function correctFrom(
  wiring: Wiring,
  row: IssueRow,
  file: string,
  options: { note: string | null; erratum?: string; allowLarge?: boolean },
): Promise<CorrectionResult> {
  const { sql, config } = wiring;
  const publication = await getPublication(sql, row.publicationId);
  const large = options.allowLarge ?? false;
  // The revision is read before the check, so that one stored meanwhile is noticed.
  const current = await currentRevision(sql, row.id);
  const known = await termsBefore(sql, row.publicationId, row.id);
  // A trial goes on under the subjects it has.
  const subjects = (await findTrial(sql, row.id))?.subjects;
  const text = await checkedText(wiring, file, publication, large, { knownTerms: known, issueId: row.id, subjects });
  requireSameSlug(row, text.issue.slug, file);
  const sendDate = text.issue.date ?? dayOf(row, publication);
  const edition = await render(text.issue, { publication, sendDate, subjects });
  const erratum = options.erratum ? await checkedText(wiring, options.erratum, publication, large) : undefined;
  if (erratum) {
    await testRelays(config.smtpUrls, publication.delivery.relay);
  }
  return correct(wiring, {
    issue: row,
    current,
    corrected: { source: text.source, issue: text.issue, edition: renumber(edition, current.edition) },
    note: options.note,
    erratum,
  });
}

/** The day in the masthead stays the one that the copies sent before show, or will. */
export function dayOf(row: IssueRow, { timeZone }: Publication): string {
  return row.localDay ?? dayIn(timeZone, row.scheduledAt ?? row.createdAt);
}

/** A file of another issue, given by mistake, must not take this one's place. @throws BroadsheetError USAGE */
function requireSameSlug(row: IssueRow, slug: string | undefined, file: string): void {
  if (slug === undefined || slug === row.slug || row.slug.startsWith(`${slug}-`)) return;
  throw new BroadsheetError('USAGE', `the file names slug ${slug}, and the issue is ${row.slug}`, {
    file,
    help: 'Give the corrected file of this issue. If it is meant, change the line `slug:`.',
  });
}

/** @throws BroadsheetError USAGE */
function noteOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const parsed = noteSchema.safeParse(text);
  if (!parsed.success)
    throw new BroadsheetError('USAGE', 'the note cannot be used', { help: 'Write one line of 1 to 300 characters.' });
  return parsed.data;
}

function linesOf(row: IssueRow, { revision, sentBefore, unsent, erratum }: CorrectionResult): string[] {
  return [
    `Issue ${row.slug}: revision ${revision}. ${sentBefore} readers have an older one; ${unsent} will get this one.`,
    ...(erratum
      ? [`  ${erratum.slug} goes to those who have an older one. Follow it: broadsheet status ${erratum.slug}`]
      : sentBefore > 0
        ? [
            `  To write to those who have an older one: broadsheet correct ${row.slug} FILE --erratum ERRATUM.md, with the same FILE.`,
          ]
        : []),
  ];
}
