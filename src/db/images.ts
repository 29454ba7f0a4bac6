/** Pictures of issues, by the hash of their bytes. */
import type { Sql } from './client.ts';

export const imageTypes = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif' } as const;
export type ImageType = keyof typeof imageTypes;

interface StoredImage {
  /** SHA-256 of `data`, base64url. */
  hash: string;
  type: ImageType;
  /** Pixels. */
  width: number;
  height: number;
  data: Buffer;
}

/**
 * Keeps a picture once, however often it comes. Two that arrive together may both find the last room.
 * @param mostBytes that the publication's pictures may have together
 * @returns false when there is no room left
 */
export async function insertImage(
  sql: Sql,
  image: StoredImage,
  given: { publicationId: number; by: number; mostBytes: number },
): Promise<boolean> {
  const { hash, type, width, height, data } = image;
  const [row] = await sql<{ kept: boolean }[]>`
    with added as (
      insert into images (hash, publication_id, type, width, height, bytes, data, created_by)
      select ${hash}, ${given.publicationId}, ${type}, ${width}, ${height}, ${data.length}, ${data}, ${given.by}
      where (select coalesce(sum(bytes), 0) from images where publication_id = ${given.publicationId}) + ${data.length} <= ${given.mostBytes}
      on conflict (hash) do nothing returning hash
    )
    select exists (select from added) or exists (select from images where hash = ${hash}) as kept`;
  return row!.kept;
}

export async function findImage(sql: Sql, hash: string): Promise<{ type: ImageType; data: Buffer } | undefined> {
  const [row] = await sql<{ type: ImageType; data: Buffer }[]>`select type, data from images where hash = ${hash}`;
  return row;
}
