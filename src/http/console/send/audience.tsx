/** The first step: whom it goes to. A rule is built row by row, and counted as it is built. */
import { listSegments, type SegmentRow } from '../../../db/api-segments.ts';
import { sampleAudience } from '../../../db/audiences.ts';
import { listSent } from '../../../db/issue-list.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPart } from '../layout.tsx';
import { countOn, partSize, type Told } from './count.ts';
import { openDesk, type SendDesk } from './desk.ts';
import { attributeKinds, inputOf, kindOf, mostRows, type plainKinds, type RuleForm, takesValue } from './rule-rows.ts';
import { type Telling, tellRule } from './rule-words.ts';
import { type Audience, audienceOf, type Wish, wishOf } from './wish.ts';

const sampleSize = 5;
const shownIssues = 50;

export interface Picker {
  desk: SendDesk;
  wish: Wish;
  segments: SegmentRow[];
  issues: { id: number; title: string; slug: string }[];
  telling: Telling;
}

export async function openPicker(site: Console, desk: SendDesk, wish: Wish): Promise<Picker> {
  const { sql } = site.wiring;
  const { manuscript, publication, words, language } = desk;
  const [segments, issues] = await Promise.all([
    listSegments(sql, manuscript.publicationId),
    listSent(sql, manuscript.publicationId, shownIssues),
  ]);
  const titles = new Map(issues.map(({ id, title }) => [id, title]));
  const issue = (id: number) => words.rule.issue(titles.get(id) ?? `#${id}`);
  return { desk, wish, segments, issues, telling: { words, language, timeZone: publication.timeZone, issue } };
}

/** GET …/send/count: the part that says how many, as far as it is known. */
export async function countPart(c: ConsoleContext, site: Console) {
  const desk = await openDesk(c, site);
  if (desk instanceof Response) return desk;
  const search = new URL(c.req.url).searchParams;
  const picker = await openPicker(site, desk, wishOf(search));
  return sendPart(c, await Counted({ c, site, picker }));
}

/** GET …/send/rows: the rows of the rule, one more or fewer. */
export async function rowsPart(c: ConsoleContext, site: Console) {
  const desk = await openDesk(c, site);
  if (desk instanceof Response) return desk;
  const search = new URL(c.req.url).searchParams;
  const picker = await openPicker(site, desk, changed(wishOf(search), search));
  return sendPart(c, <Rows picker={picker} isChanged />);
}

/** The buttons that add and take away a row send their own name with the form. */
export function changed(wish: Wish, search: URLSearchParams): Wish {
  const rows = [...wish.form.rows];
  const drop = search.get('drop');
  if (drop !== null && /^\d{1,2}$/.test(drop)) rows.splice(Number(drop), 1);
  if (search.has('add') && rows.length < mostRows) rows.push({ what: 'tag', value: '' });
  return { ...wish, form: { ...wish.form, rows } };
}

export function AudienceStep({ picker, count }: { picker: Picker; count: unknown }) {
  const { desk, wish, segments } = picker;
  const { words } = desk;
  return (
    <section class="sheet send-step" aria-labelledby="send-who">
      <h2 id="send-who">{words.whoTitle}</h2>
      <fieldset>
        <legend class="hidden">{words.whoTitle}</legend>
        <label class="choice">
          <input type="radio" name="to" value="all" checked={wish.to === 'all'} />
          <span>{words.all}</span>
        </label>
        <label class="choice">
          <input type="radio" name="to" value="saved" checked={wish.to === 'saved'} />
          <span>{words.saved}</span>
        </label>
        <div class="send-under" data-for="saved">
          {segments.length === 0 ? (
            <p class="quiet small">{words.noSegments}</p>
          ) : (
            <select name="segment" aria-label={words.saved}>
              <option value="">{words.pickSegment}</option>
              {segments.map(one => (
                <option value={one.slug} selected={one.slug === wish.segment}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </div>
        <label class="choice">
          <input type="radio" name="to" value="rule" checked={wish.to === 'rule'} />
          <span>{words.byRule}</span>
        </label>
        <div class="send-under" data-for="rule">
          <Rows picker={picker} />
        </div>
      </fieldset>
      {count}
    </section>
  );
}

/** @param isChanged since it was counted */
function Rows({ picker, isChanged = false }: { picker: Picker; isChanged?: boolean }) {
  const { desk, wish } = picker;
  const { words, here, publication } = desk;
  const { match, rows } = wish.form;
  const attributes = attributesOf(Object.keys(publication.fields), wish.form);
  const htmx = { 'hx-include': '#send-form', 'hx-target': '#send-rows', 'hx-swap': 'outerHTML' };
  return (
    <div id="send-rows" class="send-rows">
      {isChanged && <span hx-get={`${here}/count`} hx-trigger="load" hx-include="#send-form" hx-target="#send-count" />}
      <p>
        <label for="send-match">{words.match}</label>{' '}
        <select id="send-match" name="match">
          <option value="all" selected={match === 'all'}>
            {words.matchAll}
          </option>
          <option value="any" selected={match === 'any'}>
            {words.matchAny}
          </option>
        </select>
      </p>
      {rows.length === 0 && <p class="quiet small">{words.noRows}</p>}
      <ol>
        {rows.map((row, i) => (
          <li>
            <select
              id={`send-what-${i}`}
              name="what"
              aria-label={`${words.condition} ${i + 1}`}
              hx-get={`${here}/rows`}
              hx-trigger="change"
              {...htmx}
            >
              <Kinds picker={picker} attributes={attributes} chosen={row.what} />
            </select>
            <Value picker={picker} what={row.what} value={row.value} n={i} />
            <button
              type="submit"
              name="drop"
              value={String(i)}
              formaction={here}
              aria-label={`${words.drop}: ${words.condition} ${i + 1}`}
              hx-get={`${here}/rows?drop=${i}`}
              {...htmx}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ol>
      {rows.length < mostRows && (
        <button type="submit" name="add" value="1" formaction={here} hx-get={`${here}/rows?add=1`} {...htmx}>
          <Icon name="add" /> {words.add}
        </button>
      )}
    </div>
  );
}

/** The publication's own fields, and those that a row names already. */
function attributesOf(fields: readonly string[], { rows }: RuleForm): string[] {
  const named = rows.flatMap(({ what }) => {
    const found = kindOf(what);
    return found && 'name' in found ? [found.name] : [];
  });
  return [...new Set([...fields, ...named])];
}

const groups = [
  ['tags', ['tag', 'no-tag']],
  ['mailbox', ['domain', 'no-domain']],
  ['time', ['since', 'before']],
  ['activity', ['got', 'not-got', 'clicked', 'not-clicked']],
] as const satisfies readonly (readonly [string, readonly (typeof plainKinds)[number][]])[];

function Kinds({ picker, attributes, chosen }: { picker: Picker; attributes: readonly string[]; chosen: string }) {
  const { words } = picker.desk;
  return (
    <>
      {groups.map(([group, kinds]) => (
        <optgroup label={words.kinds[group]}>
          {kinds.map(kind => (
            <option value={kind} selected={kind === chosen}>
              {words.whats[kind]}
            </option>
          ))}
        </optgroup>
      ))}
      {attributes.map(name => (
        <optgroup label={words.kinds.attribute(name)}>
          {attributeKinds.map(kind => (
            <option value={`${kind}:${name}`} selected={`${kind}:${name}` === chosen}>
              {words.whats[kind](name)}
            </option>
          ))}
        </optgroup>
      ))}
    </>
  );
}

function Value({ picker, what, value, n }: { picker: Picker; what: string; value: string; n: number }) {
  const { words } = picker.desk;
  const named = { name: 'value', id: `send-value-${n}`, 'aria-label': `${words.value} ${n + 1}` };
  // A row has a value in the form even where it needs none, so that the values stay in step with the rows.
  if (!takesValue(what)) return <input type="hidden" name="value" value="" />;
  const kind = inputOf(what);
  if (kind === 'date') return <input type="date" {...named} value={/^\d{4}-\d\d-\d\d$/.test(value) ? value : ''} />;
  if (kind === 'text')
    return (
      <input
        type="text"
        {...named}
        value={inputOfText(value)}
        maxlength={5000}
        placeholder={several(what) ? words.valueHint : undefined}
      />
    );
  return (
    <select {...named}>
      <option value="">{words.pickIssue}</option>
      {picker.issues.map(issue => (
        <option value={String(issue.id)} selected={String(issue.id) === value}>
          {issue.title}
        </option>
      ))}
    </select>
  );
}

const several = (what: string): boolean => /^(one:|(no-)?domain$)/.test(what);
const inputOfText = (value: string): string => value.slice(0, 5000);

/** The part that follows the form: with each change of it the number is counted anew. */
export function Count({ c, site, picker }: { c: ConsoleContext; site: Console; picker: Picker }) {
  return (
    <div
      id="send-count"
      class="send-count"
      aria-live="polite"
      hx-get={`${picker.desk.here}/count`}
      hx-trigger="input delay:250ms from:#send-form"
      hx-include="#send-form"
      hx-sync="this:replace"
    >
      <Counted c={c} site={site} picker={picker} />
    </div>
  );
}

/** How many, who some of them are, and the rule as a sentence. It asks again by itself while it is counted. */
async function Counted({ c, site, picker }: { c: ConsoleContext; site: Console; picker: Picker }) {
  const { desk, wish, telling } = picker;
  const { words, publication, manuscript, here } = desk;
  const { sql } = site.wiring;
  const audience = await audienceOf(sql, manuscript.publicationId, publication.timeZone, wish);
  if (audience.problem) return whyNot(audience, desk);
  const count = await countOn(sql, manuscript.publicationId, audience.rule);
  const number = (n: number) => n.toLocaleString(c.get('language'));
  const isOver = count.after === null;
  return (
    <>
      <p class="send-number">{isOver ? words.counted(number(count.matching)) : soFar(count, desk, number)}</p>
      {!isOver && (
        <span
          hx-get={`${here}/count`}
          hx-trigger="load delay:500ms"
          hx-include="#send-form"
          hx-target="#send-count"
          hx-sync="#send-count:replace"
        />
      )}
      {!isOver && count.looked > 0 && <p class="small quiet">{words.lookedAt(number(count.looked))}</p>}
      <p>{sentence(audience.rule, publication.name, telling)}</p>
      {isOver && count.matching === 0 && <p class="message-line">{words.nobody}</p>}
      <Sample site={site} picker={picker} rule={audience.rule} />
      <p class="small quiet">{words.notCounted}</p>
    </>
  );
}

/** What is known of a count that goes on. */
export function soFar({ looked, matching }: Told, { words }: SendDesk, number: (n: number) => string): string {
  return looked === 0 ? words.countingYet : words.counting(number(matching));
}

/** What a rule says, ready to be read. */
export function sentence(rule: SegmentRule | null, publication: string, telling: Telling): string {
  const { words } = telling;
  return rule === null ? words.everybody(publication) : words.readersWho(tellRule(rule, telling));
}

function whyNot(audience: Extract<Audience, { problem: string }>, { words }: SendDesk) {
  return (
    <p class="message-line">
      {audience.problem === 'segment' ? words.segmentMissing : words.ruleIncomplete}
      {audience.rows.length > 0 && ` ${words.condition} ${audience.rows.map(i => i + 1).join(', ')}: ${words.rowWrong}`}
    </p>
  );
}

async function Sample({ site, picker, rule }: { site: Console; picker: Picker; rule: SegmentRule | null }) {
  const { words, manuscript } = picker.desk;
  const readers = await sampleAudience(site.wiring.sql, manuscript.publicationId, rule, sampleSize, partSize);
  if (readers.length === 0) return null;
  return (
    <p class="small send-sample">
      <span class="quiet">{words.sample}: </span>
      {readers.map(({ email, name }, i) => (
        <>
          {i > 0 && ', '}
          <bdi>{name ? `${name} <${email}>` : email}</bdi>
        </>
      ))}
    </p>
  );
}
