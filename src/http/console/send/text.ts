/** A manuscript as it would go out: composed, rendered and checked, kept for as long as nothing of it changes. */

import { createHash } from 'node:crypto';
import { lookUpMostLiked } from '../../../commands/most-liked.ts';
import { type Prepared, prepare } from '../../../commands/prepare.ts';
import { termsBefore } from '../../../commands/send.ts';
import { findSentSource } from '../../../db/issues.ts';
import type { Manuscript } from '../../../db/manuscripts.ts';
import { readDkim } from '../../../deliver/presses.ts';
import { checkCodes } from '../../../enqueue/codes.ts';
import { hashOf } from '../../../enqueue/submit.ts';
import { BroadsheetError } from '../../../errors.ts';
import { Memo } from '../../../memo.ts';
import { dayIn } from '../../../model/day.ts';
import type { Problem } from '../../../model/issue.ts';
import type { Publication } from '../../../model/publication.ts';
import type { Wiring } from '../../../wiring.ts';
import { requireRelay } from '../../api/issue-review.ts';
import type { Language } from '../../language.ts';
import { oneFor } from '../../one-for.ts';
import { errorWords } from '../errors.ts';
import { sendWords } from './words.ts';

const keptMs = 30_000;
const mostKept = 20;
const keptOf = oneFor((_: Wiring) => new Memo<string, Prepared>(mostKept, keptMs));

/** @param at when it is to go out: the masthead shows that day @param subjects of a trial, the issue's own included */
export function preparedText(
  wiring: Wiring,
  manuscript: Pick<Manuscript, 'id' | 'publicationId' | 'version' | 'source'>,
  publication: Publication,
  at: Date | null,
  subjects?: readonly string[],
): Promise<Prepared> {
  const day = dayIn(publication.timeZone, at ?? new Date());
  const look = createHash('sha256')
    .update(JSON.stringify([publication, subjects]))
    .digest('base64');
  const key = `${manuscript.id} ${manuscript.version} ${day} ${look}`;
  return keptOf(wiring).get(key, () => prepareText(wiring, manuscript, publication, at, subjects));
}

async function prepareText(
  wiring: Wiring,
  { publicationId, source }: Pick<Manuscript, 'publicationId' | 'source'>,
  publication: Publication,
  at: Date | null,
  subjects?: readonly string[],
): Promise<Prepared> {
  const { sql, config } = wiring;
  const [knownTerms, mostLiked] = await Promise.all([
    termsBefore(sql, publicationId),
    lookUpMostLiked(wiring, source, publication),
  ]);
  const dkim = readDkim(config);
  return prepare({ source, publication, config, dkim, knownTerms, mostLiked, at: at ?? undefined, subjects });
}

/** What stands in the way of a send, or should be known before it. */
export type Finding = Pick<Problem, 'severity' | 'code' | 'line' | 'message' | 'help'>;

/**
 * What the text's own checks found (in English: `problemWords` has the Korean), and what the installation and earlier issues say of it. Texts checked more closely (`checkText`) join here.
 * @returns errors first
 */
export async function findingsOf(
  wiring: Wiring,
  publicationId: number,
  publication: Publication,
  prepared: Prepared,
  at: Date | null,
  language: Language,
): Promise<Finding[]> {
  const found: Finding[] = [...prepared.problems];
  const note = (severity: Finding['severity'], code: string, message: string, help: string) =>
    found.push({ severity, code, line: 0, message, help });
  const refused = (error: unknown) => {
    if (!(error instanceof BroadsheetError)) throw error;
    const { message, help } = errorWords(error, language);
    note('error', error.code, message, help);
  };
  try {
    requireRelay(wiring, publication);
  } catch (error) {
    refused(error);
  }
  const warnings = await checkCodes(wiring.sql, publicationId, prepared.issue, at ?? undefined).catch(refused);
  for (const warning of warnings ?? []) note('warning', 'codes', sendWords[language].codes(warning), '');
  const before = await findSentSource(wiring.sql, publicationId, hashOf(prepared.source));
  if (before) note('warning', 'sent-before', `${before.slug}: ${before.title}`, '');
  return found.sort((a, b) => Number(a.severity !== 'error') - Number(b.severity !== 'error'));
}

export const isBlocked = (findings: readonly Finding[]): boolean => findings.some(one => one.severity === 'error');
