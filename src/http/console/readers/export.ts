/** Readers as a file: of a search or of a segment, page after page as the client reads, each page a statement of its own. */
import { Readable } from 'node:stream';
import { findSegment } from '../../../db/api-segments.ts';
import { insertAudit } from '../../../db/audit.ts';
import { type ExportRow, exportPage } from '../../../db/reader-export.ts';
import { csvLine } from '../../../subscribers/csv-line.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage } from '../layout.tsx';
import { type ConsoleRoute, form } from '../routes.ts';
import { publicationsOf, textOf } from './frame.tsx';
import { queryOf, readSearch } from './search-form.ts';

const pageRows = 1000;

export const exportRoutes: ConsoleRoute[] = [
  form('/readers/export', 'export', async (c, site, form) => {
    const search = readSearch(form);
    const query = await queryOf(site, search);
    if (query === 'short') return refusedPage(c, site, textOf(c).short, 400);
    const { needle, publicationId, state, tag, attribute } = query;
    await insertAudit(site.wiring.sql, c.get('staff'), {
      act: 'readers.export',
      subject: 'readers',
      // What was typed may be an address: only that something was.
      detail: { ...(needle ? { text: needle.kind } : {}), publicationId, state, tag, attribute: attribute?.field },
    });
    return send(c, site, 'readers', after => exportPage(site.wiring.sql, { query }, pageRows, after));
  }),
  form('/readers/segments/:publication/:segment/export', 'export', async (c, site) => {
    const { publication = '', segment: slug = '' } = c.req.param() as Record<string, string>;
    const stored = (await publicationsOf(site)).find(one => one.publication.slug === publication);
    const segment = stored && (await findSegment(site.wiring.sql, stored.id, slug));
    if (!stored || !segment) return refusedPage(c, site, textOf(c).problem.gone, 404);
    const subject = `segment ${publication}/${slug}`;
    await insertAudit(site.wiring.sql, c.get('staff'), { act: 'readers.export', subject });
    const of = { segment: { publicationId: stored.id, rule: segment.rule } };
    return send(c, site, slug, after => exportPage(site.wiring.sql, of, pageRows, after));
  }),
];

const fixed = ['email', 'name', 'subscriptions', 'created_at', 'suppressed', 'tags'];

async function send(c: ConsoleContext, site: Console, name: string, read: (after: number) => Promise<ExportRow[]>) {
  const fields = [...new Set((await publicationsOf(site)).flatMap(one => Object.keys(one.publication.fields)))];
  const stream = Readable.from(lines(fields, read), { objectMode: false });
  c.header('content-type', 'text/csv; charset=utf-8');
  c.header('content-disposition', `attachment; filename="${name.replace(/[^a-z0-9-]/gi, '')}.csv"`);
  return c.body(Readable.toWeb(stream) as ReadableStream);
}

/** @yields a page of lines; the first begins with the mark by which Excel knows UTF-8 */
async function* lines(fields: string[], read: (after: number) => Promise<ExportRow[]>): AsyncGenerator<string> {
  yield `\ufeff${csvLine([...fixed, ...fields])}`;
  for (let after = 0; ; ) {
    const rows = await read(after);
    yield rows
      .map(row =>
        csvLine([
          row.email,
          row.name,
          row.subscriptions,
          row.createdAt.toISOString(),
          row.suppressed ?? '',
          row.tags.join(', '),
          ...fields.map(field => row.attributes[field] ?? ''),
        ]),
      )
      .join('');
    if (rows.length < pageRows) return;
    after = rows.at(-1)!.id;
  }
}
