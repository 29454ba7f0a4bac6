/** A text, checked as `send` would check it, with what is known besides. */
import { makeReport } from '../../../check/make-report.ts';
import type { CheckReport } from '../../../check/report.ts';
import { lookUpMostLiked } from '../../../commands/most-liked.ts';
import { prepare } from '../../../commands/prepare.ts';
import { termsBefore } from '../../../commands/send.ts';
import type { StoredPublication } from '../../../db/publications.ts';
import { readDkim } from '../../../deliver/presses.ts';
import { domainOf, mailbox } from '../../../personalise/addresses.ts';
import type { Wiring } from '../../../wiring.ts';
import { domainState } from './domain.ts';

/**
 * Nothing is stored. What DNS says comes from memory: `report.domain` says when it was not known yet.
 * @param stored of whom the text is
 * @throws BroadsheetError DKIM_INVALID
 */
export async function checkText(
  wiring: Pick<Wiring, 'config' | 'sql'>,
  { id, publication }: StoredPublication,
  source: string,
): Promise<CheckReport> {
  const { config, sql } = wiring;
  const dkim = readDkim(config);
  const [knownTerms, mostLiked] = await Promise.all([
    termsBefore(sql, id),
    lookUpMostLiked(wiring, source, publication),
  ]);
  const prepared = await prepare({ source, publication, config, knownTerms, mostLiked });
  const domain = domainState(config, domainOf(mailbox(publication.from.address)));
  return makeReport(prepared, { publication, isSigned: dkim !== undefined, domain });
}
