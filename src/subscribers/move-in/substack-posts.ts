/** Substack's `posts.csv` with `posts/ID.html` beside it: its published posts. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BroadsheetError } from '../../errors.ts';
import { detectEncoding } from '../csv/encoding.ts';
import { cleanText } from '../csv/rows.ts';
import { recordsOf } from '../csv/stream.ts';
import { columnsOf, ExportRow, yesOrNo } from './moved.ts';
import { type PastPost, type ReadPost, slugOf } from './posts.ts';
import { parseTime } from './times.ts';

/** Bytes of one post. */
const maxBytes = 4 * 1024 * 1024;
const columns = ['post_id', 'post_date', 'is_published', 'title'];

/** @throws BroadsheetError FILE_UNREADABLE, CSV_UNREADABLE, MOVE_IN_UNREADABLE */
export async function* readSubstackPosts(file: string): AsyncGenerator<ReadPost> {
  const { encoding } = await detectEncoding(file);
  let header: Map<string, number> | undefined;
  // There is no column of addresses.
  for await (const { records } of recordsOf(file, encoding, { delimiter: ',', email: -1 })) {
    for (const { line, cells, problem } of records) {
      if (problem !== undefined) yield { file, line, problem };
      else if (!header) header = headerOf(cells, file);
      else if (cells.some(cell => cell.trim() !== '')) {
        const row = substackPost(new ExportRow(header, cells));
        yield { file, line, ...('post' in row ? await withHtml(row, dirname(file)) : row) };
      }
    }
  }
}

function headerOf(cells: string[], file: string): Map<string, number> {
  const header = columnsOf(cells);
  const missing = columns.filter(name => !new ExportRow(header, []).has(name));
  if (missing.length === 0) return header;
  const found = cells.slice(0, 20).map(cell => `“${cell.trim().slice(0, 60)}”`);
  throw new BroadsheetError(
    'MOVE_IN_UNREADABLE',
    `this is no posts.csv of Substack: found ${found.join(', ')}; expected ${columns.map(name => `“${name}”`).join(', ')}`,
    { file },
  );
}

type Listed = Omit<PastPost, 'html'> & { id: string };

/** Pure: one row of posts.csv. What is not for everyone is not put on the web. */
export function substackPost(row: ExportRow): { post: Listed } | { skip: string } | { problem: string } {
  const type = row.get('type').toLowerCase();
  if (type === 'page' || type === 'thread') return { skip: `a ${type}` };
  if (yesOrNo(row.get('is_published')) !== true) return { skip: 'not published' };
  const audience = row.get('audience').toLowerCase();
  if (audience !== '' && audience !== 'everyone') return { skip: 'not for everyone' };
  const id = row.get('post_id');
  // It names a file: nothing that leads out of the folder.
  if (!/^[\p{L}\p{N}_-][\p{L}\p{N}._-]{0,254}$/u.test(id)) return { problem: 'post_id is not one of Substack' };
  const title = cleanText(row.get('title'));
  const publishedAt = parseTime(row.get('post_date'), 'UTC') ?? parseTime(row.get('email_sent_at'), 'UTC');
  if (!publishedAt) return { problem: `“${title.slice(0, 80)}” has no post_date that can be read` };
  const number = id.split('.', 1)[0]!;
  const slug = slugOf(id.slice(number.length), number);
  return { post: { id, slug, title, subtitle: cleanText(row.get('subtitle')), publishedAt } };
}

async function withHtml(
  { post: { id, ...post } }: { post: Listed },
  folder: string,
): Promise<{ post: PastPost } | { problem: string }> {
  const path = join(folder, 'posts', `${id}.html`);
  try {
    const { size } = await stat(path);
    if (size > maxBytes) return { problem: `posts/${id}.html has more than ${maxBytes} bytes` };
    return { post: { ...post, html: await readFile(path, 'utf8') } };
  } catch {
    return { problem: `posts/${id}.html is not there` };
  }
}
