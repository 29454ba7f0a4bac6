/** /console: the manuscripts that are worked on, and the issues with their states and counts. */

import { z } from 'zod';
import type { ListedIssue } from '../../../db/issue-list.ts';
import { listManuscripts, type ManuscriptLine } from '../../../db/manuscripts.ts';
import { listPublications, type StoredPublication } from '../../../db/publications.ts';
import { issueStates } from '../../../model/states.ts';
import { Icon } from '../../icons.tsx';
import { rowIdText } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, sendPage } from '../layout.tsx';
import { may } from '../may.ts';
import { StateMark } from '../state.tsx';
import { timeIn } from '../time.ts';
import { type IssueCounts, type IssueLine, type Overview, shownIssues } from './overview.ts';
import { issueWords } from './words.ts';

const countColumns = [
  'audience',
  'accepted',
  'open',
  'refused',
  'unknown',
  'excluded',
] as const satisfies (keyof IssueCounts)[];

const shownManuscripts = 6;

const filterSchema = z.object({
  publication: z.string().max(40).catch(''),
  state: z.enum(['', ...issueStates]).catch(''),
  title: z.string().trim().max(100).catch(''),
  all: z.enum(['', '1']).catch(''),
  before: rowIdText.optional().catch(undefined),
});
type Filter = z.infer<typeof filterSchema>;

export async function homePage(c: ConsoleContext, site: Console, overview: Overview) {
  const words = c.get('words');
  const w = issueWords[c.get('language')];
  const { sql } = site.wiring;
  const filter = filterSchema.parse({ publication: '', state: '', title: '', all: '', ...c.req.query() });
  const lines = await overview.page({
    publication: filter.publication || undefined,
    state: filter.state || undefined,
    title: filter.title || undefined,
    all: filter.all === '1',
    before: filter.before ? Number(filter.before) : undefined,
  });
  const publications = await listPublications(sql);
  const mayWrite = may(c.get('staff'), 'write');
  const manuscripts = mayWrite && !filter.before ? await listManuscripts(sql, shownManuscripts + 1) : [];
  const isFiltered = Boolean(filter.publication || filter.state || filter.title || filter.all || filter.before);
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.issues} place="issues">
      <div class="head">
        <h1>{words.issues}</h1>
        {mayWrite && (
          <a class="button issue-new" href={`${site.base}/console/manuscripts/new`}>
            <Icon name="add" /> {w.newIssue}
          </a>
        )}
      </div>
      {manuscripts.length > 0 && (
        <Manuscripts c={c} site={site} manuscripts={manuscripts} publications={publications} />
      )}
      {(lines.length > 0 || isFiltered) && <FilterForm c={c} site={site} filter={filter} publications={publications} />}
      <div
        class="sheet issues"
        id="issues"
        {...(lines.some(line => line.state === 'sending')
          ? {
              'hx-get': addressOf(c, site, filter),
              'hx-trigger': 'every 4s',
              'hx-select': '#issues > *',
              'hx-swap': 'innerHTML',
            }
          : {})}
      >
        {lines.length > 0 ? (
          <IssueTable c={c} site={site} lines={lines} />
        ) : isFiltered ? (
          <div class="empty">
            <p>{w.nothingFound}</p>
            <p>
              <a href={`${site.base}/console`}>{w.clear}</a>
            </p>
          </div>
        ) : (
          <Empty c={c} site={site} mayWrite={mayWrite} />
        )}
      </div>
      <Paging c={c} site={site} filter={filter} lines={lines} />
      {lines.length > 0 && <Meanings c={c} />}
    </Desk>,
  );
}

function addressOf(_c: ConsoleContext, site: Console, filter: Filter): string {
  const query = new URLSearchParams(
    Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();
  return `${site.base}/console${query ? `?${query}` : ''}`;
}

function Manuscripts({
  c,
  site,
  manuscripts,
  publications,
}: {
  c: ConsoleContext;
  site: Console;
  manuscripts: readonly ManuscriptLine[];
  publications: readonly StoredPublication[];
}) {
  const language = c.get('language');
  const w = issueWords[language];
  const of = new Map(publications.map(one => [one.id, one.publication]));
  return (
    <section class="issue-manuscripts" aria-labelledby="issue-manuscripts">
      <div class="head">
        <h2 id="issue-manuscripts">{w.manuscripts}</h2>
        <a href={`${site.base}/console/manuscripts`}>{w.allManuscripts}</a>
      </div>
      <ul>
        {manuscripts.slice(0, shownManuscripts).map(one => {
          const publication = of.get(one.publicationId);
          const when = timeIn(one.updatedAt, language, publication?.timeZone ?? 'UTC', {
            month: 'short',
            day: 'numeric',
            hour: '2-digit',
            minute: '2-digit',
            timeZoneName: 'short',
          });
          return (
            <li class="sheet">
              <a class="name" href={`${site.base}/console/manuscripts/${one.id}`}>
                <bdi>{one.title || w.untitled}</bdi>
              </a>
              <small class="quiet">
                {publication?.name} · {one.updatedBy ? w.savedBy(one.updatedBy, when) : w.saved(when)}
              </small>
              <a class="small" href={`${site.base}/console/manuscripts/${one.id}/send`}>
                {w.toSend}
              </a>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function FilterForm({
  c,
  site,
  filter,
  publications,
}: {
  c: ConsoleContext;
  site: Console;
  filter: Filter;
  publications: readonly StoredPublication[];
}) {
  const words = c.get('words');
  const w = issueWords[c.get('language')];
  return (
    <form method="get" action={`${site.base}/console`} class="issue-filter">
      {publications.length > 1 && (
        <select name="publication" aria-label={words.publication}>
          <option value="">{w.everyPublication}</option>
          {publications.map(({ publication }) => (
            <option value={publication.slug} selected={publication.slug === filter.publication}>
              {publication.name}
            </option>
          ))}
        </select>
      )}
      <select name="state" aria-label={words.state}>
        <option value="">{w.everyState}</option>
        {issueStates.map(state => (
          <option value={state} selected={state === filter.state}>
            {words.states[state]}
          </option>
        ))}
      </select>
      <input
        type="search"
        name="title"
        value={filter.title}
        placeholder={w.search}
        aria-label={w.search}
        maxlength={100}
      />
      <label class="choice">
        <input type="checkbox" name="all" value="1" checked={filter.all === '1'} />
        <span>{w.showAll}</span>
      </label>
      <button type="submit">{w.filter}</button>
    </form>
  );
}

function Paging({
  c,
  site,
  filter,
  lines,
}: {
  c: ConsoleContext;
  site: Console;
  filter: Filter;
  lines: readonly IssueLine[];
}) {
  const w = issueWords[c.get('language')];
  const isFull = lines.length === shownIssues;
  if (!isFull && !filter.before) return null;
  return (
    <p class="buttons issue-paging">
      {filter.before && (
        <a class="button" href={addressOf(c, site, { ...filter, before: undefined })}>
          {w.newest}
        </a>
      )}
      {isFull && (
        <a class="button" href={addressOf(c, site, { ...filter, before: String(lines.at(-1)!.id) })}>
          {w.older}
        </a>
      )}
    </p>
  );
}

function IssueTable({ c, site, lines }: { c: ConsoleContext; site: Console; lines: readonly IssueLine[] }) {
  const words = c.get('words');
  return (
    <table>
      <caption class="hidden">{words.newest(shownIssues)}</caption>
      <thead>
        <tr>
          <th scope="col">{words.title}</th>
          <th scope="col">{words.state}</th>
          {countColumns.map(name => (
            <th scope="col" class="number">
              {words[name]}
            </th>
          ))}
          <th scope="col" class="number">
            {words.when}
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(line => (
          <IssueRow c={c} site={site} line={line} />
        ))}
      </tbody>
    </table>
  );
}

function IssueRow({ c, site, line }: { c: ConsoleContext; site: Console; line: IssueLine }) {
  const words = c.get('words');
  const language = c.get('language');
  return (
    <tr>
      <td class="title">
        <a href={`${site.base}/console/issues/${line.id}`}>
          <bdi>{line.title}</bdi>
        </a>
        {line.kind !== 'regular' && <span class="tag">{words[line.kind]}</span>}
        <small>
          {line.publication} · {line.slug}
        </small>
      </td>
      <td class="status">
        <StateMark state={line.state} words={words} />
      </td>
      {countColumns.map(name => (
        <td class={line.counts[name] === 0 ? 'number zero' : 'number'} data-label={words[name]}>
          {line.counts[name].toLocaleString(language)}
        </td>
      ))}
      <When line={line} language={language} />
    </tr>
  );
}

function When({ line, language }: { line: ListedIssue; language: string }) {
  return (
    <td class="number when nowrap">
      <time
        datetime={line.at.toISOString()}
        title={timeIn(line.at, language, line.timeZone, { dateStyle: 'full', timeStyle: 'long' })}
      >
        {timeIn(line.at, language, line.timeZone, {
          month: 'short',
          day: 'numeric',
          hour: '2-digit',
          minute: '2-digit',
          timeZoneName: 'short',
        })}
      </time>
    </td>
  );
}

/** Not a title attribute: those are out of reach by touch and keyboard. */
function Meanings({ c }: { c: ConsoleContext }) {
  const words = c.get('words');
  return (
    <details class="meanings">
      <summary>{words.meanings}</summary>
      <dl>
        {countColumns.map(name => (
          <>
            <dt>{words[name]}</dt>
            <dd>{words.hints[name]}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}

function Empty({ c, site, mayWrite }: { c: ConsoleContext; site: Console; mayWrite: boolean }) {
  const words = c.get('words');
  const w = issueWords[c.get('language')];
  return (
    <div class="empty">
      <h2>{words.emptyTitle}</h2>
      <p>{mayWrite ? w.emptyText : words.emptyText}</p>
      {mayWrite ? (
        <p class="after">
          <a class="button" href={`${site.base}/console/manuscripts/new`}>
            <Icon name="add" /> {w.newIssue}
          </a>
        </p>
      ) : (
        <code>npm run -s broadsheet -- send issue.md --publication SLUG --wait</code>
      )}
    </div>
  );
}
