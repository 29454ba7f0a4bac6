/** /console/settings/publications: all of them, and the form of one: made, changed, looked at before it is kept. */
import { tryOut } from '../../../commands/try-publication.ts';
import { insertAudit } from '../../../db/audit.ts';
import {
  createPublication,
  findVersion,
  listPublications,
  type VersionedPublication,
} from '../../../db/publications.ts';
import { BroadsheetError } from '../../../errors.ts';
import type { Publication } from '../../../model/publication.ts';
import { TemplateInvalid } from '../../../render/own/flaw.ts';
import { words as mailWords } from '../../../render/words.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { errorText } from '../errors.ts';
import { Message, refusedPage, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, done, form, page } from '../routes.ts';
import { textOf } from '../staff/form.ts';
import { documentOf, type Group, groups, judge, longestField, textNames, typedOf } from './fields.ts';
import { Settings } from './frame.tsx';
import { type FormState, GroupFields, Zones } from './publication-form.tsx';
import { storeChange } from './store.ts';
import { flawText, templateWords } from './template-words.ts';
import { settingsWords } from './words.ts';

export const publicationRoutes: ConsoleRoute[] = [
  page('/settings/publications', 'settings', listPage),
  page('/settings/publications/new', 'settings', (c, site) => newPage(c, site)),
  form('/settings/publications/new', 'settings', pressNew),
  page('/settings/publications/:slug', 'settings', async (c, site) => {
    const stored = await askedPublication(c, site);
    if (!stored) return refusedPage(c, site, settingsWords(c).noPublication, 404);
    return editPage(c, site, stored, stateOf(stored.publication));
  }),
  form('/settings/publications/:slug', 'settings', pressEdit),
];

export function askedPublication(c: ConsoleContext, site: Console): Promise<VersionedPublication | undefined> {
  return findVersion(site.wiring.sql, c.req.param('slug') ?? '');
}

function stateOf(
  publication: Publication,
  problems = new Map<string, string>(),
  typed?: FormState['typed'],
): FormState {
  return { typed: typed ?? typedOf(publication), problems, examples: examplesOf(publication.language) };
}

function examplesOf(language: 'ko' | 'en'): Record<string, string> {
  const product = mailWords[language];
  const { actions } = product;
  const flat: Record<string, unknown> = { ...product, ...actions, why: product.why('{name}') };
  return Object.fromEntries(textNames.map(name => [`texts.${name}`, String(flat[name])]));
}

async function listPage(c: ConsoleContext, site: Console) {
  const words = settingsWords(c);
  const stored = await listPublications(site.wiring.sql);
  const here = `${site.base}/console/settings/publications`;
  return sendPage(
    c,
    <Settings
      c={c}
      site={site}
      tab="publications"
      title={words.tabs.publications}
      beside={
        <a class="button" href={`${here}/new`}>
          <Icon name="add" />
          {words.newPublication}
        </a>
      }
    >
      {stored.length === 0 ? (
        <div class="sheet empty">
          <h2>{words.noneYet}</h2>
          <p>{words.noneYetText}</p>
        </div>
      ) : (
        <ul class="settings-cards">
          {stored.map(({ publication }) => (
            <li class="sheet">
              <a href={`${here}/${publication.slug}`}>
                <svg class="settings-swatch" viewBox="0 0 4 4" aria-hidden="true">
                  <rect width="4" height="4" fill={publication.brand.accent} stroke="none" />
                </svg>
                <span>
                  <strong>
                    <bdi>{publication.name}</bdi>
                  </strong>
                  <small>
                    {publication.slug} · <bdi>{publication.from.address}</bdi> · {words.choices[publication.language]} ·{' '}
                    {publication.timeZone}
                  </small>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Settings>,
  );
}

const firstGroups: Group[] = ['identity', 'brand', 'law'];

function newPage(c: ConsoleContext, site: Console, state?: FormState, status: 200 | 400 | 409 = 200) {
  const words = settingsWords(c);
  const language = c.get('language');
  const blank: FormState = state ?? {
    typed: {
      language,
      timeZone: language === 'ko' ? 'Asia/Seoul' : 'UTC',
      'brand.accent': '#0b5c55',
      'law.kr': language === 'ko' ? 'on' : '',
    },
    problems: new Map(),
    examples: {},
  };
  return sendPage(
    c,
    <Settings c={c} site={site} tab="publications" title={words.newPublication}>
      {blank.problems.size > 0 && <Message>{words.fieldsWrong(blank.problems.size)}</Message>}
      <form method="post" action={`${site.base}/console/settings/publications/new`}>
        <Token c={c} site={site} />
        <div class="field">
          <label for="slug">{words.slug}</label>
          <input
            id="slug"
            name="slug"
            required
            maxlength={40}
            pattern="[a-z0-9][a-z0-9\-]*"
            autocomplete="off"
            value={blank.typed.slug ?? ''}
            aria-describedby="slug-hint"
          />
          <p class="hint" id="slug-hint">
            {words.slugHint}
          </p>
          {blank.problems.has('slug') && <p class="settings-problem">{blank.problems.get('slug')}</p>}
        </div>
        {firstGroups.map(group => (
          <GroupFields c={c} group={group} state={blank} />
        ))}
        <Zones />
        <div class="buttons after">
          <button type="submit" class="main">
            {words.createPublication}
          </button>
        </div>
      </form>
    </Settings>,
    status,
  );
}

function typedIn(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(fields).map(name => [name, textOf(fields, name, longestField)]));
}

/** Only what the first form asks for: the rest has the schema's own values. */
function firstDocument(typed: Record<string, string>): Record<string, unknown> {
  const whole = documentOf(typed.slug ?? '', typed);
  const wanted = new Set([
    'slug',
    'law',
    ...firstGroups.flatMap(group => groups[group].map(({ path }) => path.split('.')[0]!)),
  ]);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => wanted.has(name)));
}

async function pressNew(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const words = settingsWords(c);
  const typed = typedIn(fields);
  const judged = judge(firstDocument(typed), c.get('language'));
  const again = (problems: Map<string, string>, status: 400 | 409) =>
    newPage(c, site, { typed, problems, examples: {} }, status);
  if ('problems' in judged) return again(judged.problems, 400);
  const { publication } = judged;
  const { sql } = site.wiring;
  const bad = await trouble(c, site, publication);
  if (bad) return again(new Map([['name', bad]]), 400);
  if (!(await createPublication(sql, publication))) return again(new Map([['slug', words.slugTaken]]), 409);
  const subject = `publication ${publication.slug}`;
  await insertAudit(sql, c.get('staff'), { act: 'publication.create', subject, detail: { name: publication.name } });
  return done(c, site, `/settings/publications/${publication.slug}`, 'created');
}

async function trouble(c: ConsoleContext, site: Console, publication: Publication): Promise<string | undefined> {
  try {
    await tryOut(site.wiring.config, publication);
    return undefined;
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    return error instanceof TemplateInvalid ? flawText(c, error) : errorText(error, c.get('language'));
  }
}

function editPage(
  c: ConsoleContext,
  site: Console,
  stored: VersionedPublication,
  state: FormState,
  status: 200 | 400 | 409 = 200,
  message?: string,
) {
  const words = settingsWords(c);
  const { publication } = stored;
  const here = `${site.base}/console/settings/publications/${publication.slug}`;
  const names = Object.keys(groups) as Group[];
  return sendPage(
    c,
    <Settings
      c={c}
      site={site}
      tab="publications"
      title={publication.name}
      wide
      scripts={['settings']}
      beside={
        <span class="buttons">
          <a class="button" href={`${here}/templates`}>
            {templateWords(c).templates}
          </a>
          <a class="button" href={`${here}/share`}>
            {words.share}
          </a>
          <a class="button" href={`${here}/history`}>
            {words.history}
          </a>
          <a class="button" href={`${here}/yaml`}>
            YAML
          </a>
        </span>
      }
    >
      {message && <Message>{message}</Message>}
      {state.problems.size > 0 && <Message>{words.fieldsWrong(state.problems.size)}</Message>}
      <div class="settings-edit">
        <form method="post" action={here} id="publication">
          <Token c={c} site={site} />
          <input type="hidden" name="version" value={stored.version} />
          <nav class="settings-jump" aria-label={words.parts}>
            {names.map(group => (
              <a href={`#${group}`}>{words.groups[group]}</a>
            ))}
          </nav>
          {names.map(group => (
            <GroupFields c={c} group={group} state={state} />
          ))}
          <Zones />
          <div class="settings-save">
            <button type="submit" class="main">
              {words.save}
            </button>
            <span class="quiet small">{words.saveHint}</span>
          </div>
        </form>
        <aside class="settings-preview" aria-label={words.preview}>
          <h2>{words.preview}</h2>
          <iframe
            title={words.preview}
            src={`${here}/preview`}
            data-preview={`${here}/preview`}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            loading="lazy"
          />
        </aside>
      </div>
    </Settings>,
    status,
  );
}

async function pressEdit(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const words = settingsWords(c);
  const stored = await askedPublication(c, site);
  if (!stored) return refusedPage(c, site, words.noPublication, 404);
  const typed = typedIn(fields);
  // Not of this form: what it does not show stays.
  const { slug, templates } = stored.publication;
  const judged = judge({ ...documentOf(slug, typed), templates }, c.get('language'));
  if ('problems' in judged) return editPage(c, site, stored, stateOf(stored.publication, judged.problems, typed), 400);
  const { publication } = judged;
  const bad = await trouble(c, site, publication);
  if (bad) return editPage(c, site, stored, stateOf(stored.publication, new Map(), typed), 400, bad);
  if (!(await storeChange(c, site, stored, textOf(fields, 'version', 40), publication)))
    return editPage(
      c,
      site,
      (await askedPublication(c, site)) ?? stored,
      stateOf(stored.publication, new Map(), typed),
      409,
      words.changedMeanwhile,
    );
  return done(c, site, `/settings/publications/${publication.slug}`, 'saved');
}
