/** GET /i/:file: a picture of an issue, as mail clients and their proxies load it. Its name says its content, so it never changes. */
import type { Context } from 'hono';
import { findImage, imageTypes } from '../../../db/images.ts';
import type { Site } from '../reader.ts';

const name = /^([\w-]{43})\.(png|jpg|gif)$/;

export async function image(c: Context, { sql }: Pick<Site, 'sql'>): Promise<Response> {
  const [, hash, ending] = name.exec(c.req.param('file') ?? '') ?? [];
  if (!hash) return c.notFound();
  const headers: Record<string, string> = {
    etag: `"${hash}"`,
    'cache-control': 'public, max-age=31536000, immutable',
    // Shown in mail on the web, which is another site.
    'cross-origin-resource-policy': 'cross-origin',
  };
  // Whoever knows the tag has the picture: it is its content.
  const known = (c.req.header('if-none-match') ?? '').slice(0, 2000).split(',');
  if (known.some(tag => tag.trim().replace(/^W\//, '') === headers.etag)) return c.body(null, 304, headers);
  const found = await findImage(sql, hash);
  if (!found || imageTypes[found.type] !== ending) return c.notFound();
  return c.body(new Uint8Array(found.data), 200, { ...headers, 'content-type': found.type });
}
