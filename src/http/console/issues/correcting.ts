/** A correction as it is posted: checked as a send is, then stored; and the erratum with it. */
import { dayOf, noteSchema } from '../../../commands/correct.ts';
import { lookUpMostLiked } from '../../../commands/most-liked.ts';
import { isError, type Prepared, prepare } from '../../../commands/prepare.ts';
import { termsBefore } from '../../../commands/send.ts';
import type { IssueRow } from '../../../db/issues.ts';
import { currentRevision } from '../../../db/revisions.ts';
import { findTrial } from '../../../db/trials.ts';
import { readDkim } from '../../../deliver/presses.ts';
import { type CorrectionResult, correct } from '../../../enqueue/correct.ts';
import type { Problem } from '../../../model/issue.ts';
import type { Publication } from '../../../model/publication.ts';
import { render } from '../../../render/render.ts';
import { renumber } from '../../../render/renumber.ts';
import type { Wiring } from '../../../wiring.ts';

export interface CorrectionForm {
  /** Id of the revision that the text was begun from. */
  follows: number;
  source: string;
  note: string;
  /** Empty: nobody is written to. */
  erratum: string;
  /** The warnings were read. */
  seen: boolean;
}

export type Outcome =
  | { stored: CorrectionResult }
  /** `slug`: the address that the text names by mistake. */
  | { refused: 'text' | 'erratum' | 'warnings' | 'revision' | 'slug' | 'note'; problems: Problem[]; slug?: string };

/** @throws BroadsheetError as `correct` */
export async function storeCorrection(
  wiring: Wiring,
  issue: IssueRow,
  publication: Publication,
  form: CorrectionForm,
): Promise<Outcome> {
  const { sql } = wiring;
  const note = form.note.trim() === '' ? null : noteSchema.safeParse(form.note);
  if (note && !note.success) return { refused: 'note', problems: [] };
  const current = await currentRevision(sql, issue.id);
  if (current.id !== form.follows) return { refused: 'revision', problems: [] };
  // A trial goes on under the subjects it has.
  const subjects = (await findTrial(sql, issue.id))?.subjects;
  const text = await prepared(wiring, form.source, publication, { issue, subjects });
  if (text.problems.some(isError)) return { refused: 'text', problems: text.problems };
  const { slug } = text.issue;
  if (slug !== undefined && slug !== issue.slug && !issue.slug.startsWith(`${slug}-`))
    return { refused: 'slug', problems: [], slug };
  const erratum = form.erratum.trim() === '' ? undefined : await prepared(wiring, form.erratum, publication);
  if (erratum?.problems.some(isError)) return { refused: 'erratum', problems: erratum.problems };
  const warnings = [...text.problems, ...(erratum?.problems ?? [])];
  if (warnings.length > 0 && !form.seen) return { refused: 'warnings', problems: warnings };
  const sendDate = text.issue.date ?? dayOf(issue, publication);
  const edition = await render(text.issue, { publication, sendDate, subjects });
  const stored = await correct(wiring, {
    issue,
    current,
    corrected: { source: text.source, issue: text.issue, edition: renumber(edition, current.edition) },
    note: note ? note.data : null,
    erratum,
  });
  return { stored };
}

/** @param given.issue that it corrects @param given.subjects of that one's trial */
async function prepared(
  wiring: Wiring,
  text: string,
  publication: Publication,
  given: { issue?: IssueRow; subjects?: readonly string[] | undefined } = {},
): Promise<Prepared> {
  const { sql, config } = wiring;
  const { issue, subjects } = given;
  // Forms send lines with CR LF, whatever they were loaded with.
  const source = text.replace(/\r\n/g, '\n');
  const mostLiked = await lookUpMostLiked(wiring, source, publication, issue?.id);
  const knownTerms = issue && (await termsBefore(sql, issue.publicationId, issue.id));
  return prepare({ source, publication, config, dkim: readDkim(config), mostLiked, knownTerms, subjects });
}
