/** /console/issues/:id: one issue, where its audience is, and what can be done about it. */
import { z } from 'zod';
import { listAudit } from '../../../db/audit.ts';
import { findIssue, type IssueRow } from '../../../db/issues.ts';
import { getPublication } from '../../../db/publications.ts';
import { control } from '../../../enqueue/control.ts';
import type { IssueState } from '../../../model/states.ts';
import { type Accounting, status } from '../../../track/status.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, Message, refusedPage, sendPage, Token } from '../layout.tsx';
import { may } from '../may.ts';
import { type ConsoleRoute, change, page } from '../routes.ts';
import { StateMark } from '../state.tsx';
import { timeIn } from '../time.ts';
import type { Words } from '../words.ts';

const id = z.string().regex(/^[1-9]\d{0,14}$/);
const auditLines = 20;

/** What is offered in which state; `control` refuses the rest whatever is offered. */
const offered: Record<'pause' | 'resume' | 'cancel', readonly IssueState[]> = {
  pause: ['sending'],
  resume: ['paused', 'held'],
  cancel: ['draft', 'scheduled', 'sending', 'paused', 'held'],
};

export const issuePages: ConsoleRoute[] = [
  page('/issues/:id', 'look', async (c, site) => {
    const issue = await issueOf(c, site);
    return issue ? show(c, site, issue) : refusedPage(c, site, c.get('words').missing, 404);
  }),
  page('/issues/:id/cancel', 'operate', async (c, site) => {
    const issue = await issueOf(c, site);
    return issue ? askCancel(c, site, issue) : refusedPage(c, site, c.get('words').missing, 404);
  }),
  ...(['pause', 'resume', 'cancel'] as const).map(act =>
    change(`/issues/:id/${act}`, 'operate', `issue.${act}`, {}, async (c, site) => {
      const issue = await control(site.wiring, c.req.param('id') ?? '', act);
      return { to: `/issues/${issue.id}`, said: act, subject: `issue ${issue.id}` };
    }),
  ),
];

async function issueOf(c: ConsoleContext, site: Console): Promise<IssueRow | undefined> {
  const given = id.safeParse(c.req.param('id'));
  return given.success ? findIssue(site.wiring.sql, given.data) : undefined;
}

async function show(c: ConsoleContext, site: Console, issue: IssueRow) {
  const { sql } = site.wiring;
  const words = c.get('words');
  const [accounting, publication, done] = await Promise.all([
    status(sql, issue),
    getPublication(sql, issue.publicationId),
    listAudit(sql, `issue ${issue.id}`, auditLines),
  ]);
  const said = words.said[c.req.query('said') ?? ''];
  // Without a script the numbers of a send under way come anew by themselves.
  if (issue.state === 'sending') c.header('refresh', '5');
  const time = (at: Date) =>
    timeIn(at, c.get('language'), publication.timeZone, { dateStyle: 'medium', timeStyle: 'short' });
  return sendPage(
    c,
    <Desk c={c} site={site} title={issue.title} place="issues">
      <p class="quiet small">
        {publication.name} · {issue.slug}
      </p>
      <h1>
        <bdi>{issue.title}</bdi>
      </h1>
      <p class="under">
        <StateMark state={issue.state} words={words} />
      </p>
      {said && (
        <p class="said" role="status">
          {said}
        </p>
      )}
      {accounting.reason && <Message>{accounting.reason}</Message>}
      <Progress c={c} accounting={accounting} />
      <Control c={c} site={site} issue={issue} />
      <section class="part">
        <h2>{words.whatHappened}</h2>
        {done.length === 0 && <p class="quiet">{words.nothingYet}</p>}
        <ul class="lines">
          {done.map(({ at, email, act }) => (
            <li>
              <time datetime={at.toISOString()}>{time(at)}</time> {publication.timeZone} · {email} ·{' '}
              {words.acts[act] ?? act}
            </li>
          ))}
        </ul>
      </section>
    </Desk>,
  );
}

/** One bar, and under it the numbers that it is drawn from. */
function Progress({ c, accounting: a }: { c: ConsoleContext; accounting: Accounting }) {
  const words = c.get('words');
  const number = (n: number) => n.toLocaleString(c.get('language'));
  const excluded = Object.values(a.excluded).reduce((sum, n) => sum + n, 0);
  const counts = [
    ['accepted', a.accepted],
    ['refused', a.rejected + a.expired],
    ['unknown', a.unknown],
    ['excluded', excluded],
    ['open', a.queued + a.sending + a.deferred],
  ] as const;
  let from = 0;
  return (
    <section class="part">
      <h2>
        {words.progress}
        {a.state === 'sending' && (
          <span class="quiet">
            {' '}
            ·{' '}
            {[words.rate(number(a.rate)), a.eta !== null && words.left(duration(a.eta, words))]
              .filter(Boolean)
              .join(', ')}
          </span>
        )}
      </h2>
      <svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        {counts.map(([name, n]) => {
          const width = a.audience === 0 ? 0 : (100 * n) / a.audience;
          const bar = <rect class={name} x={String(from)} y="0" width={String(width)} height="4" />;
          from += width;
          return bar;
        })}
      </svg>
      <dl class="counts">
        <div>
          <dt>{words.audience}</dt>
          <dd>{number(a.audience)}</dd>
        </div>
        {counts.map(([name, n]) => (
          <div class={name}>
            <dt>{words[name]}</dt>
            <dd>{number(n)}</dd>
          </div>
        ))}
      </dl>
      {excluded > 0 && (
        <p class="quiet small">
          {words.leftOut}:{' '}
          {Object.entries(a.excluded)
            .map(([reason, n]) => `${reason} ${number(n)}`)
            .join(', ')}
        </p>
      )}
    </section>
  );
}

function duration(seconds: number, words: Words): string {
  if (seconds < 90) return words.seconds(Math.max(1, Math.round(seconds)));
  return seconds < 5400 ? words.minutes(Math.round(seconds / 60)) : words.hours((seconds / 3600).toFixed(1));
}

function Control({ c, site, issue }: { c: ConsoleContext; site: Console; issue: IssueRow }) {
  const words = c.get('words');
  const can = (act: keyof typeof offered) => may(c.get('staff'), 'operate') && offered[act].includes(issue.state);
  const here = `${site.base}/console/issues/${issue.id}`;
  if (!can('pause') && !can('resume') && !can('cancel')) return null;
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
      </div>
    </section>
  );
}

/** A cancel cannot be taken back: it is asked for on a page of its own, with what it means in numbers. */
async function askCancel(c: ConsoleContext, site: Console, issue: IssueRow) {
  const words = c.get('words');
  const a = await status(site.wiring.sql, issue);
  const open = (a.queued + a.deferred).toLocaleString(c.get('language'));
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.cancel} place="issues">
      <h1>{words.cancel}</h1>
      <div class="ask">
        <p>
          <bdi>{issue.title}</bdi>
        </p>
        <p>{words.cancelAsk(open)}</p>
        <form method="post" action={`${site.base}/console/issues/${issue.id}/cancel`}>
          <Token c={c} site={site} />
          <div class="buttons">
            <button type="submit" class="main">
              {words.cancelSure}
            </button>
            <a class="button" href={`${site.base}/console/issues/${issue.id}`}>
              {words.keep}
            </a>
          </div>
        </form>
      </div>
    </Desk>,
  );
}
