/** /console/figures/issues/:id: what became of one issue, with filtered numbers beside raw ones. */

import { countClicks } from '../../../db/clicks.ts';
import { getRevisionEdition } from '../../../db/editions.ts';
import { findIssue, type IssueRow } from '../../../db/issues.ts';
import { getPublication } from '../../../db/publications.ts';
import { currentRevision } from '../../../db/revisions.ts';
import { leavingReasons } from '../../../model/leaving.ts';
import type { Publication } from '../../../model/publication.ts';
import { type IssueReport, readReport } from '../../../track/report.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendFramed } from '../guard.ts';
import { Desk, refusedPage, sendPage } from '../layout.tsx';
import { idOf } from '../routes.ts';
import { numeric, Table } from '../table.tsx';
import { clicksOnHtml } from './clicks-on.ts';
import { Bar, Key, Part, type View, viewOf } from './view.tsx';
import { figuresWords } from './words.ts';

export interface Reported {
  issue: IssueRow;
  publication: Publication;
  report: IssueReport;
}

async function askedIssue(c: ConsoleContext, { wiring: { sql } }: Console): Promise<IssueRow | undefined> {
  const id = idOf(c);
  return id === undefined ? undefined : findIssue(sql, String(id));
}

/** Undefined when there is none of this number. */
export async function reportOf(c: ConsoleContext, site: Console): Promise<Reported | undefined> {
  const { sql } = site.wiring;
  const issue = await askedIssue(c, site);
  if (!issue) return undefined;
  const [publication, report] = await Promise.all([
    getPublication(sql, issue.publicationId),
    readReport(sql, issue.id),
  ]);
  return { issue, publication, report };
}

export async function issueFigures(c: ConsoleContext, site: Console) {
  const found = await reportOf(c, site);
  if (!found) return refusedPage(c, site, figuresWords(c.get('language')).missing, 404);
  const { issue, publication, report: r } = found;
  const view = viewOf(c, site, publication);
  const { words, number, share } = view;
  const here = `${site.base}/console/figures/issues/${issue.id}`;
  return sendPage(
    c,
    <Desk c={c} site={site} title={`${words.report}: ${issue.title}`} place="figures">
      <p class="quiet small">
        <a href={`${site.base}/console/figures?publication=${publication.slug}`}>{publication.name}</a>
        {issue.startedAt && ` · ${view.time(issue.startedAt)}`}
      </p>
      <div class="head">
        <h1>
          <bdi>{issue.title}</bdi>
        </h1>
        <span class="figures-tools">
          <a href={`${here}/links.csv`}>{words.exportCsv}</a> <a href={`${here}/report.json`}>{words.exportJson}</a>{' '}
          <a href={`${site.base}/console/issues/${issue.id}`}>{words.ofIssue}</a>
        </span>
      </div>
      <dl class="counts figures-keys">
        <Key name={words.accepted} value={number(r.accepted)} />
        <Key
          name={words.clicked}
          value={number(r.clicks.people)}
          hint={`${words.people} · ${words.all} ${number(r.clicks.all)}`}
        />
        <Key
          name={words.liked}
          value={number(r.likes)}
          hint={`${share(r.likes, r.accepted)} · ${words.ofWeb} ${number(r.webLikes)}`}
        />
        <Key name={words.comments} value={number(r.comments.published)} />
        <Key name={words.unsubscribed} value={number(r.unsubscribed)} hint={share(r.unsubscribed, r.accepted)} />
        <Key name={words.complained} value={number(r.complained)} hint={share(r.complained, r.accepted)} />
        <Key name={words.bounced} value={number(r.bounced.hard)} hint={share(r.bounced.hard, r.accepted)} />
        <Key name={words.soft} value={number(r.bounced.soft)} hint={share(r.bounced.soft, r.accepted)} />
        <Key name={words.opens} value={words.notMeasured} />
      </dl>
      <p class="quiet small figures-note">
        {words.rawHint} {words.opensHint}
      </p>
      <Trial view={view} r={r} />
      <div class="figures-pair">
        <Links view={view} r={r} />
        <Part name={words.clicksOn} hint={words.clicksOnHint}>
          <iframe class="figures-mail" sandbox="" src={`${here}/mail`} title={words.clicksOn} loading="lazy" />
        </Part>
      </div>
      <Likes view={view} r={r} />
      <Reasons view={view} r={r} />
    </Desk>,
  );
}

function Links({ view, r }: { view: View; r: IssueReport }) {
  const { words, number } = view;
  const links = [...r.clicks.links].sort((a, b) => b.people - a.people || b.all - a.all || a.ref - b.ref);
  const most = Math.max(1, ...links.map(link => link.people));
  return (
    <Part name={words.links}>
      {links.length === 0 ? (
        <p class="quiet">{words.noLinks}</p>
      ) : (
        <Table name={words.links} columns={[words.link, numeric(words.filtered), numeric(words.raw)]}>
          {links.map(link => (
            <tr>
              <th scope="row" class="figures-title">
                <bdi>{link.label || link.url}</bdi>
                <small>{link.url}</small>
                <Bar of={link.people / most} />
              </th>
              <td class="number">{number(link.people)}</td>
              <td class="number quiet">{number(link.all)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Part>
  );
}

/** Of the trial's part only, so that like is held against like. */
function Trial({ view, r: { trial } }: { view: View; r: IssueReport }) {
  const { words, number, share } = view;
  if (!trial) return null;
  const columns = [words.sentTo, words.accepted, words.clicked, words.liked, words.unsubscribed];
  return (
    <Part name={words.trial} hint={words.trialHint(trial.share)}>
      <Table name={words.trial} columns={[words.subject, ...columns.map(numeric)]} kind="figures-trial">
        {trial.variants.map(one => (
          <tr>
            <th scope="row" class="figures-title">
              {one.variant}. <bdi>{one.subject}</bdi>
              {trial.chosen === one.variant && <small>{words.chosenBy[trial.chosenBy ?? 'editor']}</small>}
            </th>
            <td class="number">{number(one.sent)}</td>
            <td class="number">{number(one.accepted)}</td>
            {[one.clicks, one.likes, one.unsubscribed].map(n => (
              <td class="number">
                {number(n)} <small class="quiet">{share(n, one.accepted)}</small>
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </Part>
  );
}

function Likes({ view, r }: { view: View; r: IssueReport }) {
  const { words, number } = view;
  if (r.summaryLikes.length === 0) return null;
  const most = Math.max(1, ...r.summaryLikes.map(one => one.likes + one.webLikes));
  return (
    <Part name={words.summaryLikes} hint={words.pressed}>
      <Table
        name={words.summaryLikes}
        columns={[words.summary, ...[words.ofReaders, words.ofWeb, words.raw].map(numeric)]}
      >
        {r.summaryLikes.map(one => (
          <tr>
            <th scope="row" class="figures-title">
              <bdi>{one.title}</bdi>
              <Bar of={(one.likes + one.webLikes) / most} />
            </th>
            <td class="number">{number(one.likes)}</td>
            <td class="number">{number(one.webLikes)}</td>
            <td class="number quiet">{number(one.pressed)}</td>
          </tr>
        ))}
      </Table>
    </Part>
  );
}

function Reasons({ view, r }: { view: View; r: IssueReport }) {
  const { words, number } = view;
  const given = leavingReasons.filter(reason => (r.leftReasons[reason] ?? 0) > 0);
  return (
    <Part name={words.reasons}>
      {given.length === 0 ? (
        <p class="quiet">{words.noReasons}</p>
      ) : (
        <ul class="figures-reasons">
          {given.map(reason => (
            <li>
              <span>{words.reasonsOf[reason]}</span>
              <Bar of={r.leftReasons[reason]! / Math.max(1, r.unsubscribed)} />
              <span>{number(r.leftReasons[reason]!)}</span>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

/** The mail with the numbers on it, for the frame. */
export async function clickedMail(c: ConsoleContext, site: Console) {
  const issue = await askedIssue(c, site);
  if (!issue) return c.notFound();
  const { sql } = site.wiring;
  const [edition, clicks] = await Promise.all([
    currentRevision(sql, issue.id).then(({ id }) => getRevisionEdition(sql, id)),
    countClicks(sql, issue.id),
  ]);
  const people = new Map(clicks.map(link => [link.ref, link.people]));
  return sendFramed(c, clicksOnHtml(edition, people, c.get('language')));
}
