/** A test mail to chosen addresses, and what became of the last one. */

import { z } from 'zod';
import { insertIssueAtOnce } from '../../../db/api-issues.ts';
import { insertAudit } from '../../../db/audit.ts';
import { countTestsLately, lastTestAddresses, testRows } from '../../../db/issue-list.ts';
import { findIssue } from '../../../db/issues.ts';
import { ensureSubscribers } from '../../../db/subscribers.ts';
import { countWorkers } from '../../../db/workers.ts';
import { wake } from '../../../enqueue/submit.ts';
import { parseAddress } from '../../../subscribers/address.ts';
import { storable } from '../../api/texts.ts';
import { parseRowId } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPart, Token, wantsPart } from '../layout.tsx';
import { Reason } from '../reason.tsx';
import { type ConsoleRoute, page, posted } from '../routes.ts';
import { openDesk, type SendDesk } from './desk.ts';
import { findingsOf, isBlocked, preparedText } from './text.ts';
import { queryOf, type Wish, wishOf } from './wish.ts';

const mostAddresses = 5;
const mostAnHour = 60;
const ended = ['accepted', 'rejected', 'expired', 'unknown', 'excluded'];

export const testMailRoutes: ConsoleRoute[] = [
  posted(
    '/manuscripts/:id/test',
    'write',
    { to: z.string().max(2000), wish: z.string().max(20_000).default('') },
    press,
  ),
  page('/manuscripts/:id/send/test/:issue', 'write', async (c, site) => {
    const desk = await openDesk(c, site);
    if (desk instanceof Response) return desk;
    return sendPart(c, await TestResult({ site, desk, issueId: parseRowId(c.req.param('issue')) }));
  }),
];

async function press(c: ConsoleContext, site: Console, form: { to: string; wish: string }): Promise<Response> {
  const desk = await openDesk(c, site);
  if (desk instanceof Response) return desk;
  const wish = wishOf(new URLSearchParams(form.wish));
  const sent = await sendTest(c, site, desk, form.to);
  if ('issue' in sent && !wantsPart(c))
    return c.redirect(`${desk.here}?${queryOf(wish)}&test=${sent.issue}#send-test`, 303);
  const part = await TestMail({
    c,
    site,
    desk,
    wish,
    to: form.to,
    ...('issue' in sent ? { issueId: sent.issue } : { problem: sent.problem }),
  });
  return sendPart(c, part, 'issue' in sent ? 200 : 422);
}

async function sendTest(
  c: ConsoleContext,
  site: Console,
  desk: SendDesk,
  to: string,
): Promise<{ issue: number } | { problem: string }> {
  const { manuscript, publication, words } = desk;
  const { sql, hasher } = site.wiring;
  const texts = [...new Set(to.split(/[\s,;]+/).filter(Boolean))];
  if (texts.length === 0) return { problem: words.testNone };
  if (texts.length > mostAddresses) return { problem: words.testMany(mostAddresses) };
  const addresses = texts.map(parseAddress);
  const good = addresses.filter(one => !('problem' in one));
  if (good.length < texts.length) return { problem: words.testWrong(texts.length - good.length) };
  if ((await countTestsLately(sql, manuscript.publicationId, mostAnHour)) >= mostAnHour)
    return { problem: words.testLimit };
  const prepared = await preparedText(site.wiring, manuscript, publication, null);
  if (
    isBlocked(await findingsOf(site.wiring, manuscript.publicationId, publication, prepared, null, c.get('language')))
  )
    return { problem: words.blocked };
  const testReaders = [
    ...new Set(await ensureSubscribers(sql, hasher, good as Parameters<typeof ensureSubscribers>[2])),
  ];
  const issue = await insertIssueAtOnce(sql, {
    publicationId: manuscript.publicationId,
    text: storable(prepared),
    requestId: null,
    testReaders,
  });
  await wake(site.wiring, (await findIssue(sql, String(issue)))!, true);
  await insertAudit(sql, c.get('staff'), {
    act: 'manuscript.test',
    subject: `manuscript ${manuscript.id}`,
    detail: { issue, version: manuscript.version, addresses: testReaders.length },
  });
  return { issue };
}

/** The form with what became of the last test. */
export async function TestMail({
  c,
  site,
  desk,
  wish,
  to,
  issueId,
  problem,
}: {
  c: ConsoleContext;
  site: Console;
  desk: SendDesk;
  wish: Wish;
  to?: string;
  issueId?: number | undefined;
  problem?: string;
}) {
  const { words, editor } = desk;
  const staff = c.get('staff');
  const before = to === undefined ? await lastTestAddresses(site.wiring.sql, staff.id) : [];
  const filled = to ?? (before.length > 0 ? before : [staff.email]).join('\n');
  return (
    <section id="send-test" class="sheet send-step" aria-labelledby="send-test-title">
      <h2 id="send-test-title">{words.testTitle}</h2>
      <p class="quiet small">{words.testText}</p>
      {problem && (
        <p class="message-line" role="alert">
          {problem}
        </p>
      )}
      <form
        method="post"
        action={`${editor}/test`}
        hx-post={`${editor}/test`}
        hx-target="#send-test"
        hx-swap="outerHTML"
      >
        <Token c={c} site={site} />
        <input type="hidden" name="wish" value={queryOf(wish)} data-wish />
        <div class="field">
          <label for="send-to">{words.testTo(mostAddresses)}</label>
          <textarea
            id="send-to"
            name="to"
            rows={2}
            maxlength={2000}
            aria-describedby="send-to-hint"
            autocomplete="email"
          >
            {filled}
          </textarea>
          <p id="send-to-hint" class="hint">
            {words.testHint}
          </p>
        </div>
        <button type="submit">{words.testSend}</button>
      </form>
      {issueId !== undefined && <TestResult site={site} desk={desk} issueId={issueId} />}
    </section>
  );
}

async function TestResult({ site, desk, issueId }: { site: Console; desk: SendDesk; issueId: number | undefined }) {
  const { words, here, manuscript } = desk;
  const { sql } = site.wiring;
  const issue = issueId === undefined ? undefined : await findIssue(sql, String(issueId));
  if (issue?.kind !== 'test' || issue.publicationId !== manuscript.publicationId) return null;
  const [rows, workers] = await Promise.all([testRows(sql, issue.id), countWorkers(sql, 'deliver-batch')]);
  const isOver = rows.every(row => ended.includes(row.state));
  const poll = isOver
    ? {}
    : {
        'hx-get': `${here}/test/${issue.id}`,
        'hx-trigger': 'load delay:1s',
        'hx-target': '#send-test-result',
        'hx-swap': 'outerHTML',
      };
  return (
    <div id="send-test-result" class="send-result" aria-live="polite" {...poll}>
      <h3>{words.testResult}</h3>
      <ul>
        {rows.map(row => (
          <li>
            <bdi>{row.email ?? words.deleted}</bdi>: <strong>{words.testStates[row.state] ?? row.state}</strong>{' '}
            {row.state !== 'accepted' && (
              <span class="quiet small">
                {row.reason && <Reason language={desk.language} reason={row.reason} />}
                {row.reason && row.reply && ' · '}
                {row.reply && <bdi lang="en">{row.reply}</bdi>}
              </span>
            )}
          </li>
        ))}
      </ul>
      {!isOver && workers === 0 && <p class="message-line">{words.noWorkers}</p>}
    </div>
  );
}
