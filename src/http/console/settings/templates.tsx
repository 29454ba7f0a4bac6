/** /console/settings/publications/:slug/templates: the parts of the e-mail, each the product's or the publication's own. */

import { z } from 'zod';
import { sampleHtml, tryOut, tryTemplates } from '../../../commands/try-publication.ts';
import type { VersionedPublication } from '../../../db/publications.ts';
import { BroadsheetError } from '../../../errors.ts';
import { type Publication, publicationSchema } from '../../../model/publication.ts';
import { longestTemplate, type TemplateName, templateNames } from '../../../model/template-names.ts';
import { TemplateInvalid } from '../../../render/own/flaw.ts';
import { builtInTemplate } from '../../../render/templates.ts';
import { Icon } from '../../icons.tsx';
import { forFrame } from '../../mail-frame.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendFramed } from '../guard.ts';
import { refusedPage, sendPage } from '../layout.tsx';
import { type ConsoleRoute, call, done, form, page } from '../routes.ts';
import { textOf } from '../staff/form.ts';
import { Settings } from './frame.tsx';
import { askedPublication } from './publications.tsx';
import { storeChange } from './store.ts';
import { type PartState, TemplatePage } from './template-page.tsx';
import { templateWords } from './template-words.ts';
import { settingsWords } from './words.ts';

const path = '/settings/publications/:slug/templates';
const part = `${path}/:folder/:file`;

/** One more than a template may have, so that the schema sees what is too long. */
const sourceSchema = z.string().max(longestTemplate + 1);

export const templateRoutes: ConsoleRoute[] = [
  page(path, 'settings', listPage),
  page(part, 'settings', async (c, site) => {
    const asked = await askedPart(c, site);
    if (asked instanceof Response) return asked;
    return partPage(c, site, asked, await flawOf(asked.stored.publication, asked.name));
  }),
  form(part, 'settings', press),
  page(`${part}/mail`, 'settings', async (c, site) => {
    const asked = await askedPart(c, site);
    if (asked instanceof Response) return asked;
    return sendFramed(c, await mailOf(site, asked.stored.publication, asked.name), true);
  }),
  call(`${part}/try`, 'settings', z.strictObject({ source: sourceSchema }), async (c, site, { source }) => {
    const asked = await askedPart(c, site);
    if (asked instanceof Response) throw new BroadsheetError('USAGE', templateWords(c).noPart, { help: '' });
    const made = withPart(asked.stored.publication, asked.name, source);
    if ('problem' in made) return { body: { problem: { text: made.problem } } };
    try {
      await tryTemplates(made.publication);
      const html = await sampleHtml(site.wiring.config, made.publication, kindFor(asked.name));
      return { body: { html: forFrame(html, 'light') } };
    } catch (error) {
      return { body: { problem: problemOf(c, error, asked.name) } };
    }
  }),
];

interface Asked {
  stored: VersionedPublication;
  name: TemplateName;
}

async function askedPart(c: ConsoleContext, site: Console): Promise<Asked | Response> {
  const stored = await askedPublication(c, site);
  if (!stored) return refusedPage(c, site, settingsWords(c).noPublication, 404);
  const name = templateNames.find(each => each === `${c.req.param('folder')}/${c.req.param('file')}`);
  return name ? { stored, name } : refusedPage(c, site, templateWords(c).noPart, 404);
}

/** The sample, with the product's own templates where the publication's cannot be used. */
async function mailOf({ wiring }: Console, publication: Publication, name: TemplateName): Promise<string> {
  const made = (of: Publication) => sampleHtml(wiring.config, of, kindFor(name));
  return forFrame(await made(publication).catch(() => made({ ...publication, templates: {} })), 'light');
}

/** The sample that has the part. */
const kindFor = (name: TemplateName) => (name === 'frame/ending' ? 'own codes' : 'usual');

/** What is wrong with a template that is stored: built-in ones change with the product, and what they hold with them. */
async function flawOf(publication: Publication, name: TemplateName): Promise<TemplateInvalid | undefined> {
  const source = publication.templates[name];
  if (source === undefined) return undefined;
  try {
    await tryTemplates({ ...publication, templates: { [name]: source } });
    return undefined;
  } catch (error) {
    if (error instanceof TemplateInvalid) return error;
    throw error;
  }
}

/** The publication with a part as it was typed; one that is word for word the built-in one is none of its own. */
function withPart(
  publication: Publication,
  name: TemplateName,
  typed: string,
): { publication: Publication } | { problem: string } {
  const source = typed.replace(/\r\n?/g, '\n');
  const { [name]: _, ...templates } = publication.templates;
  const isOurs = source.trim() === '' || source.trimEnd() === builtInTemplate(name).trimEnd();
  const parsed = publicationSchema.safeParse({
    ...publication,
    templates: isOurs ? templates : { ...templates, [name]: source },
  });
  return parsed.success ? { publication: parsed.data } : { problem: parsed.error.issues[0]!.message };
}

/** @throws what is not the template's fault */
function problemOf(c: ConsoleContext, error: unknown, name: TemplateName): NonNullable<PartState['problem']> {
  if (!(error instanceof BroadsheetError)) throw error;
  if (!(error instanceof TemplateInvalid)) return { text: error.message };
  const words = templateWords(c);
  const text = words.flaws[error.flaw](error.what);
  // Another one that does not fit stops this one too.
  if (error.partial !== name) return { text: `${words.parts[error.partial].name}: ${text}` };
  return { text, ...(error.line === undefined ? {} : { line: error.line }) };
}

async function listPage(c: ConsoleContext, site: Console): Promise<Response> {
  const words = templateWords(c);
  const stored = await askedPublication(c, site);
  if (!stored) return refusedPage(c, site, settingsWords(c).noPublication, 404);
  const { publication } = stored;
  const here = `${site.base}/console/settings/publications/${publication.slug}`;
  const states: [TemplateName, 'builtIn' | 'own' | 'broken'][] = [];
  for (const name of templateNames) {
    const isOwn = publication.templates[name] !== undefined;
    states.push([name, isOwn ? ((await flawOf(publication, name)) ? 'broken' : 'own') : 'builtIn']);
  }
  return sendPage(
    c,
    <Settings
      c={c}
      site={site}
      tab="publications"
      title={words.titleOf(publication.name)}
      beside={
        <a class="button" href={here}>
          {settingsWords(c).back}
        </a>
      }
    >
      <p class="quiet staff-intro">{words.intro}</p>
      <ol class="settings-cards settings-parts after">
        {states.map(([name, state]) => (
          <li class="sheet">
            <a href={`${here}/templates/${name}`}>
              <span>
                <strong>{words.parts[name].name}</strong>
                <small>{words.parts[name].about}</small>
              </span>
              <span class={`state settings-${state === 'broken' ? 'fail' : state}`}>
                <Icon name={state === 'broken' ? 'alert' : state === 'own' ? 'draft' : 'done'} />
                {words[state]}
              </span>
            </a>
          </li>
        ))}
      </ol>
    </Settings>,
  );
}

function partPage(
  c: ConsoleContext,
  site: Console,
  { stored, name }: Asked,
  flaw: TemplateInvalid | undefined,
  typed?: Partial<PartState>,
  status: 200 | 400 | 409 = 200,
): Response | Promise<Response> {
  const own = stored.publication.templates[name];
  const state: PartState = {
    source: own ?? builtInTemplate(name),
    isOwn: own !== undefined,
    ...(flaw ? { problem: problemOf(c, flaw, name), message: templateWords(c).wrongStored } : {}),
    ...typed,
  };
  return sendPage(c, <TemplatePage c={c} site={site} stored={stored} name={name} state={state} />, status);
}

async function press(c: ConsoleContext, site: Console, fields: Record<string, string>): Promise<Response> {
  const asked = await askedPart(c, site);
  if (asked instanceof Response) return asked;
  const { stored, name } = asked;
  const source = fields.do === 'back' ? '' : textOf(fields, 'source', longestTemplate + 1);
  const typed = { source: textOf(fields, 'source', longestTemplate + 1) };
  const made = withPart(stored.publication, name, source);
  if ('problem' in made) return partPage(c, site, asked, undefined, { ...typed, problem: { text: made.problem } }, 400);
  const { publication } = made;
  try {
    await tryOut(site.wiring.config, publication);
  } catch (error) {
    // Going back mends what is broken; another part that is broken does not keep this one from it.
    if (fields.do !== 'back')
      return partPage(c, site, asked, undefined, { ...typed, problem: problemOf(c, error, name) }, 400);
  }
  if (!(await storeChange(c, site, stored, textOf(fields, 'version', 40), publication))) {
    const now = (await askedPublication(c, site)) ?? stored;
    const message = settingsWords(c).changedMeanwhile;
    return partPage(c, site, { stored: now, name }, undefined, { ...typed, message }, 409);
  }
  return done(c, site, `/settings/publications/${publication.slug}/templates/${name}`, 'saved');
}
