/** The inputs of a publication's form. */
import type { Child } from 'hono/jsx';
import type { ConsoleContext } from '../context.ts';
import { allFields, type FieldKind, type Group, groups, longestField } from './fields.ts';
import { settingsWords } from './words.ts';

export interface FormState {
  typed: Record<string, string>;
  problems: Map<string, string>;
  /** What the product says where a text is left empty. */
  examples: Record<string, string>;
}

export function GroupFields({ c, group, state }: { c: ConsoleContext; group: Group; state: FormState }) {
  const words = settingsWords(c);
  return (
    <section class="part settings-group" id={group}>
      <h2>{words.groups[group]}</h2>
      {words.groupHints[group] && <p class="quiet small settings-hint">{words.groupHints[group]}</p>}
      <div class="form">
        {groups[group].map(field => (
          <Field c={c} path={field.path} state={state} />
        ))}
      </div>
    </section>
  );
}

function Field({ c, path, state }: { c: ConsoleContext; path: string; state: FormState }) {
  const words = settingsWords(c);
  const { kind, most } = allFields.find(field => field.path === path)!;
  const label = words.fields[path] ?? path;
  const hint = words.hints[path];
  const problem = state.problems.get(path);
  const described = [hint && `${path}-hint`, problem && `${path}-problem`].filter(Boolean).join(' ') || undefined;
  const about = {
    id: path,
    name: path,
    'aria-describedby': described,
    'aria-invalid': problem ? ('true' as const) : undefined,
  };
  const value = state.typed[path] ?? '';
  const below = (
    <>
      {hint && (
        <p class="hint" id={`${path}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p class="settings-problem" id={`${path}-problem`}>
          {problem}
        </p>
      )}
    </>
  );
  if (kind === 'check')
    return (
      <div class="field">
        <label class="choice">
          <input type="checkbox" value="on" checked={value === 'on'} {...about} />
          <span>{label}</span>
        </label>
        {below}
      </div>
    );
  return (
    <div class="field">
      <label for={path}>{label}</label>
      <Input c={c} kind={kind} about={about} value={value} most={most} example={state.examples[path]} />
      {below}
    </div>
  );
}

function Input(props: {
  c: ConsoleContext;
  kind: FieldKind;
  about: { id: string; name: string; 'aria-describedby': string | undefined; 'aria-invalid': 'true' | undefined };
  value: string;
  most: number | undefined;
  example: string | undefined;
}): Child {
  const { c, kind, about, value, most, example } = props;
  if (typeof kind === 'object')
    return (
      <select {...about}>
        {kind.choose.map(choice => (
          <option value={choice} selected={choice === value}>
            {settingsWords(c).choices[choice] ?? choice}
          </option>
        ))}
      </select>
    );
  if (kind === 'text' || kind === 'lines' || kind === 'pairs')
    return (
      <textarea {...about} rows={kind === 'text' ? 3 : 4} maxlength={most ?? longestField}>
        {value}
      </textarea>
    );
  if (kind === 'number' || kind === 'limit')
    return (
      <input {...about} class="settings-number" inputmode="decimal" maxlength={20} value={value} autocomplete="off" />
    );
  if (kind === 'colour')
    return (
      <div class="settings-colour">
        <input {...about} maxlength={7} value={value} autocomplete="off" spellcheck={false} />
        <input type="color" value={value} aria-label={settingsWords(c).pick} data-colour-of={about.id} hidden />
      </div>
    );
  const list = kind === 'zone' ? { list: 'zones' } : {};
  return <input {...about} {...list} maxlength={most ?? 300} value={value} placeholder={example} autocomplete="off" />;
}

/** Names of time zones, for the field that takes one. */
export function Zones() {
  return (
    <datalist id="zones">
      {['UTC', ...Intl.supportedValuesOf('timeZone')].map(zone => (
        <option value={zone} />
      ))}
    </datalist>
  );
}
