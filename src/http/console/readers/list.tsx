/** /console/readers: whoever is looked for, a page at a time. */
import { findReaders, mostHits, type ReaderLine } from '../../../db/reader-search.ts';
import { tagsInUse } from '../../../db/tags.ts';
import { subscriptionStates } from '../../../model/states.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Message, sendPart, Token, wantsPart } from '../layout.tsx';
import { may } from '../may.ts';
import { type ConsoleRoute, form, page } from '../routes.ts';
import { numberIn, publicationsOf, StandingMark, sendReaders, Time, textOf, zoneOf } from './frame.tsx';
import { queryOf, readSearch, type SearchForm } from './search-form.ts';

const pageRows = 50;

export const listRoutes: ConsoleRoute[] = [
  page('/readers', 'readers', (c, site) => show(c, site, readSearch({}))),
  form('/readers', 'readers', async (c, site, form) => {
    const search = readSearch(form);
    if (!wantsPart(c)) return show(c, site, search);
    return sendPart(c, await results(c, site, search));
  }),
];

async function show(c: ConsoleContext, site: Console, search: SearchForm) {
  const text = textOf(c);
  const here = `${site.base}/console/readers`;
  const actions = (
    <div class="buttons">
      <a class="button" href={`${here}/import`}>
        <Icon name="inbox" />
        {text.import}
      </a>
      <a class="button" href={`${here}/add`}>
        <Icon name="add" />
        {text.add}
      </a>
    </div>
  );
  return sendReaders(
    c,
    site,
    { title: text.title, at: 'list', actions },
    <>
      <SearchPanel c={c} site={site} search={search} />
      <div id="found" aria-live="polite">
        {await results(c, site, search)}
      </div>
    </>,
  );
}

async function SearchPanel({ c, site, search }: { c: ConsoleContext; site: Console; search: SearchForm }) {
  const text = textOf(c);
  const [publications, tags] = await Promise.all([publicationsOf(site), tagsInUse(site.wiring.sql)]);
  const fields = [...new Set(publications.flatMap(one => Object.keys(one.publication.fields)))];
  const isNarrowed = Boolean(
    search.publication || search.state || search.tag || search.field || search.order !== 'newest',
  );
  const here = `${site.base}/console/readers`;
  return (
    <form
      id="search"
      class="readers-search"
      method="post"
      action={here}
      hx-post={here}
      hx-target="#found"
      hx-trigger="submit, input changed delay:200ms from:#q, change"
      hx-swap="innerHTML"
      hx-sync="this:replace"
    >
      <Token c={c} site={site} />
      <div class="readers-ask">
        <label class="hidden" for="q">
          {text.searchLabel}
        </label>
        <Icon name="search" />
        <input
          id="q"
          name="q"
          type="search"
          value={search.q}
          placeholder={text.searchLabel}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          maxlength={254}
          aria-describedby="q-hint"
          autofocus
        />
        <button type="submit">{text.search}</button>
      </div>
      <p class="quiet small" id="q-hint">
        {text.searchHint}
      </p>
      <details open={isNarrowed}>
        <summary>{text.filters}</summary>
        <div class="readers-filters">
          <Select name="publication" label={text.publication} chosen={search.publication}>
            {[['', text.all], ...publications.map(one => [String(one.id), one.publication.name])]}
          </Select>
          <Select name="state" label={text.state} chosen={search.state}>
            {[['', text.all], ...subscriptionStates.map(state => [state, text.states[state]])]}
          </Select>
          <Select name="tag" label={text.tag} chosen={search.tag}>
            {[['', text.all], ...tags.map(tag => [tag, tag])]}
          </Select>
          <Select name="field" label={text.attribute} chosen={search.field}>
            {[['', '—'], ...fields.map(field => [field, field])]}
          </Select>
          <div class="field">
            <label for="value">{text.value}</label>
            <input id="value" name="value" value={search.value ?? ''} maxlength={1000} autocomplete="off" />
          </div>
          <Select name="order" label={text.order} chosen={search.order}>
            {[
              ['newest', text.newest],
              ['oldest', text.oldest],
            ]}
          </Select>
        </div>
      </details>
    </form>
  );
}

export function Select({
  name,
  label,
  chosen,
  children,
  hidden,
}: {
  name: string;
  label: string;
  chosen?: string | undefined;
  children: string[][];
  hidden?: boolean;
}) {
  return (
    <div class="field">
      <label for={name} class={hidden ? 'hidden' : undefined}>
        {label}
      </label>
      <select id={name} name={name}>
        {children.map(([value, shown]) => (
          <option value={value} selected={value === (chosen ?? '')}>
            {shown}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A page of the table with the way to the next one; or why there is none. */
async function results(c: ConsoleContext, site: Console, search: SearchForm) {
  const text = textOf(c);
  const query = await queryOf(site, search);
  if (query === 'short') return <p class="quiet readers-told">{text.short}</p>;
  const after = search.after ? Number(search.after) : undefined;
  let rows: ReaderLine[];
  try {
    rows = await findReaders(site.wiring.sql, query, pageRows + 1, after);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '57014')) throw error;
    return <Message>{text.slow}</Message>;
  }
  const isAsked = Boolean(query.needle || query.publicationId || query.state || query.tag || query.attribute);
  if (rows.length === 0 && after === undefined) return <Nobody c={c} isAsked={isAsked} />;
  const zone = zoneOf(await publicationsOf(site));
  const shown = rows.slice(0, pageRows);
  const more = rows.length > pageRows;
  return (
    <>
      {after === undefined && (
        <div class="readers-bar">
          <p class="quiet small">
            {text.foundCount(numberIn(c, shown.length), more)}
            {more && query.needle?.kind === 'part' ? ` · ${text.capped(numberIn(c, mostHits))}` : ''}
          </p>
          {may(c.get('staff'), 'export') && (
            <button type="submit" form="search" formaction={`${site.base}/console/readers/export`} hx-ignore>
              <Icon name="download" />
              {text.export}
            </button>
          )}
        </div>
      )}
      <div class="sheet readers-list">
        <table>
          <caption class="hidden">{text.title}</caption>
          <thead>
            <tr>
              <th scope="col">{text.reader}</th>
              <th scope="col">{text.subscriptions}</th>
              <th scope="col">{text.tags}</th>
              <th scope="col" class="number">
                {text.since}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(row => (
              <Row c={c} site={site} row={row} zone={zone} />
            ))}
          </tbody>
        </table>
      </div>
      {more && (
        <p class="after readers-more">
          <button
            type="submit"
            form="search"
            name="after"
            value={String(shown.at(-1)!.id)}
            hx-vals={JSON.stringify({ after: String(shown.at(-1)!.id) })}
            hx-post={`${site.base}/console/readers`}
            hx-target="closest p"
            hx-sync="#search:replace"
            hx-swap="outerHTML"
          >
            {text.more}
          </button>
        </p>
      )}
    </>
  );
}

function Row({ c, site, row, zone }: { c: ConsoleContext; site: Console; row: ReaderLine; zone: string }) {
  const text = textOf(c);
  return (
    <tr>
      <td class="readers-who">
        <a href={`${site.base}/console/readers/${row.id}`}>
          <bdi>{row.name || row.email}</bdi>
        </a>
        {row.name && (
          <small>
            <bdi>{row.email}</bdi>
          </small>
        )}
        {row.suppressed && (
          <small class="readers-stop">
            <Icon name="cancelled" />
            {text.suppressed}: {text.reasons[row.suppressed] ?? row.suppressed}
          </small>
        )}
      </td>
      <td>
        <ul class="readers-subs">
          {row.subscriptions.map(one => (
            <li>
              <StandingMark c={c} state={one.state} /> <span class="quiet small">{one.publication}</span>
            </li>
          ))}
        </ul>
      </td>
      <td>
        {row.tags.map(tag => (
          <span class="readers-tag">
            <bdi>{tag}</bdi>
          </span>
        ))}
      </td>
      <td class="number">
        <Time c={c} at={row.createdAt} zone={zone} day />
      </td>
    </tr>
  );
}

function Nobody({ c, isAsked }: { c: ConsoleContext; isAsked: boolean }) {
  const text = textOf(c);
  return (
    <div class="sheet empty">
      <h2>{isAsked ? text.nobody : text.emptyTitle}</h2>
      <p>{isAsked ? text.nobodyText : text.emptyText}</p>
    </div>
  );
}
