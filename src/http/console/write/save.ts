/** Saving: by the script as one types, or by a form. Whoever saves names the version they began from; nothing is overwritten unseen. */
import { z } from 'zod';
import { findManuscript, type Manuscript, saveManuscript } from '../../../db/manuscripts.ts';
import { readForm } from '../../form.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage } from '../layout.tsx';
import { type Answered, type ConsoleRoute, call } from '../routes.ts';
import { isFormToken } from '../sessions.ts';
import { conflictPage } from './conflict.tsx';
import { manuscriptOf, requireManuscript, sourceSchema, titleOf, versionSchema } from './manuscript.ts';
import { writeWords } from './words.ts';

const length = z.int().min(0).max(4_000_000);

/** The whole text; or, where little can be sent (a page that is being left), what changed in the text of that version. */
const bodySchema = z.union([
  z.strictObject({ version: versionSchema, source: sourceSchema, keep: z.boolean().default(false) }),
  z.strictObject({ version: versionSchema, from: length, to: length, insert: sourceSchema, length }),
]);

const formSchema = z.object({
  token: z.string(),
  version: versionSchema,
  source: sourceSchema,
  keep: z.string().optional(),
});

export const saveRoutes: ConsoleRoute[] = [
  call('/manuscripts/:id/save', 'write', bodySchema, async (c, site, body) => {
    const manuscript = await requireManuscript(c, site);
    const source = 'source' in body ? body.source : spliced(manuscript, body);
    if (source === undefined) return conflict(c, manuscript);
    const keep = 'keep' in body && body.keep;
    const version = await save(c, site, manuscript, { version: body.version, source, keep });
    if (version !== undefined) return { body: { version, at: new Date().toISOString() } };
    const now = (await findManuscript(site.wiring.sql, manuscript.id)) ?? manuscript;
    // Said twice, or the same from two windows: no conflict.
    return now.source === source && now.issueId === null && now.deletedAt === null
      ? { body: { version: now.version, at: now.updatedAt.toISOString() } }
      : conflict(c, now);
  }),
  { method: 'post', path: '/manuscripts/:id', act: 'write', handle: saveForm },
];

/** Undefined when the text it was made for is no more the one that is saved. */
function spliced(
  { version, source }: Manuscript,
  change: { version: number; from: number; to: number; insert: string; length: number },
): string | undefined {
  const fits = change.version === version && change.length === source.length && change.from <= change.to;
  return fits && change.to <= source.length
    ? source.slice(0, change.from) + change.insert + source.slice(change.to)
    : undefined;
}

function save(
  c: ConsoleContext,
  site: Console,
  { id }: Manuscript,
  given: { version: number; source: string; keep: boolean },
): Promise<number | undefined> {
  return saveManuscript(site.wiring.sql, id, { ...given, title: titleOf(given.source), by: c.get('staff').id });
}

function conflict(c: ConsoleContext, now: Manuscript): Answered {
  const words = writeWords(c.get('language'));
  const { version, source, updatedAt, issueId, deletedAt } = now;
  const closed = issueId !== null ? words.closed : deletedAt !== null ? words.gone : undefined;
  return {
    status: 409,
    body: {
      // Only a text that is still worked on can be decided about.
      ...(closed ? { error: closed } : { conflict: true }),
      version,
      source,
      by: now.updatedBy ?? words.nobody,
      at: updatedAt.toISOString(),
    },
  };
}

/** Without a script. A conflict answers with both texts, so that neither is lost. */
async function saveForm(c: ConsoleContext, site: Console): Promise<Response> {
  const words = c.get('words');
  const form = await readForm(c);
  if (!isFormToken(c, site, form.token)) return refusedPage(c, site, words.formOld, 403);
  const parsed = formSchema.safeParse(form);
  if (!parsed.success) return refusedPage(c, site, writeWords(c.get('language')).tooLarge, 400);
  const manuscript = await manuscriptOf(c, site);
  if (!manuscript) return refusedPage(c, site, writeWords(c.get('language')).missing, 404);
  const { version, source } = parsed.data;
  const saved = await save(c, site, manuscript, { version, source, keep: parsed.data.keep !== undefined });
  const to = `${site.base}/console/manuscripts/${manuscript.id}`;
  if (saved !== undefined) return c.redirect(`${to}?said=saved`, 303);
  const now = (await findManuscript(site.wiring.sql, manuscript.id)) ?? manuscript;
  if (now.source === source) return c.redirect(to, 303);
  return conflictPage(c, site, now, source);
}
