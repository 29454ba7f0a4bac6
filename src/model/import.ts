/** What a file's columns are taken for, as an import of the console keeps it. */
import { z } from 'zod';

const index = z.int().min(0).max(999);

export const importLayoutSchema = z.object({
  delimiter: z.string().length(1),
  /** Records that begin on this line or before it are no subscribers. */
  skipThrough: z.int().min(0),
  width: index.optional(),
  /** Undefined: none was found, a person has to say. */
  email: index.optional(),
  name: index.optional(),
  firstName: index.optional(),
  lastName: index.optional(),
  timeZone: index.optional(),
  attributes: z.array(z.object({ index, field: z.string() })).max(200),
  /** As people read them. */
  headers: z.array(z.string()).max(1000),
});

export type ImportLayout = z.infer<typeof importLayoutSchema>;

/** What a column may be, beside a field of the publication. */
export const plainRoles = [
  'email',
  'name',
  'firstName',
  'lastName',
  'timeZone',
] as const satisfies (keyof ImportLayout)[];
