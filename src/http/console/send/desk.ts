/** What every page on the way to a send needs: the manuscript, its publication, words. And its forms, which answer by a part where htmx asks. */

import { findManuscript, type Manuscript } from '../../../db/manuscripts.ts';
import { getPublication } from '../../../db/publications.ts';
import type { Publication } from '../../../model/publication.ts';
import type { Language } from '../../language.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage } from '../layout.tsx';
import { idOf } from '../routes.ts';
import { type SendWords, sendWords } from './words.ts';

export interface SendDesk {
  manuscript: Manuscript;
  publication: Publication;
  words: SendWords;
  language: Language;
  /** Address of the page, without a slash at the end. */
  here: string;
  /** Address of the text's own page. */
  editor: string;
}

/** @returns a page that refuses when there is nothing to send; one that became an issue leads to it */
export async function openDesk(c: ConsoleContext, site: Console): Promise<SendDesk | Response> {
  const language = c.get('language');
  const words = sendWords[language];
  const given = idOf(c);
  const manuscript = given === undefined ? undefined : await findManuscript(site.wiring.sql, given);
  if (!manuscript) return refusedPage(c, site, words.gone, 404);
  if (manuscript.issueId !== null) return c.redirect(`${site.base}/console/issues/${manuscript.issueId}`, 303);
  if (manuscript.deletedAt) return refusedPage(c, site, words.thrownAway, 409);
  const publication = await getPublication(site.wiring.sql, manuscript.publicationId);
  const editor = `${site.base}/console/manuscripts/${manuscript.id}`;
  return { manuscript, publication, words, language, here: `${editor}/send`, editor };
}
