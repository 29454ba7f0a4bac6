/** /console: the newest issues, their states and counts. */

import type { Console, ConsoleContext } from '../context.ts';
import { Desk, sendPage } from '../layout.tsx';
import { StateMark } from '../state.tsx';
import { timeIn } from '../time.ts';
import type { IssueCounts, IssueLine, Overview } from './overview.ts';
import { shownIssues } from './overview.ts';

const countColumns = [
  'audience',
  'accepted',
  'open',
  'refused',
  'unknown',
  'excluded',
] as const satisfies (keyof IssueCounts)[];

export async function homePage(c: ConsoleContext, site: Console, overview: Overview) {
  const words = c.get('words');
  const lines = await overview.newest();
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.issues} place="issues">
      <h1>{words.issues}</h1>
      <div class="sheet issues">{lines.length ? <IssueTable c={c} site={site} lines={lines} /> : <Empty c={c} />}</div>
      {lines.length > 0 && <Meanings c={c} />}
    </Desk>,
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
    </tr>
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

function Empty({ c }: { c: ConsoleContext }) {
  const words = c.get('words');
  return (
    <div class="empty">
      <h2>{words.emptyTitle}</h2>
      <p>{words.emptyText}</p>
      <code>npm run -s broadsheet -- send issue.md --publication SLUG --wait</code>
    </div>
  );
}
