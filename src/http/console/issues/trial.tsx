/** A trial of subjects on its issue's page: how each does, when it chooses, and choosing sooner. */

import { z } from 'zod';
import { findTrial } from '../../../db/trials.ts';
import { requireIssue } from '../../../enqueue/control.ts';
import { choose } from '../../../enqueue/trial.ts';
import { mostVariants } from '../../../model/trial.ts';
import type { Accounting } from '../../../track/status.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { Token } from '../layout.tsx';
import { may } from '../may.ts';
import { type ConsoleRoute, change, idOf } from '../routes.ts';
import { numeric, Table } from '../table.tsx';
import { momentIn } from '../time.ts';
import type { Look } from './live.ts';
import { issueWords } from './words.ts';

const variant = z.coerce.number().int().min(1).max(mostVariants);

export const trialRoutes: ConsoleRoute[] = [
  change('/issues/:id/choose', 'write', 'issue.choose', { variant }, async (c, site, form) => {
    const { sql } = site.wiring;
    const w = issueWords[c.get('language')];
    const { id } = await requireIssue(sql, String(idOf(c) ?? ''));
    const trial = await findTrial(sql, id);
    if (trial?.chosen && trial.chosen !== form.variant) throw new PageRefusal(w.chosenAlready(trial.chosen));
    await choose(sql, String(id), form.variant);
    return { to: `/issues/${id}`, said: 'chosen', subject: `issue ${id}`, detail: { variant: form.variant } };
  }),
];

type Trial = NonNullable<Accounting['trial']>;

/** Part of what is drawn anew as it moves; so it has nothing to press. */
export function TrialState({ c, look: { accounting, variants, timeZone } }: { c: ConsoleContext; look: Look }) {
  const { trial } = accounting;
  if (!trial || variants.length === 0) return null;
  const language = c.get('language');
  const w = issueWords[language];
  const number = (n: number) => n.toLocaleString(language);
  return (
    <div class="issue-trial">
      <h2>{w.trial}</h2>
      <p>{stateOf(trial, language, timeZone)}</p>
      <Table
        name={w.trial}
        columns={[w.subject, ...[w.tried, c.get('words').accepted, w.clicks, w.likes].map(numeric)]}
        box=""
      >
        {variants.map(one => (
          <tr>
            <th scope="row">
              {one.variant}. <bdi>{trial.subjects[one.variant - 1]}</bdi>
              {trial.chosen === one.variant && (
                <span class="state sent">
                  <Icon name="done" /> {w.chosen}
                </span>
              )}
            </th>
            <td class="number">{number(one.sent)}</td>
            <td class="number">{number(one.accepted)}</td>
            <td class="number">{number(one.clicks)}</td>
            <td class="number">{number(one.likes)}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

function stateOf(trial: Trial, language: keyof typeof issueWords, timeZone: string): string {
  const w = issueWords[language];
  const { subjects, share, measure, hours, choosesAt, chosen, chosenBy, chosenAt } = trial;
  if (chosen !== null && chosenAt)
    return w.chosenBy[chosenBy ?? 'editor'](chosen, momentIn(chosenAt, language, timeZone), measure);
  const what = w.trialOf(subjects.length, share, measure);
  return `${what} ${choosesAt ? w.choosesAt(momentIn(choosesAt, language, timeZone)) : w.choosesAfter(hours)}`;
}

/** Before it has chosen by itself. */
export function Choose({ c, site, look }: { c: ConsoleContext; site: Console; look: Look }) {
  const w = issueWords[c.get('language')];
  const { issue, accounting } = look;
  const { trial } = accounting;
  if (!trial || trial.chosen !== null || !issue.plannedAt || !may(c.get('staff'), 'write')) return null;
  return (
    <section class="sheet issue-choose" aria-labelledby="issue-choose">
      <h2 id="issue-choose">{w.chooseTitle}</h2>
      <p class="small quiet">{w.chooseText}</p>
      <ol>
        {trial.subjects.map((subject, i) => (
          <li>
            <bdi>{subject}</bdi>
            <form method="post" action={`${site.base}/console/issues/${issue.id}/choose`}>
              <Token c={c} site={site} />
              <input type="hidden" name="variant" value={String(i + 1)} />
              <button type="submit" aria-label={`${w.choose}: ${i + 1}. ${subject}`}>
                {w.choose}
              </button>
            </form>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Of an issue whose time has not come. */
export function TrialPlan({ c, trial }: { c: ConsoleContext; trial: Trial }) {
  const w = issueWords[c.get('language')];
  return (
    <div class="issue-trial">
      <h2>{w.trial}</h2>
      <p>
        {w.trialOf(trial.subjects.length, trial.share, trial.measure)} {w.choosesAfter(trial.hours)}
      </p>
      <ol>
        {trial.subjects.map(subject => (
          <li>
            <bdi>{subject}</bdi>
          </li>
        ))}
      </ol>
    </div>
  );
}
