/** What one entry of a publication's history changed: fields as before and now, texts of many lines by their lines. */
import type { Audited } from '../../../db/audit.ts';
import { type TemplateName, templateNames } from '../../../model/template-names.ts';
import { builtInTemplate } from '../../../render/templates.ts';
import type { ConsoleContext } from '../context.ts';
import { lineDiff } from './line-diff.ts';
import { templateWords } from './template-words.ts';
import { settingsWords } from './words.ts';

const mostShown = 200;
const mostLines = 80;

interface Change {
  before: unknown;
  now: unknown;
}

export function Changes({ c, entry }: { c: ConsoleContext; entry: Audited }) {
  const words = settingsWords(c);
  const { changed } = (entry.detail ?? {}) as { changed?: Record<string, Change> };
  if (!changed) return <p class="quiet">{entry.act === 'publication.create' ? words.created : entry.act}</p>;
  const say = (value: unknown) =>
    value === null || value === ''
      ? words.nothing
      : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, mostShown);
  return (
    <ul class="lines">
      {Object.entries(changed).map(([name, change]) => {
        const template = templateNames.find(each => name === `templates.${each}`);
        return template ? (
          <TemplateChange c={c} name={template} change={change} />
        ) : (
          <li>
            {words.fields[name] ?? name}: <del>{say(change.before)}</del> → <ins>{say(change.now)}</ins>
          </li>
        );
      })}
    </ul>
  );
}

/** Where there was none of its own, or is none now, the built-in one counts. */
function TemplateChange({ c, name, change }: { c: ConsoleContext; name: TemplateName; change: Change }) {
  const words = templateWords(c);
  const textOf = (value: unknown) => (typeof value === 'string' ? value : builtInTemplate(name));
  const kindOf = (value: unknown) => (typeof value === 'string' ? words.own : words.builtIn);
  const lines = lineDiff(textOf(change.before), textOf(change.now));
  const marks = { same: ' ', gone: '−', new: '+', skipped: '⋯' };
  return (
    <li>
      {words.templates}, {words.parts[name].name}: {kindOf(change.before)} → {kindOf(change.now)}
      <details>
        <summary>{words.changedLines(lines.filter(({ kind }) => kind === 'gone' || kind === 'new').length)}</summary>
        <pre class="settings-diff" tabindex={0}>
          {lines.slice(0, mostLines).map(({ kind, text }) => {
            const line = `${marks[kind]} ${text}`;
            return kind === 'gone' ? <del>{line}</del> : kind === 'new' ? <ins>{line}</ins> : <span>{line}</span>;
          })}
          {lines.length > mostLines && '⋯'}
        </pre>
      </details>
    </li>
  );
}
