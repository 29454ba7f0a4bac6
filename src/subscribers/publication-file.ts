/** The YAML of `broadsheet publication FILE.yaml`. */
import { type Publication, publicationSchema } from '../model/publication.ts';
import { readYamlFile } from '../yaml-file.ts';

/**
 * Reads and checks a publication file.
 * @throws BroadsheetError FILE_UNREADABLE; PUBLICATION_INVALID with the first wrong line and every problem in its message
 */
export function readPublicationFile(path: string): Publication {
  return readYamlFile(path, publicationSchema, {
    code: 'PUBLICATION_INVALID',
    of: 'a publication',
    example: 'slug: llm-watch',
  });
}
