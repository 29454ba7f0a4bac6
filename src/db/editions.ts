/** Editions as rows keep them: with the number of their form, so that processes of two versions can work on one send. */
import { z } from 'zod';
import { BroadsheetError } from '../errors.ts';
import { type Edition, editionSchema } from '../model/edition.ts';
import type { Db, Sql } from './client.ts';

/** Raised when a process of the version before could not send what is stored: 2 has the subjects of a trial. */
const form = 2;
const formSchema = z.object({ form: z.number().default(1) }).catch({ form: 1 });

/** For a json column. */
export function storedEdition(sql: Db, edition: Edition) {
  // What an older version can send, it may.
  return sql.json({ form: edition.subjects ? form : 1, ...edition } as never);
}

/** @throws BroadsheetError EDITION_NEWER, EDITION_UNREADABLE */
export function parseEdition(stored: unknown): Edition {
  const found = formSchema.parse(stored).form;
  if (found > form) throw new BroadsheetError('EDITION_NEWER', `it has form ${found}, this version knows ${form}`);
  const edition = editionSchema.safeParse(stored);
  if (edition.success) return edition.data;
  throw new BroadsheetError('EDITION_UNREADABLE', z.prettifyError(edition.error).slice(0, 300));
}

/**
 * An edition never changes under its revision's id.
 * @throws BroadsheetError EDITION_NEWER, EDITION_UNREADABLE
 */
export async function getRevisionEdition(sql: Sql, revisionId: number): Promise<Edition> {
  const [row] = await sql<{ edition: unknown }[]>`select edition from revisions where id = ${revisionId}`;
  return parseEdition(row?.edition);
}
