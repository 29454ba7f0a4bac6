/** What stands beside the text: outline, front matter, glossary, promo, problems. Scripts fill them. */
import type { Child } from 'hono/jsx';
import { frontMatterKeys, promoKeys } from '../../../model/front-matter.ts';
import { Icon, type IconName } from '../../icons.tsx';
import type { WriteWords } from './words.ts';

const panels = [
  ['outline', 'outline'],
  ['details', 'info'],
  ['terms', 'book'],
  ['promo', 'tag'],
  ['check', 'checks'],
] as const satisfies readonly (readonly [string, IconName])[];

/** On a narrow screen text and preview are tabs too. */
export function Tabs({ words }: { words: WriteWords }) {
  return (
    <nav class="w-tabs w-live" aria-label={words.panelsLabel}>
      <button type="button" class="w-narrow" data-view="text" aria-pressed="true">
        <Icon name="text" />
        {words.text}
      </button>
      <button type="button" class="w-narrow" data-view="preview" aria-pressed="false">
        <Icon name="mail" />
        {words.preview}
      </button>
      {panels.map(([name, icon]) => (
        <button type="button" data-panel={name} aria-pressed="false" aria-controls={`panel-${name}`}>
          <Icon name={icon} />
          {words.panels[name]}
          {name === 'check' && <span id="w-count" class="w-count" hidden />}
        </button>
      ))}
    </nav>
  );
}

export function Panels({ words }: { words: WriteWords }) {
  return (
    <div class="w-side w-live">
      <Panel name="outline" title={words.panels.outline}>
        <p id="w-no-outline" class="quiet small">
          {words.client.outlineEmpty}
        </p>
        <ol id="w-outline" class="w-outline" />
        <template id="w-outline-row">
          <li>
            <span class="w-grip" title={words.client.drag}>
              <Icon name="grip" />
            </span>
            <button type="button" class="w-go">
              <small />
              <span />
            </button>
            <button type="button" class="w-up">
              <Icon name="newer" />
            </button>
            <button type="button" class="w-down">
              <Icon name="older" />
            </button>
          </li>
        </template>
      </Panel>
      <Panel name="details" title={words.panels.details}>
        <Broken words={words} />
        <form class="w-fields" autocomplete="off">
          {frontMatterKeys.map(key => (
            <Field words={words} name={key} words2={words.client.details[key]!} />
          ))}
        </form>
      </Panel>
      <Panel name="terms" title={words.panels.terms}>
        <form class="w-fields" id="w-term" autocomplete="off">
          {(['term', 'translation', 'abbreviation', 'definition'] as const).map(key => (
            <div class="field">
              <label for={`term-${key}`}>{words.client[key]}</label>
              {key === 'definition' ? (
                <textarea id={`term-${key}`} name={key} rows={3} maxlength={2000} />
              ) : (
                <input id={`term-${key}`} name={key} maxlength={120} />
              )}
            </div>
          ))}
          <p id="w-term-said" class="small" role="status" />
          <button type="submit">
            <Icon name="add" />
            {words.client.addTerm}
          </button>
        </form>
        <h2>{words.client.termsHere}</h2>
        <ul id="w-terms" class="w-terms" />
      </Panel>
      <Panel name="promo" title={words.panels.promo}>
        <Broken words={words} />
        <p class="quiet small">{words.client.promoHint}</p>
        <form class="w-fields" autocomplete="off">
          {promoKeys.map(key => (
            <Field words={words} name={`promo.${key}`} words2={words.client.promo[key]!} />
          ))}
        </form>
      </Panel>
      <Panel name="check" title={words.panels.check}>
        <p id="w-found" class="small" role="status" />
        <ol id="w-problems" class="w-problems" />
        <template id="w-problem-error">
          <Icon name="cancelled" />
        </template>
        <template id="w-problem-warning">
          <Icon name="alert" />
        </template>
        <aside id="check" />
      </Panel>
    </div>
  );
}

function Panel({ name, title, children }: { name: string; title: string; children: Child }) {
  return (
    <section class="w-panel" id={`panel-${name}`} data-panel={name} aria-label={title}>
      {children}
    </section>
  );
}

const Broken = ({ words }: { words: WriteWords }) => (
  <p class="w-broken small" hidden>
    {words.client.broken}
  </p>
);

function Field({ words, name, words2: [label, hint] }: { words: WriteWords; name: string; words2: [string, string] }) {
  const id = `field-${name.replace('.', '-')}`;
  const isDay = name === 'date' || name === 'promo.expires';
  const described = hint ? { 'aria-describedby': `${id}-hint` } : {};
  return (
    <div class="field">
      <label for={id}>
        {label}
        {(name === 'subject' || name === 'preheader') && <small class="quiet" data-count={name} />}
      </label>
      {name === 'lang' ? (
        <select id={id} name={name}>
          {Object.entries(words.client.langs).map(([value, text]) => (
            <option value={value}>{text}</option>
          ))}
        </select>
      ) : name === 'promo.body' || name === 'preheader' ? (
        <textarea id={id} name={name} rows={3} maxlength={5000} {...described} />
      ) : (
        <input
          id={id}
          name={name}
          type={isDay ? 'date' : name === 'promo.url' ? 'url' : 'text'}
          maxlength={2000}
          {...described}
        />
      )}
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
