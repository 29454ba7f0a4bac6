/** /console/issues/:id/ledger: who did not get an issue and why, by reason and provider; some of them by name; the file; and sending again. */

import { z } from 'zod';
import { findIssue, type IssueRow } from '../../../db/issues.ts';
import { type Resendable, resendable } from '../../../db/remainder.ts';
import { groupShortfall, type ShortfallGroup, type ShortRow, shortRows } from '../../../db/shortfall.ts';
import { requireIssue } from '../../../enqueue/control.ts';
import { resend } from '../../../enqueue/resend.ts';
import { Memo } from '../../../memo.ts';
import { Icon } from '../../icons.tsx';
import type { Language } from '../../language.ts';
import { oneFor } from '../../one-for.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, refusedPage, sendPage, Token } from '../layout.tsx';
import { may } from '../may.ts';
import { reasonWords } from '../reason-words.ts';
import { type ConsoleRoute, change, idOf, page } from '../routes.ts';
import { numeric, Table, unseen } from '../table.tsx';
import { timeIn } from '../time.ts';
import { liveOf } from './live.ts';
import { shortfallFile } from './shortfall-file.ts';
import { issueWords } from './words.ts';

const shownRows = 50;
/** Groups of a closed ledger change only by what comes back: they are kept for a moment. */
const keptMs = 30_000;
const mostKept = 100;
const keptOf = oneFor((_: Console) => new Memo<string, ShortfallGroup[]>(mostKept, keptMs));

const chosen = z.object({
  state: z.enum(['rejected', 'expired', 'unknown', 'excluded', 'bounced']),
  reason: z.string().max(300).optional(),
  after: z.coerce.number().int().min(0).default(0),
});

export const shortfallRoutes: ConsoleRoute[] = [
  page('/issues/:id/ledger', 'look', async (c, site) => {
    const id = idOf(c);
    const issue = id === undefined ? undefined : await findIssue(site.wiring.sql, String(id));
    return issue ? show(c, site, issue) : refusedPage(c, site, c.get('words').missing, 404);
  }),
  page('/issues/:id/ledger.csv', 'readers', async (c, site) => {
    const id = idOf(c);
    const issue = id === undefined ? undefined : await findIssue(site.wiring.sql, String(id));
    return issue ? shortfallFile(c, site, issue) : refusedPage(c, site, c.get('words').missing, 404);
  }),
  change(
    '/issues/:id/resend',
    'operate',
    'issue.resend',
    { part: z.enum(resendable), sure: z.literal('1').optional() },
    async (c, site, { part, sure }) => {
      const issue = await requireIssue(site.wiring.sql, String(idOf(c) ?? ''));
      const { queued } = await resend(site.wiring, issue, [part], sure === '1');
      const n = queued[part] ?? 0;
      return {
        to: `/issues/${issue.id}`,
        said: n > 0 ? 'resent' : 'resentNone',
        subject: `issue ${issue.id}`,
        detail: { part, queued: n },
      };
    },
  ),
];

function groupsOf(site: Console, issue: IssueRow): Promise<ShortfallGroup[]> {
  const group = () => groupShortfall(site.wiring.sql, issue.id);
  if (issue.state !== 'sent') return group();
  return keptOf(site).get(`${issue.id} ${issue.reopenedAt?.getTime() ?? 0}`, group);
}

async function show(c: ConsoleContext, site: Console, issue: IssueRow) {
  const w = issueWords[c.get('language')];
  const here = `${site.base}/console/issues/${issue.id}`;
  const [groups, look] = await Promise.all([groupsOf(site, issue), liveOf(site.wiring).look(issue.id)]);
  const open = look ? look.accounting.queued + look.accounting.sending + look.accounting.deferred : 0;
  const mayRead = may(c.get('staff'), 'readers');
  const picked = chosen.safeParse(c.req.query());
  return sendPage(
    c,
    <Desk c={c} site={site} title={`${w.shortfall}: ${issue.title}`} place="issues">
      <p class="small">
        <a href={here} class="send-back">
          <Icon name="back" /> <bdi>{issue.title}</bdi>
        </a>
      </p>
      <div class="head">
        <h1>{w.shortfall}</h1>
        {mayRead && groups.length > 0 && (
          <a class="button" href={`${here}/ledger.csv`} download>
            <Icon name="download" /> {w.download}
          </a>
        )}
      </div>
      {open > 0 && <p class="message-line">{w.openYet(open.toLocaleString(c.get('language')))}</p>}
      {groups.length === 0 && open === 0 && (
        <div class="sheet empty">
          <h2>{w.everybodyHas}</h2>
        </div>
      )}
      {groups.length > 0 && <Groups c={c} here={here} groups={groups} />}
      {mayRead && picked.success && <Rows c={c} site={site} issue={issue} picked={picked.data} here={here} />}
      {may(c.get('staff'), 'operate') && <Resend c={c} site={site} issue={issue} groups={groups} here={here} />}
    </Desk>,
  );
}

const whyOf = (reason: string | null, language: Language): string =>
  reason === null ? issueWords[language].noReason : (reasonWords(reason, language) ?? reason);

/** What the operator's command calls a group's part of the remainder; undefined: none that can be sent again. */
function partOf({ state, reason }: Pick<ShortfallGroup, 'state' | 'reason'>): Resendable | undefined {
  if (state === 'excluded') return reason === 'cancelled' ? 'cancelled' : undefined;
  if (state === 'bounced') return undefined;
  return state === 'rejected' && (reason === 'hard-bounce' || reason === null) ? undefined : state;
}

function verdictOf(group: ShortfallGroup): 'yes' | 'asks' | 'no' | 'never' {
  const part = partOf(group);
  if (part) return part === 'unknown' ? 'asks' : 'yes';
  return group.state === 'rejected' || group.state === 'bounced' ? 'never' : 'no';
}

const shownLanes = 3;

function Groups({ c, here, groups }: { c: ConsoleContext; here: string; groups: readonly ShortfallGroup[] }) {
  const w = issueWords[c.get('language')];
  const number = (n: number) => n.toLocaleString(c.get('language'));
  const mayRead = may(c.get('staff'), 'readers');
  return (
    <Table
      name={w.shortfall}
      columns={[numeric(w.people), w.what, w.why, w.lane, w.again, ...(mayRead ? [unseen(w.see)] : [])]}
      kind="stack issue-groups"
    >
      {groups.map(group => {
        const why = whyOf(group.reason, c.get('language'));
        const query = new URLSearchParams({
          state: group.state,
          ...(group.reason === null ? {} : { reason: group.reason }),
        });
        return (
          <tr>
            <td class="number" data-label={w.people}>
              {number(group.n)}
            </td>
            <td data-label={w.what}>{w.states[group.state]}</td>
            <td data-label={w.why}>
              <bdi>{why}</bdi>
            </td>
            <td class="small" data-label={group.lanes.length > 0 ? w.lane : undefined}>
              {group.lanes
                .slice(0, shownLanes)
                .map(({ lane, n }) => `${lane} ${number(n)}`)
                .join(', ')}
              {group.lanes.length > shownLanes && ' …'}
            </td>
            <td data-label={w.again}>{w.verdicts[verdictOf(group)]}</td>
            {mayRead && (
              <td>
                <a href={`${here}/ledger?${query}#rows`}>
                  {w.see}
                  <span class="hidden">: {`${w.states[group.state]}, ${why}`}</span>
                </a>
              </td>
            )}
          </tr>
        );
      })}
    </Table>
  );
}

async function Rows({
  c,
  site,
  issue,
  picked,
  here,
}: {
  c: ConsoleContext;
  site: Console;
  issue: IssueRow;
  picked: z.infer<typeof chosen>;
  here: string;
}) {
  const language = c.get('language');
  const w = issueWords[language];
  const reason = picked.reason ?? null;
  const found = await shortRows(site.wiring.sql, issue.id, { ...picked, reason, limit: shownRows + 1 });
  const rows = found.slice(0, shownRows);
  const query = (after: number) =>
    new URLSearchParams({ state: picked.state, ...(reason === null ? {} : { reason }), after: String(after) });
  const why = whyOf(reason, language);
  return (
    <section class="part" id="rows" aria-labelledby="rows-title">
      <h2 id="rows-title">
        {w.rows}: {w.states[picked.state]}, <bdi>{why}</bdi>
      </h2>
      <Table name={w.rows} columns={[w.address, w.lane, numeric(w.attempts), w.words, numeric(w.when)]}>
        {rows.map(row => (
          <Row row={row} language={language} />
        ))}
      </Table>
      <p class="buttons">
        {picked.after > 0 && (
          <a class="button" href={`${here}/ledger?${query(0)}#rows`}>
            {w.rowsFirst}
          </a>
        )}
        {found.length > shownRows && (
          <a class="button" href={`${here}/ledger?${query(rows.at(-1)!.subscriber)}#rows`}>
            {w.rowsNext}
          </a>
        )}
      </p>
    </section>
  );
}

function Row({ row, language }: { row: ShortRow; language: 'ko' | 'en' }) {
  const w = issueWords[language];
  return (
    <tr>
      <td>{row.email === null ? <span class="quiet">{w.deleted}</span> : <bdi>{row.email}</bdi>}</td>
      <td>{row.lane}</td>
      <td class="number">{row.attempts}</td>
      <td class="small">
        <bdi>{row.reply}</bdi>
      </td>
      <td class="number nowrap">
        <time datetime={row.updatedAt.toISOString()}>
          {timeIn(row.updatedAt, language, 'UTC', { dateStyle: 'short', timeStyle: 'short' })} UTC
        </time>
      </td>
    </tr>
  );
}

/** Not of a trial, nor of one that stands still: whether it goes on at all is a decision of its own. */
function Resend({
  c,
  site,
  issue,
  groups,
  here,
}: {
  c: ConsoleContext;
  site: Console;
  issue: IssueRow;
  groups: readonly ShortfallGroup[];
  here: string;
}) {
  const w = issueWords[c.get('language')];
  const parts = resendable
    .map(part => ({ part, n: groups.filter(one => partOf(one) === part).reduce((sum, one) => sum + one.n, 0) }))
    .filter(({ n }) => n > 0);
  if (parts.length === 0 || issue.kind === 'test' || issue.kind === 'rehearsal') return null;
  const stands = issue.state === 'paused' || issue.state === 'held';
  return (
    <section class="part" id="resend" aria-labelledby="resend-title">
      <h2 id="resend-title">{w.resendTitle}</h2>
      <p class="quiet">{stands ? w.resendHeld : w.resendText}</p>
      {!stands && (
        <div class="issue-resend">
          {parts.map(({ part, n }) => (
            <form method="post" action={`${here}/resend`} class="sheet">
              <Token c={c} site={site} />
              <input type="hidden" name="part" value={part} />
              {part === 'unknown' && (
                <label class="choice">
                  <input type="checkbox" name="sure" value="1" required />
                  <span>{w.sure}</span>
                </label>
              )}
              <button type="submit">{w.parts[part](n.toLocaleString(c.get('language')))}</button>
            </form>
          ))}
        </div>
      )}
    </section>
  );
}
