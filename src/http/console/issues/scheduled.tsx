/** A scheduled issue: another time, or back to a manuscript. */

import { z } from 'zod';
import { deleteDraft, issueSource } from '../../../db/api-issues.ts';
import { rescheduleIssue, unscheduleIssue } from '../../../db/api-sends.ts';
import type { Sql } from '../../../db/client.ts';
import { getRevisionEdition } from '../../../db/editions.ts';
import type { IssueRow } from '../../../db/issues.ts';
import { insertManuscript, manuscriptOf } from '../../../db/manuscripts.ts';
import { getPublication } from '../../../db/publications.ts';
import { requireIssue } from '../../../enqueue/control.ts';
import { BroadsheetError } from '../../../errors.ts';
import { dayIn } from '../../../model/day.ts';
import type { Publication } from '../../../model/publication.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Token } from '../layout.tsx';
import { may } from '../may.ts';
import { type ConsoleRoute, change } from '../routes.ts';
import { idOf } from '../send/desk.ts';
import { preparedText } from '../send/text.ts';
import { momentOf } from '../send/wish.ts';
import { timeIn } from '../time.ts';
import { issueWords } from './words.ts';

export const scheduledRoutes: ConsoleRoute[] = [
  change('/issues/:id/time', 'write', 'issue.reschedule', { at: z.string().max(40) }, async (c, site, form) => {
    const issue = await requireIssue(site.wiring.sql, String(idOf(c) ?? ''));
    const w = issueWords[c.get('language')];
    const publication = await getPublication(site.wiring.sql, issue.publicationId);
    const moment = momentOf({ when: 'at', at: form.at }, publication.timeZone);
    if (moment.problem || !moment.at) throw new BroadsheetError('USAGE', w.wrongTime, { help: '' });
    await moveTo(site, issue, publication, moment.at, w.notScheduled);
    return { to: `/issues/${issue.id}`, said: 'rescheduled', subject: `issue ${issue.id}`, detail: { at: moment.at } };
  }),
  change('/issues/:id/unschedule', 'write', 'issue.unschedule', {}, async (c, site) => {
    const issue = await requireIssue(site.wiring.sql, String(idOf(c) ?? ''));
    const { sql } = site.wiring;
    const w = issueWords[c.get('language')];
    if (issue.kind !== 'regular' || (issue.state !== 'draft' && !(await unscheduleIssue(sql, issue.id))))
      throw new BroadsheetError('ISSUE_STATE', w.notScheduled);
    const manuscript = await reopened(sql, issue, c.get('staff').id);
    return { to: `/manuscripts/${manuscript}/send`, subject: `issue ${issue.id}`, detail: { manuscript } };
  }),
];

/** The masthead shows the day: on another one the text is made anew. */
async function moveTo(site: Console, issue: IssueRow, publication: Publication, at: Date, gone: string): Promise<void> {
  const { sql } = site.wiring;
  const day = (moment: Date | null) => moment && dayIn(publication.timeZone, moment);
  const source = day(issue.scheduledAt) === day(at) ? undefined : await issueSource(sql, issue.id);
  const given = { id: -issue.id, publicationId: issue.publicationId, version: issue.revisionId };
  const text = source === undefined ? null : await preparedText(site.wiring, { ...given, source }, publication, at);
  // A trial's subjects were rendered with the issue and are no part of its text.
  const { subjects } = text ? await getRevisionEdition(sql, issue.revisionId) : {};
  const moved = await rescheduleIssue(sql, {
    id: issue.id,
    revisionId: issue.revisionId,
    at,
    edition: text ? { ...text.edition, ...(subjects ? { subjects } : {}) } : null,
  });
  if (!moved) throw new BroadsheetError('ISSUE_STATE', gone);
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
}: {
  c: ConsoleContext;
  site: Console;
  issue: IssueRow;
  publication: Publication;
}) {
  const language = c.get('language');
  const w = issueWords[language];
  const here = `${site.base}/console/issues/${issue.id}`;
  const mayWrite = may(c.get('staff'), 'write') && issue.kind === 'regular';
  const at = issue.state === 'scheduled' ? issue.scheduledAt : null;
  const isoLocal = at?.toLocaleString('sv-SE', { timeZone: publication.timeZone }).slice(0, 16).replace(' ', 'T');
  return (
    <section class="sheet issue-scheduled" aria-labelledby="issue-scheduled">
      <h2 id="issue-scheduled">{at ? w.scheduledTitle : c.get('words').states.draft}</h2>
      {at ? (
        <p class="issue-at">
          {w.scheduledFor}{' '}
          <time datetime={at.toISOString()}>
            {timeIn(at, language, publication.timeZone, { dateStyle: 'full', timeStyle: 'short' })}
          </time>{' '}
          <span class="quiet">{publication.timeZone}</span>
          <span class="quiet" data-own={w.own} data-zone={publication.timeZone} data-at={at.toISOString()} />
        </p>
      ) : (
        <p>{w.draftText}</p>
      )}
      {mayWrite && at && (
        <form method="post" action={`${here}/time`} class="issue-time">
          <Token c={c} site={site} />
          <div class="field">
            <label for="issue-time">
              {w.newTime} <span class="quiet">{w.zone(publication.timeZone)}</span>
            </label>
            <input id="issue-time" type="datetime-local" name="at" required value={isoLocal} />
          </div>
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
