/** /console/manuscripts/:id/check: a text's findings, on a page and for the composer's panel. */
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { z } from 'zod';
import { blockingFindings } from '../../../check/report.ts';
import { prepare } from '../../../commands/prepare.ts';
import { findManuscript, type Manuscript } from '../../../db/manuscripts.ts';
import { getPublication, type StoredPublication } from '../../../db/publications.ts';
import { readDkim } from '../../../deliver/presses.ts';
import { BroadsheetError } from '../../../errors.ts';
import { reachOf } from '../../../webhooks/guard.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, refusedPage, sendPage } from '../layout.tsx';
import { type Answered, type ConsoleRoute, call, idOf, page } from '../routes.ts';
import { checkText } from './check-text.ts';
import { Panel } from './panel.tsx';
import { ReachedLinks, RealScore } from './panel-parts.tsx';
import { reachLinks } from './reach.ts';
import { spamAssassinScore } from './spamassassin.ts';
import { checkWordsOf } from './words.ts';

/** The text as it stands in the editor; without it, as it was saved. compose reads 1 MiB and says so of more. */
const body = z.strictObject({ source: z.string().max(1_100_000).optional() });

export const panelRoutes: ConsoleRoute[] = [
  page('/manuscripts/:id/check', 'look', showCheck),
  call('/manuscripts/:id/check.json', 'write', body, checkJson),
  call('/manuscripts/:id/links.json', 'write', body, linksJson),
  call('/manuscripts/:id/spam.json', 'write', body, spamJson),
];

async function textOf(
  c: ConsoleContext,
  site: Console,
): Promise<{ text: Manuscript; stored: StoredPublication } | undefined> {
  const id = idOf(c);
  const text = id === undefined ? undefined : await findManuscript(site.wiring.sql, id);
  if (!text || text.deletedAt) return undefined;
  const publication = await getPublication(site.wiring.sql, text.publicationId);
  return { text, stored: { id: text.publicationId, publication } };
}

/** @throws BroadsheetError MANUSCRIPT_UNKNOWN */
async function requireText(c: ConsoleContext, site: Console) {
  const found = await textOf(c, site);
  if (!found) throw new BroadsheetError('MANUSCRIPT_UNKNOWN', `no text ${c.req.param('id')}`);
  return found;
}

const textUrl = (c: ConsoleContext, site: Console) => `${site.base}/console/manuscripts/${c.req.param('id')}`;

const printed = async (part: Child) => String(await html`${part}`);

async function showCheck(c: ConsoleContext, site: Console) {
  const language = c.get('language');
  const words = checkWordsOf(language);
  const found = await textOf(c, site);
  if (!found) return refusedPage(c, site, words.publicationGone, 404);
  const { text, stored } = found;
  const report = await checkText(site.wiring, stored, text.source);
  // Without a script too: what DNS says comes with the next look.
  if (report.domain.state === 'asked') c.header('refresh', '5');
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.title} place="issues" scripts={['check']}>
      <p class="quiet small">
        {stored.publication.name} · <bdi>{text.title}</bdi>
      </p>
      <div class="head">
        <h1>{words.title}</h1>
        <a class="button" href={textUrl(c, site)}>
          {words.back}
        </a>
      </div>
      <div class="check-page" data-check={`${textUrl(c, site)}/check.json`}>
        <Panel report={report} language={language} textUrl={textUrl(c, site)} />
      </div>
    </Desk>,
  );
}

async function checkJson(c: ConsoleContext, site: Console, given: z.infer<typeof body>): Promise<Answered> {
  const { text, stored } = await requireText(c, site);
  const report = await checkText(site.wiring, stored, given.source ?? text.source);
  const panel = await printed(<Panel report={report} language={c.get('language')} textUrl={textUrl(c, site)} />);
  return { body: { report, blocking: blockingFindings(report).length, panel } };
}

async function linksJson(c: ConsoleContext, site: Console, given: z.infer<typeof body>): Promise<Answered> {
  const { text, stored } = await requireText(c, site);
  const { links } = await checkText(site.wiring, stored, given.source ?? text.source);
  const reached = await reachLinks(
    links.map(link => link.url),
    reachOf(site.wiring.config.publicUrl),
  );
  const lines = new Map(links.map(link => [link.url, link.line]));
  const words = checkWordsOf(c.get('language'));
  const panel = await printed(
    <ReachedLinks reached={reached} lines={lines} words={words} textUrl={textUrl(c, site)} />,
  );
  return { body: { reached, panel } };
}

async function spamJson(c: ConsoleContext, site: Console, given: z.infer<typeof body>): Promise<Answered> {
  const { text, stored } = await requireText(c, site);
  const { config } = site.wiring;
  const source = given.source ?? text.source;
  const { sample } = await prepare({ source, publication: stored.publication, config, dkim: readDkim(config) });
  const score = await spamAssassinScore(sample.raw);
  const panel = await printed(<RealScore score={score} words={checkWordsOf(c.get('language'))} />);
  return { body: { score, panel } };
}
