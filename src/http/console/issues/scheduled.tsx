/** A scheduled issue: another time, or back to a manuscript. */

import { z } from 'zod';
import { deleteDraft, issueSource } from '../../../db/api-issues.ts';
import { rescheduleIssue, unscheduleIssue } from '../../../db/api-sends.ts';
import type { Sql } from '../../../db/client.ts';
import { getRevisionEdition } from '../../../db/editions.ts';
import type { IssueRow, LocalTime } from '../../../db/issues.ts';
import { insertManuscript, manuscriptOf } from '../../../db/manuscripts.ts';
import { getPublication } from '../../../db/publications.ts';
import { findTrial } from '../../../db/trials.ts';
import { requireIssue } from '../../../enqueue/control.ts';
import { timeOfDay } from '../../../enqueue/local-time.ts';
import { dayIn } from '../../../model/day.ts';
import type { Publication } from '../../../model/publication.ts';
import type { TrialWish } from '../../../model/trial.ts';
import type { Accounting } from '../../../track/status.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { Token } from '../layout.tsx';
import { may } from '../may.ts';
import { type ConsoleRoute, change, idOf } from '../routes.ts';
import { preparedText } from '../send/text.ts';
import { dayInWords } from '../send/when.tsx';
import { localOf, type Moment, momentOf, queryOf, startOf, wishOf } from '../send/wish.ts';
import { timeIn } from '../time.ts';
import { TrialPlan } from './trial.tsx';
import { type IssueWords, issueWords } from './words.ts';

const timeFields = {
  at: z.string().max(40).default(''),
  localTime: z.string().max(10).default(''),
  localDay: z.string().max(20).default(''),
};

export const scheduledRoutes: ConsoleRoute[] = [
  change('/issues/:id/time', 'write', 'issue.reschedule', timeFields, async (c, site, form) => {
    const issue = await requireIssue(site.wiring.sql, String(idOf(c) ?? ''));
    const w = issueWords[c.get('language')];
    const publication = await getPublication(site.wiring.sql, issue.publicationId);
    // A local send stays one: a form of before it was one lacks what this asks for.
    const when = localTimeOf(issue) ? 'local' : 'at';
    const moment = momentOf({ when, ...form }, publication.timeZone);
    if (moment.problem) throw new PageRefusal(w.wrongTime);
    const at = await moveTo(site, issue, publication, moment, w.notScheduled);
    const detail = { at, local: localOf(moment)?.local };
    return { to: `/issues/${issue.id}`, said: 'rescheduled', subject: `issue ${issue.id}`, detail };
  }),
  change('/issues/:id/unschedule', 'write', 'issue.unschedule', {}, async (c, site) => {
    const issue = await requireIssue(site.wiring.sql, String(idOf(c) ?? ''));
    const { sql } = site.wiring;
    const w = issueWords[c.get('language')];
    const trial = await findTrial(sql, issue.id);
    if (issue.kind !== 'regular' || (issue.state !== 'draft' && !(await unscheduleIssue(sql, issue.id))))
      throw new PageRefusal(w.notScheduled);
    const manuscript = await reopened(sql, issue, c.get('staff').id);
    const to = `/manuscripts/${manuscript}/send${choicesOf(issue, trial)}`;
    return { to, subject: `issue ${issue.id}`, detail: { manuscript } };
  }),
];

function localTimeOf({ localMinutes, localDay }: IssueRow): LocalTime | undefined {
  return localMinutes === null || localDay === null ? undefined : { minutes: localMinutes, day: localDay };
}

/** The time of day and the subjects that were chosen, for the send page: nobody types those again. */
function choicesOf(issue: IssueRow, trial: TrialWish | undefined): string {
  const local = localTimeOf(issue);
  if (!local && !trial) return '';
  const wish = wishOf(new URLSearchParams());
  if (local) Object.assign(wish, { when: 'local', localTime: timeOfDay(local.minutes), localDay: local.day });
  if (trial) {
    const { share, measure, hours } = trial;
    wish.trial = { isOn: true, subjects: trial.subjects.slice(1), share: String(share), measure, hours: String(hours) };
  }
  return `?${queryOf(wish)}`;
}

/** The masthead shows the day: on another one the text is made anew. @returns when it starts */
async function moveTo(
  site: Console,
  issue: IssueRow,
  publication: Publication,
  moment: Moment,
  gone: string,
): Promise<Date> {
  const { sql } = site.wiring;
  const local = localOf(moment)?.local ?? null;
  const day = (at: Date | null) => at && dayIn(publication.timeZone, at);
  const isSameDay = (issue.localDay ?? day(issue.scheduledAt)) === day(moment.at);
  const source = isSameDay ? undefined : await issueSource(sql, issue.id);
  const given = { id: -issue.id, publicationId: issue.publicationId, version: issue.revisionId };
  const text =
    source === undefined ? null : await preparedText(site.wiring, { ...given, source }, publication, moment.at);
  // A trial's subjects were rendered with the issue and are no part of its text.
  const { subjects } = text ? await getRevisionEdition(sql, issue.revisionId) : {};
  // Where that day begins first it may be past that time: then it starts with the next tick.
  const at = startOf(moment) ?? new Date();
  const moved = await rescheduleIssue(sql, {
    id: issue.id,
    revisionId: issue.revisionId,
    at,
    local,
    edition: text ? { ...text.edition, ...(subjects ? { subjects } : {}) } : null,
  });
  if (!moved) throw new PageRefusal(gone);
  return at;
}

/**
 * The draft goes, and its manuscript is open again by its foreign key; an issue that came from elsewhere leaves a manuscript. Begun twice it
 * ends the same.
 */
async function reopened(sql: Sql, issue: IssueRow, by: number): Promise<number> {
  const known = await manuscriptOf(sql, issue.id);
  const { publicationId, title } = issue;
  const id =
    known ?? (await insertManuscript(sql, { publicationId, title, source: await issueSource(sql, issue.id), by }));
  await deleteDraft(sql, issue.id);
  return id;
}

export function Scheduled({
  c,
  site,
  issue,
  publication,
  trial,
}: {
  c: ConsoleContext;
  site: Console;
  issue: IssueRow;
  publication: Publication;
  trial: Accounting['trial'];
}) {
  const language = c.get('language');
  const w = issueWords[language];
  const here = `${site.base}/console/issues/${issue.id}`;
  const mayWrite = may(c.get('staff'), 'write') && issue.kind === 'regular';
  const at = issue.state === 'scheduled' ? issue.scheduledAt : null;
  const local = localTimeOf(issue);
  return (
    <section class="sheet issue-scheduled" aria-labelledby="issue-scheduled">
      <h2 id="issue-scheduled">{at ? w.scheduledTitle : c.get('words').states.draft}</h2>
      {at && local && <p class="issue-at">{w.byOwnClock(timeOfDay(local.minutes), dayInWords(local.day, language))}</p>}
      {at ? (
        <p class={local ? undefined : 'issue-at'}>
          {local ? w.firstOnEarth : w.scheduledFor}{' '}
          <time datetime={at.toISOString()}>
            {timeIn(at, language, publication.timeZone, { dateStyle: 'full', timeStyle: 'short' })}
          </time>{' '}
          <span class="quiet">{publication.timeZone}</span>
          <span class="quiet" data-own={w.own} data-zone={publication.timeZone} data-at={at.toISOString()} />
        </p>
      ) : (
        <p>{w.draftText}</p>
      )}
      {at && trial && <TrialPlan c={c} trial={trial} />}
      {mayWrite && at && (
        <form method="post" action={`${here}/time`} class="issue-time">
          <Token c={c} site={site} />
          {local ? (
            <LocalFields w={w} local={local} />
          ) : (
            <div class="field">
              <label for="issue-time">
                {w.newTime} <span class="quiet">{w.zone(publication.timeZone)}</span>
              </label>
              <input
                id="issue-time"
                type="datetime-local"
                name="at"
                required
                value={at.toLocaleString('sv-SE', { timeZone: publication.timeZone }).slice(0, 16).replace(' ', 'T')}
              />
            </div>
          )}
          <button type="submit">{w.changeTime}</button>
        </form>
      )}
      {mayWrite && (
        <form method="post" action={`${here}/unschedule`} class="issue-time">
          <Token c={c} site={site} />
          {at && <p class="small quiet">{w.unscheduleText}</p>}
          <button type="submit">{w.unschedule}</button>
        </form>
      )}
    </section>
  );
}

function LocalFields({ w, local: { minutes, day } }: { w: IssueWords; local: LocalTime }) {
  return (
    <>
      <div class="field">
        <label for="issue-local-time">{w.localTime}</label>
        <input id="issue-local-time" type="time" name="localTime" required value={timeOfDay(minutes)} />
      </div>
      <div class="field">
        <label for="issue-local-day">{w.localDay}</label>
        <input id="issue-local-day" type="date" name="localDay" required value={day} />
      </div>
    </>
  );
}
