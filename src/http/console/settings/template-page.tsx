/** The page of one part of the e-mail: its template to write, what it may name, the built-in one, and the sample with it. */
import type { Child } from 'hono/jsx';
import type { VersionedPublication } from '../../../db/publications.ts';
import { longestTemplate, type TemplateName } from '../../../model/template-names.ts';
import { builtInTemplate, vocabulary } from '../../../render/templates.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Message, Token } from '../layout.tsx';
import { Settings } from './frame.tsx';
import { templateWords } from './template-words.ts';
import { settingsWords } from './words.ts';

export interface PartState {
  source: string;
  /** Whether what is stored is the publication's own. */
  isOwn: boolean;
  problem?: { text: string; line?: number };
  /** Above the form. */
  message?: string;
}

interface Props {
  c: ConsoleContext;
  site: Console;
  stored: VersionedPublication;
  name: TemplateName;
  state: PartState;
}

/** Where the part begins in the sample; '' at its top. */
function placeOf(name: TemplateName): string {
  switch (name) {
    case 'frame/masthead':
      return '';
    case 'frame/contents':
      return 'highlights';
    case 'frame/taps':
      return 'closing';
    case 'sections/summary':
      return 'paper-1';
    case 'sections/prose':
    case 'frame/ending':
      return 'prose-1';
    default:
      return name.slice('sections/'.length);
  }
}

export function TemplatePage({ c, site, stored, name, state }: Props) {
  const words = templateWords(c);
  const { publication } = stored;
  const all = `${site.base}/console/settings/publications/${publication.slug}/templates`;
  const here = `${all}/${name}`;
  const { preview, history } = settingsWords(c);
  return (
    <Settings
      c={c}
      site={site}
      tab="publications"
      title={words.parts[name].name}
      wide
      scripts={['templates']}
      beside={
        <span class="buttons">
          <a class="button" href={all}>
            {words.allParts}
          </a>
          <a class="button" href={`${site.base}/console/settings/publications/${publication.slug}/history`}>
            {history}
          </a>
        </span>
      }
    >
      <p class="quiet staff-intro">
        <bdi>{publication.name}</bdi> · {words.parts[name].about} · {state.isOwn ? words.own : words.builtIn}
      </p>
      {state.message && <Message>{state.message}</Message>}
      {state.problem && !state.message && <Message>{words.wrong}</Message>}
      <div class="settings-edit settings-template">
        <div>
          <Editor c={c} site={site} stored={stored} here={here} state={state} />
          <Values c={c} name={name} />
          <details class="part settings-source">
            <summary>{words.builtInSource}</summary>
            <textarea readonly rows={20} wrap="off" spellcheck={false} aria-label={words.builtInSource}>
              {builtInTemplate(name)}
            </textarea>
          </details>
        </div>
        <aside class="settings-preview" aria-label={preview}>
          <h2>{preview}</h2>
          <iframe
            id="mail"
            title={preview}
            src={`${here}/mail#${placeOf(name)}`}
            sandbox="allow-popups allow-popups-to-escape-sandbox allow-same-origin"
          />
        </aside>
      </div>
    </Settings>
  );
}

function Editor({ c, site, stored, here, state }: Omit<Props, 'name'> & { here: string }) {
  const words = templateWords(c);
  const { problem } = state;
  const rows = Math.min(28, Math.max(12, state.source.split('\n').length + 2));
  return (
    <form
      method="post"
      action={here}
      id="template"
      data-try={`${here}/try`}
      data-fits={words.fits}
      data-stale={words.previewStale}
      data-failed={words.previewFailed}
      data-line={words.line(0)}
      data-to-line={words.toLine(0)}
    >
      <Token c={c} site={site} />
      <input type="hidden" name="version" value={stored.version} />
      <div class="field">
        <label for="source">{words.editor}</label>
        <div class="settings-code">
          <pre aria-hidden="true" id="numbers" />
          <textarea
            id="source"
            name="source"
            rows={rows}
            maxlength={longestTemplate}
            wrap="off"
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            aria-describedby="source-problem source-hint"
            aria-invalid={problem ? 'true' : undefined}
          >
            {state.source}
          </textarea>
        </div>
        <p class="settings-problem" id="source-problem" role="status">
          {problem && `${problem.line ? words.line(problem.line) : ''}${problem.text}`}
        </p>
        <button type="button" id="to-line" hidden />
        <p class="hint" id="source-hint">
          {words.most(longestTemplate.toLocaleString(c.get('language')))}
        </p>
      </div>
      <div class="settings-save">
        <button type="submit" class="main" name="do" value="store">
          {words.store}
        </button>
        {state.isOwn && (
          <button type="submit" name="do" value="back" title={words.backHint}>
            {words.back}
          </button>
        )}
        <span class="quiet small">{words.storeHint}</span>
      </div>
    </form>
  );
}

function Values({ c, name }: { c: ConsoleContext; name: TemplateName }) {
  const words = templateWords(c);
  const { escaped, raw, asked, lists, partials } = vocabulary(name);
  const onlyAsked = [...asked].filter(value => !escaped.has(value) && !raw.has(value) && !lists.has(value));
  const rows: [string, string[]][] = [
    [words.asText, [...escaped].filter(isValue).map(value => `{{${value}}}`)],
    [words.asHtml, [...raw].map(value => `{{{${value}}}}`)],
    [words.lists, [...lists].map(value => `{{#each ${value}}}…{{/each}}`)],
    [words.asked, onlyAsked.map(value => `{{#if ${value}}}…{{/if}}`)],
    [words.partials, [...partials].map(partial => `{{> ${partial}}}`)],
    [words.styles, [...escaped].filter(value => !isValue(value)).map(value => `{{@${value}}}`)],
  ];
  return (
    <details class="part settings-values">
      <summary>{words.values}</summary>
      <p class="quiet small settings-hint">{words.valuesHint}</p>
      <dl>
        {rows
          .filter(([, codes]) => codes.length > 0)
          .map(([label, codes]) => (
            <>
              <dt>{label}</dt>
              <dd>{codes.flatMap((code): Child[] => [<code>{code}</code>, ' '])}</dd>
            </>
          ))}
      </dl>
    </details>
  );
}

/** What stands after `@` is the product's, not the issue's. */
const isValue = (value: string) => !/^[swc]\./.test(value);
