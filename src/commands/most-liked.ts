/** What `::most-liked` in a text stands for, looked up where there is a database. */
import type { Sql } from '../db/client.ts';
import { mostLiked } from '../db/web-likes.ts';
import { type MostLiked, mostLikedEntries } from '../model/most-liked.ts';

/**
 * Undefined for a text that does not ask.
 * @param issueId of an issue that is stored already, and corrected: the one before it counts
 */
export async function lookUpMostLiked(
  { sql, config }: { sql: Sql; config: { publicUrl: string } },
  source: string,
  publication: { slug: string },
  issueId?: number,
): Promise<MostLiked | undefined> {
  if (!source.includes('::most-liked')) return undefined;
  const found = await mostLiked(sql, publication.slug, mostLikedEntries, issueId);
  const home = `${config.publicUrl}/p/${publication.slug}`;
  return {
    summaries: found.map(({ issue, number, title, likes }) => ({
      title,
      url: `${home}/${encodeURIComponent(issue)}/${number}`,
      likes,
    })),
  };
}
