/** Answers that any cache may keep: bytes with an ETag, and 304 for who has them already. */
import { createHash } from 'node:crypto';
import type { Context } from 'hono';

export interface Cacheable {
  body: string | Uint8Array<ArrayBuffer>;
  etag: string;
  headers: Record<string, string>;
}

/** @param headers content type and what else the answer carries */
export function cacheable(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>): Cacheable {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  return { body, etag, headers };
}

/**
 * RFC 9110, 13.1.2 and 13.1.3: a known ETag goes before a known date.
 * @param maxAge seconds for which nobody needs to ask again
 * @param modified of what has a meaningful one: feeds
 */
export function answerCached(
  c: Context,
  { body, etag, headers }: Cacheable,
  maxAge: number,
  modified?: Date,
): Response {
  const all: Record<string, string> = { ...headers, etag, 'cache-control': `public, max-age=${maxAge}` };
  if (modified) all['last-modified'] = modified.toUTCString();
  return hasIt(c, etag, modified) ? c.body(null, 304, all) : c.body(body, 200, all);
}

function hasIt(c: Context, etag: string, modified: Date | undefined): boolean {
  const known = c.req.header('if-none-match')?.slice(0, 2000);
  if (known !== undefined) {
    // Compression by a proxy weakens a tag; the comparison is the weak one.
    const tags = known.split(',').map(tag => tag.trim().replace(/^W\//, ''));
    return tags.includes(etag) || tags.includes('*');
  }
  const since = Date.parse(c.req.header('if-modified-since') ?? '');
  return modified !== undefined && Math.floor(modified.getTime() / 1000) * 1000 <= since;
}
