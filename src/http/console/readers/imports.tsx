/** /console/readers/imports: files brought in: a list, a form for one more, and each file's page from upload to undo. */

import { z } from 'zod';
import {
  createImport,
  findImport,
  type ImportJob,
  type ImportState,
  isUndoable,
  listImports,
  moveImport,
  refusalsOf,
  storeChunk,
} from '../../../db/imports.ts';
import { getPublication } from '../../../db/publications.ts';
import { BroadsheetError } from '../../../errors.ts';
import { type ImportLayout, importLayoutSchema, plainRoles } from '../../../model/import.ts';
import type { Publication } from '../../../model/publication.ts';
import { mostTags, tagSchema } from '../../../model/tag.ts';
import { cleanText } from '../../../subscribers/csv/rows.ts';
import { csvLine } from '../../../subscribers/csv-line.ts';
import { fileEncodings, mostFileBytes, partBytes, previewFile } from '../../../subscribers/import-file.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage, sendPart, wantsPart } from '../layout.tsx';
import { reasonWords } from '../reason-words.ts';
import { answer, type ConsoleRoute, call, change, idOf, page, receive } from '../routes.ts';
import { numeric, Table } from '../table.tsx';
import { proofFields, proofOf } from './add.tsx';
import { problem, publicationsOf, sendReaders, Time, textOf, zoneOf } from './frame.tsx';
import { ImportPanel } from './import-page.tsx';
import { Select } from './list.tsx';

const path = '/readers/imports/:id{[0-9]+}';
const subjectOf = (id: number) => `import ${id}`;
const mostColumns = 60;

const columnFields = Object.fromEntries(
  Array.from({ length: mostColumns }).map((_, at) => [`c${at}`, z.string().max(60).optional()]),
) as Record<string, z.ZodOptional<z.ZodString>>;

export const importRoutes: ConsoleRoute[] = [
  page('/readers/imports', 'readers', showList),
  page('/readers/import', 'readers', showNew),
  call(
    '/readers/imports/new',
    'readers',
    z.object({ publication: z.int().positive(), name: z.string().max(1000) }),
    async (c, site, body) => {
      const stored = (await publicationsOf(site)).find(one => one.id === body.publication);
      if (!stored) throw problem(c, 'publication');
      const name = cleanText(body.name).slice(0, 200) || 'list.csv';
      const id = await createImport(site.wiring.sql, { publicationId: stored.id, staffId: c.get('staff').id, name });
      // A file's name may hold an address.
      return {
        body: { id, partBytes },
        audit: { act: 'import.upload', subject: subjectOf(id), detail: { publication: stored.publication.slug } },
      };
    },
  ),
  receive(`/readers/imports/:id{[0-9]+}/parts/:number{[0-9]+}`, 'readers', takePart),
  call(`${path}/uploaded`, 'readers', z.object({}), async (c, site) => {
    const { job, publication } = await jobHere(c, site);
    const { encoding, layout } = await previewFile(deps(site), job.id, publication);
    await moved(c, site, job.id, ['uploading'], 'uploaded', { encoding, layout });
    return { body: { to: `${site.base}/console/readers/imports/${job.id}` } };
  }),
  page(path, 'readers', async (c, site) => {
    const found = await jobHere(c, site).catch(() => undefined);
    if (!found) return refusedPage(c, site, textOf(c).problem.gone, 404);
    return show(c, site, found.job, found.publication);
  }),
  change(
    `${path}/encoding`,
    'readers',
    'import.encoding',
    { encoding: z.enum(fileEncodings) },
    async (c, site, form) => {
      const { job, publication } = await jobHere(c, site);
      const read = await previewFile(deps(site), job.id, publication, form.encoding).catch(() => undefined);
      if (!read) throw problem(c, 'encoding');
      await moved(c, site, job.id, ['uploaded', 'checked'], 'uploaded', {
        encoding: form.encoding,
        layout: read.layout,
      });
      return { to: `/readers/imports/${job.id}`, subject: subjectOf(job.id), detail: { encoding: form.encoding } };
    },
  ),
  change(
    `${path}/check`,
    'readers',
    'import.check',
    { ...proofFields, tags: z.string().max(4000).default(''), ...columnFields },
    checkFile,
  ),
  change(`${path}/run`, 'readers', 'import.run', {}, async (c, site) => {
    const { job } = await jobHere(c, site);
    await moved(c, site, job.id, ['checked'], 'queued');
    return { to: `/readers/imports/${job.id}`, subject: subjectOf(job.id), detail: { ...job.checked } };
  }),
  change(`${path}/change`, 'readers', 'import.change', {}, async (c, site) => {
    const { job } = await jobHere(c, site);
    await moved(c, site, job.id, ['checked', 'checking'], 'uploaded');
    return { to: `/readers/imports/${job.id}`, subject: subjectOf(job.id) };
  }),
  change(`${path}/cancel`, 'readers', 'import.cancel', {}, async (c, site) => {
    const { job } = await jobHere(c, site);
    await moved(c, site, job.id, ['uploading', 'uploaded', 'checking', 'checked', 'queued', 'running'], 'cancelled');
    return { to: '/readers/imports', said: 'cancelled', subject: subjectOf(job.id) };
  }),
  change(`${path}/undo`, 'readers', 'import.undo', {}, async (c, site) => {
    const { job } = await jobHere(c, site);
    if (!isUndoable(job)) throw problem(c, 'import');
    await moved(c, site, job.id, ['done'], 'undoing');
    return { to: `/readers/imports/${job.id}`, subject: subjectOf(job.id) };
  }),
  // Rows as the file has them: addresses, so it is a file of those who may see them anyway.
  page(`${path}/refused`, 'readers', refusedRows),
];

const deps = (site: Console) => ({ sql: site.wiring.sql, dataDir: site.wiring.config.dataDir });

/** @throws BroadsheetError when there is no such import */
async function jobHere(c: ConsoleContext, site: Console): Promise<{ job: ImportJob; publication: Publication }> {
  const id = idOf(c);
  const job = id === undefined ? undefined : await findImport(site.wiring.sql, id);
  if (!job) throw problem(c, 'gone');
  const layout = job.layout && importLayoutSchema.parse(job.layout);
  return { job: { ...job, layout }, publication: await getPublication(site.wiring.sql, job.publicationId) };
}

async function moved(
  c: ConsoleContext,
  site: Console,
  id: number,
  from: ImportState[],
  to: ImportState,
  set?: Parameters<typeof moveImport>[4],
): Promise<void> {
  if (!(await moveImport(site.wiring.sql, id, from, to, set))) throw problem(c, 'import');
}

/** A part of the file: one row. The length is known before it is read, and bounded. */
async function takePart(c: ConsoleContext, site: Console): Promise<Response> {
  const length = Number(c.req.header('content-length') ?? Number.NaN);
  if (!(length > 0 && length <= partBytes)) return c.json({ error: textOf(c).problem.file }, 400);
  const [id, number] = [idOf(c), Number(c.req.param('number'))];
  if (id === undefined || number >= mostFileBytes / partBytes) return c.json({ error: textOf(c).problem.file }, 400);
  const bytes = Buffer.from(await c.req.arrayBuffer());
  return answer(c, site, async () => {
    if (!(await storeChunk(site.wiring.sql, id, number, bytes, mostFileBytes))) throw problem(c, 'file');
    return { body: {} };
  });
}

async function checkFile(
  c: ConsoleContext,
  site: Console,
  form: { source: string; at: string; wording: string; tags: string } & Record<string, string | undefined>,
) {
  const { job, publication } = await jobHere(c, site);
  if (!job.layout) throw problem(c, 'import');
  const layout = layoutFrom(job.layout, form, Object.keys(publication.fields));
  if (!layout) throw problem(c, 'columns');
  const consent = proofOf(form);
  if (!consent) throw problem(c, 'proof');
  const tags = z
    .array(tagSchema)
    .max(mostTags)
    .safeParse(form.tags.split(',').flatMap(tag => tag.trim() || []));
  if (!tags.success) throw problem(c, 'tag');
  await moved(c, site, job.id, ['uploaded', 'checked'], 'checking', { layout, consent, tags: [...new Set(tags.data)] });
  return { to: `/readers/imports/${job.id}`, subject: subjectOf(job.id) };
}

/** @returns undefined when no column holds the addresses, or two mean the same */
function layoutFrom(
  known: ImportLayout,
  form: Record<string, string | undefined>,
  fields: string[],
): ImportLayout | undefined {
  const { delimiter, skipThrough, width, headers } = known;
  const layout: ImportLayout = {
    delimiter,
    skipThrough,
    headers,
    attributes: [],
    ...(width === undefined ? {} : { width }),
  };
  const taken = new Set<string>();
  for (let index = 0; index < Math.min(headers.length, mostColumns); index++) {
    const role = form[`c${index}`] ?? '';
    if (role === '') continue;
    if (taken.has(role)) return undefined;
    taken.add(role);
    const plain = plainRoles.find(one => one === role);
    if (plain) layout[plain] = index;
    else if (role.startsWith('field:') && fields.includes(role.slice(6)))
      layout.attributes.push({ index, field: role.slice(6) });
  }
  return layout.email === undefined ? undefined : layout;
}

async function show(c: ConsoleContext, site: Console, job: ImportJob, publication: Publication) {
  const preview =
    job.state === 'uploaded' && job.encoding && job.layout
      ? await previewFile(deps(site), job.id, publication, job.encoding, job.layout).catch(error => {
          if (error instanceof BroadsheetError) return undefined;
          throw error;
        })
      : undefined;
  const refusals = await refusalsOf(site.wiring.sql, job.id, 0, 20);
  const panel = <ImportPanel {...{ c, site, job, publication, refusals }} rows={preview?.rows ?? []} />;
  if (wantsPart(c)) return sendPart(c, panel);
  return sendReaders(
    c,
    site,
    { title: job.name, at: 'imports' },
    <>
      <p class="quiet readers-lead">
        {publication.name} ·{' '}
        {Math.max(0.1, job.bytes / 1_048_576).toLocaleString(c.get('language'), { maximumFractionDigits: 1 })} MB ·{' '}
        <Time c={c} at={job.createdAt} zone={publication.timeZone} />
      </p>
      {panel}
    </>,
  );
}

async function showList(c: ConsoleContext, site: Console) {
  const text = textOf(c);
  const publications = await publicationsOf(site);
  const rows = await listImports(site.wiring.sql, 50);
  const nameOf = (id: number) => publications.find(one => one.id === id)?.publication.name ?? '';
  const actions = (
    <a class="button" href={`${site.base}/console/readers/import`}>
      <Icon name="add" />
      {text.import}
    </a>
  );
  return sendReaders(
    c,
    site,
    { title: text.tabs.imports, at: 'imports', actions },
    <>
      <p class="quiet readers-lead">{text.importsText}</p>
      {rows.length === 0 ? (
        <div class="sheet empty">
          <h2>{text.noImports}</h2>
          <p>{text.noImportsText}</p>
        </div>
      ) : (
        <Table
          name={text.tabs.imports}
          columns={[
            text.file,
            text.state,
            numeric(text.counts.added),
            numeric(text.counts.refused),
            numeric(text.when),
          ]}
        >
          {rows.map(row => (
            <tr>
              <td>
                <a href={`${site.base}/console/readers/imports/${row.id}`}>
                  <bdi>{row.name}</bdi>
                </a>
                <small class="quiet readers-block">{nameOf(row.publicationId)}</small>
              </td>
              <td>{text.importStates[row.state]}</td>
              <td class="number">{(row.counts.added ?? 0).toLocaleString(c.get('language'))}</td>
              <td class="number">{(row.counts.refused ?? 0).toLocaleString(c.get('language'))}</td>
              <td class="number">
                <Time c={c} at={row.createdAt} zone={zoneOf(publications)} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>,
  );
}

async function showNew(c: ConsoleContext, site: Console) {
  const text = textOf(c);
  const publications = await publicationsOf(site);
  const base = `${site.base}/console/readers/imports`;
  return sendReaders(
    c,
    site,
    { title: text.importTitle, at: 'imports', scripts: ['readers'] },
    <form
      id="upload"
      class="form readers-add"
      data-path={base}
      data-uploading={text.uploading}
      data-large={text.problem.file}
    >
      <Select name="publication" label={text.publication} chosen={String(publications[0]?.id ?? '')}>
        {publications.map(one => [String(one.id), one.publication.name])}
      </Select>
      <div class="field">
        <label for="file">{text.file}</label>
        <input
          id="file"
          type="file"
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          required
          aria-describedby="file-hint"
        />
        <p class="hint" id="file-hint">
          {text.fileHint}
        </p>
      </div>
      <noscript>
        <p class="message">{text.needScript}</p>
      </noscript>
      <p id="upload-state" role="status" class="quiet" />
      <div class="buttons">
        <button type="submit" class="main">
          {text.upload}
        </button>
        <a class="button" href={base}>
          {text.keep}
        </a>
      </div>
    </form>,
  );
}

async function refusedRows(c: ConsoleContext, site: Console): Promise<Response> {
  const found = await jobHere(c, site).catch(() => undefined);
  if (!found) return refusedPage(c, site, textOf(c).problem.gone, 404);
  const headers = found.job.layout?.headers ?? [];
  let csv = `\ufeff${csvLine(['line', 'reason', ...headers])}`;
  // Ten thousand at most are kept.
  for (let after = 0; ; ) {
    const rows = await refusalsOf(site.wiring.sql, found.job.id, after, 1000);
    csv += rows
      .map(({ line, reason, cells }) =>
        csvLine([String(line), reasonWords(reason, c.get('language')) ?? reason, ...cells]),
      )
      .join('');
    if (rows.length < 1000) break;
    after = rows.at(-1)!.line;
  }
  c.header('content-disposition', `attachment; filename="refused-${found.job.id}.csv"`);
  return c.body(csv, 200, { 'content-type': 'text/csv; charset=utf-8' });
}
