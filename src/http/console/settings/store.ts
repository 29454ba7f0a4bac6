/** Stores what a form of settings made of a publication, and writes down what that changed. */
import { insertAudit } from '../../../db/audit.ts';
import { changePublication, type VersionedPublication } from '../../../db/publications.ts';
import type { Publication } from '../../../model/publication.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { differences } from './fields.ts';

/**
 * @param version that the form was made from: of two who save, the later one sees what the other changed
 * @returns false: somebody changed it meanwhile, and nothing was stored
 */
export async function storeChange(
  c: ConsoleContext,
  { wiring: { sql } }: Console,
  stored: VersionedPublication,
  version: string,
  publication: Publication,
): Promise<boolean> {
  if (!(await changePublication(sql, stored.id, version, publication))) return false;
  const changed = differences(stored.publication, publication);
  if (Object.keys(changed).length > 0)
    await insertAudit(sql, c.get('staff'), {
      act: 'publication.change',
      subject: `publication ${publication.slug}`,
      detail: { changed, before: stored.publication },
    });
  return true;
}
