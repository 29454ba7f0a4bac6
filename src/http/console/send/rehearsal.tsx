/** The rehearsal as the page shows it: a button, how far it is, its report. */

import { z } from 'zod';
import type { Rehearsal, RehearsalForecast } from '../../../commands/rehearsal.ts';
import { listAudit } from '../../../db/audit.ts';
import { countWorkers } from '../../../db/workers.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPart, Token, wantsPart } from '../layout.tsx';
import { Reason } from '../reason.tsx';
import { type ConsoleRoute, page, posted } from '../routes.ts';
import { numeric, Table } from '../table.tsx';
import { openDesk, type SendDesk } from './desk.ts';
import { runningRehearsal, startRehearsal } from './rehearsals.ts';
import { findingsOf, isBlocked, preparedText } from './text.ts';
import { kilobytes } from './what.tsx';
import { duration } from './when.tsx';
import { audienceOf, queryOf, type Wish, wishOf } from './wish.ts';

/** The manuscript's lines of the audit log that are looked at for the last report. */
const linesBack = 50;

export const rehearsalRoutes: ConsoleRoute[] = [
  posted('/manuscripts/:id/rehearse', 'write', { wish: z.string().max(20_000).default('') }, press),
  page('/manuscripts/:id/send/rehearsal', 'write', async (c, site) => {
    const desk = await openDesk(c, site);
    if (desk instanceof Response) return desk;
    return sendPart(c, await RehearsalCard({ c, site, desk, wish: wishOf(new URL(c.req.url).searchParams) }));
  }),
];

async function press(c: ConsoleContext, site: Console, form: { wish: string }): Promise<Response> {
  const desk = await openDesk(c, site);
  if (desk instanceof Response) return desk;
  const wish = wishOf(new URLSearchParams(form.wish));
  const problem = await begin(c, site, desk, wish);
  if (!wantsPart(c) && !problem) return c.redirect(`${desk.here}?${queryOf(wish)}#send-rehearsal`, 303);
  return sendPart(c, await RehearsalCard({ c, site, desk, wish, problem }), problem ? 422 : 200);
}

async function begin(c: ConsoleContext, site: Console, desk: SendDesk, wish: Wish): Promise<string | undefined> {
  const { manuscript, publication, words } = desk;
  const audience = await audienceOf(site.wiring.sql, manuscript.publicationId, publication.timeZone, wish);
  if (audience.problem) return audience.problem === 'segment' ? words.segmentMissing : words.ruleIncomplete;
  const prepared = await preparedText(site.wiring, manuscript, publication, null);
  if (
    isBlocked(await findingsOf(site.wiring, manuscript.publicationId, publication, prepared, null, c.get('language')))
  )
    return words.blocked;
  const { id, email } = c.get('staff');
  const given = { manuscript, publication, prepared, audience: audience.rule, staff: { id, email } };
  return startRehearsal(site.wiring, given) ? undefined : words.rehearsalBusy;
}

interface Report {
  version: number;
  rehearsal: Rehearsal;
  forecast: RehearsalForecast;
}

export async function RehearsalCard({
  c,
  site,
  desk,
  wish,
  problem,
}: {
  c: ConsoleContext;
  site: Console;
  desk: SendDesk;
  wish: Wish;
  problem?: string | undefined;
}) {
  const { words, here, editor, manuscript } = desk;
  const running = runningRehearsal();
  const isMine = running?.manuscriptId === manuscript.id;
  const done = await listAudit(site.wiring.sql, `manuscript ${manuscript.id}`, linesBack);
  const report = done.find(line => line.act === 'manuscript.rehearse')?.detail as Report | undefined;
  const poll = isMine
    ? {
        'hx-get': `${here}/rehearsal?${queryOf(wish)}`,
        'hx-trigger': 'load delay:1s',
        'hx-target': '#send-rehearsal',
        'hx-swap': 'outerHTML',
      }
    : {};
  return (
    <section id="send-rehearsal" class="sheet send-step" aria-labelledby="send-rehearsal-title" {...poll}>
      <h2 id="send-rehearsal-title">{words.rehearsalTitle}</h2>
      <p class="quiet small">{words.rehearsalText}</p>
      {problem && (
        <p class="message-line" role="alert">
          {problem}
        </p>
      )}
      {isMine ? (
        <Running site={site} desk={desk} />
      ) : (
        <form
          method="post"
          action={`${editor}/rehearse`}
          hx-post={`${editor}/rehearse`}
          hx-target="#send-rehearsal"
          hx-swap="outerHTML"
        >
          <Token c={c} site={site} />
          <input type="hidden" name="wish" value={queryOf(wish)} data-wish />
          <button type="submit">{report ? words.rehearseAgain : words.rehearse}</button>
        </form>
      )}
      {!isMine && report && <ReportOf desk={desk} report={report} />}
    </section>
  );
}

async function Running({ site, desk }: { site: Console; desk: SendDesk }) {
  const { words, language } = desk;
  const a = runningRehearsal()?.accounting;
  const workers = await countWorkers(site.wiring.sql, 'deliver-batch');
  const number = (n: number) => n.toLocaleString(language);
  const settled = a ? a.audience - a.queued - a.sending - a.deferred : 0;
  return (
    <div class="send-result" role="status">
      {a && a.audience > 0 ? (
        <>
          <progress max={a.audience} value={settled} aria-label={words.rehearsalTitle} />
          <p>{words.rehearsing(number(settled), number(a.audience))}</p>
        </>
      ) : (
        <p>{words.rehearsalPlanning}</p>
      )}
      {workers === 0 && <p class="message-line">{words.noWorkers}</p>}
    </div>
  );
}

function ReportOf({ desk, report }: { desk: SendDesk; report: Report }) {
  const { words, language, manuscript } = desk;
  const { rehearsal: r, forecast: f } = report;
  const number = (n: number) => n.toLocaleString(language);
  const size = (n: number) => kilobytes(n, language);
  return (
    <div class="send-result">
      {report.version !== manuscript.version && <p class="message-line">{words.ofVersion}</p>}
      <p>{words.rehearsed(number(r.messages), number(r.seconds), number(r.perSecond))}</p>
      <p>
        {words.mailSizes(size(r.sizes.mean), size(r.sizes.largest))}{' '}
        {r.html.largest < r.html.limit ? words.htmlFits(size(r.html.largest)) : words.htmlCut(size(r.html.largest))}
      </p>
      <p>
        <strong>
          {f.warmUpDays ? words.forecastDays(f.warmUpDays.length) : words.forecast(duration(f.seconds, words))}
        </strong>{' '}
        <span class="quiet small">{words.forecastBasis[f.assumed.pace]}</span>
      </p>
      <Table name={words.lanes} columns={[words.lane, numeric(words.readers), numeric(words.errorsColumn)]} box="">
        {r.lanes.map(lane => (
          <tr>
            <td>{lane.lane}</td>
            <td class="number">{number(lane.readers)}</td>
            <td class="number">{number(lane.errors)}</td>
          </tr>
        ))}
      </Table>
      {r.errors.length === 0 ? (
        <p class="quiet small">{words.nothingWrong}</p>
      ) : (
        <>
          <h3>{words.wentWrong}</h3>
          <ul>
            {r.errors.map(({ reason, n }) => (
              <li>
                {number(n)} × <Reason language={desk.language} reason={reason} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
