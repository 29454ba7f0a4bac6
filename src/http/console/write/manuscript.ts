/** What the routes of writing share: the manuscript that a path names, and its text as it is stored. */

import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { findManuscript, type Manuscript } from '../../../db/manuscripts.ts';
import { BroadsheetError } from '../../../errors.ts';
import { readFrontMatter } from '../../../model/front-matter.ts';
import type { Console, ConsoleContext, ConsoleEnv } from '../context.ts';
import { idOf } from '../routes.ts';

/** Longer texts are no issue: compose takes 1 MiB. In UTF-16 units; what is longer in bytes compose refuses with its line. */
const mostSource = 1024 * 1024;
/** As JSON with escapes, or as a form in parts. */
const bodyBytes = 8 * 1024 * 1024;

/** As stored: LF line ends, no NUL (Postgres takes none). */
export const sourceSchema = z
  .string()
  .max(mostSource)
  .transform(text => text.replace(/\r\n?/g, '\n').replaceAll('\0', ''));

export const versionSchema = z.coerce.number().int().min(1).max(2_000_000_000);

/** Also one that was thrown away or became an issue; undefined: there is none. */
export async function manuscriptOf(c: ConsoleContext, site: Console): Promise<Manuscript | undefined> {
  const id = idOf(c);
  return id === undefined ? undefined : findManuscript(site.wiring.sql, id);
}

/** @throws BroadsheetError MANUSCRIPT_UNKNOWN */
export async function requireManuscript(c: ConsoleContext, site: Console): Promise<Manuscript> {
  const found = await manuscriptOf(c, site);
  if (!found) throw new BroadsheetError('MANUSCRIPT_UNKNOWN', 'there is no such manuscript');
  return found;
}

export const isOpen = ({ issueId, deletedAt }: Pick<Manuscript, 'issueId' | 'deletedAt'>) =>
  issueId === null && deletedAt === null;

const maxTitle = 200;

/** What lists call a text: its title, its subject, its first heading or its first words; '' for an empty one. */
export function titleOf(source: string): string {
  const { values } = readFrontMatter(source);
  const named = values.title ?? values.subject;
  if (named) return named.slice(0, maxTitle);
  const body = source.replace(/^---[ \t]*\n[\s\S]{0,20000}?\n---[ \t]*(?:\n|$)/, '').slice(0, 20_000);
  const heading = /^#{1,6}[ \t]+(.+)$/m.exec(body)?.[1];
  const first = heading ?? body.split('\n').find(line => /[\p{L}\p{N}]/u.test(line) && !line.startsWith('<!--'));
  return (first ?? '')
    .replace(/\*\*|[`#]/g, '')
    .trim()
    .slice(0, maxTitle);
}

const limit = bodyLimit({
  maxSize: bodyBytes,
  onError: c => c.json({ error: (c as ConsoleContext).get('words').formWrong }, 413),
});

/** Bodies of requests about manuscripts hold whole texts. Pictures are larger: their route has a limit of its own. */
export const manuscriptBodies: MiddlewareHandler<ConsoleEnv> = (c, next) =>
  c.req.path.endsWith('/images') ? next() : limit(c, next);
