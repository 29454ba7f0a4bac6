/** The e-mail of a manuscript exactly as it will arrive: composed, rendered and printed as a send does it. */
import { z } from 'zod';
import { lookUpMostLiked } from '../../../commands/most-liked.ts';
import { type Prepared, prepare, sampleReader } from '../../../commands/prepare.ts';
import type { Manuscript } from '../../../db/manuscripts.ts';
import { getPublication } from '../../../db/publications.ts';
import { findSampleReaders, sampleReaderOf } from '../../../db/sample-readers.ts';
import type { Publication } from '../../../model/publication.ts';
import type { Reader } from '../../../model/reader.ts';
import { forFrame } from '../../mail-frame.ts';
import { problemWords } from '../check/problem-words.ts';
import type { Previewed } from '../client/compose/types.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendFramed } from '../guard.ts';
import { Desk, refusedPage, sendPage } from '../layout.tsx';
import { may } from '../may.ts';
import { type ConsoleRoute, call, page } from '../routes.ts';
import { manuscriptOf, requireManuscript, sourceSchema } from './manuscript.ts';
import { writeWords } from './words.ts';

/** Readers offered at once. */
const mostReaders = 8;

const asSchema = z.union([z.enum(['neutral', 'example']), z.int().positive()]).default('neutral');
type As = z.infer<typeof asSchema>;

const bodySchema = z.strictObject({
  source: sourceSchema,
  as: asSchema,
  scheme: z.enum(['light', 'dark']).default('light'),
});

export const previewRoutes: ConsoleRoute[] = [
  call('/manuscripts/:id/preview', 'write', bodySchema, async (c, site, { source, as, scheme }) => {
    const { publicationId } = await requireManuscript(c, site);
    const publication = await getPublication(site.wiring.sql, publicationId);
    const { sample, issue, problems, places } = await printed(c, site, { publicationId, publication, source, as });
    const previewed: Previewed = {
      html: forFrame(sample.html, scheme),
      text: sample.text,
      title: issue.title,
      subject: sample.subject,
      preheader: issue.preheader,
      bytes: Buffer.byteLength(sample.html),
      problems: problems.map(one => ({ ...one, ...problemWords(one, c.get('language')) })),
      places,
      terms: issue.sections.flatMap(section =>
        section.type === 'glossary'
          ? section.terms.map(({ term, translation, abbreviation }) => ({ term, translation, abbreviation }))
          : [],
      ),
    };
    return { body: { ...previewed } };
  }),
  call(
    '/manuscripts/:id/readers',
    'readers',
    z.strictObject({ words: z.string().trim().max(200) }),
    async (c, site, body) => {
      const { publicationId } = await requireManuscript(c, site);
      return { body: { readers: await findSampleReaders(site.wiring.sql, publicationId, body.words, mostReaders) } };
    },
  ),
  page('/manuscripts/:id/preview', 'write', previewPage),
  page('/manuscripts/:id/mail', 'write', async (c, site) => {
    const manuscript = await manuscriptOf(c, site);
    if (!manuscript) return refusedPage(c, site, writeWords(c.get('language')).missing, 404);
    const { sample } = await savedMail(c, site, manuscript);
    return sendFramed(c, forFrame(sample.html, c.req.query('scheme') === 'dark' ? 'dark' : 'light'), true);
  }),
];

async function savedMail(c: ConsoleContext, site: Console, { publicationId, source }: Manuscript) {
  const publication = await getPublication(site.wiring.sql, publicationId);
  return printed(c, site, { publicationId, publication, source, as: 'neutral' });
}

async function printed(
  c: ConsoleContext,
  site: Console,
  given: { publicationId: number; publication: Publication; source: string; as: As },
): Promise<Prepared> {
  const { source, publication } = given;
  const [reader, mostLiked] = await Promise.all([
    readerOf(c, site, given),
    lookUpMostLiked(site.wiring, source, publication),
  ]);
  // Unsigned: a signature shows nowhere, and costs.
  return prepare({ source, publication, config: site.wiring.config, mostLiked, reader });
}

/** A reader who is no longer there is one without a name. */
async function readerOf(
  c: ConsoleContext,
  site: Console,
  { publicationId, publication, as }: { publicationId: number; publication: Publication; as: As },
): Promise<Reader> {
  const nameless = sampleReader(publication, '');
  if (as === 'neutral') return nameless;
  if (as === 'example') return sampleReader(publication, publication.language === 'ko' ? '김하늘' : 'Alex Reed');
  if (!may(c.get('staff'), 'readers')) return nameless;
  return (await sampleReaderOf(site.wiring.sql, publicationId, as)) ?? nameless;
}

/** Without a script: what is saved, beside nothing else. */
async function previewPage(c: ConsoleContext, site: Console) {
  const words = writeWords(c.get('language'));
  const manuscript = await manuscriptOf(c, site);
  if (!manuscript) return refusedPage(c, site, words.missing, 404);
  const { sample, problems } = await savedMail(c, site, manuscript);
  const at = `${site.base}/console/manuscripts/${manuscript.id}`;
  const bytes = Buffer.byteLength(sample.html).toLocaleString(c.get('language'));
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.previewPage} place="issues">
      <div class="head">
        <h1>{words.previewPage}</h1>
        <a class="button" href={at}>
          {words.toText}
        </a>
      </div>
      <p>
        {words.subjectRow}: <bdi>{sample.subject}</bdi>
      </p>
      <p class="quiet small">
        {words.size(bytes)}. {words.sizeLine}
      </p>
      {problems.length > 0 && (
        <ul class="lines">
          {problems.map(problem => {
            const { line } = problem;
            const { message, help } = problemWords(problem, c.get('language'));
            return (
              <li>
                {line > 0 && `${words.client.line.replace('{n}', String(line))}: `}
                {message} <span class="quiet">{help}</span>
              </li>
            );
          })}
        </ul>
      )}
      <iframe
        class="w-alone"
        title={words.frame}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        src={`${at}/mail`}
      />
      <h2 class="after">{words.plain}</h2>
      <pre class="w-plain sheet">{sample.text}</pre>
    </Desk>,
  );
}
