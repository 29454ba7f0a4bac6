/** Ghost's site export, `….ghost.json` of Settings → Import/Export: its published posts. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { BroadsheetError, messageOf } from '../../errors.ts';
import { cleanText } from '../csv/rows.ts';
import { type PastPost, type ReadPost, slugOf } from './posts.ts';
import { parseTime } from './times.ts';

/** Bytes; the file is one JSON document and is held in memory. */
const maxBytes = 256 * 1024 * 1024;

const text = z.string().nullish();
const postSchema = z.object({
  id: z.union([z.string(), z.number()]),
  title: z.string(),
  slug: z.string(),
  html: text,
  status: text,
  visibility: text,
  type: text,
  /** Of exports before Ghost 3. */
  page: z.union([z.boolean(), z.number()]).nullish(),
  custom_excerpt: text,
  published_at: text,
});

/** With and without the `db` around it, Ghost reads both. */
const tables = z.object({ data: z.object({ posts: z.array(z.unknown()) }) });
const exportSchema = z.union([
  z.object({ db: z.tuple([tables], z.unknown()) }).transform(({ db }) => db[0].data.posts),
  tables.transform(({ data }) => data.posts),
]);

/** @throws BroadsheetError FILE_UNREADABLE, MOVE_IN_UNREADABLE */
export async function readGhostPosts(file: string): Promise<ReadPost[]> {
  let parsed: unknown;
  try {
    const { size } = await stat(file);
    if (size > maxBytes) throw new Error(`the file has more than ${maxBytes} bytes`);
    parsed = JSON.parse((await readFile(file, 'utf8')).replace(/^\ufeff/, ''));
  } catch (error) {
    const code = error instanceof SyntaxError ? 'MOVE_IN_UNREADABLE' : 'FILE_UNREADABLE';
    const detail = error instanceof SyntaxError ? 'this is not JSON' : messageOf(error);
    throw new BroadsheetError(code, detail, { file, cause: error });
  }
  const posts = exportSchema.safeParse(parsed);
  if (!posts.success)
    throw new BroadsheetError('MOVE_IN_UNREADABLE', 'this is no site export of Ghost: expected db[0].data.posts', {
      file,
    });
  return posts.data.map(post => ({ file, line: 0, ...ghostPost(post) }));
}

/** Pure: one row of Ghost's table of posts. What is not for everyone, or never had a web page, is not put on one. */
export function ghostPost(row: unknown): { post: PastPost } | { skip: string } | { problem: string } {
  const parsed = postSchema.safeParse(row);
  if (!parsed.success) return { problem: 'a post has no id, title or slug' };
  const { id, title, slug, html, status, visibility, type, page, custom_excerpt, published_at } = parsed.data;
  if (type === 'page' || page === true || page === 1) return { skip: 'a page' };
  if (status === 'sent') return { skip: 'only mailed, never on the web' };
  if (status !== 'published') return { skip: 'not published' };
  if (visibility && visibility !== 'public') return { skip: 'not for everyone' };
  const name = cleanText(title).slice(0, 80);
  const publishedAt = parseTime(published_at ?? '', 'UTC');
  if (!publishedAt) return { problem: `“${name}” has no time of publishing that can be read` };
  if (!html?.trim()) return { problem: `“${name}” has no HTML in the export` };
  const subtitle = cleanText(custom_excerpt ?? '');
  return { post: { slug: slugOf(slug, String(id)), title: cleanText(title), subtitle, publishedAt, html } };
}
