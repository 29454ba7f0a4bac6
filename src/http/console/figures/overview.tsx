/** /console/figures: a publication over time. */

import { findGrowth, type Growth, listReports } from '../../../db/figures.ts';
import { listPublications, type StoredPublication } from '../../../db/publications.ts';
import { dayIn } from '../../../model/day.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, sendPage } from '../layout.tsx';
import { numeric, Table } from '../table.tsx';
import {
  bestSummaries,
  type Cohort,
  cohortSteps,
  cohortsOf,
  type Figures,
  figuresOf,
  lately,
  meanShare,
  weeksOf,
} from './series.ts';
import { Bar, Key, PageData, Part, type View, viewOf } from './view.tsx';
import { figuresWords } from './words.ts';

/** Issues in tables and curves. */
export const shownIssues = 104;
const shownBest = 15;
const shownCohorts = 24;
const averaged = 10;
const latelyDays = 30;

/** The publication that is asked for, or the first. */
export async function chosen(
  c: ConsoleContext,
  site: Console,
): Promise<{ all: StoredPublication[]; one: StoredPublication | undefined }> {
  const all = await listPublications(site.wiring.sql);
  return { all, one: all.find(each => each.publication.slug === c.req.query('publication')) ?? all[0] };
}

export async function overviewPage(c: ConsoleContext, site: Console) {
  const { all, one } = await chosen(c, site);
  const words = figuresWords(c.get('language'));
  if (!one) {
    return sendPage(
      c,
      <Desk c={c} site={site} title={words.title} place="figures">
        <h1>{words.title}</h1>
        <div class="sheet empty">
          <h2>{words.none}</h2>
          <p>{words.noneText}</p>
        </div>
      </Desk>,
    );
  }
  const { publication } = one;
  const view = viewOf(c, site, publication);
  const [growth, kept] = await Promise.all([
    findGrowth(site.wiring.sql, one.id),
    listReports(site.wiring.sql, one.id, shownIssues),
  ]);
  const issues = figuresOf(kept);
  const today = dayIn(publication.timeZone, new Date());
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.title} place="figures" scripts={['figures']}>
      <h1>{words.title}</h1>
      {all.length > 1 && (
        <nav class="tabs" aria-label={words.publications}>
          {all.map(each => (
            <a
              href={`${site.base}/console/figures?publication=${each.publication.slug}`}
              aria-current={each.id === one.id ? 'page' : undefined}
            >
              {each.publication.name}
            </a>
          ))}
        </nav>
      )}
      <Keys view={view} growth={growth} issues={issues} today={today} />
      <GrowthPart view={view} growth={growth} one={one} />
      <IssuesPart view={view} issues={issues} one={one} />
      <BestPart view={view} issues={issues} one={one} />
      {growth && <CohortsPart view={view} cohorts={cohortsOf(growth, today, shownCohorts)} />}
      <PageData
        id="figures"
        of={{
          words: {
            day: words.day,
            readers: words.active,
            joined: words.joined,
            left: words.left,
            clicked: words.clicked,
            liked: words.liked,
            unsubscribed: words.unsubscribed,
          },
          lang: c.get('language'),
          weeks: growth ? weeksOf(growth) : [],
          issues: [...issues].reverse().map(issue => ({
            at: issue.startedAt.toISOString(),
            title: issue.title,
            clicked: issue.accepted ? issue.clicks.people / issue.accepted : 0,
            liked: issue.accepted ? issue.likes / issue.accepted : 0,
            unsubscribed: issue.accepted ? issue.unsubscribed / issue.accepted : 0,
          })),
        }}
      />
    </Desk>,
  );
}

function Keys({
  view,
  growth,
  issues,
  today,
}: {
  view: View;
  growth: Growth | undefined;
  issues: Figures[];
  today: string;
}) {
  const { words, number } = view;
  const recent = growth && lately(growth, today, latelyDays);
  const latest = issues.slice(0, averaged);
  const percent = (value: number | undefined) => (value === undefined ? '–' : view.share(value, 1));
  return (
    <>
      <dl class="counts figures-keys">
        <Key name={words.active} value={growth ? number(growth.states.active ?? 0) : '–'} />
        <Key name={words.joinedLately} value={recent ? `+${number(recent.joined)}` : '–'} />
        <Key name={words.leftLately} value={recent ? `−${number(recent.left)}` : '–'} />
        <Key
          name={words.clickShare}
          value={percent(meanShare(latest, one => one.clicks.people))}
          hint={words.lastTen}
        />
        <Key name={words.likeShare} value={percent(meanShare(latest, one => one.likes))} hint={words.lastTen} />
        <Key
          name={words.unsubscribed}
          value={percent(meanShare(latest, one => one.unsubscribed))}
          hint={words.lastTen}
        />
      </dl>
      <p class="quiet small">{growth ? words.asOf(view.time(growth.countedAt)) : words.soon}</p>
    </>
  );
}

function Exports({ view, path, one }: { view: View; path: string; one: StoredPublication }) {
  const { site, words } = view;
  const to = (format: string) => `${site.base}/console/figures/${path}.${format}?publication=${one.publication.slug}`;
  return (
    <span class="figures-tools">
      <a href={to('csv')}>{words.exportCsv}</a> <a href={to('json')}>{words.exportJson}</a>
    </span>
  );
}

function GrowthPart({ view, growth, one }: { view: View; growth: Growth | undefined; one: StoredPublication }) {
  const { words, number } = view;
  const weeks = growth ? weeksOf(growth) : [];
  return (
    <Part
      name={words.growth}
      hint={words.growthHint(one.publication.timeZone)}
      tools={weeks.length > 0 && <Exports view={view} path="growth" one={one} />}
    >
      {weeks.length === 0 ? (
        <p class="quiet">{words.soon}</p>
      ) : (
        <>
          <div class="figures-pair">
            <div class="figures-plot" data-plot="readers" role="img" aria-label={words.chartGrowth} />
            <div class="figures-plot" data-plot="weeks" role="img" aria-label={words.chartWeeks} />
          </div>
          <details>
            <summary>{words.table}</summary>
            <Table name={words.growth} columns={[words.day, ...[words.joined, words.left, words.active].map(numeric)]}>
              {weeks
                .slice(-52)
                .reverse()
                .map(week => (
                  <tr>
                    <td class="nowrap">{week.from}</td>
                    <td class="number">{number(week.joined)}</td>
                    <td class="number">{number(week.left)}</td>
                    <td class="number">{number(week.readers)}</td>
                  </tr>
                ))}
            </Table>
          </details>
        </>
      )}
    </Part>
  );
}

function IssuesPart({ view, issues, one }: { view: View; issues: Figures[]; one: StoredPublication }) {
  const { site, words, number, share, day } = view;
  if (issues.length === 0)
    return (
      <Part name={words.issues}>
        <p class="quiet">{words.noIssues}</p>
      </Part>
    );
  const cell = (issue: Figures, n: number) => (
    <td class="number">
      {share(n, issue.accepted)} <small class="quiet">{number(n)}</small>
    </td>
  );
  return (
    <Part name={words.issues} hint={words.issuesHint} tools={<Exports view={view} path="issues" one={one} />}>
      {issues.length > 1 && <div class="figures-plot" data-plot="issues" role="img" aria-label={words.chartIssues} />}
      <Table
        name={words.issues}
        columns={[
          words.issue,
          ...[
            words.accepted,
            words.clicked,
            words.liked,
            words.comments,
            words.unsubscribed,
            words.complained,
            words.bounced,
          ].map(numeric),
        ]}
      >
        {issues.map(issue => (
          <tr>
            <th scope="row" class="figures-title">
              <a href={`${site.base}/console/figures/issues/${issue.id}`}>
                <bdi>{issue.title}</bdi>
              </a>
              <small>{day(issue.startedAt)}</small>
            </th>
            <td class="number">{number(issue.accepted)}</td>
            {cell(issue, issue.clicks.people)}
            {cell(issue, issue.likes)}
            <td class="number">{number(issue.comments.published)}</td>
            {cell(issue, issue.unsubscribed)}
            {cell(issue, issue.complained)}
            {cell(issue, issue.bounced.hard)}
          </tr>
        ))}
      </Table>
    </Part>
  );
}

function BestPart({ view, issues, one }: { view: View; issues: Figures[]; one: StoredPublication }) {
  const { site, words, number, day } = view;
  const best = bestSummaries(issues, shownBest);
  const most = best[0] ? best[0].likes + best[0].webLikes : 1;
  return (
    <Part name={words.best} hint={words.bestHint}>
      {best.length === 0 ? (
        <p class="quiet">{words.noBest}</p>
      ) : (
        <ol class="figures-best">
          {best.map(({ issue, summary, title, likes, webLikes }) => (
            <li>
              <a href={`${site.base}/p/${one.publication.slug}/${encodeURIComponent(issue.slug)}/${summary}`}>
                <bdi>{title}</bdi>
              </a>
              <span class="quiet small">{day(issue.startedAt)}</span>
              <Bar of={(likes + webLikes) / most} />
              <span class="small">
                {number(likes)} {words.ofReaders}
                {webLikes > 0 && ` · ${number(webLikes)} ${words.ofWeb}`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Part>
  );
}

function CohortsPart({ view, cohorts }: { view: View; cohorts: Cohort[] }) {
  const { words, number, share } = view;
  if (cohorts.length === 0) return null;
  const cell = (value: number | undefined) => (
    <td class="number">
      {value === undefined ? '–' : share(value, 1)}
      {value !== undefined && <Bar of={value} />}
    </td>
  );
  return (
    <Part name={words.cohorts} hint={words.cohortsHint}>
      <Table
        name={words.cohorts}
        columns={[words.month, ...[words.joined, ...cohortSteps.map(words.after), words.today].map(numeric)]}
        kind="figures-cohorts"
      >
        {[...cohorts].reverse().map(cohort => (
          <tr>
            <th scope="row">{cohort.month}</th>
            <td class="number">{number(cohort.joined)}</td>
            {cohort.stays.map(cell)}
            {cell(cohort.lively)}
          </tr>
        ))}
      </Table>
    </Part>
  );
}
