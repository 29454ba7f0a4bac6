/** What hangs on one publication's settings: its preview, its YAML, its history with a way back, its sign-up addresses. */

import { stringify } from 'yaml';
import { sampleHtml, tryOut } from '../../../commands/try-publication.ts';
import { type Audited, findAudit, searchAudit } from '../../../db/audit.ts';
import { changePublication, type VersionedPublication } from '../../../db/publications.ts';
import { publicationSchema } from '../../../model/publication.ts';
import { rowIdText } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { sendFramed } from '../guard.ts';
import { refusedPage, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, change, page } from '../routes.ts';
import { ToCopy, When } from '../staff/frame.tsx';
import { differences, documentOf, judge, typedOf } from './fields.ts';
import { Settings } from './frame.tsx';
import { Changes } from './history-entry.tsx';
import { askedPublication } from './publications.tsx';
import { settingsWords } from './words.ts';

const shown = 30;
const path = '/settings/publications/:slug';

export const publicationMoreRoutes: ConsoleRoute[] = [
  page(`${path}/preview`, 'settings', previewPage),
  page(`${path}/yaml`, 'settings', yamlPage),
  page(`${path}/history`, 'settings', historyPage),
  page(`${path}/share`, 'settings', sharePage),
  change(`${path}/restore`, 'settings', 'publication.restore', { entry: rowIdText }, (c, site, { entry }) =>
    restore(c, site, Number(entry)),
  ),
];

async function required(c: ConsoleContext, site: Console): Promise<VersionedPublication> {
  const stored = await askedPublication(c, site);
  if (!stored) throw new PageRefusal(settingsWords(c).noPublication);
  return stored;
}

/** What the preview may show otherwise than it is stored. */
const previewed = ['name', 'description', 'language', 'from.name', 'brand.accent', 'texts.'];

/** The sample with what is typed, where that can be used; else as it is stored. */
async function previewPage(c: ConsoleContext, site: Console): Promise<Response> {
  const stored = await askedPublication(c, site);
  if (!stored) return refusedPage(c, site, settingsWords(c).noPublication, 404);
  const given = Object.entries(c.req.query()).filter(([name]) =>
    previewed.some(each => name === each || (each.endsWith('.') && name.startsWith(each))),
  );
  const typed = { ...typedOf(stored.publication), ...Object.fromEntries(given.map(([k, v]) => [k, v.slice(0, 400)])) };
  const { slug, templates } = stored.publication;
  const judged = judge({ ...documentOf(slug, typed), templates }, c.get('language'));
  const publication = 'publication' in judged ? judged.publication : stored.publication;
  const html = await sampleHtml(site.wiring.config, publication).catch(() =>
    sampleHtml(site.wiring.config, { ...stored.publication, templates: {} }),
  );
  return sendFramed(c, html);
}

async function yamlPage(c: ConsoleContext, site: Console): Promise<Response> {
  const words = settingsWords(c);
  const stored = await askedPublication(c, site);
  if (!stored) return refusedPage(c, site, words.noPublication, 404);
  const { slug } = stored.publication;
  // Literal: a template's lines stay as they were written, however long.
  const yaml = stringify(stored.publication, { blockQuote: 'literal' });
  if (c.req.query('download') !== undefined) {
    c.header('content-disposition', `attachment; filename="${slug}.yaml"`);
    return c.body(yaml, 200, { 'content-type': 'application/yaml; charset=utf-8' });
  }
  const here = `${site.base}/console/settings/publications/${slug}`;
  return sendPage(
    c,
    <Settings c={c} site={site} tab="publications" title={`${slug}.yaml`} scripts={['copy']}>
      <p class="quiet staff-intro">{words.yamlText}</p>
      <div class="settings-yaml after">
        <textarea readonly rows={24} spellcheck={false} aria-label={`${slug}.yaml`}>
          {yaml}
        </textarea>
        <div class="buttons after">
          <button type="button" data-copy={yaml} data-copied={words.copied} hidden>
            {words.copy}
          </button>
          <a class="button" href={`${here}/yaml?download`}>
            {words.download}
          </a>
          <a class="button" href={here}>
            {words.back}
          </a>
        </div>
      </div>
    </Settings>,
  );
}

/** Entries that hold the document as it was. */
const beforeOf = ({ detail }: Audited) => publicationSchema.safeParse(detail?.before).data;

async function historyPage(c: ConsoleContext, site: Console): Promise<Response> {
  const words = settingsWords(c);
  const stored = await askedPublication(c, site);
  if (!stored) return refusedPage(c, site, words.noPublication, 404);
  const { slug, name } = stored.publication;
  const here = `${site.base}/console/settings/publications/${slug}`;
  const entries = await searchAudit(site.wiring.sql, { subject: `publication ${slug}` }, shown);
  return sendPage(
    c,
    <Settings c={c} site={site} tab="publications" title={words.historyOf(name)}>
      <p class="quiet staff-intro">{words.historyText}</p>
      {entries.length === 0 && <p class="after">{words.historyNone}</p>}
      <ol class="settings-history after">
        {entries.map(entry => (
          <li class="sheet">
            <div>
              <p>
                <When c={c} at={entry.at} /> · <bdi>{entry.email}</bdi>
              </p>
              <Changes c={c} entry={entry} />
            </div>
            {beforeOf(entry) && (
              <form method="post" action={`${here}/restore`}>
                <Token c={c} site={site} />
                <input type="hidden" name="entry" value={String(entry.id)} />
                <button type="submit">{words.restore}</button>
              </form>
            )}
          </li>
        ))}
      </ol>
      <p class="after">
        <a class="button" href={here}>
          {words.back}
        </a>
      </p>
    </Settings>,
  );
}

/** The document as it was before an entry; what was stored until now is in the entry that this makes. */
async function restore(c: ConsoleContext, site: Console, entry: number) {
  const words = settingsWords(c);
  const stored = await required(c, site);
  const { slug } = stored.publication;
  const { sql, config } = site.wiring;
  const found = await findAudit(sql, entry);
  const before = found?.subject === `publication ${slug}` ? beforeOf(found) : undefined;
  if (!before || before.slug !== slug) throw new PageRefusal(words.noEntry);
  await tryOut(config, before);
  if (!(await changePublication(sql, stored.id, stored.version, before))) throw new PageRefusal(words.changedMeanwhile);
  return {
    to: `/settings/publications/${slug}/history`,
    said: 'restored',
    subject: `publication ${slug}`,
    detail: { changed: differences(stored.publication, before), before: stored.publication },
  };
}

async function sharePage(c: ConsoleContext, site: Console): Promise<Response> {
  const words = settingsWords(c);
  const stored = await askedPublication(c, site);
  if (!stored) return refusedPage(c, site, words.noPublication, 404);
  const { slug, name, signup } = stored.publication;
  const root = `${site.wiring.config.publicUrl}/p/${slug}`;
  const rows: [label: string, text: string][] = [
    [words.signUpPage, `${root}/subscribe`],
    [words.embedScript, `<script async src="${root}/embed.js"></script>`],
    [words.archivePage, root],
    [words.feed, `${root}/feed.xml`],
  ];
  return sendPage(
    c,
    <Settings c={c} site={site} tab="publications" title={words.shareOf(name)} scripts={['copy']}>
      {!signup.open && <p class="staff-intro">{words.signUpClosed}</p>}
      {rows.map(([label, text]) => (
        <section class="part">
          <h2>{label}</h2>
          <ToCopy c={c} text={text} label={label} />
        </section>
      ))}
      <p class="after buttons">
        <a class="button" href={`${root}/embed`} rel="noopener" target="_blank">
          {words.embedMore}
        </a>
        <a class="button" href={`${site.base}/console/settings/publications/${slug}`}>
          {words.back}
        </a>
      </p>
    </Settings>,
  );
}
