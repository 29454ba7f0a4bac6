/** What every page on the way to a send needs: the manuscript, its publication, words. And its forms, which answer by a part where htmx asks. */
import { z } from 'zod';
import { findManuscript, type Manuscript } from '../../../db/manuscripts.ts';
import { getPublication } from '../../../db/publications.ts';
import { BroadsheetError } from '../../../errors.ts';
import type { Publication } from '../../../model/publication.ts';
import { readForm } from '../../form.ts';
import type { Language } from '../../language.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage } from '../layout.tsx';
import type { Act } from '../may.ts';
import type { ConsoleRoute } from '../routes.ts';
import { isFormToken } from '../sessions.ts';
import { type SendWords, sendWords } from './words.ts';

const id = z.string().regex(/^[1-9]\d{0,14}$/);

/** A row's number out of the address. */
export function idOf(c: ConsoleContext, name = 'id'): number | undefined {
  const given = id.safeParse(c.req.param(name));
  return given.success ? Number(given.data) : undefined;
}

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

/** Whether a script of ours asks for a part of a page. */
export const wantsPart = (c: ConsoleContext): boolean => c.req.header('hx-request') === 'true';

/**
 * A form's POST whose handler answers by itself and writes down what it did: one that shows the form again, with what was typed.
 * @param handle throws BroadsheetError for what cannot be done: its words are shown
 */
export function posted<Fields extends z.ZodRawShape>(
  path: string,
  act: Act,
  fields: Fields,
  handle: (c: ConsoleContext, site: Console, form: z.infer<z.ZodObject<Fields>>) => Promise<Response>,
): ConsoleRoute {
  const schema = z.object(fields);
  return {
    method: 'post',
    path,
    act,
    handle: async (c, site) => {
      const form = await readForm(c);
      if (!isFormToken(c, site, form.token)) return refusedPage(c, site, c.get('words').formOld, 403);
      const parsed = schema.safeParse(form);
      if (!parsed.success) return refusedPage(c, site, c.get('words').formWrong, 400);
      try {
        return await handle(c, site, parsed.data);
      } catch (error) {
        if (!(error instanceof BroadsheetError)) throw error;
        return refusedPage(c, site, `${error.message}. ${error.help}`, 409);
      }
    },
  };
}
