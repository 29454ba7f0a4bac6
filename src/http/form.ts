/** Forms as they arrive. */
import type { Context } from 'hono';

/** The text fields of a form, in either encoding; none when it cannot be read. Files are left out. */
export async function readForm(c: Context): Promise<Record<string, string>> {
  const body = await c.req.parseBody().catch(() => ({}));
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
