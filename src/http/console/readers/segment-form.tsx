/** The form of a segment: conditions, the sentence that they make, whom they hold. The server draws it anew with each change. */
import { lookAtSegment, type SegmentRow } from '../../../db/api-segments.ts';
import type { Sql } from '../../../db/client.ts';
import type { StoredPublication } from '../../../db/publications.ts';
import { titledIssues } from '../../../db/reader-issues.ts';
import { tagsInUse } from '../../../db/tags.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Token } from '../layout.tsx';
import { numberIn, textOf } from './frame.tsx';
import { attributeOps, type Condition, conditionKinds, mostConditions, type RuleForm, ruleOf } from './rule-form.ts';
import { sentenceOf } from './sentence.ts';

/** Subscriptions looked at while somebody types: a statement of a tenth of a second, whatever the rule asks. */
const lookedAtOnce = 8000;

export async function issuesToName(sql: Sql, publicationId: number): Promise<Map<number, string>> {
  return new Map((await titledIssues(sql, publicationId)).map(({ id, title }) => [id, title]));
}

interface FormProps {
  c: ConsoleContext;
  site: Console;
  stored: StoredPublication;
  name: string;
  form: RuleForm | undefined;
  row?: SegmentRow | undefined;
  issues: ReadonlyMap<number, string>;
}

export async function SegmentForm({ c, site, stored, name, form, row, issues }: FormProps) {
  const text = textOf(c);
  const here = `${site.base}/console/readers/segments/${stored.publication.slug}`;
  const tags = await tagsInUse(site.wiring.sql);
  const rule = form ? ruleOf(form) : row?.rule;
  // In one queue: what the press before a press asked for must not come after it.
  const look = {
    'hx-post': `${here}/look`,
    'hx-target': '#segment',
    'hx-swap': 'outerMorph',
    'hx-sync': '#segment:replace',
  };
  return (
    <form id="segment" method="post" action={`${here}/save`} class="form readers-segment" {...look} hx-trigger="change">
      <Token c={c} site={site} />
      {/* The first button is what Enter presses in a field: it counts, and neither saves nor takes a condition away. */}
      <button type="submit" class="hidden" tabindex={-1} formaction={`${here}/look`} formnovalidate {...look}>
        {text.count}
      </button>
      {row && <input type="hidden" name="slug" value={row.slug} />}
      <div class="field">
        <label for="name">{text.segmentName}</label>
        <input id="name" name="name" value={name} required maxlength={200} autocomplete="off" />
      </div>
      {form ? (
        <>
          <div class="field">
            <label for="match">{text.match}</label>
            <select id="match" name="match">
              {(['all', 'any'] as const).map(match => (
                <option value={match} selected={match === form.match}>
                  {match === 'all' ? text.matchAll : text.matchAny}
                </option>
              ))}
            </select>
          </div>
          <ol class="readers-conditions">
            {form.conditions.map((condition, at) => (
              <ConditionRow {...{ c, stored, condition, at, issues, tags, look: `${here}/look` }} />
            ))}
          </ol>
          {form.conditions.length < mostConditions && (
            <p>
              <button
                type="submit"
                name="step"
                value="add"
                hx-vals='{"step":"add"}'
                formaction={`${here}/look`}
                formnovalidate
                {...look}
              >
                <Icon name="add" />
                {text.addCondition}
              </button>
            </p>
          )}
        </>
      ) : (
        <p class="quiet">{text.byProgram}</p>
      )}
      <Held c={c} site={site} stored={stored} rule={rule} issues={issues} />
      <div class="buttons">
        <button type="submit" class="main" hx-ignore>
          {text.saveSegment}
        </button>
        <button type="submit" formaction={`${here}/look`} formnovalidate {...look}>
          {text.count}
        </button>
        <a class="button" href={`${site.base}/console/readers/segments`}>
          {text.keep}
        </a>
      </div>
    </form>
  );
}

interface RowProps {
  c: ConsoleContext;
  stored: StoredPublication;
  condition: Condition;
  at: number;
  issues: ReadonlyMap<number, string>;
  tags: string[];
  look: string;
}

function ConditionRow({ c, stored, condition, at, issues, tags, look }: RowProps) {
  const text = textOf(c);
  const options = (name: string, label: string, values: (readonly [string, string])[], chosen: string) => (
    <select name={`c${at}_${name}`} aria-label={label}>
      {values.map(([value, shown]) => (
        <option value={value} selected={value === chosen}>
          {shown}
        </option>
      ))}
    </select>
  );
  const { kind } = condition;
  const label = text.conditionKinds[kind];
  const value = (more: Record<string, string>) => (
    <input
      name={`c${at}_value`}
      value={condition.value}
      maxlength={2000}
      aria-label={label}
      autocomplete="off"
      {...more}
    />
  );
  const fields = [
    ...new Set([...Object.keys(stored.publication.fields), ...(condition.field ? [condition.field] : [])]),
  ];
  return (
    <li class="readers-condition">
      {options(
        'kind',
        text.conditionKinds[kind],
        conditionKinds.map(one => [one, text.conditionKinds[one]] as const),
        kind,
      )}
      {kind === 'attribute' &&
        options(
          'field',
          text.attribute,
          [['', text.choose], ...fields.map(one => [one, one] as const)],
          condition.field,
        )}
      {kind === 'attribute' &&
        options(
          'op',
          text.value,
          attributeOps.map(one => [one, text.ops[one]] as const),
          condition.op || 'equal',
        )}
      {kind === 'subscribed' &&
        options(
          'op',
          text.when,
          (['before', 'after'] as const).map(one => [one, text.times[one]] as const),
          condition.op || 'before',
        )}
      {kind === 'tag' && value({ list: 'tags', placeholder: text.tag })}
      {kind === 'domain' && value({ placeholder: text.domainHint })}
      {kind === 'subscribed' && value({ type: 'date' })}
      {kind === 'attribute' && !['present', 'absent'].includes(condition.op) && value({})}
      {(kind === 'got' || kind === 'clicked') &&
        options('value', label, [['', text.choose], ...named(issues, condition.value)], condition.value)}
      {options(
        'not',
        text.is,
        [
          ['', text.is],
          ['not', text.isNot],
        ],
        condition.isNot ? 'not' : '',
      )}
      <button
        type="submit"
        name="step"
        value={`remove ${at}`}
        hx-vals={JSON.stringify({ step: `remove ${at}` })}
        formaction={look}
        formnovalidate
        hx-post={look}
        hx-target="#segment"
        hx-swap="outerMorph"
        hx-sync="#segment:replace"
        aria-label={`${text.removeCondition} ${at + 1}`}
      >
        <Icon name="close" />
      </button>
      {at === 0 && (
        <datalist id="tags">
          {tags.map(tag => (
            <option value={tag} />
          ))}
        </datalist>
      )}
    </li>
  );
}

/** The newest issues, and the one that is chosen whatever its age. */
function named(issues: ReadonlyMap<number, string>, chosen: string): (readonly [string, string])[] {
  const known = [...issues].map(([id, title]) => [String(id), title] as const);
  return chosen && !issues.has(Number(chosen)) ? [...known, [chosen, `#${chosen}`]] : known;
}

async function Held(props: {
  c: ConsoleContext;
  site: Console;
  stored: StoredPublication;
  rule: SegmentRule | undefined;
  issues: ReadonlyMap<number, string>;
}) {
  const { c, site, stored, rule, issues } = props;
  const text = textOf(c);
  if (!rule)
    return (
      <p class="quiet readers-held" aria-live="polite">
        {text.incomplete}
      </p>
    );
  const { looked, matching, sample } = await lookAtSegment(site.wiring.sql, stored.id, rule, lookedAtOnce);
  const share = (matching / Math.max(1, looked)).toLocaleString(c.get('language'), {
    style: 'percent',
    maximumFractionDigits: 1,
  });
  const isExact = looked < lookedAtOnce;
  return (
    <div class="sheet readers-held" aria-live="polite">
      <p>
        <bdi>{sentenceOf(rule, c.get('language'), issues)}</bdi>
      </p>
      <p class="readers-count">
        {isExact ? text.holds(numberIn(c, matching)) : text.holdsOf(numberIn(c, matching), numberIn(c, looked), share)}
      </p>
      {sample.length > 0 && (
        <details>
          <summary class="quiet small">{text.sample}</summary>
          <ul class="lines">
            {sample.map(one => (
              <li>
                <a href={`${site.base}/console/readers/${one.subscriber}`}>
                  <bdi>{one.name || one.email}</bdi>
                </a>{' '}
                {one.name && <bdi class="quiet small">{one.email}</bdi>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
