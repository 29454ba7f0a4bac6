/** An issue's text on its way through the API: composed and rendered as the command line does it. */
import { lookUpMostLiked } from '../../commands/most-liked.ts';
import { isError, type Prepared, prepare } from '../../commands/prepare.ts';
import type { NewText } from '../../db/api-issues.ts';
import { readDkim } from '../../deliver/presses.ts';
import { hashOf } from '../../enqueue/submit.ts';
import type { Publication } from '../../model/publication.ts';
import type { Wiring } from '../../wiring.ts';
import { Refusal } from './problems.ts';

/** As JSON, with room for escapes; compose takes 1 MiB of text. */
export const sourceBodyBytes = 2 * 1024 * 1024;

/** @throws BroadsheetError DKIM_INVALID */
export async function prepareText(
  wiring: Pick<Wiring, 'config' | 'sql'>,
  source: string,
  publication: Publication,
  allowLarge = false,
  /** Of a trial. */
  subjects?: readonly string[],
): Promise<Prepared> {
  const { config } = wiring;
  const mostLiked = await lookUpMostLiked(wiring, source, publication);
  return prepare({ source, publication, config, dkim: readDkim(config), allowLarge, mostLiked, subjects });
}

export function storable({ source, issue, edition, slug }: Prepared): NewText {
  return { source, sourceHash: hashOf(source), issue, edition, slug };
}

/** @throws Refusal ISSUE_REFUSED with each error */
export function requireSound({ problems }: Prepared): void {
  const errors = problems.filter(isError);
  if (errors.length === 0) return;
  throw new Refusal('ISSUE_REFUSED', `the checks found ${errors.length} errors`, {
    errors: errors.slice(0, 50).map(({ code, line, message }) => ({
      detail: `${line > 0 ? `line ${line}: ` : ''}${message} (${code})`,
    })),
  });
}
