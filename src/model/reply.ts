/** A reader's reply on its way to the publication's editor. */
import type { Publication } from './publication.ts';

/** Header field of what we forwarded: a mail that has it is never forwarded again. */
export const forwardedField = 'X-Broadsheet-Forwarded';

export interface Reply {
  publication: Publication;
  editor: string;
  /** Who wrote it, when that is one plain address. */
  sender: string | undefined;
  /** Decoded. */
  subject: string;
  /** As it came. */
  raw: Buffer;
}
