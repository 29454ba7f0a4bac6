/** Lists in pages. A cursor is the last row's key, so rows that come or go meanwhile neither repeat nor hide others. */
import { z } from 'zod';
import { Refusal } from './problems.ts';

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(300).optional(),
};

/** A page and where the next begins. */
export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({
    data: z.array(row),
    nextCursor: z.string().nullable().meta({
      description: 'For the next page; null: this is the last. A page may be short, even empty, before that.',
    }),
  });

/** @param list its name: a cursor of one list is none of another */
export function writeCursor(list: string, key: readonly (number | string)[] | null): string | null {
  return key && Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** @throws Refusal CURSOR_INVALID */
export function readCursor<T extends z.ZodTuple>(list: string, key: T, text: string | undefined): z.output<T> | null {
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    // Said below.
  }
  const [name, ...rest] = Array.isArray(value) ? value : [];
  const parsed = key.safeParse(rest);
  if (name !== list || !parsed.success) throw new Refusal('CURSOR_INVALID', 'the cursor cannot be read');
  return parsed.data;
}

/** A row's id in a cursor. */
export const rowKey = z.tuple([z.int().nonnegative()]);
