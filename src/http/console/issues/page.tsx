/** /console/issues/:id: one issue, where its audience is as it moves, and what can be done about it. */

import { type Audited, listAudit } from '../../../db/audit.ts';
import { findIssue, type IssueRow } from '../../../db/issues.ts';
import { getPublication } from '../../../db/publications.ts';
import { listRevisions } from '../../../db/revisions.ts';
import { control } from '../../../enqueue/control.ts';
import type { Publication } from '../../../model/publication.ts';
import type { IssueState } from '../../../model/states.ts';
import { glance } from '../../../track/glance.ts';
import { Icon } from '../../icons.tsx';
import { Ask } from '../ask.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, Message, refusedPage, sendPage, Token } from '../layout.tsx';
import { may } from '../may.ts';
import { Reason } from '../reason.tsx';
import { type ConsoleRoute, change, idOf, page } from '../routes.ts';
import { StateMark } from '../state.tsx';
import { timeIn } from '../time.ts';
import { canCorrect, correctRoutes, Revisions } from './correct.tsx';
import { heldBecause } from './held.ts';
import { type Look, liveOf, turnOf } from './live.ts';
import { Progress } from './progress.tsx';
import { Scheduled, scheduledRoutes } from './scheduled.tsx';
import { shortfallRoutes } from './shortfall.tsx';
import { liveStream } from './stream.ts';
import { Choose, trialRoutes } from './trial.tsx';
import { issueWords } from './words.ts';

const auditLines = 20;

/** What is offered in which state; `control` refuses the rest whatever is offered. */
const offered: Record<'pause' | 'resume' | 'cancel', readonly IssueState[]> = {
  pause: ['sending'],
  resume: ['paused', 'held'],
  cancel: ['scheduled', 'sending', 'paused', 'held'],
};
/** In these somebody else, or the time, may change it while it is looked at. */
const followed: readonly IssueState[] = ['scheduled', 'sending', 'paused', 'held'];

export const issuePages: ConsoleRoute[] = [
  page('/issues/:id', 'look', async (c, site) => {
    const id = idOf(c);
    const look = id === undefined ? undefined : await liveOf(site.wiring).look(id);
    return look ? show(c, site, look) : refusedPage(c, site, c.get('words').missing, 404);
  }),
  page('/issues/:id/live', 'look', liveStream),
  page('/issues/:id/cancel', 'operate', async (c, site) => {
    const id = idOf(c);
    const issue = id === undefined ? undefined : await findIssue(site.wiring.sql, String(id));
    return issue ? askCancel(c, site, issue) : refusedPage(c, site, c.get('words').missing, 404);
  }),
  ...(['pause', 'resume', 'cancel'] as const).map(act =>
    change(`/issues/:id/${act}`, 'operate', `issue.${act}`, {}, async (c, site) => {
      const issue = await control(site.wiring, String(idOf(c) ?? ''), act);
      return { to: `/issues/${issue.id}`, said: act, subject: `issue ${issue.id}` };
    }),
  ),
  ...scheduledRoutes,
  ...shortfallRoutes,
  ...correctRoutes,
  ...trialRoutes,
];

async function show(c: ConsoleContext, site: Console, look: Look) {
  const { sql } = site.wiring;
  const words = c.get('words');
  const w = issueWords[c.get('language')];
  const { issue, accounting: a } = look;
  const [publication, done, revisions] = await Promise.all([
    getPublication(sql, issue.publicationId),
    listAudit(sql, `issue ${issue.id}`, auditLines),
    canCorrect(issue) ? listRevisions(sql, issue.id) : [],
  ]);
  const key = c.req.query('said') ?? '';
  const said = w.said[key] ?? words.said[key];
  const here = `${site.base}/console/issues/${issue.id}`;
  const isFollowed = followed.includes(issue.state);
  return sendPage(
    c,
    <Desk c={c} site={site} title={issue.title} place="issues" scripts={isFollowed ? ['send', 'progress'] : ['send']}>
      <div id="issue">
        <p class="quiet small">
          {publication.name} · {issue.slug}
          {issue.kind !== 'regular' && <span class="tag">{words[issue.kind]}</span>}
        </p>
        <div class="head">
          <h1>
            <bdi>{issue.title}</bdi>
          </h1>
          <StateMark state={issue.state} words={words} />
        </div>
        {said && (
          <p class="said" role="status">
            {said}
          </p>
        )}
        {a.reason &&
          (issue.state === 'held' ? (
            <Held c={c} reason={a.reason} />
          ) : (
            <Message>
              <Reason language={c.get('language')} reason={a.reason} />
            </Message>
          ))}
        <Control c={c} site={site} issue={issue} />
        {(issue.state === 'scheduled' || issue.state === 'draft') && (
          <Scheduled c={c} site={site} issue={issue} publication={publication} trial={a.trial} />
        )}
        {issue.plannedAt || issue.startedAt ? (
          <section class="part" aria-label={words.progress}>
            <div id="issue-live" data-live={isFollowed ? `${here}/live?of=${turnOf(look)}` : undefined}>
              <Progress c={c} look={look} />
            </div>
            <Choose c={c} site={site} look={look} />
            {issue.state === 'sending' && (
              <noscript>
                {/* Without a script the numbers come anew by themselves. */}
                <meta http-equiv="refresh" content="5" />
                <p class="quiet small">{w.followScript}</p>
              </noscript>
            )}
            <Missing c={c} look={look} here={here} />
          </section>
        ) : null}
        <Revisions c={c} revisions={revisions} publication={publication} />
        <Happened c={c} done={done} publication={publication} />
      </div>
    </Desk>,
  );
}

/** Why it stands still, and what to do. */
function Held({ c, reason }: { c: ConsoleContext; reason: string }) {
  const w = issueWords[c.get('language')];
  return (
    <div class="sheet issue-held" role="alert">
      <h2>
        <Icon name="alert" /> {w.heldTitle}
      </h2>
      <p>{w.held[heldBecause(reason)]}</p>
      <p class="small quiet">
        {w.reason}: <Reason language={c.get('language')} reason={reason} />
      </p>
    </div>
  );
}

/** The way to those without it: who, why, and sending again. */
function Missing({ c, look, here }: { c: ConsoleContext; look: Look; here: string }) {
  const w = issueWords[c.get('language')];
  const { accounting: a, issue } = look;
  const excluded = Object.entries(a.excluded);
  const number = (n: number) => n.toLocaleString(c.get('language'));
  const isTrial = issue.kind === 'test' || issue.kind === 'rehearsal';
  return (
    <>
      {excluded.length > 0 && (
        <p class="quiet small">
          {c.get('words').leftOut}:{' '}
          {excluded.map(([reason, n]) => `${w.reasons[reason] ?? reason} ${number(n)}`).join(', ')}
        </p>
      )}
      {a.unknown > 0 && !isTrial && (
        <div class="sheet issue-unknown">
          <h2>{w.unknownTitle(number(a.unknown))}</h2>
          <p>{w.unknownText}</p>
          {may(c.get('staff'), 'operate') && (
            <p>
              <a class="button" href={`${here}/ledger#resend`}>
                {w.unknownAct}
              </a>
            </p>
          )}
        </div>
      )}
      {issue.state === 'cancelled' && (a.excluded.cancelled ?? 0) > 0 && !isTrial && <p>{w.cancelledText}</p>}
      {a.audience > 0 && (
        <p>
          <a href={`${here}/ledger`}>{w.shortfallLink}</a>
        </p>
      )}
    </>
  );
}

function Control({ c, site, issue }: { c: ConsoleContext; site: Console; issue: IssueRow }) {
  const words = c.get('words');
  const w = issueWords[c.get('language')];
  const can = (act: keyof typeof offered) => may(c.get('staff'), 'operate') && offered[act].includes(issue.state);
  const here = `${site.base}/console/issues/${issue.id}`;
  const mayCorrect = may(c.get('staff'), 'write') && canCorrect(issue);
  if (!can('pause') && !can('resume') && !can('cancel') && !mayCorrect) return null;
  return (
    <section class="part" aria-label={words.control}>
      <div class="buttons">
        {(['pause', 'resume'] as const).filter(can).map(act => (
          <form method="post" action={`${here}/${act}`}>
            <Token c={c} site={site} />
            <button type="submit" class={act === 'resume' ? 'main' : undefined}>
              {words[act]}
            </button>
          </form>
        ))}
        {can('cancel') && (
          <a class="button" href={`${here}/cancel`}>
            {words.cancel}
          </a>
        )}
        {mayCorrect && (
          <a class="button" href={`${here}/correct`}>
            {w.correct}
          </a>
        )}
      </div>
    </section>
  );
}

function Happened({ c, done, publication }: { c: ConsoleContext; done: readonly Audited[]; publication: Publication }) {
  const words = c.get('words');
  const w = issueWords[c.get('language')];
  return (
    <section class="part">
      <h2>{words.whatHappened}</h2>
      {done.length === 0 && <p class="quiet">{words.nothingYet}</p>}
      <ul class="lines">
        {done.map(({ at, email, act }) => (
          <li>
            <time datetime={at.toISOString()}>
              {timeIn(at, c.get('language'), publication.timeZone, { dateStyle: 'medium', timeStyle: 'short' })}
            </time>{' '}
            {publication.timeZone} · {email} · {w.acts[act] ?? words.acts[act] ?? act}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A cancel cannot be taken back: it is asked for on a page of its own, with what it means in numbers. */
async function askCancel(c: ConsoleContext, site: Console, issue: IssueRow) {
  const words = c.get('words');
  const a = await glance(site.wiring.sql, issue);
  const open = (a.queued + a.deferred).toLocaleString(c.get('language'));
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.cancel} place="issues">
      <h1>{words.cancel}</h1>
      <Ask
        c={c}
        site={site}
        what={<bdi>{issue.title}</bdi>}
        means={words.cancelAsk(open)}
        action={`${site.base}/console/issues/${issue.id}/cancel`}
        act={words.cancelSure}
        back={`${site.base}/console/issues/${issue.id}`}
      />
    </Desk>,
  );
}
